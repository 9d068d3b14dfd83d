"""Chaining: segments of one asset that follow each other in both texts become one match.

A passage with lines put in, or with a stretch too damaged to grow through, comes as several segments. They are joined
when they go forward on both sides and lie at most GAP letters apart; joining costs bits, more for a wider gap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._surprise_kernel import surprise
from countermark.fingerprint.scheme import EIGHTHS, SURE_RUN
from countermark.kernels.compiling import kernel
from countermark.matching._extend_kernel import LETTER
from countermark.matching._seed_kernel import (
    I0,
    I1,
    P0,
    P1,
    S_ASSET,
    S_EDITS,
    S_LONGEST,
    S_MATCHED,
    S_RUN,
    S_SCORE,
    SEGMENT_FIELDS,
)

GAP = 320  # letters between two segments at most, on either side
JOIN = 60  # what a join costs, in tenths of a bit, and ten more for each doubling of the gap
SURE_NEWS = 0.6  # a run of SURE_RUN letters is reported unless it mainly repeats itself
MOST_OPEN = 64  # chains that a segment may choose from
GRAM = 6  # letters: a run of so many that came before in the same match is no news
GRAM_SLOTS = 1 << 14


@kernel
def _before(one: Any, other: Any) -> bool:
    """Whether a segment comes before another: by asset, then record side, then work side."""
    if one[S_ASSET] != other[S_ASSET]:
        return bool(one[S_ASSET] < other[S_ASSET])
    if one[I0] != other[I0]:
        return bool(one[I0] < other[I0])
    return bool(one[P0] < other[P0])


@kernel
def _order(segments: Any, number: int) -> Any:
    """Return the segments' numbers in order. They come nearly sorted when few, so few are sorted by insertion."""
    order = np.arange(number)
    if number <= 32:
        for entry in range(1, number):
            place = entry
            while place > 0 and _before(segments[order[place]], segments[order[place - 1]]):
                order[place], order[place - 1] = order[place - 1], order[place]
                place -= 1
        return order
    for field in (P0, I0, S_ASSET):
        order = order[np.argsort(segments[order, field].copy(), kind="mergesort")]
    return order


@kernel
def _join_cost(gap: int) -> int:
    cost = JOIN
    while gap > 0:
        cost += 10
        gap >>= 1
    return cost


@kernel
def _extend_chain(chain: Any, segment: Any) -> bool:
    """Join `segment` to the end of `chain` if it fits; return whether it did, or lay inside it."""
    if chain[S_ASSET] != segment[S_ASSET]:
        return False
    if segment[I1] <= chain[I1]:
        inside = segment[P0] >= chain[P0] and segment[P1] <= chain[P1]
        near = abs((segment[P0] - segment[I0]) - (chain[P0] - chain[I0])) <= GAP
        if inside and near:
            chain[S_LONGEST] = max(chain[S_LONGEST], segment[S_LONGEST])
        return inside and near
    gap_i, gap_p = segment[I0] - chain[I1], segment[P0] - chain[P1]
    overlap = max(0, -gap_i, -gap_p)
    fresh = segment[S_MATCHED] - overlap
    if gap_i > GAP or gap_p > GAP or segment[P1] <= chain[P1] or fresh <= 0 or segment[P0] < chain[P0]:
        return False
    touching = gap_i == gap_p and gap_i <= 0  # the next window of the same run (sealed index)
    cost = 0 if touching else _join_cost(abs(gap_p - gap_i) if overlap else max(gap_i, gap_p))
    if segment[S_SCORE] - overlap * LETTER <= cost:
        return False
    chain[I1], chain[P1] = segment[I1], segment[P1]
    chain[S_MATCHED] += fresh
    chain[S_EDITS] += segment[S_EDITS] + max(gap_i, gap_p, 0)
    chain[S_SCORE] += segment[S_SCORE] - overlap * LETTER - cost
    chain[S_RUN] = chain[S_RUN] + fresh if touching and segment[S_RUN] > 0 else segment[S_RUN]
    chain[S_LONGEST] = max(chain[S_LONGEST], segment[S_LONGEST], chain[S_RUN])
    return True


