"""One call for a whole batch of records: fold, look up, grow, chain."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._compile import kernel
from countermark.fingerprint._fold_kernel import PADDING, fold_into
from countermark.matching._chain_kernel import GRAM_SLOTS, chain_segments
from countermark.matching._seed_kernel import (
    DIAGONALS,
    SEGMENT_FIELDS,
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
    room = _room(offsets)
    letters = np.zeros(room, dtype=np.uint8)
    anchors, sources = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    slots, seen = np.empty(DIAGONALS, dtype=np.int64), np.zeros(GRAM_SLOTS, dtype=np.uint8)
    hits = (np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64))
    segments = np.zeros((256, SEGMENT_FIELDS), dtype=np.int64)
    results, owners = np.zeros((64, SEGMENT_FIELDS), dtype=np.int64), np.zeros(64, dtype=np.int64)
    total = 0
    for record in range(offsets.size - 1):
        begin, end = np.int64(offsets[record]), np.int64(offsets[record + 1])
        count, found = fold_into(data, begin, end, table, letters, anchors, sources)
        hits, number = find_hits(letters, count, anchors, found, window, key, index, hits, counters)
        if number == 0:
            continue
        if index.letters.size == 0:
            segments = sealed_segments(hits, number, window, index.asset_starts, segments)
        else:
            segments, number = grown_segments(
                hits, number, letters, count, window, index, slots, segments, counters
            )
        if number == 0:
            continue
        chains, kept = chain_segments(segments, number, letters, index, words, least, seen)
        results, owners = _appended(results, total, owners, record, chains, kept)
        total += kept
    return owners[:total].copy(), results[:total].copy()
