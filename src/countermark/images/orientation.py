"""Which way up: the orientation that a camera notes in EXIF, and the picture turned by it.

The Exif block of a JPEG, PNG, WebP or AVIF is a TIFF directory (Exif 2.32, CIPA DC-008, 4.5 and 4.6.4); orientation is
its tag 274. Nothing else of it is read.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

UPRIGHT: Final = 1
_ORIENTATION: Final = 274
_SHORT: Final = 3
_ENTRIES: Final = 1024


def exif_orientation(block: bytes) -> int:
    """The orientation, 1 to 8, in an Exif block (with or without its mark before it); 1 where there is none."""
    if block[:6] == b"Exif\0\0":
        block = block[6:]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < 10:
        return UPRIGHT
    (at,) = struct.unpack_from(f"{order}I", block, 4)
    if at + 2 > len(block):
        return UPRIGHT
    (entries,) = struct.unpack_from(f"{order}H", block, at)
    for start in range(at + 2, at + 2 + 12 * min(entries, _ENTRIES), 12):
        if start + 12 > len(block):
            break
        tag, kind, count, value = struct.unpack_from(f"{order}HHIH", block, start)
        if tag == _ORIENTATION and kind == _SHORT and count == 1:
            return value if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def lies_on_its_side(orientation: int) -> bool:
    """True where width and height change places."""
    return orientation >= 5


def upright(pixels: npt.NDArray[Any], orientation: int) -> npt.NDArray[Any]:
    """Pixels [h, w] or [h, w, 3] as they are to be seen."""
    if orientation == UPRIGHT:
        return pixels
    if lies_on_its_side(orientation):
        pixels = pixels.swapaxes(0, 1)
    if orientation in {3, 4, 7, 8}:
        pixels = pixels[::-1]
    if orientation in {2, 3, 6, 7}:
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
