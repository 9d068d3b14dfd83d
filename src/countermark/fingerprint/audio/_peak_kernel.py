"""Kernels of the peaks: local maxima of the spectrum, and which of them are kept.

Levels are integers, so that what is a maximum never hangs on how a processor rounds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from countermark.fingerprint._compile import inlined, kernel


@kernel
def time_maxima(levels: Any, reach: int, out: Any) -> None:
    """Write to `out` int32[n, bins] the highest level of each bin within `reach` frames before and after."""
    frames, bins = levels.shape
    for frame in range(frames):
        first, last = max(0, frame - reach), min(frames - 1, frame + reach)
        out[frame, :] = levels[first, :]
        for other in range(first + 1, last + 1):
            for b in range(bins):
                out[frame, b] = max(out[frame, b], levels[other, b])


@inlined
def _stands_out(levels: Any, frame: int, b: int, low: int, high: int, first: int, above: int) -> bool:
    """Whether a bin is the maximum of those from `low` to `high`, the first in time, and `above` their mean."""
    level = levels[frame, b]
    around = np.int64(0)
    for other in range(low, high + 1):
        if levels[frame, other] > level or (levels[frame, other] == level and other < b):
            return False
        around += levels[frame, other]
    for before in range(first, frame):
        if levels[before, b] == level:
            return False
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
    power: Any, levels: Any, highest: Any, begin: int, end: int, reach: int, reaches: Any, bands: Any, floor: float,
    above: int, first_bin: int, lowest: float, steps: int, number: int,
    times: Any, pitches: Any, strengths: Any, band: Any,
) -> int:  # fmt: skip
    """Write the maxima of the frames `begin` to `end` of a stretch of `levels` int32[n, bins]; return how many.

    A maximum is the highest level within `reaches[bin]` bins and, as `highest` says, within `reach` frames; of equals
    the first in time and the lowest. It stands `above` the mean around it, and its power above `floor`. `number` is
    the number of the stretch's first frame. `bands[bin]` is written to `band`; `pitches` are interpolated.
    """
    bins = levels.shape[1]
    count = 0
    for frame in range(begin, end):
        for b in range(1, bins - 1):
            level = levels[frame, b]
            if level != highest[frame, b] or power[frame, b] < floor or level <= levels[frame, b - 1]:
                continue
            if level < levels[frame, b + 1]:
                continue
            low, high = max(0, b - reaches[b]), min(bins - 1, b + reaches[b])
            if not _stands_out(levels, frame, b, low, high, max(0, frame - reach), above):
                continue
            part = _between(power[frame, b - 1], power[frame, b], power[frame, b + 1])
            hertz = (np.float64(first_bin + b) + part) / lowest
            times[count] = number + frame
            pitches[count] = np.int64(math.floor(math.log2(hertz) * steps + 0.5))
            strengths[count] = level
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
