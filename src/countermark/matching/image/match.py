"""A match: a work seen in a picture, confirmed by geometry and pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class ImageMatch:
    """What was confirmed of one candidate in one frame.

    `placement` float64[3, 3] takes the unit square of the work to that of the frame (a homography). `box` float64[4]:
    left, top, right, bottom of the part of the work that is seen, in its unit square; `outline` float64[4, 2]: where
    the corners of that box lie in the unit square of the frame, in the order of the work's own corners (top left, top
    right, bottom right, bottom left). `inliers` are the features that agree with the placement; `agreement` is how well
    the pixels agree, from 0 to 1. `share_of_work` and `share_of_record` are the areas covered, from 0 to 1; `score` is
    what the threshold is set on. `contradiction` is the part of the textured blocks within the placement that differ.
    `grade` is `identical`, `copy` or `shared`.
    """

    asset: int
    placement: npt.NDArray[np.float64]
    box: npt.NDArray[np.float64]
    outline: npt.NDArray[np.float64]
    mirrored: bool
    rotation: float
    inliers: int
    agreement: float
    share_of_work: float
    share_of_record: float
    score: float
    grade: str
    distance: int | None = None
    contradiction: float = 0.0
