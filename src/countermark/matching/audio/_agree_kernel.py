"""Kernels of the verification: how well dense codes agree along an alignment, and the search for the best one.

Positions in the work are counted in codes, in steps of 1/ONE; all arithmetic that decides is that of integers and of
single divisions and square roots, which every machine rounds alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import set_bits

if TYPE_CHECKING:
    import numpy.typing as npt

ONE = 1 << 16
"""Steps of a position a code."""
_SPARSE = 2
"""Of how many codes one is looked at in the grid of a search: neighbours in time say much the same."""


@kernel
def shifted_codes(
    codes: npt.NDArray[np.uint64],
    first: int,
    end: int,
    halves: int,
    bits: int,
    out: npt.NDArray[np.uint64],
    mask: npt.NDArray[np.uint64],
) -> None:
    """Write codes [first, end) of a record moved down by `halves` half bits to `out` uint64[end - first, 2].

    `mask` uint64[2] tells the bits that stand for a band on both sides; the others are zero in `out`.
    """
    odd = 2 * (halves & 1)
    by = halves >> 1
    mask[0], mask[1] = 0, 0
    for b in range(bits):
        if 0 <= b + by < bits:
            mask[b >> 6] |= np.uint64(1) << np.uint64(b & 63)
    up = np.uint64(abs(by))
    rest = np.uint64(64 - abs(by))
    for t in range(first, end):
        low, high = codes[t, odd], codes[t, odd + 1]
        if by > 0:
            low, high = (low >> up) | (high << rest), high >> up
        elif by < 0:
            low, high = low << up, (high << up) | (low >> rest)
        out[t - first, 0] = low & mask[0]
        out[t - first, 1] = high & mask[1]


@inlined
def _pair(
    record: npt.NDArray[np.uint64],
    t: int,
    work: npt.NDArray[np.uint64],
    j: int,
    low: np.uint64,
    high: np.uint64,
) -> int:
    """How many bits differ."""
    return set_bits((record[t, 0] ^ work[j, 0]) & low) + set_bits((record[t, 1] ^ work[j, 1]) & high)


@kernel
def agreement(
    record: npt.NDArray[np.uint64],
    first: int,
    end: int,
    mask: npt.NDArray[np.uint64],
    work: npt.NDArray[np.uint64],
    position: int,
    step: int,
    every: int,
) -> tuple[int, int]:
    """How many bits of record codes [first, end) agree less those that do not, and how many are compared.

    Code `first` is compared with the work's code at `position`, each further `step` on; where the work has none, or
    either is silent, nothing is. One code in `every` is looked at.
    """
    low, high = mask[0], mask[1]
    width = set_bits(low) + set_bits(high)
    length = work.shape[0]
    differing, frames = 0, 0
    place = position + (ONE >> 1)
    for t in range(first, end, every):
        j = place >> 16
        place += step * every
        if j < 0 or j >= length:
            continue
        if (record[t, 0] | record[t, 1]) == 0 or (work[j, 0] | work[j, 1]) == 0:
            continue
        differing += _pair(record, t, work, j, low, high)
        frames += 1
    return frames * width - 2 * differing, frames * width


@inlined
def _strength(excess: int, compared: int) -> float:
    """The excess in units of what coins would spread."""
    return excess / np.sqrt(compared) if compared else 0.0


@kernel
def displaced_strengths(
    record: npt.NDArray[np.uint64],
    mask: npt.NDArray[np.uint64],
    work: npt.NDArray[np.uint64],
    position: int,
    step: int,
    away: npt.NDArray[np.int64],
    out: npt.NDArray[np.float64],
) -> None:
    """Write the strengths of agreement at places `away` codes later in the work, wrapped at its ends."""
    length = work.shape[0]
    low, high = mask[0], mask[1]
    width = set_bits(low) + set_bits(high)
    for k in range(away.shape[0]):
        place = position + (ONE >> 1) + away[k] * ONE
        differing, frames = 0, 0
        for t in range(record.shape[0]):
            j = place >> 16
            place += step
            while j >= length:
                j -= length
            while j < 0:
                j += length
            if (record[t, 0] | record[t, 1]) == 0 or (work[j, 0] | work[j, 1]) == 0:
                continue
            differing += _pair(record, t, work, j, low, high)
            frames += 1
        out[k] = _strength(frames * width - 2 * differing, frames * width)


@kernel
def strengths_around(
    record: npt.NDArray[np.uint64],
    mask: npt.NDArray[np.uint64],
    work: npt.NDArray[np.uint64],
    position: int,
    step: int,
    out: npt.NDArray[np.float64],
) -> None:
    """Write the strengths at the places around `position`, code by code, to `out` float64[2 n + 1].

    A place of which the work lacks more than half gets 0.
    """
    half = out.shape[0] // 2
    count = record.shape[0]
    least = count * (set_bits(mask[0]) + set_bits(mask[1])) // 2
    for k in range(out.shape[0]):
        excess, compared = agreement(record, 0, count, mask, work, position + (k - half) * ONE, step, 1)
        out[k] = _strength(excess, compared) if compared >= least else 0.0


@kernel
def climb(
    codes: npt.NDArray[np.uint64],
    first: int,
    end: int,
    bits: int,
    work: npt.NDArray[np.uint64],
    tempo_step: int,
    found: npt.NDArray[np.int64],
) -> float:
    """Improve `found` (middle, step, halves) by ever smaller steps uphill; the strength that is reached."""
    count = end - first
    half = count // 2
    record = np.empty((count, 2), dtype=np.uint64)
    mask = np.empty(2, dtype=np.uint64)
    shifted_codes(codes, first, end, found[2], bits, record, mask)
    excess, compared = agreement(record, 0, count, mask, work, found[0] - half * found[1], found[1], 1)
    best = _strength(excess, compared)
    for level in range(4):
        move, pace_move = ONE >> (1 + level // 2), tempo_step >> (1 + level)
        for axis in range(3):
            if axis == 2 and level > 1:
                continue
            for sign in range(-1, 2, 2):
                while True:
                    trial = found[0] + sign * move * (axis == 0)
                    pace = found[1] + sign * pace_move * (axis == 1)
                    h = found[2] + sign * (axis == 2)
                    shifted_codes(codes, first, end, h, bits, record, mask)
                    excess, compared = agreement(record, 0, count, mask, work, trial - half * pace, pace, 1)
                    strength = _strength(excess, compared)
                    if strength <= best:
                        break
                    best = strength
                    found[0], found[1], found[2] = trial, pace, h
    return best


@kernel
def search(
    codes: npt.NDArray[np.uint64],
    first: int,
    end: int,
    bits: int,
    work: npt.NDArray[np.uint64],
    middle: int,
    step: int,
    halves: int,
    reach: int,
    tempo_step: int,
    tempo_reach: int,
    halves_reach: int,
    enough: float,
    found: npt.NDArray[np.int64],
) -> float:
    """The best alignment near one: its strength; `found` int64[3] becomes (middle, step, halves).

    `middle` is the position that the middle of record codes [first, end) has in the work. First a grid: +-`reach`
    codes, +-`tempo_reach` steps of `tempo_step`, +-`halves_reach` half bits; then, where the strength is `enough`, ever
    smaller steps uphill.
    """
    count = end - first
    half = count // 2
    record = np.empty((count, 2), dtype=np.uint64)
    mask = np.empty(2, dtype=np.uint64)
    best = -1e9
    for h in range(halves - halves_reach, halves + halves_reach + 1):
        shifted_codes(codes, first, end, h, bits, record, mask)
        for k in range(-tempo_reach, tempo_reach + 1):
            pace = step + k * tempo_step
            for d in range(-reach, reach + 1):
                place = middle + d * ONE - half * pace
                excess, compared = agreement(record, 0, count, mask, work, place, pace, _SPARSE)
                strength = _strength(excess, compared)
                if strength > best:
                    best = strength
                    found[0], found[1], found[2] = middle + d * ONE, pace, h
    if best < enough:
        return best
    return climb(codes, first, end, bits, work, tempo_step, found)
