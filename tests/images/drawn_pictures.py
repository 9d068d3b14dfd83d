"""Pictures drawn by code, written as files of every format."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import numpy.typing as npt

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP")
ORIENTED = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")
WIDTH, HEIGHT = 160, 96


def drawn(width: int = WIDTH, height: int = HEIGHT) -> npt.NDArray[np.uint8]:
    """Grey, each corner of another tone, so that no turning or mirroring is the same."""
    across = np.linspace(0, 1, width)[None, :]
    down = np.linspace(0, 1, height)[:, None]
    grey = 40 + 120 * across + 60 * down
    grey[: height // 3, : width // 4] = 15
    return grey.astype(np.uint8)


def image(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """The same, in colours that are all grey."""
    return Image.fromarray(drawn(width, height)).convert("RGB")


def written(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The file."""
    stream = io.BytesIO()
    good: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 95},
        "WEBP": {"lossless": True},
        "AVIF": {"quality": 95},
    }
    picture.save(stream, kind, **{**good.get(kind, {}), **options})
    return stream.getvalue()


def exif(orientation: int, order: str = "<") -> bytes:
    """An Exif block with nothing but the orientation."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHIHH", 274, 3, 1, orientation, 0)
    return b"Exif\0\0" + mark + struct.pack(order + "IH", 8, 1) + entry + bytes(4)


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG in grey whose header says this size, with these chunks and no others."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks)


def film(count: int, kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    """An animation: the further the frame, the lighter it is, and each has an edge."""
    frames = []
    for number in range(count):
        grey = np.full((size[1], size[0]), 10 + 200 * number // count, np.uint8)
        grey[:, : size[0] // 2] //= 2
        frames.append(Image.fromarray(grey))
    return written(frames[0], kind, save_all=True, append_images=frames[1:], duration=40)


def apart(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> float:
    """Mean difference of tones, 0 to 255; of pictures of one size."""
    assert first.shape == second.shape
    return float(np.abs(first.astype(np.int16) - second).mean())
