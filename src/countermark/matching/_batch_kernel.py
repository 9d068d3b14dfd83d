"""One call for a whole batch of records: fold, look up, grow, chain."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._fold_kernel import PADDING, fold_into
from countermark.index.layout import MOST_PLACES
from countermark.kernels.compiling import kernel
from countermark.matching._chain_kernel import GRAM_SLOTS, chain_segments
from countermark.matching._seed_kernel import (
    DIAGONALS,
    SEGMENT_FIELDS,
    asset_of,
    find_hits,
    grown_segments,
    sealed_segments,
)


@kernel
def _room(offsets: Any) -> int:
    """How many letters the longest record may fold to."""
    longest = 0
    for record in range(offsets.size - 1):
        longest = max(longest, np.int64(offsets[record + 1] - offsets[record]))
    return np.int64(longest + longest // 2 + PADDING)


@kernel
def _appended(results: Any, total: int, owners: Any, record: int, chains: Any, count: int) -> tuple[Any, Any]:
    """Append the chains of one record to the results, which grow if need be."""
    if total + count > results.shape[0]:
        more = np.zeros((2 * (total + count), SEGMENT_FIELDS), dtype=np.int64)
        more[:total] = results[:total]
        more_owners = np.zeros(2 * (total + count), dtype=np.int64)
        more_owners[:total] = owners[:total]
        results, owners = more, more_owners
    results[total : total + count] = chains[:count]
    owners[total : total + count] = record
    return results, owners


@kernel
def _chains(
    folded: Any,
    window: int,
    key: Any,
    least: int,
    index: Any,
    words: int,
    room: Any,
    counters: Any,
    which: Any,
) -> tuple[Any, int, Any]:
    """Find the chains of one folded record; return (chains, their number, room).

    `folded` is (letters, their number, anchors, their number), `room` (hits, segments, slots, seen), which grow and are
    used again; `which` is (live, taken), see `_allowed`.
    """
    letters, count, anchors, found = folded
    hits, segments, slots, seen = room
    hits, number = find_hits(letters, count, anchors, found, window, key, index, hits, counters)
    if number and (which[0].size or which[1].size):
        number = _allowed(hits, number, which[0], which[1], index.asset_starts)
    kept = 0
    chains = segments
    if number and index.letters.size == 0:
        segments = sealed_segments(hits, number, window, index.asset_starts, segments)
    elif number:
        segments, number = grown_segments(
            hits, number, letters, count, window, index, slots, segments, counters
        )
    if number:
        chains, kept = chain_segments(segments, number, letters, index, words, least, seen)
    return chains, kept, (hits, segments, slots, seen)


@kernel
def _allowed(hits: tuple[Any, Any], number: int, live: Any, taken: Any, starts: Any) -> int:
    """Keep the hits in assets that count, and of one window no more than MOST_PLACES in all segments.

    `live` uint8[assets] (all count where it is empty); `taken` uint8[letters of the record], how many places each
    window had in the segments before, is added to. Returns how many hits are kept.
    """
    kept = 0
    for hit in range(number):
        i, p = hits[0][hit], hits[1][hit]
        if live.size and live[asset_of(p, starts)] == 0:
            continue
        if taken[i] >= MOST_PLACES:
            continue
        taken[i] += np.uint8(1)
        hits[0][kept], hits[1][kept] = i, p
        kept += 1
    return kept


@kernel
def _new_room() -> Any:
    """What finding the chains of one record after another takes."""
    hits = (np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64))
    segments = np.zeros((256, SEGMENT_FIELDS), dtype=np.int64)
    return hits, segments, np.empty(DIAGONALS, dtype=np.int64), np.zeros(GRAM_SLOTS, dtype=np.uint8)


@kernel
def match_records(
    data: Any,
    offsets: Any,
    table: Any,
    window: int,
    key: Any,
    least: int,
    index: Any,
    words: int,
    counters: Any,
) -> tuple[Any, Any]:
    """Match the records `data[offsets[r]:offsets[r + 1]]`; return (record number of each chain, the chains).

    `index` are the arrays of an index (`layout.Arrays`). Chains have the fields of segments, in letters, and are in the
    order of the records. `counters` int64[COUNTERS] is added to.
    """
    size = _room(offsets)
    letters = np.zeros(size, dtype=np.uint8)
    anchors, sources = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    room = _new_room()
    which = (np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint8))
    results, owners = np.zeros((64, SEGMENT_FIELDS), dtype=np.int64), np.zeros(64, dtype=np.int64)
    total = 0
    for record in range(offsets.size - 1):
        begin, end = np.int64(offsets[record]), np.int64(offsets[record + 1])
        count, found = fold_into(data, begin, end, table, letters, anchors, sources)
        folded = (letters, count, anchors, found)
        chains, kept, room = _chains(folded, window, key, least, index, words, room, counters, which)
        results, owners = _appended(results, total, owners, record, chains, kept)
        total += kept
    return owners[:total].copy(), results[:total].copy()


@kernel
def fold_records(data: Any, offsets: Any, table: Any) -> tuple[Any, Any, Any]:
    """Fold the records of a batch once, for an index in several segments; return (letters, anchors, bounds).

    Record r has `letters[bounds[r, 0]:bounds[r, 1]]` and `anchors[bounds[r, 2]:bounds[r, 3]]`, counted from its first
    letter; room for eight-byte loads follows each.
    """
    size = _room(offsets)
    sources = np.empty(size, dtype=np.int32)
    records = offsets.size - 1
    whole = np.int64(offsets[records] - offsets[0])
    letters = np.zeros(whole + whole // 2 + records * PADDING + size, dtype=np.uint8)
    anchors = np.empty(letters.size, dtype=np.int32)
    bounds = np.zeros((records, 4), dtype=np.int64)
    at, mark = np.int64(0), np.int64(0)
    for record in range(records):
        begin, end = np.int64(offsets[record]), np.int64(offsets[record + 1])
        count, found = fold_into(data, begin, end, table, letters[at:], anchors[mark:], sources)
        bounds[record, 0], bounds[record, 1] = at, at + count
        bounds[record, 2], bounds[record, 3] = mark, mark + found
        at += count + PADDING
        mark += found
    return letters, anchors, bounds


@kernel
def match_folded(
    batch: Any, window: int, key: Any, least: int, index: Any, words: int, counters: Any, which: Any
) -> tuple[Any, Any]:
    """Match what `fold_records` gave against one segment, as `match_records` does.

    `which` is (live, taken), see `_allowed`, `taken` uint8[letters of the batch].
    """
    letters, anchors, bounds = batch
    live, taken = which
    room = _new_room()
    results, owners = np.zeros((64, SEGMENT_FIELDS), dtype=np.int64), np.zeros(64, dtype=np.int64)
    total = 0
    for record in range(bounds.shape[0]):
        first, last, mark, end = bounds[record]
        folded = (letters[first:], last - first, anchors[mark:end], end - mark)
        mine = (live, taken[first:])
        chains, kept, room = _chains(folded, window, key, least, index, words, room, counters, mine)
        results, owners = _appended(results, total, owners, record, chains, kept)
        total += kept
    return owners[:total].copy(), results[:total].copy()
