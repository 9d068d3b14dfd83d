"""The filter in front of the index: one 64-bit block an entry, four bits in it.

A Bloom filter whose four bits share one word (Putze, Sanders, Singler 2007): a lookup costs one cache line. The block
comes from the upper half of the hash, the bits from the lower.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel

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
def fill_filter(hashes: Any, first: int, size: int, blocks: Any) -> None:
    """Set the bits of every hash in `blocks`, those from number `first` on of a filter of `size` blocks."""
    for index in range(hashes.size):
        value = np.uint64(hashes[index])
        blocks[slot(value, size) - first] |= bits_of(value)


@kernel
def fill_directory(hashes: Any, first: int, buckets: int, directory: Any) -> None:
    """Fill `directory` with where the buckets begin among sorted hashes: from number `first` to that of the last hash.

    A bucket before the first of these hashes begins where they do.
    """
    bucket = first
    for index in range(hashes.size):
        owner = slot(np.uint64(hashes[index]), buckets)
        while bucket <= owner:
            directory[bucket - first] = index
            bucket += 1
