"""The filter in front of the index: one 64-bit block an entry, four bits in it.

A Bloom filter whose four bits share one word (Putze, Sanders, Singler 2007): a lookup costs one cache line. The block
comes from the upper half of the hash, the bits from the lower.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._compile import inlined, kernel

_ONE = np.uint64(1)
_S6, _S12, _S18, _S32 = np.uint64(6), np.uint64(12), np.uint64(18), np.uint64(32)
_M63 = np.uint64(63)


@inlined
def slot(value: np.uint64, slots: int) -> int:
    """Map the upper half of a hash evenly to `[0, slots)`, keeping the order of hashes."""
    return np.int64(((value >> _S32) * np.uint64(slots)) >> _S32)


@inlined
def bits_of(value: np.uint64) -> np.uint64:
    """The four bits of a hash in its block."""
    return (
        (_ONE << (value & _M63))
        | (_ONE << ((value >> _S6) & _M63))
        | (_ONE << ((value >> _S12) & _M63))
        | (_ONE << ((value >> _S18) & _M63))
    )


@kernel
def fill_filter(hashes: Any, blocks: Any) -> None:
    """Set the bits of every hash."""
    for index in range(hashes.size):
        value = np.uint64(hashes[index])
        blocks[slot(value, blocks.size)] |= bits_of(value)


@kernel
def fill_directory(hashes: Any, directory: Any) -> None:
    """Fill `directory[b]` with where bucket b begins among the sorted hashes; the last element is their number."""
    buckets = directory.size - 1
    bucket = 0
    for index in range(hashes.size):
        owner = slot(np.uint64(hashes[index]), buckets)
        while bucket <= owner:
            directory[bucket] = index
            bucket += 1
    while bucket <= buckets:
        directory[bucket] = hashes.size
        bucket += 1


@kernel
def keep_places(hashes: Any, most: int, keep: Any) -> int:
    """Mark in `keep` the first `most` entries of each hash (sorted); return how many are dropped."""
    dropped = 0
    same = 0
    for index in range(hashes.size):
        same = same + 1 if index > 0 and hashes[index] == hashes[index - 1] else 1
        keep[index] = same <= most
        dropped += np.int64(same > most)
    return dropped
