"""One call for a whole batch of records: fold, look up, grow, chain."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from countermark.fingerprint._fold_kernel import PADDING, fold_into
from countermark.matching._chain_kernel import CHAIN_FIELDS, GRAM_SLOTS, chain_segments
from countermark.matching._seed_kernel import (
    DIAGONALS,
    SEGMENT_FIELDS,
    find_hits,
    grown_segments,
    sealed_segments,
)


@njit(cache=True, nogil=True)
def match_records(
    data: Any,
    offsets: Any,
    table: Any,
    window: int,
    key: Any,
    least: int,
    blocks: Any,
    directory: Any,
    keys: Any,
    postings: Any,
    starts: Any,
    work: Any,
    breaks: Any,
    model: Any,
    words: int,
    counters: Any,
) -> tuple[Any, Any]:
    """Match the records `data[offsets[r]:offsets[r + 1]]`; return (record number of each chain, the chains).

    Chains are in the order of the records; their positions are letters. `counters` int64[COUNTERS] is added to.
    """
    longest = 0
    for record in range(offsets.size - 1):
        longest = max(longest, np.int64(offsets[record + 1] - offsets[record]))
    room = longest + longest // 2 + PADDING
    letters = np.zeros(room, dtype=np.uint8)
    anchors, sources = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    seen = np.zeros(GRAM_SLOTS, dtype=np.uint8)
    slots = np.empty(DIAGONALS, dtype=np.int64)
    hits = (np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64))
    segments = np.zeros((256, SEGMENT_FIELDS), dtype=np.int64)
    chains = np.zeros((64, CHAIN_FIELDS), dtype=np.int64)
    owners = np.zeros(64, dtype=np.int64)
    results = np.zeros((64, CHAIN_FIELDS), dtype=np.int64)
    total = 0
    for record in range(offsets.size - 1):
        count, found = fold_into(
            data, np.int64(offsets[record]), np.int64(offsets[record + 1]), table, letters, anchors, sources
        )
        hits, number = find_hits(
            letters, count, anchors, found, window, key, blocks, directory, keys, postings, hits, counters
        )
        if number == 0:
            continue
        if work.size == 0:
            segments = sealed_segments(hits, number, window, starts, segments)
        else:
            segments, number = grown_segments(
                hits, number, letters, count, window, starts, work, slots, segments, counters
            )
        if number == 0:
            continue
        chains, kept = chain_segments(
            segments, number, letters, work, breaks, model, words, least, seen, chains
        )
        if total + kept > results.shape[0]:
            size = max(total + kept, 2 * results.shape[0])
            more = np.zeros((size, CHAIN_FIELDS), dtype=np.int64)
            more[:total] = results[:total]
            more_owners = np.zeros(size, dtype=np.int64)
            more_owners[:total] = owners[:total]
            results, owners = more, more_owners
        results[total : total + kept] = chains[:kept]
        owners[total : total + kept] = record
        total += kept
    return owners[:total].copy(), results[:total].copy()
