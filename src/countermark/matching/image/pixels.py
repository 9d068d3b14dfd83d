"""Pixels: a work's view and a frame brought onto one grid, and which blocks of it agree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countermark.matching.image import _warp_kernel
from countermark.matching.image._fit_kernel import fit_robust
from countermark.matching.image._warp_kernel import BLOCK
from countermark.matching.image.geometry import area, inverse, jacobian, moved, product, seen, sizing

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.matching.image.geometry import Matrix, Points

SMALLEST_LEVEL = 24
"""Pictures are halved for the grids until the longer side is less than twice so many pixels."""

BLEND = 64
"""Two levels are mixed in so many parts, so that both pictures are equally soft at any size (Williams 1983)."""

FEWEST_BLOCKS = 2
"""A grid has so many blocks in either direction at least."""

# the fields of a block that was compared
R, SHIFT_X, SHIFT_Y, WORK_SPREAD, FRAME_SPREAD, R_STILL, BLOCK_FIELDS = range(7)


@dataclass(frozen=True, slots=True)
class Levels:
    """A picture in grey, and its halves, quarters and so on; `width` and `height` are those of the first."""

    greys: tuple[npt.NDArray[np.uint8], ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """A work and a frame compared under a placement.

    `blocks` float64[rows, columns, BLOCK_FIELDS] cover the part of the work that can be seen, from corner to corner of
    `window` (left, top, right, bottom in the work's unit square); `visible` is the polygon of that part. `crossings`
    float64[rows, columns]: how much each block of the work goes in two directions, from 0 to 1. `there` is
    the frame on the grid.
    """

    placement: Matrix
    blocks: npt.NDArray[np.float64]
    crossings: npt.NDArray[np.float64]
    window: tuple[float, float, float, float]
    visible: Points
    there: npt.NDArray[np.int32]

    def places(self) -> Points:
        """The middles of the blocks, float64[rows * columns, 2], in the work's unit square."""
        rows, columns = self.blocks.shape[:2]
        left, top, right, bottom = self.window
        x = left + (right - left) * (np.arange(columns) + 0.5) / columns
        y = top + (bottom - top) * (np.arange(rows) + 0.5) / rows
        return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=2).reshape(-1, 2)


