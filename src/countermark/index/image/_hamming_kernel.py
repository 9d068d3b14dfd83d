"""Looking up 256-bit hashes within a Hamming distance: tables of substrings, and the ball around each of a query's.

Bits are numbered anew before they are divided into substrings (`shuffled`): neighbouring bits of a PDQ hash are
neighbouring frequencies, and pictures of one kind, drawings in the middle of a plain ground say, agree in them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import prefetch as _prefetch
from countermark.kernels.machine import set_bits as _set_bits

BITS = 256
LOW_BITS = (
    6  # keys that differ in these stand in one group, and one uint64 says which of its 64 keys there are
)
_STRIDE = 101  # odd, so that taking every 101st bit takes each once
_ONE = np.uint64(1)


set_bits: Any = _set_bits
prefetch: Any = _prefetch


@kernel
def shuffled(hashes: Any, out: Any) -> None:
    """Fill `out` uint64[n, 4] with the hashes, their bits in another order, the same for all."""
    for row in range(hashes.shape[0]):
        for word in range(4):
            gathered = np.uint64(0)
            for bit in range(64):
                place = ((word * 64 + bit) * _STRIDE) % BITS
                gathered |= ((hashes[row, place >> 6] >> np.uint64(place & 63)) & _ONE) << np.uint64(bit)
            out[row, word] = gathered


@inlined
def _substring(codes: Any, row: int, begin: int, end: int) -> Any:
    """Bits `[begin, end)` of a hash as a number; fewer than 64 of them."""
    word, shift = begin >> 6, begin & 63
    value = codes[row, word] >> np.uint64(shift)
    if shift and word < 3:
        value |= codes[row, word + 1] << np.uint64(64 - shift)
    return np.int64(value & ((_ONE << np.uint64(end - begin)) - _ONE))


@kernel
def keys_of(codes: Any, begin: int, end: int, out: Any) -> None:
    """Fill `out` int64[n] with one substring of each hash."""
    for row in range(codes.shape[0]):
        out[row] = _substring(codes, row, begin, end)


@inlined
def _distance(codes: Any, number: int, queries: Any, query: int) -> Any:
    total = 0
    for word in range(4):
        total += set_bits(codes[4 * number + word] ^ queries[query, word])
    return total


@kernel
def _groups(
    key: Any, reach: Any, upper: Any, base: Any, flips: Any, balls: Any, groups: Any, queue: Any
) -> Any:
    """Queue the groups of one table that hold a key within `reach` bits of `key`; return how many.

    `queue` int64[., 2]: the group's number, and which row of `balls` holds.
    """
    group, low = key >> LOW_BITS, key & 63
    count = 0
    tried = 1 if reach == 0 else 1 + upper if reach == 1 else flips.size
    for flip in range(tried):
        ball = reach - np.int64(flip > 0) - np.int64(flip > upper)
        here = base + (group ^ flips[flip])
        queue[count, 0], queue[count, 1] = here, ball
        count += int((groups[here, 0] & balls[ball, low]) != 0)  # no branch: it could not be foretold
    return count


@kernel
def _members(
    queue: Any, queued: int, low: int, balls: Any, groups: Any, members: Any, codes: Any, picked: Any
) -> tuple[Any, Any]:
    """Pick the hashes whose keys lie in the queued balls, `picked.size` at most; also how many were left out."""
    for at in range(queued):
        prefetch(members, np.int64(groups[queue[at, 0], 1]))
    count, left_out = 0, 0
    for at in range(queued):
        here, mask = queue[at, 0], balls[queue[at, 1], low]
        for place in range(np.int64(groups[here, 1]), np.int64(groups[here + 1, 1])):
            member = members[place]
            if (mask >> np.uint64(member & 63)) & _ONE:
                if count < picked.size:
                    picked[count] = member >> LOW_BITS
                    prefetch(codes, 4 * picked[count])
                    count += 1
                else:
                    left_out += 1
    return count, left_out


@kernel
def search(
    queries: Any, radius: int, reaches: Any, bounds: Any, first: Any, flips: Any, balls: Any, codes: Any,
    groups: Any, members: Any, queue: Any, picked: Any, budgets: Any, counts: Any, found: Any,
) -> Any:  # fmt: skip
    """Find the hashes within `radius` of each query, in the balls of `reaches[t]` bits around its substrings.

    See hashes.py for the arrays of an index. `first` int64[m]: the first group of each table; `flips` int64[m, .]: 0,
    then each single bit of a group's number, then each pair; `balls` uint64[3, 64]. A reach is -1 (not looked at), 0, 1
    or 2. `budgets` int64[q]: with how many hashes each query may still be compared, `picked` has room for the most.
    Fills `found` int64[q, f, 2] with numbers of hashes, none twice, and distances, `counts` int64[q] with how many;
    returns how many were left out. Table by table, for the sake of the processor's caches.
    """
    left_out = 0
    counts[:] = 0
    for table in range(bounds.size - 1):
        reach, upper = reaches[table], bounds[table + 1] - bounds[table] - LOW_BITS
        if reach < 0:
            continue
        for query in range(queries.shape[0]):
            key = _substring(queries, query, bounds[table], bounds[table + 1])
            tried = flips[table, : 1 + upper + upper * (upper - 1) // 2]
            queued = _groups(key, reach, upper, first[table], tried, balls, groups, queue)
            room = picked[: budgets[query]]
            taken, missed = _members(queue, queued, key & 63, balls, groups, members, codes, room)
            budgets[query] -= taken
            left_out += missed
            for at in range(taken):
                distance = _distance(codes, room[at], queries, query)
                if distance <= radius:
                    left_out += _keep(room[at], distance, query, counts, found)
    return left_out


@kernel
def _keep(number: int, distance: int, query: int, counts: Any, found: Any) -> Any:
    """Note a hash that was found, if it is not noted yet; return 1 where there is no room left, else 0."""
    for known in range(counts[query]):
        if found[query, known, 0] == number:
            return 0
    if counts[query] == found.shape[1]:
        return 1
    found[query, counts[query], 0], found[query, counts[query], 1] = number, distance
    counts[query] += 1
    return 0
