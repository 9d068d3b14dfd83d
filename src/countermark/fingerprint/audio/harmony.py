"""The harmony of a track: what a composition keeps in another recording. Under half a megabyte an hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.fingerprint.audio.chroma import CHROMA_RATE, LOWEST_TONE, TONE_RATE, TONES, TonalityFinder
from countermark.fingerprint.audio.features import RATE
from countermark.fingerprint.audio.note_events import NoteTracer
from countermark.fingerprint.audio.notes import KEYS, LOWEST_KEY, NOTE_FRAMES_A_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from countermark.fingerprint.audio.chroma import Tonality
    from countermark.fingerprint.audio.notes import NoteModel

    Profiles = npt.NDArray[np.uint8]

LENGTH: Final = 64
"""The length of a profile as a vector."""
OWN: Final = "tones-v1"
"""What `notes_by` says where no model was at hand."""
_BLOCK: Final = 10 * RATE


@dataclass(frozen=True, slots=True)
class Harmony:
    """What is kept of a track to know its composition by.

    `chroma` and `note_chroma` uint8[m, 12] are profiles of pitch classes, CHROMA_RATE a second, C first, each of length
    LENGTH as a vector, or 0: the first from the spectrum, the second from notes. `notes` int32[n, 4] are those of the
    outer voices, as NoteTracer tells them. `notes_by` names what found them: only like is compared with like.
    """

    chroma: Profiles
    note_chroma: Profiles
    notes: npt.NDArray[np.int32]
    seconds: float
    notes_by: str


class _Averaged:
    """Rows at some rate a second, averaged to CHROMA_RATE; whole groups only are made, the rest at the end."""

    def __init__(self, rate: float) -> None:
        self._rate, self._rows = rate, 0
        self._group, self._sum = 0, np.zeros(12, dtype=np.float64)
        self._done: list[npt.NDArray[np.uint8]] = []

    def add(self, rows: npt.NDArray[np.float32]) -> None:
        """Add rows float32[n, 12]."""
        if not len(rows):
            return
        groups = (np.arange(self._rows, self._rows + len(rows)) * CHROMA_RATE / self._rate).astype(np.int64)
        self._rows += len(rows)
        sums = np.zeros((groups[-1] - self._group + 1, 12), dtype=np.float64)
        sums[0] = self._sum
        np.add.at(sums, groups - self._group, rows)
        self._done.append(_whole(sums[:-1]))
        self._group, self._sum = int(groups[-1]), sums[-1]

    def finish(self) -> Profiles:
        """All of it, uint8[m, 12]."""
        last = [_whole(self._sum[None])] if self._rows else []
        return np.concatenate([np.zeros((0, 12), dtype=np.uint8), *self._done, *last])


class _Gatherer:
    """What is heard of one track so far."""

    def __init__(self, model: NoteModel | None) -> None:
        self._finder = TonalityFinder()
        self._profiles = _Averaged(TONE_RATE)
        self._own = model is None
        self.samples = 0
        if model is None:
            self.tracer = NoteTracer(TONES, LOWEST_TONE, TONE_RATE, begins=60, sounds=30, shortest=2)
            self.noted = _Averaged(TONE_RATE)
        else:
            self.tracer = NoteTracer(
                KEYS, LOWEST_KEY, NOTE_FRAMES_A_SECOND, begins=110, sounds=70, shortest=8
            )
            self.noted = _Averaged(NOTE_FRAMES_A_SECOND)
        self._before = np.zeros((1, TONES), dtype=np.uint8)
        self._loudest = 0.0

    def heard(self, blocks: Iterable[npt.NDArray[np.float32]]) -> Iterator[npt.NDArray[np.float32]]:
        """Hand the blocks on, the profiles taken."""
        for block in blocks:
            self.samples += len(block)
            for begin in range(0, len(block), _BLOCK):
                self._take(self._finder.push(block[begin : begin + _BLOCK]))
            yield block
        self._take(self._finder.finish())

    def sure(self, notes: Profiles, onsets: Profiles, lowest: int) -> None:
        """Take in how surely keys sound and begin; what is hardly sure does not colour the profile."""
        self.tracer.push(notes, onsets)
        loud = np.where(notes < 40, 0, notes).astype(np.float32)
        classes = np.zeros((len(notes), 12), dtype=np.float32)
        for key in range(notes.shape[1]):
            classes[:, (key + lowest) % 12] += loud[:, key]
        self.noted.add(classes)

    def _take(self, tonality: Tonality) -> None:
        self._profiles.add(tonality.profiles)
        if not self._own or not len(tonality.tones):
            return
        sure = np.empty(tonality.tones.shape, dtype=np.uint8)
        for row, tones in enumerate(tonality.tones):
            self._loudest = max(float(tones.max()), self._loudest * 0.98)  # forgotten in some three seconds
            sure[row] = np.rint(tones * (255 / max(self._loudest, 1e-6)))
        previous = np.concatenate([self._before, sure[:-1]])
        self._before = sure[-1:]
        self.sure(
            sure,
            np.where(sure > previous, sure - np.minimum(sure, previous), 0).astype(np.uint8),
            LOWEST_TONE,
        )

    def chroma(self) -> Profiles:
        """The profiles of the spectrum."""
        return self._profiles.finish()


def _whole(rows: npt.NDArray[np.float64]) -> Profiles:
    """Rows made vectors of length LENGTH in whole numbers; what is next to silence is 0."""
    lengths = np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))
    scaled = np.where(lengths > 1e-7, rows * (LENGTH / np.maximum(lengths, 1e-7)), 0)
    return np.asarray(np.rint(scaled), dtype=np.uint8)


def harmony_of(blocks: Iterable[npt.NDArray[np.float32]], notes: NoteModel | None = None) -> Harmony:
    """The harmony of a track whose samples (float32, 16 kHz mono, full scale 1) come in blocks; blocks change nothing.

    With a model (`notes.NoteModel`) it says which notes sound; without one, our own estimate. Raises InputError where
    the model fails.
    """
    gatherer = _Gatherer(notes)
    heard = gatherer.heard(blocks)
    if notes is None:
        for _ in heard:
            pass
    else:
        for sounding, beginning in notes.frames(heard):
            gatherer.sure(sounding, beginning, LOWEST_KEY)
    return Harmony(
        gatherer.chroma(),
        gatherer.noted.finish(),
        gatherer.tracer.finish(),
        gatherer.samples / RATE,
        OWN if notes is None else notes.digest,
    )
