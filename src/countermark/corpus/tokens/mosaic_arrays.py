"""Arrays of integers as MosaicML streaming writes them."""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.corpus.mosaic_index import MosaicColumn

UNTOLD: Final = "bytes"
"""Stands for the type of numbers of which only the bytes are known."""
_INTEGERS: Final = {
    "uint8": "|u1", "int8": "|i1", "uint16": "<u2", "int16": "<i2", "uint32": "<u4", "int32": "<i4", "uint64": "<u8",
    "int64": "<i8",
}  # fmt: skip
_CODES: Final = {8: "|u1", 9: "|i1", 16: "<u2", 17: "<i2", 32: "<u4", 33: "<i4", 64: "<u8", 65: "<i8"}
"""The types by the first byte of an array that says its own."""
_NDARRAY: Final = re.compile(r"ndarray(?::([a-z0-9]+)(:\d+(?:,\d+)*)?)?", re.ASCII)


class ArrayEncoding(NamedTuple):
    """How the arrays of a column are written: their type ("": each says its own), and whether a shape stands before."""

    dtype: str
    shaped: bool

    @property
    def shown(self) -> str:
        """The type for a message."""
        return self.dtype or "integers"

    def decoded(self, data: memoryview) -> npt.NDArray[Any] | None:
        """The numbers of an array, one after the other; None where the bytes are none. UNTOLD ones are bytes."""
        if self.dtype == UNTOLD:
            return np.frombuffer(data, np.uint8)
        dtype, count = self.dtype, None
        if not dtype:
            dtype, data = _CODES.get(data[0] if len(data) else 0, ""), data[1:]
        if self.shaped and dtype:
            if not len(data):
                return None
            axes, size = data[0] >> 2, 1 << (data[0] & 3)
            shape, data = data[1 : 1 + axes * size], data[1 + axes * size :]
            if not axes or len(shape) < axes * size:
                return None
            count = prod(np.frombuffer(shape, f"<u{size}").tolist())
        itemsize = np.dtype(dtype).itemsize if dtype else 0
        if not itemsize or len(data) % itemsize or count not in (None, len(data) // itemsize):
            return None
        return np.frombuffer(data, dtype)


def array_encoding(column: MosaicColumn) -> ArrayEncoding | None:
    """How a column's arrays of integers are written; None where it holds none: numbers, texts, pictures, pickles."""
    if column.encoding == "bytes":
        return ArrayEncoding(UNTOLD, shaped=False)
    if column.encoding in _INTEGERS:
        dtype = _INTEGERS[column.encoding]
        return None if column.size == np.dtype(dtype).itemsize else ArrayEncoding(dtype, shaped=False)
    found = _NDARRAY.fullmatch(column.encoding)
    if found is None or (found[1] and found[1] not in _INTEGERS):
        return None
    return ArrayEncoding(_INTEGERS.get(found[1] or "", ""), shaped=not found[2])
