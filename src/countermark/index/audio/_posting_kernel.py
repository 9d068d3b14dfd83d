"""Kernels of the postings: into buckets, and out of them. Integers decide."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint.audio import _constellation_kernel as geometry
from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import prefetch

FREE_KEYS, FIXED_KEYS = geometry.FREE_KEYS, geometry.FIXED_KEYS
FREE_LOWS, FIXED_LOWS = geometry.FREE_LOWS, geometry.FIXED_LOWS
CLASS, CLASSES = geometry.CLASS, geometry.CLASSES
SLOTS, MOST_CHOICES = geometry.SLOTS, geometry.MOST_CHOICES
GROUP = 32
"""Buckets between two whose place is written down."""
FULL = 255
"""Postings of a bucket at most."""
AT_ONCE = 512
"""Constellations of an anchor that are asked for at once, at most: what they need is fetched before it is used."""


@inlined
def bucket_of(key: int, buckets: int) -> int:
    """The bucket of a key: neighbouring keys lie in the same or in neighbouring ones. Each family has half of all."""
    half = buckets >> 1
    if key < FREE_KEYS:
        return key * half // FREE_KEYS
    return half + (key - FREE_KEYS) * half // FIXED_KEYS


@kernel
def count_keys(keys: Any, ends: Any) -> None:
    """Count the keys of a work: bucket b in `ends[b + 1]`, uint32."""
    for posting in range(keys.size):
        ends[bucket_of(np.int64(keys[posting]), ends.size - 1) + 1] += np.uint32(1)


@kernel
def place(keys: Any, postings: Any, ends: Any, placed: Any) -> None:
    """Put a work's postings into their buckets; `ends[b]` is where bucket b goes on, and moves."""
    for posting in range(keys.size):
        bucket = bucket_of(np.int64(keys[posting]), ends.size - 1)
        placed[ends[bucket]] = postings[posting]
        ends[bucket] += np.uint32(1)


