"""The part of a picture within its borders: mats, letterboxes, the white margin that a square was filled up with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from countermark.fingerprint.image._trim_kernel import peel

if TYPE_CHECKING:
    import numpy.typing as npt

SMALLEST = 32
"""Pixels of a side that must be left, and at least an eighth of what it was."""

LEAST = 64
"""A picture from which less than one part in so many of either side would go is left as it is."""


class Box(NamedTuple):
    """A part of a picture in pixels, half-open: columns `[left, right)`, rows `[top, bottom)`."""

    left: int
    top: int
    right: int
    bottom: int


def trimmed(grey: npt.NDArray[np.uint8]) -> Box | None:
    """The part of a grey picture uint8[h, w] without (nearly) uniform borders; None if there is nothing to trim.

    Also None if too little would be left. Each side's border has its own level, the median of its outermost line; lines
    belong to it as long as all but one pixel in 64 are near that level. Borders within borders are taken off too, three
    deep. Where something was taken off, the line next to it goes as well: it is mostly a mixture of both.
    """
    height, width = grey.shape
    if min(height, width) < SMALLEST:
        return None
    found = np.array([0, 0, width, height], dtype=np.int64)
    peel(np.ascontiguousarray(grey), found)
    left, top, right, bottom = found.tolist()
    box = Box(left + (left > 0), top + (top > 0), right - (right < width), bottom - (bottom < height))
    across, down = box.right - box.left, box.bottom - box.top
    if across < max(SMALLEST, width // 8) or down < max(SMALLEST, height // 8):
        return None
    if (width - across) * LEAST < width and (height - down) * LEAST < height:
        return None
    return box
