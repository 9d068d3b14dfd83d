"""Pickled lists of pairs of integers, read as data: nothing is ever called, built or imported.

Of the operations of a pickle those that such a list needs are known, each with its argument skipped or read as a
number; any other ends the reading. Source: Lib/pickletools.py of Python, which documents them.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from countermark.kernels.compiling import kernel

MORE: Final = 0
"""All whole operations of the bytes given were read."""
FULL: Final = 1
"""There is no room for more pairs."""
DONE: Final = 2
"""The list ended."""
REFUSED: Final = 3
"""An operation that a list of pairs does not need stands here."""

STAGE: Final = 0
PENDING: Final = 1
STATE: Final = 4
"""The state: the stage, how many integers wait for their pair, and those."""

_BEGIN, _HEAD, _LIST, AFTER_MARK, LOOSE_PAIR = range(5)
"""The stages: nothing read; a list is to come; in the list; in it after a mark; after a pair that is not in it yet."""

_PROTO, _FRAME, _EMPTY_LIST, _MARK, _TUPLE2 = 0x80, 0x95, 0x5D, 0x28, 0x86
_APPEND, _APPENDS, _STOP = 0x61, 0x65, 0x2E
_BININT, _BININT1, _BININT2, _LONG1 = 0x4A, 0x4B, 0x4D, 0x8A
_MEMOIZE, _BINPUT, _LONG_BINPUT = 0x94, 0x71, 0x72


def _following() -> Any:
    """int8[5, 256]: the stage after an operation, -1 where it is not accepted."""
    table = np.full((5, 256), -1, np.int8)
    table[_BEGIN, _PROTO] = _HEAD
    table[_HEAD, _EMPTY_LIST] = _LIST
    table[_LIST, _TUPLE2], table[LOOSE_PAIR, _APPEND] = LOOSE_PAIR, _LIST
    table[_LIST, _MARK], table[AFTER_MARK, _TUPLE2], table[AFTER_MARK, _APPENDS] = (
        AFTER_MARK,
        AFTER_MARK,
        _LIST,
    )
    table[_LIST, _STOP] = _LIST
    for stage in (_LIST, AFTER_MARK, LOOSE_PAIR):
        table[stage, [_FRAME, _MEMOIZE, _BINPUT, _LONG_BINPUT]] = stage
    for stage in (_LIST, AFTER_MARK):
        table[stage, [_BININT, _BININT1, _BININT2, _LONG1]] = stage
    table[_HEAD, _FRAME] = _HEAD
    return table


def _widths() -> Any:
    """int64[256]: the bytes of each operation's argument; of LONG1 those that say how many more there are."""
    table = np.zeros(256, np.int64)
    table[[_PROTO, _BINPUT, _BININT1, _LONG1]] = 1
    table[_BININT2] = 2
    table[[_LONG_BINPUT, _BININT]] = 4
    table[_FRAME] = 8
    return table


_FOLLOWING: Final = _following()
_WIDTHS: Final = _widths()


@kernel
def _number(data: Any, at: int, width: int, signed: bool) -> int:
    """A little-endian integer of up to 8 bytes."""
    value = np.int64(0)
    for k in range(width):
        value |= np.int64(data[at + k]) << np.int64(8 * k)
    if signed and 0 < width < 8 and data[at + width - 1] >= 0x80:
        value -= np.int64(1) << np.int64(8 * width)
    return value


@kernel
def read_pairs(data: Any, state: Any, pairs: Any) -> Any:  # noqa: PLR0911, PLR0912 (each operation is one branch)
    """Read on in `data`, the bytes after those read before; return (why it stopped, bytes read, pairs read).

    `state` int64[STATE] is kept from call to call, zeros at the beginning. `pairs` int64[n, 4] receives both integers,
    the bytes of `data` read up to the pair's end, and the stage then.
    """
    at = count = 0
    while at < data.size:
        code = np.int64(data[at])
        stage, begin, width = _FOLLOWING[state[STAGE], code], at + 1, _WIDTHS[code]
        if stage < 0:
            return REFUSED, at, count
        if begin + width > data.size:
            return MORE, at, count
        if code == _LONG1:
            begin, width = at + 2, np.int64(data[at + 1])
            if width > 8:
                return REFUSED, at, count
            if begin + width > data.size:
                return MORE, at, count
        pending = state[PENDING]
        if code == _PROTO:
            if data[begin] < 2 or data[begin] > 5:
                return REFUSED, at, count
        elif code in (_BININT, _BININT1, _BININT2, _LONG1):
            if pending == 2:
                return REFUSED, at, count
            state[PENDING + 1 + pending] = _number(data, begin, width, code in (_LONG1, _BININT))
            state[PENDING] = pending + 1
        elif code == _TUPLE2:
            if pending != 2:
                return REFUSED, at, count
            if count == pairs.shape[0]:
                return FULL, at, count
            pairs[count, 0], pairs[count, 1] = state[PENDING + 1], state[PENDING + 2]
            pairs[count, 2], pairs[count, 3] = begin, stage
            state[PENDING] = 0
            count += 1
        elif pending and code in (_MARK, _APPEND, _APPENDS, _STOP):
            return REFUSED, at, count
        state[STAGE] = stage
        at = begin + width
        if code == _STOP:
            return DONE, at, count
    return MORE, at, count