@kernel
def thin(ends: Any, placed: Any) -> Any:
    """How many postings each bucket holds, uint8[buckets], and where each GROUP of them begins, uint32.

    `ends` are the ends of the buckets. Of one with more than FULL (a loop, a held chord), FULL are kept at equal
    steps; all move up in `placed` uint64[n].
    """
    buckets = ends.size - 1
    counts, bases = np.zeros(buckets, dtype=np.uint8), np.zeros(buckets // GROUP + 1, dtype=np.uint32)
    begin = kept = np.int64(0)
    for bucket in range(buckets):
        if bucket % GROUP == 0:
            bases[bucket // GROUP] = kept
        size = np.int64(ends[bucket]) - begin
        held: Any = min(size, FULL)
        for k in range(held):
            placed[kept + k] = placed[begin + k * size // held]
        counts[bucket] = held
        begin += size
        kept += held
    bases[buckets // GROUP] = kept
    return counts, bases


@inlined
def _reach(counts: Any, bases: Any, first: int, last: int) -> Any:
    """Where the postings of the buckets `first` to `last` begin and end."""
    begin = np.int64(bases[first // GROUP])
    for bucket in range(first // GROUP * GROUP, first):
        begin += np.int64(counts[bucket])
    end = begin
    for bucket in range(first, last + 1):
        end += np.int64(counts[bucket])
    return begin, end


@inlined
def _frame(peak: int) -> int:
    return np.int64(peak >> 9)


@inlined
def _pitch(peak: int) -> int:
    return np.int64(peak & 511)


@inlined
def _near(one: int, two: int) -> int:
    """The difference of two numbers that are told modulo 8 and differ by less than 4."""
    return ((one - two + 4) & 7) - 4


@inlined
def _weight(size: int) -> int:
    """What a posting says that stands among `size`: the fewer there are, the more."""
    weight = 8
    while size > 4 and weight > 2:
        size >>= 1
        weight -= 1
    return weight


@kernel
def _match_free(
    q: Any, index: Any, slack: int, frames: int, limits: Any, weight: int, hits: Any, count: int
) -> int:
    """Write the postings that are the constellation `q`, at any pitch and tempo; return the count of hits.

    `q` is a row of `_ask_free`, with the first posting and the last. `limits` are steps of pitch, and tempo.
    """
    postings, logs = index[2], index[3]
    span, widest, tempo = q[3], limits[0], limits[1]
    for row in range(q[6], q[7]):
        posting = postings[row]
        shape = np.int64(posting & np.uint64(0xFFFFFFFF))
        shift = q[1] - (shape >> 23)
        if abs(shift) > widest:
            continue
        e1, e2, e3 = _near(q[2] >> 14, shape >> 20), _near(q[2] >> 7, shape >> 17), _near(q[2], shape >> 14)
        if max(0, e1, e2, e3) - min(0, e1, e2, e3) > slack:
            continue
        length = (shape >> 9 & 31) + FREE_LOWS[2]
        if length > span * tempo or span > length * tempo:
            continue
        if abs(((shape >> 5 & 15) + FREE_LOWS[0]) * span - q[4] * length) > frames * length:
            continue
        if abs(((shape & 31) + FREE_LOWS[1]) * span - q[5] * length) > frames * length:
            continue
        if count == hits.shape[0]:
            return count
        hits[count, 0], hits[count, 1] = posting >> np.uint64(32), q[0]
        hits[count, 2], hits[count, 3] = logs[length, span], 4 * shift + e1 + e2 + e3
        hits[count, 4], hits[count, 5], hits[count, 6] = span, 0, weight
        count += 1
    return count


@kernel
def _match_fixed(q: Any, index: Any, slack: int, frames: int, weight: int, hits: Any, count: int) -> int:
    """Write the postings that are the constellation `q` of `_ask_fixed` as it is; return the count of hits."""
    postings = index[2]
    for row in range(q[6], q[7]):
        posting = postings[row]
        shape = np.int64(posting & np.uint64(0xFFFFFFFF))
        s0 = q[1] - (shape >> 23)
        s1, s2 = s0 + (q[2] >> 7) - (shape >> 16 & 127), s0 + (q[2] & 127) - (shape >> 9 & 127)
        if max(abs(s0), abs(s1), abs(s2)) > slack:
            continue
        if (
            abs((shape >> 5 & 15) + FIXED_LOWS[0] - q[4]) > frames
            or abs((shape & 31) + FIXED_LOWS[1] - q[3]) > frames
        ):
            continue
        if count == hits.shape[0]:
            return count
        hits[count, 0], hits[count, 1], hits[count, 2] = posting >> np.uint64(32), q[0], 0
        hits[count, 3], hits[count, 4], hits[count, 5] = (s0 + s1 + s2) * 4 // 3, q[3], 1
        hits[count, 6] = weight
        count += 1
    return count


@inlined
def _fill(row: Any, zero: int, shape: int, span: int, t1: int, t2: int, first: int, last: int) -> None:
    row[0], row[1], row[2], row[3], row[4], row[5] = _frame(zero), _pitch(zero), shape, span, t1, t2
    row[6], row[7] = first, last


@kernel
def _ask_free(
    peaks: Any, anchor: int, chosen: Any, held: Any, weakest: int, widest: int, index: Any, asked: Any
) -> int:
    """Write the constellations of an anchor to `asked`; their places in the index are asked for. Returns how many.

    A row is: frame, pitch, differences of pitch, three durations (the longest first), first and last bucket.
    """
    counts, bases = index[0], index[1]
    zero, n = peaks[anchor], 0
    pitch, time = _pitch(zero), _frame(zero)
    low, high = max(pitch - widest, 0) // CLASS, min((pitch + widest) // CLASS, CLASSES - 1)
    for i in range(held[0]):
        one = peaks[chosen[0, i]]
        for j in range(min(held[1], weakest - i)):
            two = peaks[chosen[1, j]]
            if chosen[1, j] <= chosen[0, i] or not geometry.differ(one, two):
                continue
            for k in range(min(held[2], weakest - i - j)):
                three = peaks[chosen[2, k]]
                apart = geometry.differ(one, three) and geometry.differ(two, three)
                if chosen[2, k] <= chosen[1, j] or not apart:
                    continue
                key = geometry.free_key(zero, one, two, three)
                first, last = bucket_of(key + low, counts.size), bucket_of(key + high, counts.size)
                prefetch(counts, first)
                prefetch(bases, first // GROUP)
                steps = (
                    (_pitch(one) - pitch + 64) << 14
                    | (_pitch(two) - pitch + 64) << 7
                    | _pitch(three) - pitch + 64
                )
                t1, t2 = _frame(one) - time, _frame(two) - time
                _fill(asked[n], zero, steps, _frame(three) - time, t1, t2, first, last)
                n += 1
    return n


@kernel
def _ask_fixed(peaks: Any, anchor: int, chosen: Any, held: Any, weakest: int, index: Any, asked: Any) -> int:
    """The same for the second family, which has two differences, two durations and one bucket."""
    counts, bases = index[0], index[1]
    zero, n = peaks[anchor], 0
    pitch, time = _pitch(zero), _frame(zero)
    for i in range(held[0]):
        one = peaks[chosen[0, i]]
        for j in range(min(held[1], weakest - i)):
            two = peaks[chosen[1, j]]
            if chosen[1, j] <= chosen[0, i] or not geometry.differ(one, two):
                continue
            bucket = bucket_of(FREE_KEYS + geometry.fixed_key(zero, one, two), counts.size)
            prefetch(counts, bucket)
            prefetch(bases, bucket // GROUP)
            steps = (_pitch(one) - pitch + 64) << 7 | _pitch(two) - pitch + 64
            _fill(asked[n], zero, steps, _frame(two) - time, _frame(one) - time, 0, bucket, bucket)
            n += 1
    return n


@kernel
def _open(asked: Any, n: int, index: Any, sizes: Any) -> int:
    """Replace the buckets by where their postings begin and end, leaving out the empty; how many stay.

    The histogram of how many they are is kept in `sizes`.
    """
    counts, bases, postings = index[0], index[1], index[2]
    kept = 0
    for row in range(n):
        begin, end = _reach(counts, bases, asked[row, 6], asked[row, 7])
        if begin < end:
            if kept < row:
                asked[kept, :6] = asked[row, :6]
            asked[kept, 6], asked[kept, 7] = begin, end
            prefetch(postings, begin)
            sizes[min(end - begin, sizes.size - 1)] += 1
            kept += 1
    return kept


@kernel
def ask(
    peaks: Any, ranks: Any, begin: int, end: int, free: Any, fixed: Any, slots: Any, index: Any, sizes: Any,
    asked: Any,
) -> Any:  # fmt: skip
    """Write what is asked of the index for the anchors `begin` to `end` to `asked` int32[n, 8].

    `free` and `fixed` are limit of rank, followers of a slot, how weak they may be in all, and for the first family
    steps of pitch. `slots` are the lows and highs of both. Returns the rows of the first family, and of both.
    """
    chosen, held = np.empty((SLOTS, MOST_CHOICES), dtype=np.int64), np.zeros(SLOTS, dtype=np.int64)
    count = 0
    for anchor in range(begin, end):
        if ranks[anchor] >= free[0] or count + AT_ONCE > asked.shape[0]:
            continue
        geometry.choose(peaks, ranks, free[0], anchor, slots[0], slots[1], 3, free[1], chosen, held)
        n = _ask_free(peaks, anchor, chosen, held, free[2], free[3], index, asked[count:])
        count += _open(asked[count:], n, index, sizes)
    first = count
    for anchor in range(begin, end):
        if ranks[anchor] >= fixed[0] or count + AT_ONCE > asked.shape[0]:
            continue
        geometry.choose(peaks, ranks, fixed[0], anchor, slots[2], slots[3], 2, fixed[1], chosen, held)
        n = _ask_fixed(peaks, anchor, chosen, held, fixed[2], index, asked[count:])
        count += _open(asked[count:], n, index, sizes)
    return first, count


@kernel
def longest_read(sizes: Any, most: int) -> int:
    """How long lists may be so that no more than `most` postings are read in all: the shortest say the most."""
    total = np.int64(0)
    for size in range(sizes.size):
        total += size * np.int64(sizes[size])
        if total > most:
            return size - 1
    return sizes.size - 1


@kernel
def read(
    asked: Any, first: int, count: int, longest: int, index: Any, slack: int, frames: int, fixed_frames: int,
    limits: Any, favour: int, hits: Any,
) -> int:  # fmt: skip
    """Write the hits of what is asked, where no more than `longest` postings stand, to `hits` int32[n, 7]."""
    postings, found = index[2], 0
    for row in range(count):
        if row + 8 < count:
            prefetch(postings, np.int64(asked[row + 8, 6]))
        size = asked[row, 7] - asked[row, 6]
        if size > longest:
            continue
        if row < first:
            found = _match_free(asked[row], index, slack, frames, limits, _weight(size) + favour, hits, found)
        else:
            found = _match_fixed(asked[row], index, slack, fixed_frames, _weight(size), hits, found)
    return found
