"""From how surely each key sounds to notes, and of these the two voices that a tune is known by: top and bass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.fingerprint.audio._note_kernel import outer_voices, trace_notes

if TYPE_CHECKING:
    import numpy.typing as npt

    Sureness = npt.NDArray[np.uint8]
    Found = npt.NDArray[np.int32]

LONGEST_MS: Final = 30_000
_MOST_A_CALL: Final = 20_000


class NoteTracer:
    """Notes of a sound whose frames come in blocks; `rate` frames a second, key 0 is the MIDI number `lowest`."""

    def __init__(
        self, keys: int, lowest: int, rate: float, *, begins: int, sounds: int, shortest: int
    ) -> None:
        self._state = np.zeros((keys, 4), dtype=np.int32)
        self._state[:, 0] = -1
        self._lowest, self._rate, self._frames = lowest, rate, 0
        self._limits = (begins, sounds, shortest)
        self._found: list[Found] = []

    def push(self, notes: Sureness, onsets: Sureness) -> None:
        """Frames uint8[n, keys]: how surely each key sounds, and begins."""
        found = np.empty((_MOST_A_CALL, 4), dtype=np.int32)
        for begin in range(0, len(notes), 512):
            part = slice(begin, begin + 512)
            count = trace_notes(notes[part], onsets[part], self._frames, *self._limits, self._state, found)
            self._frames += len(notes[part])
            self._found.append(found[:count].copy())

    def finish(self) -> Found:
        """The notes of the top voice and of the bass, int32[n, 4] in order: ms, length in ms, MIDI number, voice.

        Voice is 1 for the top, 2 for the bass, 3 for both.
        """
        silence = np.zeros((self._limits[2] + 2, len(self._state)), dtype=np.uint8)
        self.push(silence, silence)
        found = np.concatenate(self._found)
        notes = np.empty_like(found)
        notes[:, 0] = np.rint(found[:, 0] * (1000 / self._rate))
        notes[:, 1] = np.minimum(np.rint(found[:, 1] * (1000 / self._rate)), LONGEST_MS)
        notes[:, 2] = found[:, 2] + self._lowest
        notes = notes[np.lexsort((-notes[:, 2], notes[:, 0]))]
        outer_voices(notes)
        return notes[notes[:, 3] > 0]
