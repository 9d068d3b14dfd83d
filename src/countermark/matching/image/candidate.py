"""A candidate: a work that may be in a picture, and where. Nothing is said of it until it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from countermark.fingerprint.image.features import Features


@dataclass(frozen=True, slots=True)
class WorkSide:
    """What the index holds of one work's picture for confirmation.

    `view` uint8[h, w] is grey, its longer side about 320; `features` are in pixels of their own frame (see Features);
    `width` and `height` are the pixels of the original. `commonness` uint8[n], for each feature, in how many other
    works of the index one like it stands (0: in none).
    """

    view: npt.NDArray[np.uint8]
    features: Features
    width: int
    height: int
    commonness: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Candidate:
    """The asset number `asset` may stand in the frame.

    `placement` float64[2, 3] is a guess of where: it takes the unit square of the work ((0, 0) its top left corner,
    (1, 1) its bottom right one) to that of the frame; None where nothing is known but that there are votes. A mirrored
    work has a placement with a negative determinant. `mirrored` says which state was voted for where there is no
    placement. `distance` are the bits between hashes, or None; `votes` the weight of the features that agree.
    """

    asset: int
    placement: npt.NDArray[np.float64] | None = None
    mirrored: bool = False
    distance: int | None = None
    votes: float = 0.0
