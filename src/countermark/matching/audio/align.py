"""The alignment of a candidate, refined: where, how fast and how high the work is heard in a window of the record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.fingerprint.audio.codes import BITS_AN_OCTAVE, CODE_BITS, CODE_DELAY, CODE_RATE
from countermark.matching.audio import _agree_kernel as kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.matching.audio.candidate import Candidate

    Codes = npt.NDArray[np.uint64]

ONE: Final = kernel.ONE
HALVES: Final = BITS_AN_OCTAVE // 6
"""Half bits a semitone."""
_WINDOW: Final = round(10 * CODE_RATE)
"""Codes that are compared: 10 s."""
_LEAST: Final = round(2 * CODE_RATE)
"""Codes that two recordings must at least have to compare."""
_REACH: Final = round(0.24 * CODE_RATE)
"""Codes by which a candidate may be off."""
_TEMPO_STEP: Final = ONE // 100
_TEMPO_REACH: Final = 2
"""Per cent by which its tempo may be off."""
_HALVES_REACH: Final = 1
_PLAUSIBLE: Final = 5.0
"""The strength in the grid below which a candidate is dropped at once."""
_UNTOLD: Final = 2.5
"""Codes by which a window drifts from end to end, of which the natural pace is tried too: 100 ms."""
_AS_WELL: Final = 0.97
"""The part of the best agreement with which the natural pace is taken."""
_SLOWEST, _FASTEST = 0.5, 2.0
_LATEST: Final = 1e6
"""Seconds: eleven days."""
_HIGHEST: Final = 24.0
"""Semitones beyond which nothing is compared: fewer than half of the bits would be left."""


class Alignment(NamedTuple):
    """Record codes [first, end) against a work: `middle` is the position of code (first + end) // 2 in the work.

    `middle` and `step` count codes of the work, in 1/ONE; `halves` the half bits by which the record sounds higher.
    `strength` is the agreement, in units of what coins would spread.
    """

    first: int
    end: int
    middle: int
    step: int
    halves: int
    strength: float

    @property
    def start(self) -> int:
        """The position in the work of the first code."""
        return self.middle - (self.end - self.first) // 2 * self.step


def align(record: Codes, candidate: Candidate, work: Codes) -> Alignment | None:
    """The best alignment near a candidate, or None where nothing is plausible or hardly anything is there to compare.

    `record` is uint64[n, WORDS], `work` uint64[m, WORK_WORDS]. About 0.1 ms.
    """
    if not _in_range(candidate):
        return None
    at = (candidate.at - CODE_DELAY) * CODE_RATE
    work_at = (candidate.work_at - CODE_DELAY) * CODE_RATE
    low = max(0, math.ceil(at - work_at / candidate.tempo))
    high = min(len(record), math.floor(at + (len(work) - work_at) / candidate.tempo))
    if high - low < _LEAST:
        return None
    first = min(max(low, round(at) - _WINDOW // 2), max(low, high - _WINDOW))
    end = min(high, first + _WINDOW)
    middle = work_at + ((first + end) // 2 - at) * candidate.tempo
    found = np.zeros(3, dtype=np.int64)
    strength = kernel.search(
        record, first, end, CODE_BITS, work, round(middle * ONE), round(candidate.tempo * ONE),
        round(candidate.shift * HALVES), _REACH, _TEMPO_STEP, _TEMPO_REACH, _HALVES_REACH, _PLAUSIBLE, found,
    )  # fmt: skip
    if strength < _PLAUSIBLE:
        return None
    return Alignment(first, end, int(found[0]), int(found[1]), int(found[2]), strength)


def _in_range(candidate: Candidate) -> bool:
    """Whether all of its numbers are some that a recording can have."""
    return (
        _SLOWEST <= candidate.tempo <= _FASTEST
        and abs(candidate.shift) <= _HIGHEST
        and abs(candidate.at) <= _LATEST
        and abs(candidate.work_at) <= _LATEST
    )


def prepared(record: Codes, first: int, end: int, halves: int) -> tuple[Codes, Codes]:
    """Record codes [first, end) moved to the work's pitch, uint64[n, 2], and the mask uint64[2] of what is compared."""
    shifted = np.empty((end - first, 2), dtype=np.uint64)
    mask = np.empty(2, dtype=np.uint64)
    kernel.shifted_codes(record, first, end, halves, CODE_BITS, shifted, mask)
    return shifted, mask


def agreement_at(record: Codes, work: Codes, alignment: Alignment, *, halves: int, step: int) -> float:
    """The share of bits that agree less those that do not, with another pitch or pace around the same middle."""
    shifted, mask = prepared(record, alignment.first, alignment.end, halves)
    start = alignment.middle - len(shifted) // 2 * step
    excess, compared = kernel.agreement(shifted, 0, len(shifted), mask, work, start, step, 1)
    return float(excess / compared) if compared else 0.0


def settled(record: Codes, work: Codes, alignment: Alignment) -> tuple[Alignment, float]:
    """The alignment, at its natural pace where that agrees as well, and the shift in semitones.

    A few seconds do not tell a pace of 1.005 from 1. The shift lies at the top of a parabola through its neighbours.
    """
    best = agreement_at(record, work, alignment, halves=alignment.halves, step=alignment.step)
    if abs(alignment.step - ONE) * (alignment.end - alignment.first) < _UNTOLD * ONE:
        natural = agreement_at(record, work, alignment, halves=alignment.halves, step=ONE)
        if natural >= _AS_WELL * best:
            alignment, best = alignment._replace(step=ONE), natural
    below, above = (
        agreement_at(record, work, alignment, halves=alignment.halves + k, step=alignment.step)
        for k in (-1, 1)
    )
    bend = 2 * best - below - above
    top = 0.0 if bend <= 0 else max(-0.5, min(0.5, (above - below) / (2 * bend)))
    return alignment, (alignment.halves + top) / HALVES
