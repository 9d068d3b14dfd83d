"""A decoded picture, as matching looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LONGEST = 768
"""Pixels of the longer side of a frame at most: larger pictures are scaled down to it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, or one frame of an animated one, the right way up and in grey.

    `grey` is uint8[h, w], its longer side at most LONGEST; `width` and `height` are the pixels of the original as it
    is to be seen (orientation applied); `number` counts the frames of an animation from 0.
    """

    grey: npt.NDArray[np.uint8]
    width: int
    height: int
    number: int = 0
