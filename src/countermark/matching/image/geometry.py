"""Where a work lies in a frame: placements, and the part of the work that can be seen.

A placement is a homography float64[3, 3] from the unit square of the work to that of the frame.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from countermark.matching.image._plane_kernel import clipped, inverse, jacobian, moved, times, turning

if TYPE_CHECKING:
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]
    Points = npt.NDArray[np.float64]

__all__ = [
    "CORNERS", "FLIP", "area", "clipped", "inverse", "jacobian", "mirrored", "moved", "plausible", "product",
    "rotation", "seen", "sizing",
]  # fmt: skip

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
"""Those of the unit square: top left, top right, bottom right, bottom left."""

FLIP = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
"""Mirrors the unit square, left to right."""

MOST_SKEW = 4.0
"""A work is stretched so much more in one direction than in the other at most."""

MOST_TILT = 4.0
"""The nearest corner is so many times nearer than the farthest at most (perspective)."""

LARGEST = 12.0
"""The work's sides are so many times as long as the frame's at most (the frame shows a detail of it) …"""

SMALLEST = 0.04
"""… and at least so long."""


def sizing(width: float, height: float) -> Matrix:
    """The matrix that takes the unit square to `width` by `height` pixels."""
    return np.array([[width, 0.0, 0.0], [0.0, height, 0.0], [0.0, 0.0, 1.0]])


def product(first: Matrix, *others: Matrix) -> Matrix:
    """The product of 3 x 3 matrices."""
    for matrix in others:
        first = times(first, matrix)
    return first


def area(polygon: Points) -> float:
    """The area of a polygon, never negative."""
    return abs(float(turning(polygon))) / 2.0


def seen(placement: Matrix) -> Points:
    """The polygon of the work, in its unit square, that lies within the frame; no points where none does."""
    there = clipped(moved(placement, CORNERS))
    return moved(inverse(placement), there) if len(there) >= 3 else np.zeros((0, 2))


def plausible(placement: Matrix, frame: tuple[int, int], work: tuple[int, int]) -> bool:
    """Whether a picture of `work` (width, height) could be laid so into a frame (width, height)."""
    if not np.isfinite(placement).all():
        return False
    row = placement[2].tolist()
    depths = [row[2], row[0] + row[2], row[0] + row[1] + row[2], row[1] + row[2]]
    if min(depths) <= 0.0 or max(depths) > MOST_TILT * min(depths):
        return False
    there = moved(placement, CORNERS).tolist()
    lengths = [math.dist(there[k], there[k - 1]) for k in range(4)]
    if max(lengths) > LARGEST or min(lengths) < SMALLEST:
        return False
    (a, b), (c, d) = _in_pixels(placement, frame, work).tolist()
    # the singular values of the derivative in closed form
    total, difference = a * a + b * b + c * c + d * d, abs(a * d - b * c)
    root = math.sqrt(max(total * total - 4.0 * difference * difference, 0.0))
    larger, smaller = math.sqrt((total + root) / 2.0), math.sqrt(max(total - root, 0.0) / 2.0)
    return bool(larger <= MOST_SKEW * smaller)


def _in_pixels(placement: Matrix, frame: tuple[int, int], work: tuple[int, int]) -> npt.NDArray[np.float64]:
    """The derivative at the work's middle, in pixels on both sides."""
    scales = np.array([[frame[0]], [frame[1]]]) / np.array([[work[0], work[1]]])
    return np.asarray(jacobian(placement, 0.5, 0.5) * scales, dtype=np.float64)


def mirrored(placement: Matrix) -> bool:
    """Whether the work is seen as in a mirror."""
    return bool(turning(moved(placement, CORNERS)) < 0.0)


def rotation(placement: Matrix, frame: tuple[int, int], work: tuple[int, int]) -> float:
    """The turn of the work in degrees, clockwise as seen, over (-180, 180]; if mirrored, once it is mirrored back."""
    derivative = _in_pixels(placement, frame, work)
    if mirrored(placement):
        derivative = derivative * np.array([[-1.0, 1.0]])
    (a, b), (c, d) = derivative.tolist()
    turn = math.degrees(math.atan2(c - b, a + d))
    return 180.0 if turn <= -180.0 else turn
