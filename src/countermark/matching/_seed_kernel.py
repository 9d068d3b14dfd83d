"""From the letters of one record to segments: look windows up, check them against the works, grow them.

Windows are looked up 64 at a time, each step over all of them before the next, so that the waits for memory overlap.
What an index says is a place in one of its arrays is not believed but held against that array's length: an index may
come from anybody, and kernels check no bounds (`index.checking` has compared the lengths with each other).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._hash_kernel import hash_windows, quick_hash
from countermark.index._filter_kernel import bits_of, slot
from countermark.index.layout import SEPARATION
from countermark.kernels.compiling import kernel
from countermark.kernels.machine import prefetch
from countermark.matching._extend_kernel import (
    EDITS,
    FIRST_RUN,
    GROWTH_FIELDS,
    LETTER,
    LONGEST,
    MATCHED,
    REACH_RECORD,
    REACH_WORK,
    SCORE,
    SKIP,
    grow,
)

BLOCK = 64
FAR_BLOCKS = 1 << 16  # a filter of more blocks than this (512 KiB) is not in the nearest caches
SURE = 6  # equal letters beyond the window from which on a seed is grown whatever the trial says
TRIAL_SKIP, TRIAL_REPAIRS = 3, 2  # the quick trial: small repairs, and few
WORTH = 36  # equal letters from which on a segment is kept
AHEAD = 8  # hits whose letters are asked for in advance
DIAGONALS = 1024  # slots of the memory of what was grown
DIAGONAL_SHIFT = 5  # diagonals that differ by less than 32 share a slot
EFFORT_PER_LETTER, LEAST_EFFORT = 400, 4_000_000  # what one record may cost before seeds are no longer grown

# fields of a segment
# (S_RUN: in a sealed index, the letters of the run of touching windows that the segment ends with)
I0, I1, P0, P1, S_MATCHED, S_EDITS, S_LONGEST, S_SCORE, S_ASSET, S_RUN, SEGMENT_FIELDS = range(11)
# counters
C_WINDOWS, C_PASSED, C_HITS, C_TRIALS, C_GROWN, C_KEPT, C_CURBED, COUNTERS = range(8)


@kernel
def asset_of(position: int, starts: Any) -> int:
    """Return the number of the asset that holds a letter position."""
    low, high = 0, starts.size - 1
    while high - low > 1:
        middle = (low + high) // 2
        if np.int64(starts[middle]) <= position:
            low = middle
        else:
            high = middle
    return low


@kernel
def _hash_ahead(
    letters: Any, anchors: Any, first: int, number: int, window: int, key: Any, blocks: Any, values: Any
) -> None:
    """Hash windows, and ask for the filter's block of each while the next is hashed."""
    if key.size:
        hash_windows(letters, anchors, first, number, window, key, values)
        for entry in range(number):
            prefetch(blocks, slot(values[entry], blocks.size))
        return
    for entry in range(number):
        value = quick_hash(letters, np.int64(anchors[first + entry]), window)
        values[entry] = value
        prefetch(blocks, slot(value, blocks.size))


@kernel
def look_up(
    letters: Any,
    anchors: Any,
    first: int,
    number: int,
    window: int,
    key: Any,
    blocks: Any,
    values: Any,
    places: Any,
) -> int:
    """Hash the `number` windows from anchor `first` on; keep those that pass the filter.

    Fills `values` with their hashes and `places` with their positions; returns how many there are.
    """
    if blocks.size <= FAR_BLOCKS:
        hash_windows(letters, anchors, first, number, window, key, values)
    else:
        _hash_ahead(letters, anchors, first, number, window, key, blocks, values)
    kept = 0
    for entry in range(number):
        value = values[entry]
        bits = bits_of(value)
        values[kept] = value
        places[kept] = anchors[first + entry]
        kept += np.int64((blocks[slot(value, blocks.size)] & bits) == bits)
    return kept


