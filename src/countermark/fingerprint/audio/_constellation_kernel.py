"""Kernels of the constellations: which peaks are taken together, and what of their geometry is the key.

A peak is packed into a uint32: frame << 9 | pitch. Integers only.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel

REACH = 60
"""Steps of pitch (an octave) between the anchor and a follower, at most."""
STEP = 5
"""Steps of pitch of a cell, a semitone: differences in tempered music then lie in the middle of cells."""
AHEAD = 2
"""Steps from the beginning of a cell to its middle."""
APART = 4
"""Steps of pitch between any two peaks of a constellation, at least: a held tone that is seen again says little."""
CELLS = 2 * REACH // STEP + 1
TUNED = 4
"""Steps added to a pitch, so that notes tuned to 440 Hz lie in the middle of cells."""
PITCH_CELLS = 58
SLOTS = 3
CHOICES = 3
"""Followers of a slot that constellations of a work are made of."""
MOST_CHOICES = 8
"""Followers of a slot that are considered, at most."""
FREE, FIXED = 0, 1
"""The two families: free of pitch and tempo (four peaks), and at fixed pitch and tempo (three peaks)."""
CLASS, CLASSES = 12, 24
"""Steps of pitch of a class of the anchor's, and how many: the low end of the first family's keys."""
FREE_LOWS, FREE_HIGHS = (4, 20, 40), (18, 38, 60)
"""Frames after the anchor of a work: the slots of the first family."""
FIXED_LOWS, FIXED_HIGHS = (2, 17, 0), (16, 40, 0)
"""Those of the second, which has two."""
FREE_KEYS = CELLS * CELLS * CELLS * 96 * CLASSES
FIXED_KEYS = PITCH_CELLS * CELLS * CELLS * 8 * 12


@inlined
def differ(one: int, two: int) -> bool:
    """Whether two packed peaks differ in pitch."""
    return abs(np.int64(one & 511) - np.int64(two & 511)) >= APART


@inlined
def _cell(peak: int, anchor: int) -> int:
    return (np.int64(peak & 511) - np.int64(anchor & 511) + REACH + AHEAD) // STEP


@inlined
def _after(peak: int, anchor: int) -> int:
    return np.int64(peak >> 9) - np.int64(anchor >> 9)


@inlined
def free_key(zero: int, one: int, two: int, three: int) -> int:
    """The first key of four packed peaks: three cells of pitch difference, two of the share of the duration.

    CLASSES keys follow one another, one for each class of the anchor's pitch.
    """
    span = _after(three, zero)
    first, second = _after(one, zero) * 16 // span, _after(two, zero) * 16 // span
    key = (_cell(one, zero) * CELLS + _cell(two, zero)) * CELLS + _cell(three, zero)
    key = (key * 8 + min(max(first, 0), 7)) * 12 + min(max(second - 4, 0), 11)
    return key * CLASSES


@inlined
def fixed_key(zero: int, one: int, two: int) -> int:
    """The key of three packed peaks: the cell of the anchor's pitch, two of the differences, two of the durations."""
    key = (np.int64(zero & 511) + TUNED) // STEP
    key = (key * CELLS + _cell(one, zero)) * CELLS + _cell(two, zero)
    first, second = _after(one, zero) // 2, _after(two, zero) // 2
    return (key * 8 + min(max(first - 1, 0), 7)) * 12 + min(max(second - 8, 0), 11)


@kernel
def choose(
    peaks: Any, ranks: Any, limit: int, anchor: int, lows: Any, highs: Any, slots: int, most: int,
    chosen: Any, counts: Any,
) -> None:  # fmt: skip
    """Write for each slot of time after the anchor the `most` strongest followers to `chosen` int64[slots, 8].

    They are numbers of peaks with a rank below `limit`, strongest first; of equals the earlier. `counts` int64[slots]
    says how many there are.
    """
    time, pitch = np.int64(peaks[anchor] >> 9), np.int64(peaks[anchor] & 511)
    counts[:slots] = 0
    last = highs[slots - 1]
    for other in range(anchor + 1, peaks.size):
        gap = np.int64(peaks[other] >> 9) - time
        if gap > last:
            break
        apart = abs(np.int64(peaks[other] & 511) - pitch)
        if apart > REACH or apart < APART:
            continue
        rank = ranks[other]
        if rank >= limit:
            continue
        for slot in range(slots):
            if gap < lows[slot] or gap > highs[slot]:
                continue
            place = counts[slot]
            if place == most:
                if ranks[chosen[slot, most - 1]] <= rank:
                    continue
                place -= 1
            else:
                counts[slot] += 1
            while place > 0 and ranks[chosen[slot, place - 1]] > rank:
                chosen[slot, place] = chosen[slot, place - 1]
                place -= 1
            chosen[slot, place] = other


