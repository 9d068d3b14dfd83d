"""BMP: its header (Microsoft, Windows GDI, bitmap storage)."""

from __future__ import annotations

import struct
from typing import Final

from countermark.errors import PictureError
from countermark.images.container import Container
from countermark.images.limits import MOST_WHOLE, check_size

_RUN_LENGTHS: Final = frozenset({1, 2})
_MOST_RUN_LENGTHS: Final = 4 << 20
"""Bytes of a run-length coded picture: they are decoded one by one, at some millions a second."""


def walk_bmp(data: bytes) -> Container:
    """The file as it is, its header judged."""
    if len(data) < 34:
        raise PictureError("truncated", "is a BMP without its header")
    (header,) = struct.unpack_from("<I", data, 14)
    if header == 12:
        width, height = struct.unpack_from("<HH", data, 18)
        compression = 0
    else:
        width, height = struct.unpack_from("<ii", data, 18)
        (compression,) = struct.unpack_from("<I", data, 30)
    check_size(abs(width), abs(height), MOST_WHOLE)
    if compression in _RUN_LENGTHS and len(data) > _MOST_RUN_LENGTHS:
        said = f"is a run-length coded BMP of {len(data):,} bytes; up to {_MOST_RUN_LENGTHS:,} are decoded"
        raise PictureError("bomb", said)
    return Container(data, abs(width), abs(height))