@kernel
def news(letters: Any, start: int, end: int, seen: Any) -> float:
    """Return the share of `letters[start:end]` that is news within it: not a run of GRAM letters met before.

    Refrains, lists and anaphora earn their bits once. Digits count half: numbers follow each other by themselves.
    """
    seen[:] = 0
    if end - start < GRAM:
        return 1.0
    fresh = 0.0
    for position in range(start, end):
        if position - start < GRAM - 1:
            fresh += 1.0
            continue
        value = np.uint64(0)
        for offset in range(GRAM):
            value = value * np.uint64(0x100000001B3) ^ np.uint64(letters[position - offset])
        value ^= value >> np.uint64(29)
        value *= np.uint64(0x9E3779B97F4A7C15)
        place = np.int64(value >> np.uint64(50))
        if seen[place] == 0:
            seen[place] = 1
            fresh += 0.5 if 48 <= letters[position] <= 57 else 1.0
    # a long passage fills the memory of grams by itself: beyond a quarter full, what looks known may be news
    if end - start > GRAM_SLOTS // 4:
        return max(fresh / (end - start), 0.5)
    return fresh / (end - start)


@kernel
def _open_chains(segments: Any, number: int) -> tuple[Any, int]:
    """Join the segments of one record, taken in order, into chains; return (chains, and their number)."""
    order = _order(segments, number)
    chains = np.zeros((number, SEGMENT_FIELDS), dtype=np.int64)
    count = 0
    oldest = 0  # chains before this one are out of reach of all later segments
    for entry in range(number):
        segment = segments[order[entry]]
        while oldest < count and (
            chains[oldest, S_ASSET] != segment[S_ASSET] or chains[oldest, I1] + GAP < segment[I0]
        ):
            oldest += 1
        joined = False
        for candidate in range(count - 1, max(oldest, count - MOST_OPEN) - 1, -1):
            if _extend_chain(chains[candidate], segment):
                joined = True
                break
        if not joined:
            chains[count] = segment
            count += 1
    return chains, count


@kernel
def _same_passage(one: Any, other: Any) -> bool:
    """Whether two chains of one asset tell of the same passage: they overlap on both sides, on like diagonals."""
    if one[S_ASSET] != other[S_ASSET] or one[I0] >= other[I1] or other[I0] >= one[I1]:
        return False
    if one[P0] >= other[P1] or other[P0] >= one[P1]:
        return False
    return _lies_along(one, other) if one[I0] <= other[I0] else _lies_along(other, one)


@kernel
def _lies_along(one: Any, later: Any) -> bool:
    """Whether what `later` has in common with `one`, which begins before it, is on about the same diagonals."""
    first, last = one[P0] - one[I0], one[P1] - one[I1]
    low, high = min(first, last) - GAP, max(first, last) + GAP
    begins = low <= later[P0] - later[I0] <= high
    ends = later[I1] > one[I1] or low <= later[P1] - later[I1] <= high
    return bool(begins and ends)


@kernel
def _unite(one: Any, other: Any) -> None:
    """Widen `one` to hold `other` too; what `other` adds is taken in proportion to what of it lies outside."""
    length = other[I1] - other[I0]
    outside = max(0, one[I0] - other[I0]) + max(0, other[I1] - one[I1])
    for field in (S_MATCHED, S_EDITS, S_SCORE):
        one[field] += other[field] * outside // length
    one[I0], one[I1] = min(one[I0], other[I0]), max(one[I1], other[I1])
    one[P0], one[P1] = min(one[P0], other[P0]), max(one[P1], other[P1])
    one[S_LONGEST] = max(one[S_LONGEST], other[S_LONGEST])