def levels(grey: npt.NDArray[np.uint8]) -> Levels:
    """The picture and its halves."""
    greys = [np.ascontiguousarray(grey)]
    while max(greys[-1].shape) >= 2 * SMALLEST_LEVEL and min(greys[-1].shape) >= 4:
        half = np.zeros((greys[-1].shape[0] // 2, greys[-1].shape[1] // 2), dtype=np.uint8)
        _warp_kernel.halve(greys[-1], half)
        greys.append(half)
    return Levels(tuple(greys), grey.shape[1], grey.shape[0])


def _onto(picture: Levels, to_unit: Matrix, shape: tuple[int, int]) -> npt.NDArray[np.int32]:
    """`picture` on a grid of `shape`; `to_unit` takes places on the grid to the picture's unit square."""
    derivative = jacobian(to_unit, shape[1] / 2.0, shape[0] / 2.0)
    (a, b), (c, d) = derivative.tolist()
    footprint = max(math.sqrt(abs(a * d - b * c) * picture.width * picture.height), 1.0)
    depth = min(math.log2(footprint), len(picture.greys) - 1.0)
    level = math.floor(depth)
    finer = _sampled(picture, level, to_unit, shape)
    coarser = round(BLEND * (depth - level))
    if coarser == 0:
        return finer
    other = _sampled(picture, level + 1, to_unit, shape)
    return np.where(finer < 0, finer, ((BLEND - coarser) * finer + coarser * other) // BLEND).astype(np.int32)


def _sampled(picture: Levels, level: int, to_unit: Matrix, shape: tuple[int, int]) -> npt.NDArray[np.int32]:
    grid = np.zeros(shape, dtype=np.int32)
    # halving leaves out an odd last row or column: the level covers a little less than the whole
    size = sizing(picture.width / 2.0**level, picture.height / 2.0**level)
    _warp_kernel.warp(picture.greys[level], product(size, to_unit), grid)
    return grid


def look(work: Levels, frame: Levels, placement: Matrix, cells: int, reach: int) -> Look | None:
    """Compare under a placement, on a grid of about `cells` by `cells`; None where too little can be seen.

    The grid is no finer than the coarser of the two. Blocks of the frame may be shifted by `reach` cells at most.
    """
    visible = seen(placement)
    if len(visible) < 3 or not np.isfinite(visible).all():
        return None
    (left, top), (right, bottom) = visible.min(axis=0).tolist(), visible.max(axis=0).tolist()
    left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in (left, top, right, bottom))
    wide, high = (right - left) * work.width, (bottom - top) * work.height
    shown = area(visible) * work.width * work.height
    there = area(moved(placement, visible)) * frame.width * frame.height
    if shown < 64.0 or there < 64.0:
        return None
    step = max(1.0, math.sqrt(shown / there), math.sqrt(wide * high) / cells)
    columns, rows = round(wide / step / BLOCK), round(high / step / BLOCK)
    if min(columns, rows) < FEWEST_BLOCKS or max(columns, rows) > 8 * cells // BLOCK:
        return None
    shape = (rows * BLOCK, columns * BLOCK)
    to_work = np.array(
        [[(right - left) / shape[1], 0.0, left], [0.0, (bottom - top) / shape[0], top], [0.0, 0.0, 1.0]]
    )
    blocks, crossings = np.zeros((rows, columns, BLOCK_FIELDS)), np.zeros((rows, columns))
    here, there_grid = _onto(work, to_work, shape), _onto(frame, product(placement, to_work), shape)
    _warp_kernel.compare(here, there_grid, reach, blocks)
    _warp_kernel.crossings(here, crossings)
    return Look(placement, blocks, crossings, (left, top, right, bottom), visible, there_grid)


def nudged(seen_so: Look, kind: int, least: float) -> Matrix | None:
    """The placement that the shifts of the blocks speak for; None where too few of them correlate `least`."""
    blocks = seen_so.blocks.reshape(-1, BLOCK_FIELDS)
    texture = np.minimum(blocks[:, WORK_SPREAD], blocks[:, FRAME_SPREAD])
    good = (blocks[:, R] >= least) & (texture >= 1.5)
    if good.sum() < kind:
        return None
    rows, columns = seen_so.blocks.shape[:2]
    left, top, right, bottom = seen_so.window
    cell = np.array([(right - left) / (columns * BLOCK), (bottom - top) / (rows * BLOCK)])
    source = seen_so.places()[good]
    target = moved(seen_so.placement, source + blocks[good][:, [SHIFT_X, SHIFT_Y]] * cell)
    weights = (blocks[good, R] - least + 0.05) * np.minimum(texture[good], 12.0)
    # places in the work's unit square are compared: two cells off is far off
    inside = inverse(seen_so.placement)
    home = moved(inside, target)
    change = np.zeros((3, 3))
    if not fit_robust(source / cell, home / cell, weights, kind, 3.0, change):
        return None
    scale = np.diag([cell[0], cell[1], 1.0])
    change = product(scale, change, np.diag([1.0 / cell[0], 1.0 / cell[1], 1.0]))
    matrix = product(seen_so.placement, change)
    return matrix / matrix[2, 2] if abs(matrix[2, 2]) > 1e-12 else None


def repetition(grid: npt.NDArray[np.int32]) -> float:
    """How much a grid is like itself elsewhere, from 0 to 1: 1 for a chessboard.

    The highest value of the autocorrelation a block or more away from its middle, over that in the middle. Where the
    same comes again and again, each block that agrees says no more than the one before.
    """
    grey = np.where(grid < 0, 0, grid).astype(np.float64)
    fine = (
        grey - (np.roll(grey, 4, 0) + np.roll(grey, -4, 0) + np.roll(grey, 4, 1) + np.roll(grey, -4, 1)) / 4.0
    )
    rows, columns = fine.shape
    spectrum = np.abs(np.fft.rfft2(fine, (2 * rows, 2 * columns))) ** 2
    sums = np.fft.irfft2(spectrum, (2 * rows, 2 * columns))[: rows // 2, : columns // 2]
    overlap = np.outer(rows - np.arange(rows // 2), columns - np.arange(columns // 2))
    means = sums / overlap
    middle = float(means[0, 0])
    means[:BLOCK, :BLOCK] = 0.0
    return max(0.0, min(1.0, float(means.max()) / middle)) if middle > 0.0 else 0.0