@inlined
def free_shape(zero: int, one: int, two: int, three: int) -> int:
    """Four packed peaks of a work in 32 bits: pitch, three differences of pitch modulo 8, three durations.

    The key tells the differences to STEP already; modulo 8 they are exact.
    """
    base = np.int64(zero & 511)
    steps = (np.int64(one & 511) - base) & 7
    steps = steps << 3 | (np.int64(two & 511) - base) & 7
    steps = steps << 3 | (np.int64(three & 511) - base) & 7
    times = (_after(three, zero) - FREE_LOWS[2]) << 4 | _after(one, zero) - FREE_LOWS[0]
    return base << 23 | steps << 14 | times << 5 | _after(two, zero) - FREE_LOWS[1]


@inlined
def fixed_shape(zero: int, one: int, two: int) -> int:
    """Three packed peaks of a work in 32 bits: pitch, two differences of pitch and 64, two durations."""
    base = np.int64(zero & 511)
    steps = (np.int64(one & 511) - base + 64) << 7 | np.int64(two & 511) - base + 64
    times = (_after(one, zero) - FIXED_LOWS[0]) << 5 | _after(two, zero) - FIXED_LOWS[1]
    return base << 23 | steps << 9 | times


@kernel
def of_work(
    peaks: Any, ranks: Any, begin: int, picks: Any, most: int, fixed_picks: Any, fixed_most: int,
    keys: Any, postings: Any,
) -> int:  # fmt: skip
    """Write keys uint64 and postings uint64 of a work whose first frame is `begin`; returns how many there are.

    A posting is the anchor's frame in the upper half, the shape in the lower. `picks` int64[k, 3] and `fixed_picks`
    int64[k, 2] say which followers are taken together: how strong each is among those of its slot; the first `most`
    that exist are kept of an anchor. Keys of the second family lie above those of the first.
    """
    chosen, held = np.empty((SLOTS, MOST_CHOICES), dtype=np.int64), np.zeros(SLOTS, dtype=np.int64)
    count = 0
    for anchor in range(peaks.size):
        zero = peaks[anchor]
        place = (np.uint64(begin) + np.uint64(zero >> 9)) << np.uint64(32)
        choose(peaks, ranks, 255, anchor, FREE_LOWS, FREE_HIGHS, 3, CHOICES, chosen, held)
        left = most
        for pick in range(picks.shape[0]):
            i, j, k = picks[pick, 0], picks[pick, 1], picks[pick, 2]
            if left == 0 or i >= held[0] or j >= held[1] or k >= held[2]:
                continue
            one, two, three = peaks[chosen[0, i]], peaks[chosen[1, j]], peaks[chosen[2, k]]
            if not (differ(one, two) and differ(one, three) and differ(two, three)):
                continue
            keys[count] = free_key(zero, one, two, three) + np.int64(zero & 511) // CLASS
            postings[count] = place | np.uint64(free_shape(zero, one, two, three))
            count += 1
            left -= 1
        choose(peaks, ranks, 255, anchor, FIXED_LOWS, FIXED_HIGHS, 2, CHOICES, chosen, held)
        left = fixed_most
        for pick in range(fixed_picks.shape[0]):
            i, j = fixed_picks[pick, 0], fixed_picks[pick, 1]
            if left == 0 or i >= held[0] or j >= held[1]:
                continue
            one, two = peaks[chosen[0, i]], peaks[chosen[1, j]]
            if not differ(one, two):
                continue
            keys[count] = FREE_KEYS + fixed_key(zero, one, two)
            postings[count] = place | np.uint64(fixed_shape(zero, one, two))
            count += 1
            left -= 1
    return count
