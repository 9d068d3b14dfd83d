"""Protocol buffers as bytes: the fields of one message, without knowing its type.

The wire format is the one that protobuf.dev documents (`programming-guides/encoding`), less groups.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT: Final = 0
FIXED64: Final = 1
BYTES: Final = 2
FIXED32: Final = 5
_LONGEST_VARINT: Final = 10


def fields(message: memoryview, where: str) -> Iterator[tuple[int, int | float | memoryview]]:
    """Number and value of each field, in order; 32 bits are read as a float. Raises InputError where it is damaged."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at, where)
        wire = tag & 7
        if wire == VARINT:
            value, at = _varint(message, at, where)
            yield tag >> 3, value
            continue
        size = {FIXED64: 8, FIXED32: 4}.get(wire)
        if wire == BYTES:
            size, at = _varint(message, at, where)
        if size is None:
            raise InputError(
                f"{where}: damaged: byte {at:,} of a message of {len(message):,} begins no field"
            )
        if size > len(message) - at:
            told = f"a field of {size:,} bytes begins at byte {at:,} of a message of {len(message):,}"
            raise InputError(f"{where}: damaged: {told}: was it cut short?")
        data = message[at : at + size]
        at += size
        yield tag >> 3, struct.unpack("<f", data)[0] if wire == FIXED32 else data


def _varint(message: memoryview, at: int, where: str) -> tuple[int, int]:
    value = shift = 0
    for place in range(at, min(at + _LONGEST_VARINT, len(message))):
        byte = message[place]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place + 1
        shift += 7
    told = ": was it cut short?" if len(message) - at < _LONGEST_VARINT else ""
    raise InputError(f"{where}: damaged: the number at byte {at:,} of a message does not end{told}")
