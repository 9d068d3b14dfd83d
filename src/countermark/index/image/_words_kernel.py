"""Kernels of the inverted file: binary words learned from the works' own codes, lists of postings, and their lookup.

Words are centres of k-majority (Grana and others 2013): each bit of a centre is that of most of its codes. They stand
in two levels, so that the nearest ones are found without comparing with all.

Distances are written to a buffer first and looked at afterwards: a loop without branches, which the compiler turns into
one that takes many codes at a time. Centres are stored by columns for that (uint64[4, n]). A distance is kept
together with the number of what it is to, as a key, so that keys are in the order of distances and then of numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.index.image._hamming_kernel import prefetch, set_bits
from countermark.kernels.compiling import kernel

SHIFT = 23
"""A key is a distance times 2 to this power, plus a number: of a centre, of a word, or of a posting in its list."""
_NUMBER = (1 << SHIFT) - 1
_AHEAD = 16
"""Queries whose words are found before their lists are read, so that the lists are on their way meanwhile."""
_FETCHED = 128
"""Numbers of a list that are asked for beforehand: what follows, the machine foresees."""


@kernel
def _keys_of_columns(code: Any, columns: Any, begin: int, end: int, first: int, keys: Any) -> None:
    """Write the keys of columns `[begin, end)` of uint64[4, n] to `keys` uint32, numbered from `first` on."""
    a, b, c, d = code[0], code[1], code[2], code[3]
    c0, c1, c2, c3 = (
        columns[0, begin:end],
        columns[1, begin:end],
        columns[2, begin:end],
        columns[3, begin:end],
    )
    for at in range(c0.size):
        apart = set_bits(a ^ c0[at]) + set_bits(b ^ c1[at]) + set_bits(c ^ c2[at]) + set_bits(d ^ c3[at])
        keys[at] = (np.uint32(apart) << np.uint32(SHIFT)) + np.uint32(first + at)


@kernel
def _keys_of_rows(code: Any, rows: Any, keys: Any) -> None:
    """Write the keys of codes uint64[n, 4] to `keys` uint32."""
    a, b, c, d = code[0], code[1], code[2], code[3]
    for at in range(rows.shape[0]):
        apart = (
            set_bits(a ^ rows[at, 0]) + set_bits(b ^ rows[at, 1])
            + set_bits(c ^ rows[at, 2]) + set_bits(d ^ rows[at, 3])
        )  # fmt: skip
        keys[at] = (np.uint32(apart) << np.uint32(SHIFT)) + np.uint32(at)


@kernel
def _least(keys: Any, count: int, out: Any) -> int:
    """Write the least of `keys[:count]`, no two of which are equal, to `out` uint32, ascending; return how many."""
    held = min(out.size, count)
    part = keys[:count]
    floor = np.uint32(0)
    for rank in range(held):
        # what is below the floor wraps around, and so lies above all the others
        least = np.uint32(0xFFFFFFFF)
        for at in range(part.size):
            least = min(least, np.uint32(part[at] - floor))
        out[rank] = floor + least
        floor += least + np.uint32(1)
    return held


@kernel
def assign(codes: Any, columns: Any, out: Any) -> None:
    """Write to `out` int32[n] which centre, of `columns` uint64[4, k], each code is nearest to, the first of equals."""
    keys, best = np.empty(columns.shape[1], dtype=np.uint32), np.empty(1, dtype=np.uint32)
    for row in range(codes.shape[0]):
        _keys_of_columns(codes[row], columns, 0, columns.shape[1], 0, keys)
        _least(keys, keys.size, best)
        out[row] = best[0] & _NUMBER


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


@kernel
def _near_words(
    code: Any, roots: Any, word_starts: Any, words: Any, keys: Any, branches: Any, best: Any, out: Any
) -> int:
    """Write the words nearest to one code to `out` int64, found under its nearest roots; return how many.

    As many roots as `branches` uint32 has room for; `best` uint32 and `out` are of one size.
    """
    _keys_of_columns(code, roots, 0, roots.shape[1], 0, keys)
    held = _least(keys, roots.shape[1], branches)
    count = 0
    for branch in range(held):
        root = np.int64(branches[branch]) & _NUMBER
        begin, end = word_starts[root], word_starts[root + 1]
        _keys_of_columns(code, words, begin, end, count, keys[count:])
        count += end - begin
    found = _least(keys, count, best)
    for rank in range(found):
        at = np.int64(best[rank]) & _NUMBER
        for branch in range(held):
            root = np.int64(branches[branch]) & _NUMBER
            size = word_starts[root + 1] - word_starts[root]
            if at < size:
                out[rank] = word_starts[root] + at
                break
            at -= size
    return found


@kernel
def nearest_words(
    codes: Any, roots: Any, word_starts: Any, words: Any, wide: int, room: int, out: Any
) -> None:
    """Write to `out` int32[n] the word of each code, looked for under the `wide` nearest roots.

    `room` is how many keys are held at a time at most: of all roots, or of the words under so many.
    """
    keys, branches = np.empty(room, dtype=np.uint32), np.empty(wide, dtype=np.uint32)
    best, found = np.empty(1, dtype=np.uint32), np.empty(1, dtype=np.int64)
    for row in range(codes.shape[0]):
        _near_words(codes[row], roots, word_starts, words, keys, branches, best, found)
        out[row] = found[0]


@kernel
def count_alike(codes: Any, owners: Any, list_starts: Any, near: int, most: int, out: Any) -> None:
    """Write to `out` uint8[n] in how many other works a code within `near` bits stands, in the same list; 255 at most.

    Of a list, `most` codes around each one are looked at.
    """
    keys = np.empty(most, dtype=np.uint32)
    limit = np.uint32((near + 1) << SHIFT)
    for word in range(list_starts.size - 1):
        begin, end = list_starts[word], list_starts[word + 1]
        for row in range(begin, end):
            first = max(begin, min(row - most // 2, end - most))
            part = codes[first : min(end, first + most)]
            _keys_of_rows(codes[row], part, keys)
            seen, last = 0, np.int64(-1)
            for at in range(part.shape[0]):
                if keys[at] < limit:
                    owner = np.int64(owners[first + at])
                    if owner != np.int64(owners[row]) and owner != last:
                        seen += 1
                        last = owner
            out[row] = min(seen, 255)


@kernel
def reorder(codes: Any, list_starts: Any, order: Any) -> None:
    """Put the codes uint64[n, 4] of each list in the order of `order` int64[n], and by columns, in place.

    What was code i of a list of m codes is then at i, m + i, 2 m + i and 3 m + i from where the list begins.
    """
    flat = codes.reshape(codes.size)
    for word in range(list_starts.size - 1):
        begin, size = list_starts[word], list_starts[word + 1] - list_starts[word]
        held = np.empty((size, 4), dtype=np.uint64)
        for at in range(size):
            held[at] = codes[order[begin + at]]
        for column in range(4):
            flat[4 * begin + column * size : 4 * begin + (column + 1) * size] = held[:, column]


@kernel
def gather(flat: Any, list_starts: Any, places: Any, out: Any) -> None:
    """Write the codes of the postings `places` to `out` uint64[n, 4]; `flat` are all codes, as `reorder` left them."""
    words = np.searchsorted(list_starts, places, side="right") - 1
    for at in range(places.size):
        begin = list_starts[words[at]]
        size = list_starts[words[at] + 1] - begin
        for column in range(4):
            out[at, column] = flat[4 * begin + column * size + (np.int64(places[at]) - begin)]


@kernel
def _offered(hits: Any, first: int, count: int, each: int, posting: int, apart: int, owners: Any) -> int:
    """Keep a posting among the hits of its query, `hits[first:count]`; return how many hits there are then.

    Of each work the nearest posting stays, and of all works the `each` nearest.
    """
    owner, place, farthest = owners[posting], -1, first
    for at in range(first, count):
        if owners[hits[at, 1]] == owner:
            place = at
        if hits[at, 2] > hits[farthest, 2]:
            farthest = at
    if place < 0:
        place = farthest if count - first == each else count
    if place < count and hits[place, 2] <= apart:
        return count
    hits[place, 1] = posting
    hits[place, 2] = apart
    return max(count, place + 1)


@kernel
def _read(
    code: Any, query: int, lists: Any, list_starts: Any, flat: Any, owners: Any, near: int, keys: Any, each: int,
    hits: Any, count: int,
) -> int:  # fmt: skip
    """Read the lists of one query, and add what is near it to `hits`; return how many hits there are then."""
    first = count
    limit = np.uint32((near + 1) << SHIFT)
    for word in lists:
        begin, end = list_starts[word], list_starts[word + 1]
        size = min(end - begin, keys.size)
        columns = flat[4 * begin : 4 * end].reshape((4, end - begin))
        _keys_of_columns(code, columns, 0, size, 0, keys)
        for at in range(size):
            if keys[at] < limit:
                apart = np.int64(keys[at]) >> SHIFT
                count = _offered(hits, first, count, each, begin + at, apart, owners)
                if count - first == each:
                    limit = np.uint32(hits[first:count, 2].max() << SHIFT)
    hits[first:count, 0] = query
    return count


@kernel
def look_up(
    queries: Any, roots: Any, word_starts: Any, words: Any, list_starts: Any, flat: Any, owners: Any,
    wide: int, probes: int, near: int, room: int, most: int, hits: Any,
) -> int:  # fmt: skip
    """Write the postings near each query to `hits` int64[n, 3] (query, posting, distance); return how many.

    Of each work only the nearest posting counts, and each query has the `hits.shape[0] // queries` nearest works at
    most. The lists of the `probes` nearest words are read, under the `wide` nearest roots, `most` postings of each.
    `roots` and `words` are uint64[4, n], `flat` the codes as `reorder` leaves them; `room` as in `nearest_words`.
    """
    each = hits.shape[0] // max(1, queries.shape[0])
    keys, branches = np.empty(max(room, most), dtype=np.uint32), np.empty(wide, dtype=np.uint32)
    best = np.empty(probes, dtype=np.uint32)
    lists, found = np.empty((_AHEAD, probes), dtype=np.int64), np.empty(_AHEAD, dtype=np.int64)
    count = 0
    for begin in range(0, queries.shape[0], _AHEAD):
        end = min(begin + _AHEAD, queries.shape[0])
        for row in range(begin, end):
            mine = lists[row - begin]
            found[row - begin] = _near_words(
                queries[row], roots, word_starts, words, keys, branches, best, mine
            )
            for word in mine[: found[row - begin]]:
                first, last = list_starts[word], list_starts[word + 1]
                prefetch(owners, first)
                for at in range(4 * first, min(4 * last, 4 * first + _FETCHED), 8):
                    prefetch(flat, at)
        for row in range(begin, end):
            mine = lists[row - begin, : found[row - begin]]
            count = _read(
                queries[row], row, mine, list_starts, flat, owners, near, keys[:most], each, hits, count
            )
    return count
