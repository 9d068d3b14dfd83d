"""Kernels of the postings: into buckets, and out of them. Integers decide."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._compile import inlined, kernel
from countermark.fingerprint._machine import prefetch
from countermark.fingerprint.audio import _constellation_kernel as shape

FREE_KEYS, FIXED_KEYS = shape.FREE_KEYS, shape.FIXED_KEYS
REACH, STEP, CELLS, CLASS, CLASSES = shape.REACH, shape.STEP, shape.CELLS, shape.CLASS, shape.CLASSES
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
def bucketed(keys: Any, buckets: int) -> Any:
    """How many postings each bucket holds uint8[buckets], where each GROUP begins uint32, and the postings int64.

    Postings stand by bucket, and within one as they came. Of a bucket with more than FULL (a loop, a held chord),
    FULL are kept at equal steps.
    """
    starts = np.zeros(buckets + 1, dtype=np.int64)
    for posting in range(keys.size):
        starts[bucket_of(np.int64(keys[posting]), buckets) + 1] += 1
    for bucket in range(buckets):
        starts[bucket + 1] += starts[bucket]
    order = np.empty(keys.size, dtype=np.int64)
    for posting in range(keys.size):
        bucket = bucket_of(np.int64(keys[posting]), buckets)
        order[starts[bucket]] = posting
        starts[bucket] += 1
    counts, bases = np.zeros(buckets, dtype=np.uint8), np.zeros(buckets // GROUP + 1, dtype=np.uint32)
    begin = kept = np.int64(0)
    for bucket in range(buckets):
        if bucket % GROUP == 0:
            bases[bucket // GROUP] = kept
        size = starts[bucket] - begin
        held = min(size, FULL)
        for k in range(held):
            order[kept + k] = order[begin + k * size // held]
        counts[bucket] = held
        begin += size
        kept += held
    bases[buckets // GROUP] = kept
    return counts, bases, order[:kept]


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
def _owner(starts: Any, anchor: int) -> int:
    """The work that a peak belongs to."""
    low, high = 0, starts.size - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if starts[middle] <= anchor:
            low = middle
        else:
            high = middle
    return low


@kernel
def _free_matches(
    q: Any,
    begin: int,
    end: int,
    index: Any,
    slack: int,
    frames: int,
    widest: int,
    tempo: float,
    weight: int,
    hits: Any,
    count: int,
) -> int:
    """Write the postings `begin` to `end` that are the constellation `q`, at any pitch and tempo; return the count.

    `q` are four pairs of frame and pitch.
    """
    peaks, starts, anchors, details = index[0], index[1], index[4], index[5]
    span = q[6] - q[0]
    for posting in range(begin, end):
        anchor, detail = np.int64(anchors[posting]), np.int64(details[posting])
        zero, one = peaks[anchor], anchor + (detail & 31)
        s0 = q[1] - _pitch(zero)
        if abs(s0) > widest:
            continue
        s1 = q[3] - _pitch(peaks[one])
        if abs(s1 - s0) > slack:
            continue
        two = one + (detail >> 5 & 31)
        s2, s3 = q[5] - _pitch(peaks[two]), q[7] - _pitch(peaks[two + (detail >> 10)])
        if max(s0, s1, s2, s3) - min(s0, s1, s2, s3) > slack:
            continue
        time = _frame(zero)
        length = _frame(peaks[two + (detail >> 10)]) - time
        if length > span * tempo or span > length * tempo:
            continue
        if abs((_frame(peaks[one]) - time) * span - (q[2] - q[0]) * length) > frames * length:
            continue
        if abs((_frame(peaks[two]) - time) * span - (q[4] - q[0]) * length) > frames * length:
            continue
        if count == hits.shape[0]:
            return count
        hits[count, 0], hits[count, 1], hits[count, 2] = _owner(starts, anchor), q[0], time
        hits[count, 3] = np.int64(np.rint(np.log(np.float64(length) / np.float64(span)) * 4096.0))
        hits[count, 4], hits[count, 5], hits[count, 6], hits[count, 7] = s0 + s1 + s2 + s3, span, 0, weight
        count += 1
    return count


@kernel
def _fixed_matches(
    q: Any, begin: int, end: int, index: Any, slack: int, frames: int, weight: int, hits: Any, count: int
) -> int:
    """Write the postings `begin` to `end` that are the constellation `q` (three pairs of frame and pitch) as it is."""
    peaks, starts, anchors, details = index[0], index[1], index[4], index[5]
    span = q[4] - q[0]
    for posting in range(begin, end):
        anchor, detail = np.int64(anchors[posting]), np.int64(details[posting])
        zero, one = peaks[anchor], anchor + (detail & 63)
        s0, s1 = q[1] - _pitch(zero), q[3] - _pitch(peaks[one])
        if max(abs(s0), abs(s1)) > slack:
            continue
        two = one + (detail >> 6)
        s2, time = q[5] - _pitch(peaks[two]), _frame(zero)
        length = _frame(peaks[two]) - time
        if (
            abs(s2) > slack
            or abs(length - span) > frames
            or abs(_frame(peaks[one]) - time - q[2] + q[0]) > frames
        ):
            continue
        if count == hits.shape[0]:
            return count
        hits[count, 0], hits[count, 1], hits[count, 2] = _owner(starts, anchor), q[0], time
        hits[count, 3], hits[count, 4], hits[count, 5] = 0, (s0 + s1 + s2) * 4 // 3, span
        hits[count, 6], hits[count, 7] = 1, weight
        count += 1
    return count


@inlined
def _weight(size: int) -> int:
    """What a posting says that stands among `size`: the fewer there are, the more."""
    weight = 8
    while size > 4 and weight > 2:
        size >>= 1
        weight -= 1
    return weight


@kernel
def _gather_free(
    peaks: Any, anchor: int, chosen: Any, held: Any, counts: Any, bases: Any, widest: int, asked: Any
) -> int:
    """Write the constellations of an anchor to `asked`: four pairs of frame and pitch, first and last bucket."""
    zero, n = peaks[anchor], 0
    pitch, time = _pitch(zero), _frame(zero)
    low, high = max(pitch - widest, 0) // CLASS, min((pitch + widest) // CLASS, CLASSES - 1)
    for i in range(held[0]):
        one = peaks[chosen[0, i]]
        for j in range(held[1]):
            two = peaks[chosen[1, j]]
            if chosen[1, j] <= chosen[0, i] or not shape.differ(one, two):
                continue
            for k in range(held[2]):
                three = peaks[chosen[2, k]]
                if chosen[2, k] <= chosen[1, j] or not (
                    shape.differ(one, three) and shape.differ(two, three)
                ):
                    continue
                asked[n, 0], asked[n, 1], asked[n, 2], asked[n, 3] = time, pitch, _frame(one), _pitch(one)
                asked[n, 4], asked[n, 5], asked[n, 6], asked[n, 7] = (
                    _frame(two),
                    _pitch(two),
                    _frame(three),
                    _pitch(three),
                )
                key = shape.free_key(zero, one, two, three)
                asked[n, 8], asked[n, 9] = (
                    bucket_of(key + low, counts.size),
                    bucket_of(key + high, counts.size),
                )
                prefetch(counts, asked[n, 8])
                prefetch(bases, asked[n, 8] // GROUP)
                n += 1
    return n


@kernel
def _gather_fixed(
    peaks: Any, anchor: int, chosen: Any, held: Any, counts: Any, bases: Any, asked: Any
) -> int:
    """Write the constellations of an anchor to `asked`: three pairs of frame and pitch, and twice the bucket."""
    zero, n = peaks[anchor], 0
    for i in range(held[0]):
        one = peaks[chosen[0, i]]
        for j in range(held[1]):
            two = peaks[chosen[1, j]]
            if chosen[1, j] <= chosen[0, i] or not shape.differ(one, two):
                continue
            asked[n, 0], asked[n, 1], asked[n, 2], asked[n, 3] = (
                _frame(zero),
                _pitch(zero),
                _frame(one),
                _pitch(one),
            )
            asked[n, 4], asked[n, 5] = _frame(two), _pitch(two)
            bucket = bucket_of(FREE_KEYS + shape.fixed_key(zero, one, two), counts.size)
            asked[n, 8], asked[n, 9] = bucket, bucket
            prefetch(counts, bucket)
            prefetch(bases, bucket // GROUP)
            n += 1
    return n


@kernel
def _open(asked: Any, n: int, index: Any, longest: int) -> int:
    """Replace the buckets by where their postings begin and end, leaving out the empty and too long; how many stay."""
    peaks, counts, bases, anchors, details = index[0], index[2], index[3], index[4], index[5]
    kept = 0
    for row in range(n):
        begin, end = _reach(counts, bases, asked[row, 8], asked[row, 9])
        if begin < end <= begin + longest:
            asked[kept, :8] = asked[row, :8]
            asked[kept, 8], asked[kept, 9] = begin, end
            prefetch(anchors, begin)
            prefetch(details, begin)
            kept += 1
    for row in range(kept):
        for posting in range(asked[row, 8], min(asked[row, 9], asked[row, 8] + 8)):
            prefetch(peaks, np.int64(anchors[posting]))
    return kept


@kernel
def look_up_free(
    peaks: Any, ranks: Any, begin: int, end: int, limit: int, lows: Any, highs: Any, most: int, index: Any,
    slack: int, frames: int, widest: int, tempo: float, longest: int, favour: int, hits: Any, count: int,
) -> int:  # fmt: skip
    """Write the hits of the first family whose anchor is one of the peaks `begin` to `end`, from row `count` on."""
    chosen, held = (
        np.empty((shape.SLOTS, shape.MOST_CHOICES), dtype=np.int64),
        np.zeros(shape.SLOTS, dtype=np.int64),
    )
    asked = np.empty((AT_ONCE, 10), dtype=np.int64)
    for anchor in range(begin, end):
        if ranks[anchor] >= limit:
            continue
        shape.choose(peaks, ranks, limit, anchor, lows, highs, 3, most, chosen, held)
        n = _gather_free(peaks, anchor, chosen, held, index[2], index[3], widest, asked)
        for row in range(_open(asked, n, index, longest)):
            first, last = asked[row, 8], asked[row, 9]
            weight = _weight(last - first) + favour
            count = _free_matches(
                asked[row], first, last, index, slack, frames, widest, tempo, weight, hits, count
            )
    return count


@kernel
def look_up_fixed(
    peaks: Any, ranks: Any, begin: int, end: int, limit: int, lows: Any, highs: Any, most: int, index: Any,
    slack: int, frames: int, longest: int, hits: Any, count: int,
) -> int:  # fmt: skip
    """Write the hits of the second family whose anchor is one of the peaks `begin` to `end`, from row `count` on."""
    chosen, held = (
        np.empty((shape.SLOTS, shape.MOST_CHOICES), dtype=np.int64),
        np.zeros(shape.SLOTS, dtype=np.int64),
    )
    asked = np.empty((AT_ONCE, 10), dtype=np.int64)
    for anchor in range(begin, end):
        if ranks[anchor] >= limit:
            continue
        shape.choose(peaks, ranks, limit, anchor, lows, highs, 2, most, chosen, held)
        n = _gather_fixed(peaks, anchor, chosen, held, index[2], index[3], asked)
        for row in range(_open(asked, n, index, longest)):
            first, last = asked[row, 8], asked[row, 9]
            count = _fixed_matches(
                asked[row], first, last, index, slack, frames, _weight(last - first), hits, count
            )
    return count