@kernel
def _place(values: Any, places: Any, window: int, index: Any, hits: Any, number: int) -> tuple[Any, Any, int]:
    """Append the hits of the windows that passed the filter to `hits`; return these and their number.

    Each step is taken for all windows before the next one, so that the waits for memory overlap.
    """
    in_record, in_catalog = hits
    buckets = index.directory.size - 1
    for entry in range(values.size):
        prefetch(index.directory, slot(values[entry], buckets))
    for entry in range(values.size):
        prefetch(index.keys, np.int64(index.directory[slot(values[entry], buckets)]))
    first = number
    for entry in range(values.size):
        bucket = slot(values[entry], buckets)
        tail = np.uint32(values[entry] & np.uint64(0xFFFFFFFF))
        begin = max(np.int64(index.directory[bucket]), 0)
        for place in range(begin, min(np.int64(index.directory[bucket + 1]), index.keys.size)):
            if index.keys[place] == tail:
                if number == in_record.size:
                    in_record, in_catalog = _longer(in_record), _longer(in_catalog)
                in_record[number], in_catalog[number] = places[entry], place
                prefetch(index.postings, place)
                number += 1
    last = np.int64(index.asset_starts[index.asset_starts.size - 1]) - SEPARATION - window
    kept = first
    for hit in range(first, number):
        position = np.int64(index.postings[in_catalog[hit]])
        in_record[kept], in_catalog[kept] = in_record[hit], position
        kept += np.int64(SEPARATION <= position <= last)
    return in_record, in_catalog, kept


@kernel
def _known(i: int, p: int, slots: Any, segments: Any) -> bool:
    """Whether a seed lies inside a segment that was grown before."""
    diagonal = (p - i) >> DIAGONAL_SHIFT
    for near in range(diagonal - 1, diagonal + 2):
        number = slots[near & (DIAGONALS - 1)]
        if number >= 0:
            segment = segments[number]
            if segment[I0] <= i < segment[I1] and segment[P0] <= p < segment[P1]:
                return True
    return False


@kernel
def _remember(number: int, segments: Any, slots: Any) -> None:
    """Note a segment under the diagonals between its beginning and its end."""
    segment = segments[number]
    first = (segment[P0] - segment[I0]) >> DIAGONAL_SHIFT
    last = (segment[P1] - segment[I1]) >> DIAGONAL_SHIFT
    low, high = min(first, last), max(first, last)
    for diagonal in range(low, min(high, low + DIAGONALS - 1) + 1):
        slots[diagonal & (DIAGONALS - 1)] = number


@kernel
def _larger(segments: Any) -> Any:
    more = np.zeros((segments.shape[0] * 2, SEGMENT_FIELDS), dtype=np.int64)
    more[: segments.shape[0]] = segments
    return more


@kernel
def _grow_seed(
    letters: Any, count: int, i: int, p: int, window: int, index: Any, left: Any, right: Any, segment: Any,
    counters: Any, curbed: bool,
) -> tuple[bool, int]:  # fmt: skip
    """Grow one checked seed within its asset, first on trial; return (worth keeping, effort).

    `left` and `right` are scratch for the growths; a record that cost too much is `curbed` and only grown exactly.
    """
    asset = asset_of(p, index.asset_starts)
    low, high = np.int64(index.asset_starts[asset]), np.int64(index.asset_starts[asset + 1]) - SEPARATION
    if p < low or p + window > high:
        return False, 1  # it reaches out of its asset: no index that was built says so
    work = index.letters
    most, repairs = (0, 0) if curbed else (TRIAL_SKIP, TRIAL_REPAIRS)
    effort = grow(letters, i - 1, -1, work, p - 1, low - 1, -1, most, repairs, left)
    effort += grow(letters, i + window, count, work, p + window, high, 1, most, repairs, right)
    matched = window + left[MATCHED] + right[MATCHED]
    exact = window + left[FIRST_RUN] + right[FIRST_RUN]
    counters[C_TRIALS] += 1
    if matched < WORTH and exact < window + SURE:
        return False, effort
    if not curbed:
        counters[C_GROWN] += 1
        effort += grow(letters, i - 1, -1, work, p - 1, low - 1, -1, SKIP, count, left)
        effort += grow(letters, i + window, count, work, p + window, high, 1, SKIP, count, right)
        matched = window + left[MATCHED] + right[MATCHED]
    if matched < WORTH:
        return False, effort
    segment[I0], segment[I1] = i - left[REACH_RECORD], i + window + right[REACH_RECORD]
    segment[P0], segment[P1] = p - left[REACH_WORK], p + window + right[REACH_WORK]
    segment[S_MATCHED], segment[S_RUN], segment[S_ASSET] = matched, 0, asset
    segment[S_EDITS] = left[EDITS] + right[EDITS]
    segment[S_LONGEST] = max(exact, left[LONGEST], right[LONGEST])
    segment[S_SCORE] = window * LETTER + left[SCORE] + right[SCORE]
    return True, effort