@kernel
def _settle(chains: Any, count: int) -> int:
    """Unite chains that tell of the same passage (a seed may grow again where growth took another way)."""
    kept = 0
    for candidate in range(count):
        chain = chains[candidate]
        joined = False
        for earlier in range(kept - 1, max(0, kept - MOST_OPEN) - 1, -1):
            if _same_passage(chains[earlier], chain):
                if chains[earlier, S_MATCHED] >= chain[S_MATCHED]:
                    _unite(chains[earlier], chain)
                else:
                    wider = chain.copy()
                    _unite(wider, chains[earlier])
                    chains[earlier] = wider
                joined = True
                break
        if not joined:
            chains[kept] = chain
            kept += 1
    return kept


@kernel
def _weigh(chain: Any, letters: Any, index: Any, words: int, seen: Any) -> float:
    """Put the chain's real surprise in place of the flat bits of its letters; return its share of news."""
    share = news(letters, chain[I0], chain[I1], seen)
    flat = LETTER * chain[S_MATCHED]
    earned = flat
    if index.letters.size:
        told = surprise(index.letters, index.breaks, chain[P0], chain[P1], index.model, words) * 10 // EIGHTHS
        earned = min(told * chain[S_MATCHED] // (chain[P1] - chain[P0]), flat * 3 // 2)
    chain[S_SCORE] += np.int64(share * earned) - flat
    return share


@kernel
def chain_segments(
    segments: Any, number: int, letters: Any, index: Any, words: int, least: int, seen: Any
) -> tuple[Any, int]:
    """Chain the segments of one record; return (chains, and their number).

    Kept are chains of at least `least` tenths of a bit, and those with SURE_RUN letters in a row. `letters` are the
    record's, `words` stands for the catalog's number of words (in eighths of a bit), `seen` is scratch,
    uint8[GRAM_SLOTS].
    """
    chains, opened = _open_chains(segments, number)
    opened = _settle(chains, opened)
    count = 0
    cover = -1  # of the chains kept of this asset, the one that reaches farthest in the record
    for candidate in range(opened):
        chain = chains[candidate]
        if cover >= 0 and chains[cover, S_ASSET] != chain[S_ASSET]:
            cover = -1
        if chain[S_SCORE] < least // 2 and chain[S_LONGEST] < SURE_RUN:
            continue
        share = _weigh(chain, letters, index, words, seen)
        if chain[S_SCORE] >= least or (chain[S_LONGEST] >= SURE_RUN and share >= SURE_NEWS):
            if cover >= 0 and chain[I1] <= chains[cover, I1] and chain[S_SCORE] <= chains[cover, S_SCORE]:
                continue  # a work that repeats itself: this part of the record is explained, and better
            chains[count] = chain
            if cover < 0 or chain[I1] >= chains[cover, I1]:
                cover = count
            count += 1
    return chains, count


@kernel
def _is_new(work: int, found: Any, count: int) -> bool:
    for place in range(count):
        if found[place] == work:
            return False
    return True


@kernel
def count_works(begins: Any, ends: Any, works: Any, most: int, counts: Any) -> None:
    """Fill `counts` with the number of works, at most `most`, that have a chain over at least half of each chain.

    The chains of one record, `begins` ascending; a look goes no farther than chains can reach.
    """
    reach = np.maximum(ends, 0)  # how far the chains up to each one reach
    for number in range(1, begins.size):
        reach[number] = max(reach[number], reach[number - 1])
    found = np.empty(most, dtype=np.int64)
    for number in range(begins.size):
        begin, end = np.int64(begins[number]), np.int64(ends[number])
        needed = (end - begin + 1) // 2
        found[0] = works[number]
        count = 1
        for step in (-1, 1):
            other = number + step
            while count < most and 0 <= other < begins.size:
                if (reach[other] - begin if step < 0 else end - begins[other]) < needed:
                    break
                shared = min(end, np.int64(ends[other])) - max(begin, np.int64(begins[other]))
                if shared >= needed and _is_new(works[other], found, count):
                    found[count] = works[other]
                    count += 1
                other += step
        counts[number] = count
