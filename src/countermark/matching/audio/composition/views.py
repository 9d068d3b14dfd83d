"""Five ways to look at a stretch of music, and what two stretches score in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.fingerprint.audio.chroma import CHROMA_RATE
from countermark.fingerprint.audio.harmony import LENGTH
from countermark.index.audio.harmony import STRETCH_SECONDS, STRETCH_STEP, stretch_count
from countermark.matching.audio.composition.note_constellations import BASS, TOP, Voice, agreement, voice_of
from countermark.matching.audio.composition.qmax import qmax

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.fingerprint.audio.harmony import Harmony
    from countermark.matching.audio.composition.qmax import Path

    Profiles = npt.NDArray[np.int16]

VIEWS: Final = ("chroma", "notes", "melody", "tune", "bass")
"""Qmax on the spectrum's profiles, on those of the notes, on those of the top voice; constellations of top and bass."""
HARMONIC, MELODIC = (0, 1, 4), (2, 3)


class Stretch(NamedTuple):
    """One stretch of a track, ready to be compared. `start` is the second at which it begins."""

    start: float
    seconds: float
    chroma: Profiles
    notes: Profiles
    melody: Profiles
    top: Voice
    bass: Voice
    coarse: Profiles


def stretches(harmony: Harmony) -> list[Stretch]:
    """The stretches of a track, STRETCH_SECONDS each, STRETCH_STEP apart; the last may be shorter."""
    return [_stretch(harmony, STRETCH_STEP * number) for number in range(stretch_count(harmony.seconds))]


def _stretch(harmony: Harmony, start: int) -> Stretch:
    seconds = min(float(STRETCH_SECONDS), harmony.seconds - start)
    frames = slice(start * CHROMA_RATE, (start + STRETCH_SECONDS) * CHROMA_RATE)
    chroma = harmony.chroma[frames].astype(np.int16)
    begin, end = np.searchsorted(harmony.notes[:, 0], [start * 1000, (start + STRETCH_SECONDS) * 1000])
    notes = harmony.notes[begin:end].copy()
    notes[:, 0] -= start * 1000
    return Stretch(
        float(start),
        seconds,
        chroma,
        harmony.note_chroma[frames].astype(np.int16),
        _melody(notes, len(chroma)),
        voice_of(notes, TOP, seconds),
        voice_of(notes, BASS, seconds),
        _halved(chroma),
    )


def _melody(notes: npt.NDArray[np.int32], frames: int) -> Profiles:
    """Profiles of the top voice alone: each note until the next begins."""
    top = notes[(notes[:, 3] & TOP) != 0]
    sums = np.zeros((frames, 12), dtype=np.float64)
    ends = np.minimum(top[:, 0] + top[:, 1], np.append(top[1:, 0], 1 << 30))
    step = 1000 // CHROMA_RATE
    for start, end, pitch in zip(top[:, 0].tolist(), ends.tolist(), top[:, 2].tolist(), strict=True):
        for frame in range(start // step, min(frames - 1, end // step) + 1):
            sums[frame, pitch % 12] += max(0, min(end, (frame + 1) * step) - max(start, frame * step))
    return _unit(sums)


def _halved(chroma: Profiles) -> Profiles:
    """Half as many frames."""
    even = chroma[: len(chroma) // 2 * 2].astype(np.float64)
    return _unit(even.reshape(-1, 2, 12).sum(axis=1))


def _unit(rows: npt.NDArray[np.float64]) -> Profiles:
    lengths = np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))
    return np.asarray(
        np.rint(np.where(lengths > 0, rows * LENGTH / np.maximum(lengths, 1e-9), 0)), dtype=np.int16
    )


def scores(record: Stretch, work: Stretch) -> tuple[npt.NDArray[np.float64], tuple[Path, Path, Path]]:
    """What a stretch of a record and one of a work score in each of VIEWS, and the three paths of the first three."""
    paths = (
        qmax(record.chroma, work.chroma),
        qmax(record.notes, work.notes),
        qmax(record.melody, work.melody),
    )
    told = [float(path.score) for path in paths]
    told += [agreement(record.top, work.top), agreement(record.bass, work.bass)]
    return np.array(told), paths


def coarse_score(record: Stretch, work: Stretch) -> int:
    """A cheap score, by which works are chosen that are worth a closer look."""
    return qmax(record.coarse, work.coarse, stack=4, keys=1).score
