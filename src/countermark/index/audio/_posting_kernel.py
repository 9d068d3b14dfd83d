"""Kernels of the postings: into buckets, and out of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._compile import inlined, kernel
from countermark.fingerprint.audio import _constellation_kernel as shape

FREE_KEYS, FIXED_KEYS = shape.FREE_KEYS, shape.FIXED_KEYS
KEYS = FREE_KEYS + FIXED_KEYS
REACH, STEP, CELLS = shape.REACH, shape.STEP, shape.CELLS


@inlined
def bucket_of(key: int, buckets: int) -> int:
    """The bucket of a key: neighbouring keys lie in the same or in neighbouring ones."""
    return key * buckets // KEYS


@kernel
def place(keys: Any, anchors: Any, details: Any, starts: Any, out_anchors: Any, out_details: Any) -> None:
    """Order postings by bucket, and within one as they come; write where each bucket begins to `starts`."""
    buckets = starts.size - 1
    counts = np.zeros(buckets + 1, dtype=np.int64)
    for posting in range(keys.size):
        counts[bucket_of(np.int64(keys[posting]), buckets) + 1] += 1
    for bucket in range(buckets):
        counts[bucket + 1] += counts[bucket]
        starts[bucket + 1] = counts[bucket + 1]
    starts[0] = 0
    for posting in range(keys.size):
        bucket = bucket_of(np.int64(keys[posting]), buckets)
        out_anchors[counts[bucket]] = anchors[posting]
        out_details[counts[bucket]] = details[posting]
        counts[bucket] += 1


@inlined
def _near(value: int, step: int) -> int:
    """Which neighbouring cell a value lies nearest to, -1 or 1; 0 in the middle of its own."""
    rest = value % step
    return -1 if rest == 0 else (1 if rest == step - 1 else 0)


@kernel
def _try_free(
    q: Any, span: int, start: int, end: int, anchors: Any, details: Any, work_peaks: Any, slack: int, frames: int,
    widest: int, tempo: float, out: Any, count: int,
) -> int:  # fmt: skip
    """Write postings of one bucket that are the constellation `q` (four pairs of frame and pitch) under another pitch and tempo.

    Rows of `out`: anchor, frame and pitch of the work's anchor, its span, sum of the pitch differences of four.
    """
    for posting in range(start, end):
        anchor = np.int64(anchors[posting])
        detail = np.int64(details[posting])
        one = anchor + (detail & 31)
        two = one + (detail >> 5 & 31)
        three = two + (detail >> 10)
        if three >= work_peaks.size or one == anchor or two == one or three == two:
            continue
        zero = work_peaks[anchor]
        pitch, time = np.int64(zero & 511), np.int64(zero >> 9)
        s0 = q[1] - pitch
        if abs(s0) > widest:
            continue
        s1 = q[3] - np.int64(work_peaks[one] & 511)
        s2 = q[5] - np.int64(work_peaks[two] & 511)
        s3 = q[7] - np.int64(work_peaks[three] & 511)
        if max(max(s0, s1), max(s2, s3)) - min(min(s0, s1), min(s2, s3)) > slack:
            continue
        length = np.int64(work_peaks[three] >> 9) - time
        if length > span * tempo or span > length * tempo:
            continue
        t1, t2 = np.int64(work_peaks[one] >> 9) - time, np.int64(work_peaks[two] >> 9) - time
        # shares of the duration: both cut to the length of the query
        if abs(t1 * span - (q[2] - q[0]) * length) > frames * length:
            continue
        if abs(t2 * span - (q[4] - q[0]) * length) > frames * length:
            continue
        if count == out.shape[0]:
            return count
        out[count, 0], out[count, 1], out[count, 2] = anchor, time, length
        out[count, 3] = s0 + s1 + s2 + s3
        count += 1
    return count


@kernel
def _try_fixed(
    q: Any, start: int, end: int, anchors: Any, details: Any, work_peaks: Any, slack: int, frames: int, out: Any, count: int,
) -> int:  # fmt: skip
    """Write postings of one bucket that are the constellation `q` (three pairs of frame and pitch) as it is."""
    for posting in range(start, end):
        anchor = np.int64(anchors[posting])
        detail = np.int64(details[posting])
        one = anchor + (detail & 63)
        two = one + (detail >> 6 & 63)
        if two >= work_peaks.size or one == anchor or two == one:
            continue
        zero = work_peaks[anchor]
        pitch, time = np.int64(zero & 511), np.int64(zero >> 9)
        s0 = q[1] - pitch
        s1 = q[3] - np.int64(work_peaks[one] & 511)
        s2 = q[5] - np.int64(work_peaks[two] & 511)
        if max(abs(s0), max(abs(s1), abs(s2))) > slack:
            continue
        t1, t2 = np.int64(work_peaks[one] >> 9) - time, np.int64(work_peaks[two] >> 9) - time
        if abs(t1 - (q[2] - q[0])) > frames or abs(t2 - (q[4] - q[0])) > frames:
            continue
        if count == out.shape[0]:
            return count
        out[count, 0], out[count, 1], out[count, 2] = anchor, time, t2
        out[count, 3] = (s0 + s1 + s2) * 4 // 3
        count += 1
    return count


@inlined
def _take(out: Any, begin: int, end: int, starts: Any, when: int, span: int, family: int, weight: int, hits: Any) -> None:
    """Turn rows of `out` into hits: work, frame of the query, of the work, log tempo, shift, span, family, weight."""
    for row in range(begin, end):
        low, high = 0, starts.size - 1
        while high - low > 1:
            middle = (low + high) >> 1
            if starts[middle] <= out[row, 0]:
                low = middle
            else:
                high = middle
        hits[row, 0], hits[row, 1], hits[row, 2] = low, when, out[row, 1]
        hits[row, 3] = np.int64(np.rint(np.log(np.float64(out[row, 2]) / np.float64(span)) * 4096.0))
        hits[row, 4], hits[row, 5], hits[row, 6], hits[row, 7] = out[row, 3], span, family, weight


@kernel
def look_up(
    peaks: Any, ranks: Any, lows: Any, highs: Any, fixed_lows: Any, fixed_highs: Any, most: int, fixed_most: int,
    work_peaks: Any, starts: Any, buckets: Any, anchors: Any, details: Any,
    slack: int, frames: int, widest: int, tempo: float, longest: int, out: Any, hits: Any, tally: Any,
) -> int:  # fmt: skip
    """Write the hits of a query's peaks to `hits` int32[k, 8]; return how many."""
    number = buckets.size - 1
    chosen = np.empty((shape.SLOTS, shape.MOST_CHOICES), dtype=np.int64)
    counts = np.zeros(shape.SLOTS, dtype=np.int64)
    q = np.empty(8, dtype=np.int64)
    cells = np.empty(5, dtype=np.int64)
    sides = np.empty(5, dtype=np.int64)
    count = 0
    for anchor in range(peaks.size):
        q[0], q[1] = np.int64(peaks[anchor] >> 9), np.int64(peaks[anchor] & 511)
        shape.choose(peaks, ranks, anchor, lows, highs, 3, most, chosen, counts)
        for one in range(counts[0]):
            q[2], q[3] = np.int64(peaks[chosen[0, one]] >> 9), np.int64(peaks[chosen[0, one]] & 511)
            for two in range(counts[1]):
                if chosen[1, two] <= chosen[0, one]:
                    continue
                q[4], q[5] = np.int64(peaks[chosen[1, two]] >> 9), np.int64(peaks[chosen[1, two]] & 511)
                for three in range(counts[2]):
                    if chosen[2, three] <= chosen[1, two]:
                        continue
                    q[6], q[7] = np.int64(peaks[chosen[2, three]] >> 9), np.int64(peaks[chosen[2, three]] & 511)
                    span = q[6] - q[0]
                    for k in range(3):
                        value = q[3 + 2 * k] - q[1] + REACH
                        cells[k], sides[k] = value // STEP, _near(value, STEP)
                    share, rest = (q[2] - q[0]) * 16 // span, (q[2] - q[0]) * 16 % span
                    cells[3], sides[3] = share, -1 if 4 * rest < span else (1 if 4 * rest > 3 * span else 0)
                    share, rest = (q[4] - q[0]) * 16 // span, (q[4] - q[0]) * 16 % span
                    cells[4], sides[4] = share, -1 if 4 * rest < span else (1 if 4 * rest > 3 * span else 0)
                    seen = np.int64(-1)
                    for probe in range(-1, 5):
                        if probe >= 0:
                            if sides[probe] == 0:
                                continue
                            cells[probe] += sides[probe]
                            if cells[probe] < 0 or cells[probe] >= CELLS:
                                cells[probe] -= sides[probe]
                                continue
                        key = shape.free_key(cells[0], cells[1], cells[2], cells[3], cells[4])
                        if probe >= 0:
                            cells[probe] -= sides[probe]
                        bucket = bucket_of(key, number)
                        if bucket == seen:
                            continue
                        if probe < 0:
                            seen = bucket
                        begin, end = np.int64(buckets[bucket]), np.int64(buckets[bucket + 1])
                        tally[0] += 1
                        tally[1] += end - begin
                        if end - begin > longest:
                            continue
                        after = _try_free(q, span, begin, end, anchors, details, work_peaks, slack, frames, widest, tempo, out, count)
                        _take(out, count, after, starts, q[0], span, 0, 3, hits)
                        count = after
        shape.choose(peaks, ranks, anchor, fixed_lows, fixed_highs, 2, fixed_most, chosen, counts)
        for one in range(counts[0]):
            q[2], q[3] = np.int64(peaks[chosen[0, one]] >> 9), np.int64(peaks[chosen[0, one]] & 511)
            for two in range(counts[1]):
                if chosen[1, two] <= chosen[0, one]:
                    continue
                q[4], q[5] = np.int64(peaks[chosen[1, two]] >> 9), np.int64(peaks[chosen[1, two]] & 511)
                span = q[4] - q[0]
                cells[0], sides[0] = q[1] // STEP, _near(q[1], STEP)
                for k in range(2):
                    value = q[3 + 2 * k] - q[1] + REACH
                    cells[1 + k], sides[1 + k] = value // STEP, _near(value, STEP)
                cells[3], cells[4] = (q[2] - q[0]) // 2, span // 2
                sides[3] = 1 if (q[2] - q[0]) % 2 else -1
                sides[4] = 1 if span % 2 else -1
                seen = np.int64(-1)
                for probe in range(-1, 5):
                    if probe >= 0:
                        if sides[probe] == 0:
                            continue
                        cells[probe] += sides[probe]
                        if cells[probe] < 0 or cells[probe] >= (CELLS if probe else shape.PITCH_CELLS):
                            cells[probe] -= sides[probe]
                            continue
                    key = FREE_KEYS + shape.fixed_key(cells[0], cells[1], cells[2], cells[3], cells[4])
                    if probe >= 0:
                        cells[probe] -= sides[probe]
                    bucket = bucket_of(key, number)
                    if bucket == seen:
                        continue
                    if probe < 0:
                        seen = bucket
                    begin, end = np.int64(buckets[bucket]), np.int64(buckets[bucket + 1])
                    tally[2] += 1
                    tally[3] += end - begin
                    if end - begin > longest:
                        continue
                    after = _try_fixed(q, begin, end, anchors, details, work_peaks, slack, 1, out, count)
                    _take(out, count, after, starts, q[0], span, 1, 2, hits)
                    count = after
    return count
