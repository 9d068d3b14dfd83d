"""Making pictures smaller, in whole numbers only: the same bytes out on every machine.

First the mean over squares of whole pixels, to less than twice the size, then linear interpolation in fixed point.
The exact mean of areas (`cv2.INTER_AREA`) would sum in floating point, and takes several times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import numpy.typing as npt


def fitting(width: int, height: int, longest: int) -> tuple[int, int]:
    """Width and height with the longer side at most `longest`, rounded half up; never more than they are."""
    longer = max(width, height)
    if longer <= longest:
        return width, height
    return (
        max(1, (2 * width * longest + longer) // (2 * longer)),
        max(1, (2 * height * longest + longer) // (2 * longer)),
    )


def averaged(image: Image.Image, times: int) -> npt.NDArray[np.uint8]:
    """The means of squares of `times` pixels of an image in mode L or RGB; those at the right and below may be cut."""
    return np.asarray(image.reduce(times) if times > 1 else image)


def shrunk(pixels: npt.NDArray[np.uint8], size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Pixels [h, w] or [h, w, 3] at `size` (width, height), which must not be larger."""
    height, width = pixels.shape[:2]
    times = max(width, height) // max(size)
    if times > 1:
        pixels = averaged(Image.fromarray(pixels), times)
    if pixels.shape[1::-1] == size:
        return pixels
    return cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR_EXACT).astype(np.uint8, copy=False)
