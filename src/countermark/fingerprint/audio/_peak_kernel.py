"""Kernels of the peaks: local maxima of the spectrum, and which of them are kept.

Levels are integers, so that what is a maximum never hangs on how a processor rounds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import load64, trailing_zeros

_ROWS = 16
"""Rows that are held at a time, a power of two: all stay in the processor's first cache."""


@inlined
def _take(power: Any, dropped: int, tilt: int, levels: Any, highest: Any) -> None:
    """Write the levels of a frame to both, from the bits of its power."""
    bits = power.view(np.int32)
    for b in range(levels.size):
        levels[b] = (bits[b] >> dropped) + tilt * np.int32(b)
    highest[:] = levels


@inlined
def _raise(row: Any, later: Any) -> None:
    """Make each number of a row the higher of both."""
    for b in range(row.size):
        row[b] = max(row[b], later[b])


@inlined
def _mark(levels: Any, one: Any, other: Any, power: Any, floor: float, marks: Any) -> None:
    """Write 1 to `marks` where a level is above its left, not below its right, that of `one` or `other`, and loud."""
    middle, right, first, second = levels[1:], levels[2:], one[1:], other[1:]
    loud, out = power[1:], marks[1:]
    for b in range(levels.size - 2):
        level = middle[b]
        is_highest = (level == max(first[b], second[b])) & (level > levels[b]) & (level >= right[b])
        out[b] = is_highest & (loud[b] >= floor)


@inlined
def _stands_out(rows: Any, frame: int, b: int, low: int, high: int, reach: int, above: int) -> bool:
    """Whether a bin is the maximum of those from `low` to `high`, the first in time, and `above` their mean."""
    levels = rows[frame & (_ROWS - 1)]
    level = levels[b]
    for other in range(b - 1, low - 1, -1):
        if levels[other] >= level:
            return False
    for other in range(b + 1, high + 1):
        if levels[other] > level:
            return False
    for before in range(frame - reach, frame):
        if rows[before & (_ROWS - 1), b] == level:
            return False
    around = np.int64(0)
    for other in range(low, high + 1):
        around += levels[other]
    return level * (high - low + 1) - around >= above * (high - low + 1)


@inlined
def _between(left: float, middle: float, right: float) -> float:
    """Where between the bins a maximum lies, from -0.5 to 0.5: a parabola through the logarithms of three powers."""
    one, two = math.log(np.float64(left) + 1e-30), math.log(np.float64(middle) + 1e-30)
    three = math.log(np.float64(right) + 1e-30)
    bend = one - 2.0 * two + three
    part = 0.5 * (one - three) / bend if bend < -1e-9 else 0.0
    return min(max(part, -0.5), 0.5)


@kernel
def find_peaks(
    held: Any, power: Any, begin: int, end: int, dropped: int, tilt: int, reach: int, reaches: Any, bands: Any,
    floor: float, above: int, first_bin: int, lowest: float, steps: int, number: int,
    times: Any, pitches: Any, strengths: Any, band: Any,
) -> int:  # fmt: skip
    """Write the maxima of the frames `begin` to `end` of `held` and `power`, float32[n, bins]; return how many.

    A level is a power's bits without the last `dropped`, and `tilt` a bin. A maximum is the highest within
    `reaches[bin]` bins and within `reach` frames, 4 to 7; of equals the first in time and the lowest. It stands `above`
    the mean around it, and its power above `floor`. `number` is the number of the first frame held. `bands[bin]` is
    written to `band`; `pitches` are interpolated.

    The highest of 2, 4 and 8 frames are each made of two of the ones before, and those of the whole reach of two of 8.
    """
    bins, edge, last = power.shape[1], held.shape[0], _ROWS - 1
    dropped, tilt = np.int32(dropped), np.int32(tilt)
    levels = np.full((_ROWS, bins), np.int32(-(2**31)), dtype=np.int32)
    highest = levels.copy()
    marks = np.zeros(bins + 8, dtype=np.uint8)
    count = 0
    for newest in range(begin - reach, end + reach):
        if 0 <= newest < edge + power.shape[0]:
            row = held[newest] if newest < edge else power[newest - edge]
            _take(row, dropped, tilt, levels[newest & last], highest[newest & last])
        else:
            levels[newest & last], highest[newest & last] = np.int32(-(2**31)), np.int32(-(2**31))
        for apart, behind in ((1, 1), (2, 3), (4, 7)):
            _raise(highest[(newest - behind) & last], highest[(newest - behind + apart) & last])
        frame = newest - reach
        if frame < begin:
            continue
        earlier, later = highest[(frame - reach) & last], highest[(newest - 7) & last]
        row = held[frame] if frame < edge else power[frame - edge]
        _mark(levels[frame & last], earlier, later, row, floor, marks)
        for word in range(0, bins, 8):
            left = load64(marks, word)
            while left:
                b = word + (trailing_zeros(left) >> 3)
                left &= left - np.uint64(1)
                low, high = max(0, b - reaches[b]), min(bins - 1, b + reaches[b])
                if not _stands_out(levels, frame, b, low, high, reach, above):
                    continue
                part = _between(row[b - 1], row[b], row[b + 1])
                hertz = (np.float64(first_bin + b) + part) / lowest
                times[count] = number + frame
                pitches[count] = np.int64(math.floor(math.log2(hertz) * steps + 0.5))
                strengths[count] = levels[frame & last, b]
                band[count] = bands[b]
                count += 1
    return count


@kernel
def rank_peaks(times: Any, levels: Any, band: Any, within: int, most: int, ranks: Any) -> None:
    """Write to `ranks` how many peaks of the same band within `within` frames are stronger; counting stops at `most`.

    Of equally strong ones the earlier counts as the stronger.
    """
    first = 0
    for peak in range(times.size):
        while times[first] < times[peak] - within:
            first += 1
        rank = 0
        other = first
        while other < times.size and times[other] <= times[peak] + within and rank < most:
            higher = levels[other] > levels[peak] or (levels[other] == levels[peak] and other < peak)
            if band[other] == band[peak] and higher:
                rank += 1
            other += 1
        ranks[peak] = rank
