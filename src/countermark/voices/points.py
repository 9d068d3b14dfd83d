"""Points of length one: their mean, and how close two are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def mean_point(points: Iterable[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The direction of the mean of points, float32[n] of length one; zeros where they cancel out."""
    mean = np.mean(np.stack(list(points)).astype(np.float64), axis=0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length > 0 else mean, np.float32)


def similarity(point: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """The cosine between two points of length one, to four places, so that no machine's last bits decide."""
    return round(float(point.astype(np.float64) @ other.astype(np.float64)), 4)
