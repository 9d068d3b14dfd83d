"""JPEG: read at a fraction of its size, in grey where that is all that is wanted.

The discrete cosine transform of a JPEG can be inverted at n/8 of its size (ITU-T T.81; libjpeg-turbo does it), and its
first component is the grey (ITU-T T.871): most of the work of decoding is saved. Colour profiles are not applied.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import simplejpeg

from countermark.errors import PictureError
from countermark.images.damage import check_seen
from countermark.images.limits import (
    MOST_COEFFICIENTS,
    MOST_PARTS,
    MOST_PIXELS,
    MOST_SCANNED,
    MOST_SCANS,
    check_size,
)
from countermark.images.orientation import UPRIGHT, exif_orientation

if TYPE_CHECKING:
    import numpy.typing as npt

_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_PROGRESSIVE: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_SCAN: Final = 0xDA
_END: Final = 0xD9
_ALONE: Final = frozenset({0x00, 0x01, _END, *range(0xD0, 0xD8)})
# A byte 0xFF in a scan is a marker unless it is followed by 0 (stuffed), a restart or another 0xFF (fill).
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """What stands before the first scan; `width` and `height` are as stored."""

    width: int
    height: int
    components: int
    orientation: int


def read_header(data: bytes) -> JpegHeader:
    """The header, judged: raises PictureError for what is not to be decoded."""
    orientation = UPRIGHT
    frame = b""
    kind = 0
    at = 2
    for _ in range(MOST_PARTS):
        code, start, end = _segment(data, at)
        if code in _FRAMES and not frame:
            kind, frame = code, data[start:end]
        elif code == 0xE1 and orientation == UPRIGHT and data[start : start + 6] == b"Exif\0\0":
            orientation = exif_orientation(data[start:end])
        elif code == _SCAN:
            return _judged(data, kind, frame, orientation, (start, end))
        elif code == _END:
            break
        at = end
    raise PictureError("corrupt", "is a JPEG without any picture in it")


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """The next marker's code, and where what it carries begins and ends."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] == 0xFF:
        at = data.find(b"\xff", at)
        while at >= 0 and data[at + 1 : at + 2] == b"\xff":
            at += 1
        head = data[at : at + 4] if at >= 0 else b""
        if len(head) < 4:
            raise PictureError("truncated", "ends before the picture begins")
    code = head[1]
    if code in _ALONE:
        return code, at + 2, at + 2
    return code, at + 4, at + 2 + max(head[2] << 8 | head[3], 2)


def _judged(data: bytes, kind: int, frame: bytes, orientation: int, scan: tuple[int, int]) -> JpegHeader:
    if len(frame) < 6:
        raise PictureError("corrupt", "is a JPEG that does not say its size")
    precision, height, width, components = struct.unpack_from(">BHHB", frame)
    if precision != 8:
        raise PictureError("format", f"is a JPEG of {precision} bits a sample; those of 8 are accepted")
    if components not in {1, 3, 4} or len(frame) < 6 + 3 * components:
        raise PictureError(
            "corrupt", f"is a JPEG of {components} components; those of 1, 3 and 4 are accepted"
        )
    check_size(width, height, MOST_PIXELS)
    if kind in _PROGRESSIVE or (scan[0] < len(data) and data[scan[0]] < components):
        _check_memory(_coefficients(frame, width, height, components))
        _check_scans(data, scan[1], min(MOST_SCANS, MOST_SCANNED // (width * height)))
    return JpegHeader(width, height, components, orientation)


def _coefficients(frame: bytes, width: int, height: int, components: int) -> int:
    """Bytes of all coefficients: two each, in blocks of 64, of each component by its sampling factors."""
    factors = [(frame[7 + 3 * n] >> 4, frame[7 + 3 * n] & 15) for n in range(components)]
    across, down = max(1, *(h for h, _ in factors)), max(1, *(v for _, v in factors))
    return sum(128 * -(-width * h // (8 * across)) * -(-height * v // (8 * down)) for h, v in factors)


def _check_memory(coefficients: int) -> None:
    if coefficients > MOST_COEFFICIENTS:
        said = f"is a JPEG in several scans that needs {coefficients:,} bytes at once; up to {MOST_COEFFICIENTS:,}"
        raise PictureError("bomb", f"{said} are given to it")


def _check_scans(data: bytes, at: int, most: int) -> None:
    """Refuse what needs a pass over the whole picture too many times."""
    scans = 1
    for found in _MARKER.finditer(data, at):
        code = data[found.start() + 1]
        if code == _END:
            return
        scans += code == _SCAN
        if scans > most:
            raise PictureError(
                "bomb", f"is a JPEG in scans, of which {most} are decoded at its size; it has more"
            )


def decode_jpeg(
    data: bytes, header: JpegHeader, longest: int, *, colour: bool
) -> tuple[npt.NDArray[np.uint8], bool]:
    """Grey [h, w] or RGB [h, w, 3] as stored, the longer side `longest` at least where it is; and if it is damaged."""
    space = "CMYK" if header.components == 4 else "RGB" if colour else "GRAY"
    side = "min_width" if header.width >= header.height else "min_height"
    wanted = {side: min(longest, max(header.width, header.height))}
    damaged = False
    try:
        pixels = simplejpeg.decode_jpeg(data, space, strict=True, **wanted)
    except ValueError:
        pixels, damaged = _as_far_as_it_goes(data, space, wanted), True
    if space == "CMYK":
        pixels = _from_inks(pixels, colour=colour)
    elif space == "GRAY":
        pixels = pixels[:, :, 0]
    return pixels, damaged


def _as_far_as_it_goes(data: bytes, space: str, wanted: dict[str, int]) -> npt.NDArray[np.uint8]:
    """What the decoder makes of a broken file; where a part is missing, its last rows are of one grey."""
    try:
        pixels: npt.NDArray[np.uint8] = simplejpeg.decode_jpeg(data, space, strict=False, **wanted)
    except ValueError as error:
        raise PictureError("corrupt", f"is a JPEG that cannot be decoded ({error})") from None
    check_seen(pixels)
    return pixels


def _from_inks(pixels: npt.NDArray[np.uint8], *, colour: bool) -> npt.NDArray[np.uint8]:
    """Grey or RGB from cyan, magenta, yellow and black, stored as Adobe does: 255 is no ink."""
    inks = pixels.astype(np.uint32)
    light, black = inks[:, :, :3], inks[:, :, 3]
    if colour:
        return ((light * black[:, :, None] + 127) // 255).astype(np.uint8)
    grey = (light[:, :, 0] * 19595 + light[:, :, 1] * 38470 + light[:, :, 2] * 7471 + 32768) >> 16
    return ((grey * black + 127) // 255).astype(np.uint8)
