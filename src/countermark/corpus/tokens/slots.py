"""A table of tokens as the kernel reads it: one slot of 16 bytes an id."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.corpus.tokens._decode_kernel import INLINE, LONG_SLOT, SPECIAL_SLOT, UNKNOWN_SLOT
from countermark.corpus.tokens.table import SPECIAL

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.corpus.tokens.table import TokenTable

REPLACEMENT: Final = "\ufffd".encode()


@lru_cache(maxsize=8)
def slots_of(table: TokenTable) -> npt.NDArray[np.uint64]:
    """The slots of a table, uint64[2 * (n + 1)], see `_decode_kernel`; the last is that of ids that it has not."""
    lengths = np.diff(table.offsets)
    begins = table.offsets[:-1]
    slots = np.zeros((len(table) + 1, 16), np.uint8)
    long = lengths > INLINE
    for k in range(INLINE):
        held = np.flatnonzero((lengths > k) & ~long)
        slots[held, k] = table.data[begins[held] + k]
    slots[:-1, 15] = np.where(long, 0, lengths)
    slots[np.flatnonzero(table.flags == SPECIAL), 15] = SPECIAL_SLOT
    unknown = np.append(np.flatnonzero((table.flags != 0) & (table.flags != SPECIAL)), len(table))
    slots[unknown, : len(REPLACEMENT)] = np.frombuffer(REPLACEMENT, np.uint8)
    slots[unknown, 15] = UNKNOWN_SLOT | len(REPLACEMENT)
    words = slots.view("<u8").reshape(-1).astype(np.uint64)
    at = np.flatnonzero(long)
    words[2 * at] = begins[at]
    words[2 * at + 1] = lengths[at].astype(np.uint64) | np.uint64(LONG_SLOT << 56)
    words.flags.writeable = False  # one kind of array, one compiled kernel
    return words


def lengths_of(ids: npt.NDArray[np.int32], table: TokenTable) -> npt.NDArray[np.int64]:
    """How many bytes each id is decoded to: none for special ones, those of U+FFFD for what the table has not."""
    known = (ids >= 0) & (ids < len(table))
    at = np.where(known, ids, 0)
    lengths = table.offsets[at + 1] - table.offsets[at]
    flags = table.flags[at]
    return np.where(known & ((flags == 0) | (flags == SPECIAL)), lengths, len(REPLACEMENT))
