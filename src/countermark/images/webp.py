"""WebP, still or animated: a walk through its chunks (RFC 9649, 2)."""

from __future__ import annotations

import struct
from typing import Final

from countermark.errors import PictureError
from countermark.images.container import Container
from countermark.images.limits import MOST_CANVAS, MOST_PARTS, check_size

_KEPT: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"EXIF"})
_PROFILE_AND_XMP: Final = 0x20 | 0x04


def walk_webp(data: bytes) -> Container:
    """The chunks that make the picture, and which way up it is."""
    size = _size(data)
    check_size(*size, MOST_CANVAS)
    kept, frames, at = [], 0, 12
    for _ in range(MOST_PARTS):
        if at + 8 > len(data):
            break
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length
        if end > len(data):
            raise PictureError("truncated", "is a WebP picture that breaks off")
        frames += kind == b"ANMF"
        if kind in _KEPT:
            chunk = data[at:end] + b"\0" * (length & 1)
            kept.append(_without_flags(chunk) if kind == b"VP8X" else chunk)
        at = end + (length & 1)
    else:
        raise PictureError("bomb", f"is a WebP picture of more than {MOST_PARTS:,} chunks")
    body = b"".join(kept)
    return Container(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body, *size, max(1, frames))


def _size(data: bytes) -> tuple[int, int]:
    """Width and height, by the first chunk."""
    if len(data) < 30:
        raise PictureError("truncated", "is a WebP picture without its header")
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise PictureError("corrupt", "is a WebP picture without its header")


def _without_flags(chunk: bytes) -> bytes:
    """The header without word of what is left out."""
    return chunk[:8] + bytes([chunk[8] & ~_PROFILE_AND_XMP & 0xFF]) + chunk[9:] if len(chunk) > 8 else chunk
