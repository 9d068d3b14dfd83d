"""What one picture may cost: bytes, pixels, memory, frames.

The bounds keep a picture under about 400 MB of memory and a few seconds, whatever its bytes say. Pictures beyond them
are refused with the reason `bomb` or `too-large`, never tried.
"""

from __future__ import annotations

from typing import Final

from countermark.errors import PictureError

MOST_BYTES: Final = 64 << 20
"""Bytes of a file. Photographs of 200 million pixels are smaller."""

MOST_FRAMES: Final = 16
"""Frames of an animation, or pages of a TIFF file, that are handed over, spread evenly."""

MOST_PIXELS: Final = 1 << 28
"""Pixels of a JPEG, which is decoded at an eighth of its size if need be: cameras of telephones make 2 × 10⁸."""

MOST_WHOLE: Final = 1 << 26
"""Pixels of a picture that must be decoded whole (PNG, TIFF, BMP): 4 bytes each, and one more for the grey. Also the
pixels of all frames together that are decoded on the way to the last one wanted."""

MOST_CANVAS: Final = 24_000_000
"""Pixels of a canvas on which frames are drawn one over the other (GIF, WebP, AVIF, animated PNG): the libraries keep
up to four copies of four bytes each."""

MOST_COEFFICIENTS: Final = 400_000_000
"""Bytes of a JPEG's coefficients, which are kept for the whole picture where it is stored in several scans."""

MOST_SCANS: Final = 100
"""Scans of a JPEG. Encoders write about 10; every further one costs a pass over the whole picture."""

MOST_SCANNED: Final = 1 << 31
"""Pixels of a JPEG, times its scans: each costs time even where the scan says nothing of it."""

MOST_PARTS: Final = 1 << 16
"""Chunks, blocks or directories of a file. A PNG of 64 MiB in parts of 8 KiB has 8,192."""

SHORTEST: Final = 32
"""Pixels of the shorter side: less carries nothing that could be told from other pictures."""

MOST_LENGTHY: Final = 48
"""How many times as long as wide: in a frame of 768 pixels, 16 of the shorter side are left."""


def check_bytes(data: bytes) -> None:
    """Raise PictureError `empty` or `too-large` for what is not worth a look."""
    if not data:
        raise PictureError("empty", "holds no bytes")
    if len(data) > MOST_BYTES:
        said = f"has {len(data):,} bytes; pictures of up to {MOST_BYTES:,} bytes are accepted"
        raise PictureError("too-large", said)


def check_size(width: int, height: int, most: int) -> None:
    """Raise PictureError `corrupt`, `tiny` or `bomb` for dimensions that are not to be decoded."""
    if width <= 0 or height <= 0:
        raise PictureError("corrupt", f"says that it is {width} × {height} pixels")
    if width * height > most:
        said = f"is {width:,} × {height:,} pixels; of its format up to {most:,} pixels are decoded"
        raise PictureError("bomb", said)
    shorter, longer = sorted((width, height))
    if shorter < SHORTEST:
        raise PictureError("tiny", f"is {width} × {height} pixels; each side must have {SHORTEST} at least")
    if longer > MOST_LENGTHY * shorter:
        said = f"is {width:,} × {height:,} pixels, a line; up to {MOST_LENGTHY} times as long as wide is accepted"
        raise PictureError("tiny", said)