@kernel
def _longer(values: Any) -> Any:
    more = np.empty(values.size * 2, dtype=values.dtype)
    more[: values.size] = values
    return more


@kernel
def find_hits(
    letters: Any,
    count: int,
    anchors: Any,
    found: int,
    window: int,
    key: Any,
    index: Any,
    hits: Any,
    counters: Any,
) -> tuple[Any, int]:
    """Look up all windows of one record in `index`, the arrays of an index; return (hits, and their number).

    `hits` are two arrays int64, the positions in the record and in the catalog, grown if need be; by record position.
    """
    values, places = np.empty(2 * BLOCK, dtype=np.uint64), np.empty(2 * BLOCK, dtype=np.int64)
    in_record, in_catalog = hits
    number = 0
    waiting = 0  # windows that passed the filter: few of a block do, so they wait for others
    while found > 0 and anchors[found - 1] + window > count:
        found -= 1
    for begin in range(0, found, BLOCK):
        kept = look_up(
            letters, anchors, begin, min(BLOCK, found - begin), window, key, index.filter,
            values[waiting:], places[waiting:],
        )  # fmt: skip
        counters[C_PASSED] += kept
        waiting += kept
        if waiting >= BLOCK or begin + BLOCK >= found:
            in_record, in_catalog, number = _place(
                values[:waiting], places[:waiting], window, index, (in_record, in_catalog), number
            )
            waiting = 0
    counters[C_WINDOWS] += found
    counters[C_HITS] += number
    return (in_record, in_catalog), number


@kernel
def sealed_segments(hits: tuple[Any, Any], number: int, window: int, starts: Any, segments: Any) -> Any:
    """Make each hit a segment of one window: a sealed index has no letters to grow in."""
    while segments.shape[0] < number:
        segments = _larger(segments)
    for hit in range(number):
        i, p = hits[0][hit], hits[1][hit]
        segment = segments[hit]
        segment[I0], segment[I1], segment[P0], segment[P1] = i, i + window, p, p + window
        segment[S_MATCHED], segment[S_LONGEST], segment[S_RUN] = window, window, window
        segment[S_SCORE], segment[S_EDITS], segment[S_ASSET] = window * LETTER, 0, asset_of(p, starts)
    return segments


@kernel
def grown_segments(
    hits: Any,
    number: int,
    letters: Any,
    count: int,
    window: int,
    index: Any,
    slots: Any,
    segments: Any,
    counters: Any,
) -> tuple[Any, int]:
    """Check each hit against the catalog's letters and grow it; return (segments, and how many are worth keeping).

    `slots` is scratch, int64[DIAGONALS].
    """
    left, right = np.zeros(GROWTH_FIELDS, dtype=np.int64), np.zeros(GROWTH_FIELDS, dtype=np.int64)
    budget = LEAST_EFFORT + EFFORT_PER_LETTER * count
    slots[:] = -1
    kept = 0
    reach = 0  # how far the segments kept reach in the record
    for hit in range(min(AHEAD, number)):
        prefetch(index.letters, hits[1][hit])
    for hit in range(number):
        i, p = hits[0][hit], hits[1][hit]
        if hit + AHEAD < number:
            prefetch(index.letters, hits[1][hit + AHEAD])
        if budget < 0 and i < reach:
            continue  # the record cost too much: what is explained once must be enough
        if _known(i, p, slots, segments) or not _same(letters, i, index.letters, p, window):
            continue
        if kept == segments.shape[0]:
            segments = _larger(segments)
        keep, effort = _grow_seed(
            letters, count, i, p, window, index, left, right, segments[kept], counters, budget < 0
        )
        budget -= effort
        if keep:
            _remember(kept, segments, slots)
            reach = max(reach, segments[kept, I1])
            kept += 1
    counters[C_KEPT] += kept
    counters[C_CURBED] += np.int64(budget < 0)
    return segments, kept


@kernel
def _same(letters: Any, i: int, work: Any, p: int, window: int) -> bool:
    """Whether the seed's letters really are the work's (a hash of 32 bits and a bucket may agree by chance)."""
    for offset in range(window):
        if letters[i + offset] != work[p + offset]:
            return False
    return True
