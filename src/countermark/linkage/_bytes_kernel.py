"""Kernel parts for the bytes of text columns: eight of them at a time, whatever their alignment; open hash tables.

All words are little-endian, as Arrow's buffers are on every machine that it runs on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import load64

if TYPE_CHECKING:
    import numpy.typing as npt

NONE, ONE = np.uint64(0), np.uint64(1)
SMALL = np.uint64(0x2020202020202020)
"""Or-ed to eight bytes it makes small letters of capitals; digits, `-` and `.` have the bit already."""
LOW_BITS = np.uint64(0x0101010101010101)
HIGH_BITS = np.uint64(0x8080808080808080)
_MIX, _S32, _S29 = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(29)


word_at: Any = load64  # Numba gives the context; its callers give array and place


@inlined
def mixed(value: Any) -> Any:
    """Spread the bits of a key; never 0, which marks an empty slot."""
    value = (value ^ (value >> _S32)) * _MIX
    return (value ^ (value >> _S29)) | ONE


@kernel
def slot_of(key: Any, slots: Any) -> Any:
    """Where a key stands in an open table whose size is a power of two; -1 where it is not there."""
    mask = np.uint64(slots.size - 1)
    slot = key & mask
    while slots[slot] != NONE:
        if slots[slot] == key:
            return np.int64(slot)
        slot = (slot + ONE) & mask
    return np.int64(-1)


@kernel
def _fill(keys: Any, slots: Any) -> None:
    mask = np.uint64(slots.size - 1)
    for at in range(keys.size):
        slot = keys[at] & mask
        while slots[slot] != NONE and slots[slot] != keys[at]:
            slot = (slot + ONE) & mask
        slots[slot] = keys[at]


def table_of(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """An open table of keys (not 0): uint64 of a power of two, at most a quarter full."""
    slots = np.zeros(1 << max(4, (4 * len(keys) + 1).bit_length()), np.uint64)
    _fill(np.asarray(keys, np.uint64), slots)
    return slots
