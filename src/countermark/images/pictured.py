"""What decoding a file gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from countermark.images.frame import Frame


@dataclass(frozen=True, slots=True)
class Pictured:
    """The frames of one file, and what else is to be told of it.

    `format` is jpeg, png, webp, avif, gif, tiff or bmp. `count` is how many frames of an animation, or pages, the file
    says it has; `looked_at` how many of them, from the first, were within reach of the limits (`frames` are spread
    evenly over these). `width` and `height` are the pixels of the first frame as it is to be seen. `damaged` says that
    the file breaks off or is broken, and that what could be decoded is shown.
    """

    frames: tuple[Frame, ...]
    format: str
    count: int
    looked_at: int
    width: int
    height: int
    damaged: bool = False
