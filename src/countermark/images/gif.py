"""GIF: a walk through its blocks (CompuServe, Graphics Interchange Format, version 89a, 15 to 27)."""

from __future__ import annotations

import struct
from typing import Final

from countermark.errors import PictureError
from countermark.images.container import Container
from countermark.images.limits import MOST_CANVAS, check_size

_BLOCKS: Final = 1 << 20
"""Blocks of up to 255 bytes that are looked at: 256 MiB, were all of them full."""
_EXTENSION: Final = 0x21
_CONTROL: Final = 0xF9
_IMAGE: Final = 0x2C
_TRAILER: Final = 0x3B


def walk_gif(data: bytes) -> Container:
    """The images with their controls, without comments; frames may reach beyond the canvas and make it larger."""
    if len(data) < 13:
        raise PictureError("truncated", "is a GIF without its header")
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + _palette(flags)
    kept, count, left, truncated = [data[:at]], 0, _BLOCKS, False
    while True:
        kind = data[at] if at < len(data) else -1
        if kind not in {_EXTENSION, _IMAGE} or left <= 0:
            truncated = kind == -1
            break
        start = at
        if kind == _IMAGE:
            if at + 10 > len(data):
                truncated = True
                break
            x, y, across, down, flags = struct.unpack_from("<HHHHB", data, at + 1)
            width, height = max(width, x + across), max(height, y + down)
            at, left = _past(data, at + 11 + _palette(flags), left)
            count += 1
        else:
            at, left = _past(data, at + 2, left)
        if kind == _IMAGE or data[start + 1 : start + 2] == bytes([_CONTROL]):
            kept.append(data[start:at])
    if not count:
        raise PictureError("truncated" if truncated else "corrupt", "is a GIF without any picture in it")
    check_size(width, height, MOST_CANVAS)
    return Container(b"".join(kept) + bytes([_TRAILER]), width, height, count, truncated)


def _palette(flags: int) -> int:
    """Bytes of the table of colours that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past(data: bytes, at: int, left: int) -> tuple[int, int]:
    """Where a row of blocks ends, and how many more may be looked at."""
    size = len(data)
    while left > 0 and at < size:
        length = data[at]
        at += 1 + length
        left -= 1
        if not length:
            break
    return min(at, size), left
