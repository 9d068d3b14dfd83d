"""Looking up hashes of whole pictures: every one within 31 bits of a query, without going through all of them.

Multi-index hashing (Norouzi, Punjani, Fleet 2012, "Fast search in Hamming space with multi-index hashing"): 256 bits
are divided into m substrings, each with a table of its own. Two hashes that differ in r = s·m + a bits agree, but for s
bits, in one of the first a + 1 substrings, or, but for s - 1, in one of the others; so looking at those balls around a
query's substrings misses none. A table is a list of hashes sorted by substring, 64 neighbouring substrings to a group,
with one bit for each substring that occurs: most of a ball is looked at 64 substrings at a time, and is empty.

Equal hashes are stored once. Two rules bound what one query can cost, whatever was indexed: it is compared with at most
MOST_COMPARED hashes, and answers with at most MOST_FOUND hashes and MOST_EQUAL entries of each. What that leaves out is
counted in `Nearby.cut`; as long as it is 0 the answer is complete.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from countermark.index.image import _hamming_kernel as kernels

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

MOST_COMPARED = 1 << 15
MOST_FOUND = 1 << 10
MOST_EQUAL = 64

CERTAIN = 31
"""Within so many bits none is missed. Farther ones are found if they come up, most of them up to about 40 bits."""

CODES, FIRSTS, ENTRIES, OWNERS = "codes", "firsts", "entries", "owners"
BOUNDS, GROUPS, MEMBERS = "bounds", "groups", "members"

_MOST_HASHES = 1 << 31


class Nearby(NamedTuple):
    """What is near some queries.

    `rows` uint32[k, 3]: the number of the query, that of the entry, and the distance in bits; sorted by query, then
    distance, then entry. `cut` counts what the bounds left out.
    """

    rows: npt.NDArray[np.uint32]
    cut: int


def build_hashes(
    hashes: npt.NDArray[np.uint64], owners: npt.NDArray[np.uint32]
) -> dict[str, npt.NDArray[np.generic]]:
    """Arrange n hashes, uint64[n, 4], for HashLookup: flat arrays by name; the same for the same input.

    Entry i is `hashes[i]`, and belongs to `owners[i]`, uint32[n]. Raises ValueError where lengths differ.
    """
    if hashes.shape != (len(owners), 4) or len(owners) >= _MOST_HASHES:
        raise ValueError(
            f"hashes are uint64[n, 4] and owners uint32[n], n < 2^31, not {hashes.shape}, {owners.shape}"
        )
    shuffled = np.empty((len(hashes), 4), dtype=np.uint64)
    kernels.shuffled(np.ascontiguousarray(hashes, dtype=np.uint64), shuffled)
    order = np.lexsort(shuffled.T)
    in_order = shuffled[order]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = (in_order[1:] != in_order[:-1]).any(axis=1)
    firsts = np.append(np.flatnonzero(is_new), len(order)).astype(np.uint32)
    codes = np.ascontiguousarray(in_order[is_new])
    arrays: dict[str, npt.NDArray[np.generic]] = {
        CODES: codes,
        FIRSTS: firsts,
        ENTRIES: order.astype(np.uint32),
        OWNERS: np.ascontiguousarray(owners, dtype=np.uint32),
        BOUNDS: _bounds(_substrings(len(codes))),
    }
    return arrays | _tables(codes, arrays[BOUNDS].astype(np.int64))


class HashLookup:
    """Hashes open for lookup; the arrays may be memory-mapped and shared. Nothing in it changes."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self.owners = arrays[OWNERS].astype(np.uint32, copy=False)
        self._firsts, self._entries = arrays[FIRSTS], arrays[ENTRIES]
        self._bounds = np.array(arrays[BOUNDS], dtype=np.int64)
        self._first = _first_groups(self._bounds)
        self._flips = _flips(self._bounds)
        self._tables = arrays[CODES].reshape(-1), arrays[GROUPS], arrays[MEMBERS]

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def near(self, queries: npt.NDArray[np.uint64], radius: int) -> npt.NDArray[np.uint32]:
        """The entries within `radius` bits of each query uint64[m, 4], as `Nearby.rows`."""
        return self.look(queries, radius).rows

    def look(self, queries: npt.NDArray[np.uint64], radius: int, certain: int = CERTAIN) -> Nearby:
        """The same, with what was cut off; only entries within `certain` bits (at most 31) are sure to be found."""
        reaches = _reaches(len(self._bounds) - 1, min(radius, certain, CERTAIN))
        shuffled = np.empty((len(queries), 4), dtype=np.uint64)
        kernels.shuffled(np.ascontiguousarray(queries), shuffled)
        found = np.empty((len(queries), MOST_FOUND, 2), dtype=np.int64)
        counts = np.empty(len(queries), dtype=np.int64)
        queue = np.empty((self._flips.shape[1], 2), dtype=np.int64)
        picked = np.empty(MOST_COMPARED, dtype=np.int64)
        budgets = np.full(len(queries), MOST_COMPARED)
        cut = kernels.search(
            shuffled, radius, reaches, self._bounds, self._first, self._flips, _BALLS, *self._tables,
            queue, picked, budgets, counts, found,
        )  # fmt: skip
        rows: list[tuple[int, int, int]] = []
        for number in np.flatnonzero(counts).tolist():
            for code, distance in found[number, : counts[number]].tolist():
                first, last = int(self._firsts[code]), int(self._firsts[code + 1])
                cut += max(0, last - first - MOST_EQUAL)
                last = min(last, first + MOST_EQUAL)
                rows += [(number, distance, entry) for entry in self._entries[first:last].tolist()]
        rows.sort()
        table = np.array(rows, dtype=np.uint32).reshape(-1, 3)
        return Nearby(np.ascontiguousarray(table[:, [0, 2, 1]]), cut)


