"""How long two sequences of pitch-class profiles go together, in the keys that suit them best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.matching.audio.composition._qmax_kernel import best_path, likeness, nearest

if TYPE_CHECKING:
    import numpy.typing as npt

    Profiles = npt.NDArray[np.int16]

STACK: Final = 8
"""Frames compared as one: two seconds."""
PERCENT: Final = 10
"""Of the frames of the other, how many count as near."""
KEYS: Final = 2


class Path(NamedTuple):
    """A score, the semitones by which the record is above the work (-5 to 6), and frames from to on both sides."""

    score: int
    shift: int
    start: int
    end: int
    work_start: int
    work_end: int


NONE: Final = Path(0, 0, 0, 0, 0, 0)


def qmax(record: Profiles, work: Profiles, stack: int = STACK, keys: int = KEYS) -> Path:
    """The best local path through two sequences int16[n, 12], [m, 12], in the `keys` rotations that suit best."""
    rows, columns = len(record) - stack + 1, len(work) - stack + 1
    if rows < 1 or columns < 1:
        return NONE
    mine, theirs = record.sum(axis=0, dtype=np.int64), work.sum(axis=0, dtype=np.int64)
    suits = np.array([int((mine * np.roll(theirs, turn)).sum()) for turn in range(12)])
    alike, near = np.empty((rows, columns), dtype=np.uint16), np.empty((rows, columns), dtype=np.uint8)
    best, found = NONE, np.zeros(4, dtype=np.int32)
    for turn in np.argsort(-suits, kind="stable")[:keys]:
        likeness(record, work, int(turn), stack, alike)
        nearest(alike, rows, columns, PERCENT, near)
        score = best_path(near, rows, columns, found)
        if score > best.score:
            start, work_start, end, work_end = (int(each) for each in found)
            shift = (int(turn) + 5) % 12 - 5
            best = Path(score, shift, start, end + stack, work_start, work_end + stack)
    return best
