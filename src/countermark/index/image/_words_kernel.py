"""Kernels of the inverted file: binary words learned from the works' own codes, lists of postings, and their lookup.

Words are centres of k-majority (Grana and others 2013): each bit of a centre is that of most of its codes. They stand
in two levels, so that the nearest ones are found without comparing with all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._compile import inlined, kernel
from countermark.index.image._hamming_kernel import set_bits

FARTHEST = 256


@inlined
def _apart(codes: Any, row: int, others: Any, other: int) -> int:
    """The Hamming distance of two codes."""
    return int(
        set_bits(codes[row, 0] ^ others[other, 0])
        + set_bits(codes[row, 1] ^ others[other, 1])
        + set_bits(codes[row, 2] ^ others[other, 2])
        + set_bits(codes[row, 3] ^ others[other, 3])
    )


@kernel
def assign(codes: Any, centres: Any, out: Any) -> None:
    """Write to `out` int32[n] which centre each code is nearest to, the first of equals."""
    for row in range(codes.shape[0]):
        best, least = 0, FARTHEST + 1
        for centre in range(centres.shape[0]):
            distance = _apart(codes, row, centres, centre)
            if distance < least:
                best, least = centre, distance
        out[row] = best


@kernel
def majorities(codes: Any, labels: Any, centres: Any) -> None:
    """Move each centre to the majority of its codes, bit by bit; a centre without codes stays."""
    ones = np.zeros((centres.shape[0], 256), dtype=np.int32)
    members = np.zeros(centres.shape[0], dtype=np.int32)
    for row in range(codes.shape[0]):
        label = labels[row]
        members[label] += 1
        for word in range(4):
            value = codes[row, word]
            for bit in range(64):
                ones[label, 64 * word + bit] += np.int32((value >> np.uint64(bit)) & np.uint64(1))
    for centre in range(centres.shape[0]):
        if members[centre] == 0:
            continue
        for word in range(4):
            value = np.uint64(0)
            for bit in range(64):
                if 2 * ones[centre, 64 * word + bit] > members[centre]:
                    value |= np.uint64(1) << np.uint64(bit)
            centres[centre, word] = value


@inlined
def _offer(best: Any, distances: Any, held: int, candidate: int, distance: int) -> int:
    """Keep the candidate among the nearest ones, sorted; return how many are held."""
    if held == best.size:
        if distance >= distances[held - 1]:
            return held
        held -= 1
    at = held
    while at > 0 and distances[at - 1] > distance:
        best[at] = best[at - 1]
        distances[at] = distances[at - 1]
        at -= 1
    best[at] = candidate
    distances[at] = distance
    return held + 1


@inlined
def _far(a: Any, b: Any, c: Any, d: Any, others: Any, other: int) -> int:
    """The Hamming distance of a code, as four words, from one of others."""
    return int(
        set_bits(a ^ others[other, 0])
        + set_bits(b ^ others[other, 1])
        + set_bits(c ^ others[other, 2])
        + set_bits(d ^ others[other, 3])
    )


@inlined
def _nearest_words(
    codes: Any,
    row: int,
    roots: Any,
    word_starts: Any,
    words: Any,
    branches: Any,
    apart: Any,
    best: Any,
    distances: Any,
) -> int:
    """Put the words nearest to one code into `best`, found under its nearest roots; return how many."""
    a, b, c, d = codes[row, 0], codes[row, 1], codes[row, 2], codes[row, 3]
    held, limit = 0, FARTHEST + 1
    for root in range(roots.shape[0]):
        distance = _far(a, b, c, d, roots, root)
        if distance < limit:
            held = _offer(branches, apart, held, root, distance)
            if held == branches.size:
                limit = apart[held - 1]
    found, limit = 0, FARTHEST + 1
    for branch in range(held):
        begin = word_starts[branches[branch]]
        part = words[begin : word_starts[branches[branch] + 1]]
        for at in range(part.shape[0]):
            distance = _far(a, b, c, d, part, at)
            if distance < limit:
                found = _offer(best, distances, found, begin + at, distance)
                if found == best.size:
                    limit = distances[found - 1]
    return found


@kernel
def nearest_words(codes: Any, roots: Any, word_starts: Any, words: Any, wide: int, out: Any) -> None:
    """Write to `out` int32[n] the word of each code, looked for under the `wide` nearest roots."""
    branches, apart = np.empty(wide, dtype=np.int32), np.empty(wide, dtype=np.int32)
    best, distances = np.empty(1, dtype=np.int32), np.empty(1, dtype=np.int32)
    for row in range(codes.shape[0]):
        _nearest_words(codes, row, roots, word_starts, words, branches, apart, best, distances)
        out[row] = best[0]


@kernel
def count_alike(codes: Any, owners: Any, list_starts: Any, near: int, most: int, out: Any) -> None:
    """Write to `out` uint8[n] in how many other works a code within `near` bits stands, in the same list; 255 at most.

    Of a list, `most` codes around each one are looked at.
    """
    for word in range(list_starts.size - 1):
        begin, end = list_starts[word], list_starts[word + 1]
        for row in range(begin, end):
            first = max(begin, min(row - most // 2, end - most))
            seen, last = 0, np.int64(-1)
            for other in range(first, min(end, first + most)):
                owner = np.int64(owners[other])
                if (
                    owner != np.int64(owners[row])
                    and owner != last
                    and _apart(codes, row, codes, other) <= near
                ):
                    seen += 1
                    last = owner
            out[row] = min(seen, 255)


@kernel
def look_up(  # noqa: PLR0912  # one loop, for the compiler
    queries: Any,
    roots: Any,
    word_starts: Any,
    words: Any,
    list_starts: Any,
    codes: Any,
    owners: Any,
    wide: int,
    probes: int,
    near: int,
    most: int,
    hits: Any,
) -> int:
    """Write the postings near each query to `hits` int64[n, 3] (query, posting, distance); return how many.

    Of each work only the nearest posting counts, and each query has the `hits.shape[0] // queries` nearest works at
    most. The lists of the `probes` nearest words are read, under the `wide` nearest roots, `most` postings of each.
    """
    each = hits.shape[0] // max(1, queries.shape[0])
    branches, apart = np.empty(wide, dtype=np.int32), np.empty(wide, dtype=np.int32)
    best, distances = np.empty(probes, dtype=np.int32), np.empty(probes, dtype=np.int32)
    count = 0
    for row in range(queries.shape[0]):
        first = count
        found = _nearest_words(queries, row, roots, word_starts, words, branches, apart, best, distances)
        limit = near
        a, b, c, d = queries[row, 0], queries[row, 1], queries[row, 2], queries[row, 3]
        for probe in range(found):
            begin = list_starts[best[probe]]
            part = codes[begin : min(list_starts[best[probe] + 1], begin + most)]
            for ahead in range(part.shape[0]):
                distance = _far(a, b, c, d, part, ahead)
                if distance > limit:
                    continue
                posting = begin + ahead
                place = count
                for at in range(first, count):
                    if owners[hits[at, 1]] == owners[posting]:
                        place = at
                        break
                if place < count and hits[place, 2] <= distance:
                    continue
                if place == count:
                    if count - first == each:
                        for at in range(first, count):
                            if place == count or hits[at, 2] > hits[place, 2]:
                                place = at
                        if hits[place, 2] <= distance:
                            limit = distance
                            continue
                    else:
                        count += 1
                hits[place, 0] = row
                hits[place, 1] = posting
                hits[place, 2] = distance
    return count
