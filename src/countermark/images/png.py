"""PNG, still or animated: a walk through its chunks (W3C, Portable Network Graphics, third edition, 5 and 11)."""

from __future__ import annotations

import struct
from typing import Final

from countermark.errors import PictureError
from countermark.images.container import Container
from countermark.images.limits import MOST_CANVAS, MOST_PARTS, MOST_WHOLE, check_size

_START: Final = b"\x89PNG\r\n\x1a\n"
_KEPT: Final = frozenset({b"PLTE", b"tRNS", b"IDAT", b"acTL", b"fcTL", b"fdAT", b"eXIf"})
_MOVING: Final = frozenset({b"acTL", b"fcTL", b"fdAT"})


def walk_png(data: bytes) -> Container:
    """The chunks that make the picture; those of an animation only where its canvas is not too large for one."""
    if data[12:16] != b"IHDR" or len(data) < 33:
        reason = "truncated" if len(data) < 33 else "corrupt"
        raise PictureError(reason, "is a PNG without its header")
    width, height = struct.unpack_from(">II", data, 16)
    check_size(width, height, MOST_WHOLE)
    moving = width * height <= MOST_CANVAS
    kept, frames, stills, at = [data[:33]], 0, 0, 33
    for _ in range(MOST_PARTS):
        if at + 12 > len(data):
            return _whole(kept, (width, height), frames + stills, truncated=True)
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if kind == b"IEND":
            kept.append(data[at:end])
            return _whole(kept, (width, height), frames + stills, truncated=False)
        if kind == b"IDAT" and not frames:
            stills = 1  # a picture of its own for those who show no animations
        frames += kind == b"fcTL"
        if kind in _KEPT and (moving or kind not in _MOVING):
            kept.append(data[at:end])
        at = end
    raise PictureError("bomb", f"is a PNG of more than {MOST_PARTS:,} chunks")


def _whole(kept: list[bytes], size: tuple[int, int], count: int, *, truncated: bool) -> Container:
    if not any(chunk[4:8] == b"IDAT" for chunk in kept):
        reason = "truncated" if truncated else "corrupt"
        raise PictureError(reason, "is a PNG without any picture in it")
    return Container(b"".join(kept), *size, max(1, count), truncated)
