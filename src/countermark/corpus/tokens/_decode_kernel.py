"""Ids into text: each token is copied from a table of slots to where the text has come to.

A slot has 16 bytes: up to 15 of the token, then one byte that says how many they are and what the id is. Both halves
are copied whole, and what is too much is written over by the next token. So most tokens cost two loads, two stores and
one addition, and one line of the cache. Tokens of more bytes stand in the table; special and unknown ids are told
by the same byte. The number of an id that the table has not leads to the last slot.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import load64, store64

INLINE: Final = 15
"""Bytes of a token that its slot holds at most."""
SPECIAL_SLOT: Final = 0x10
"""The bits of the last byte of a slot beside the length: an id that is no text."""
UNKNOWN_SLOT: Final = 0x20
"""An id that stands for nothing: the slot holds U+FFFD."""
LONG_SLOT: Final = 0x40
"""A token of more than INLINE bytes: the slot holds where it begins in the table, and its length."""
ROOM: Final = 32
"""Bytes that may be written after a text, and that must stand after the last token of a table."""

FIRST_SPACE: Final = 1
"""One space is taken away at the beginning of a document."""
REST_OF_POINT: Final = 2
"""The first bytes that continue a code point belong to the piece before."""


@inlined
def _slot(ids: Any, k: Any, slots: Any) -> Any:
    """Where the slot of `ids[k]` stands."""
    last = np.uint64(slots.size // 2 - 1)
    return np.uintp(2 * min(np.uint64(np.uint32(ids[np.uintp(k)])), last))


@kernel
def _dropped(ids: Any, begin: Any, end: Any, how: int, slots: Any, data: Any) -> int:
    """How many bytes are dropped at the beginning of a document: a space, or what continues a code point."""
    dropped = 0
    for k in range(begin, end):
        at = _slot(ids, k, slots)
        first, told = slots[at], slots[at + np.uintp(1)] >> np.uint64(56)
        length = np.int64(told & np.uint64(INLINE))
        if told & np.uint64(LONG_SLOT):
            length, first = 8, load64(data, np.intp(first))
        for _ in range(min(length, 8)):
            byte = first & np.uint64(0xFF)
            if how == FIRST_SPACE:
                return np.int64(byte == np.uint64(0x20))
            if byte & np.uint64(0xC0) != np.uint64(0x80) or dropped == 3:
                return dropped
            dropped += 1
            first >>= np.uint64(8)
    return dropped


@kernel
def _copied(ids: Any, begin: Any, end: Any, slots: Any, data: Any, out: Any, at: Any, counts: Any) -> Any:
    """Write the tokens `ids[begin:end]` to `out[at:]`; return where they end, -1 where there is no room.

    `counts` int64[2] is added to: ids that are no text, and ids that stand for nothing.
    """
    limit = np.int64(out.size - ROOM)
    special = unknown = 0
    plain = ~np.uint64(INLINE)
    for k in range(begin, end):
        slot = _slot(ids, k, slots)
        low, high = slots[slot], slots[slot + np.uintp(1)]
        told = high >> np.uint64(56)
        if at > limit:
            return np.int64(-1)
        store64(out, at, low)
        store64(out, at + 8, high)
        if told & plain:
            if told & np.uint64(LONG_SLOT):
                source, length = np.int64(low), np.int64(high & np.uint64(0xFFFFFF))
                if at + length > limit:
                    return np.int64(-1)
                for step in range(0, length, 8):
                    store64(out, at + step, load64(data, source + step))
                at += length
                continue
            special += np.int64((told >> np.uint64(4)) & np.uint64(1))
            unknown += np.int64((told >> np.uint64(5)) & np.uint64(1))
        at += np.int64(told & np.uint64(INLINE))
    counts[0] += special
    counts[1] += unknown
    return at


@kernel
def decode_documents(
    ids: Any, bounds: Any, own: Any, how: Any, slots: Any, data: Any, out: Any, ends: Any, dropped: Any,
    owned: Any, counts: Any, first: int,
) -> int:  # fmt: skip
    """Decode the documents from `first` on one after the other; return the number of the first without room.

    Document `d` is `ids[bounds[d, 0]:bounds[d, 1]]` and becomes `out[ends[d]:ends[d + 1]]`, after `ends[first]`, which
    is at least 8. `how[d]` says what is dropped at its beginning (0: nothing), `dropped[d]` how many bytes were;
    `owned[d]` is where the text of its first `own[d]` ids ends. `counts` int64[2] counts the special and the unknown
    ids among these.
    """
    here, none = np.zeros(2, np.int64), np.zeros(2, np.int64)
    for d in range(first, bounds.shape[0]):
        begin, end, at = bounds[d, 0], bounds[d, 1], ends[d]
        middle = min(end, begin + own[d])
        drop = 0
        if how[d]:
            drop = _dropped(ids, begin, end, how[d], slots, data)
        before = load64(
            out, at - 8
        )  # of the text before: what is dropped is written there, and taken away again
        here[:] = 0
        owned[d] = _copied(ids, begin, middle, slots, data, out, at - drop, here)
        ends[d + 1] = owned[d]
        if owned[d] >= 0 and middle < end:
            ends[d + 1] = _copied(ids, middle, end, slots, data, out, owned[d], none)
        store64(out, at - 8, before)
        if ends[d + 1] < 0:
            return np.int64(d)
        dropped[d] = drop
        owned[d] = max(owned[d], at)
        counts[0] += here[0]
        counts[1] += here[1]
    return np.int64(bounds.shape[0])


@kernel
def count_points(data: Any, begin: int, end: int) -> int:
    """How many code points begin in `data[begin:end]`, which is UTF-8."""
    points = 0
    for k in range(begin, end):
        points += np.int64(data[k] & np.uint8(0xC0) != np.uint8(0x80))
    return points
