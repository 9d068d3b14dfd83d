"""Which peaks of two excerpts are the same, once pitch and tempo are undone, and how many would be by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.fingerprint.audio.features import PITCH_STEPS

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.evidence.listening.spectrogram import Peaks

NEAR_SECONDS: Final = 0.05
NEAR_STEPS: Final = 2
"""Two fifths of a semitone."""
_DISPLACED: Final = (-4.3, -3.1, -2.3, -1.7, 1.7, 2.3, 3.1, 4.3)
"""Seconds by which the record is displaced to count what agrees by chance."""


class Agreeing(NamedTuple):
    """Numbers of the peaks that agree, `work` and `record` int64[m]; `displaced` is how many agree by chance, or None.

    `total` is the number of the work's peaks.
    """

    work: npt.NDArray[np.int64]
    record: npt.NDArray[np.int64]
    total: int
    displaced: int | None


def agreeing(work: Peaks, record: Peaks, tempo: float, shift: float) -> Agreeing:
    """The peaks of a work's excerpt that stand in a record's, which is `tempo` times as fast, `shift` semitones up."""
    seconds = record.seconds * tempo
    pitches = record.pitches - round(shift * PITCH_STEPS / 12)
    pairs = _pairs(work, seconds, pitches)
    reach = float(work.seconds.max(initial=0.0))
    others = [len(_pairs(work, seconds + by, pitches)[0]) for by in _DISPLACED] if reach > 8 else []
    displaced = -(-sum(others) // len(others)) if others else None
    return Agreeing(*pairs, len(work.seconds), displaced)


def _pairs(
    work: Peaks, seconds: npt.NDArray[np.float64], pitches: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Of each peak of the work, the nearest in time that is near enough and not taken."""
    order = np.argsort(seconds, kind="stable")
    at = seconds[order]
    taken = np.zeros(len(order), bool)
    mine, theirs = [], []
    for number, (when, pitch) in enumerate(zip(work.seconds.tolist(), work.pitches.tolist(), strict=True)):
        first, last = np.searchsorted(at, [when - NEAR_SECONDS, when + NEAR_SECONDS])
        near = [
            place
            for place in range(int(first), int(last))
            if not taken[place] and abs(int(pitches[order[place]]) - pitch) <= NEAR_STEPS
        ]
        if near:
            best = min(near, key=lambda place: (abs(float(at[place]) - when), place))
            taken[best] = True
            mine.append(number)
            theirs.append(int(order[best]))
    return np.array(mine, np.int64), np.array(theirs, np.int64)