def _substrings(count: int) -> int:
    """Into how many substrings hashes are divided: the more there are of them, the longer each is to be."""
    return 16 if count < 1 << 15 else 13 if count < 1 << 18 else 12 if count < 1 << 19 else 11


def _bounds(substrings: int) -> npt.NDArray[np.uint32]:
    return np.array([at * kernels.BITS // substrings for at in range(substrings + 1)], dtype=np.uint32)


def _first_groups(bounds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The number of the first group of each table; after its last one each has another, which is empty."""
    sizes = (1 << (np.diff(bounds) - kernels.LOW_BITS)) + 1
    return np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)


def _tables(
    codes: npt.NDArray[np.uint64], bounds: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.generic]]:
    """The tables one after another.

    `groups` uint64[g, 2]: which of its 64 substrings occur, and where its hashes begin in `members` uint32[m·n] (uint64
    from 2^26 hashes on): the number of a hash times 64 plus the lower six bits of its substring.
    """
    groups, members = [], []
    keys = np.empty(len(codes), dtype=np.int64)
    for table, (begin, end) in enumerate(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)):
        kernels.keys_of(codes, begin, end, keys)
        order = np.argsort(keys, kind="stable")
        group, low = keys[order] >> kernels.LOW_BITS, keys[order] & 63
        here = np.zeros(((1 << (end - begin - kernels.LOW_BITS)) + 1, 2), dtype=np.uint64)
        np.bitwise_or.at(here[:, 0], group, np.uint64(1) << low.astype(np.uint64))
        here[:, 1] = np.searchsorted(group, np.arange(len(here))) + table * len(codes)
        groups.append(here)
        members.append(
            (order << kernels.LOW_BITS | low).astype(np.uint32 if len(codes) < 1 << 26 else np.uint64)
        )
    return {GROUPS: np.concatenate(groups), MEMBERS: np.concatenate(members)}


def _reaches(substrings: int, radius: int) -> npt.NDArray[np.int64]:
    """How far to look around each substring so that no hash within `radius` is missed; -1: not at all."""
    whole, rest = divmod(radius, substrings)
    return np.array([whole - (at > rest) for at in range(substrings)], dtype=np.int64)


def _flips(bounds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each table, what a group's number is combined with to change none of its bits, each, and each two; then 0."""
    widths = np.diff(bounds) - kernels.LOW_BITS
    lists = []
    for width in widths.tolist():
        ones = [1 << bit for bit in range(width)]
        lists.append([0, *ones, *sorted(one ^ two for one, two in combinations(ones, 2))])
    table = np.zeros((len(lists), max(map(len, lists))), dtype=np.int64)
    for row, flips in enumerate(lists):
        table[row, : len(flips)] = flips
    return table


def _balls() -> npt.NDArray[np.uint64]:
    """uint64[3, 64]: bit j of `[r, i]` says whether the numbers i and j below 64 differ in r bits at most."""
    rows = [
        [sum(1 << other for other in range(64) if (key ^ other).bit_count() <= reach) for key in range(64)]
        for reach in range(3)
    ]
    return np.array(rows, dtype=np.uint64)


_BALLS = _balls()
