"""Pixels: a work's view and a frame brought onto one grid, and which blocks of it agree."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from countermark.matching.image import _warp_kernel
from countermark.matching.image._fit_kernel import fit_robust, shifts
from countermark.matching.image._warp_kernel import BLEND, BLOCK
from countermark.matching.image.geometry import CORNERS, area, jacobian, moved, product, seen, sizing

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.matching.image.geometry import Matrix, Points

SMALLEST_LEVEL = 24
"""Pictures are halved for the grids until the longer side is less than twice so many pixels."""

LEAST_TEXTURE = 1.5
"""Grey levels of spread on both sides of a block whose shift says something."""

FEWEST_BLOCKS = 2
"""A grid has so many blocks in either direction at least."""

# the fields of a block that was compared
R, SHIFT_X, SHIFT_Y, WORK_SPREAD, FRAME_SPREAD, BLOCK_FIELDS = range(6)


class Grid(NamedTuple):
    """A picture on a grid int32[8 * rows, 8 * columns], and how much each block of it tells (0 to 1)."""

    cells: npt.NDArray[np.int32]
    telling: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Levels:
    """A picture in grey, and its halves, quarters and so on; `width` and `height` are those of the first.

    `kept`: the last grid that was asked of all of it, for each number of cells: a work is looked at as a whole again
    and again.
    """

    greys: tuple[npt.NDArray[np.uint8], ...]
    width: int
    height: int
    kept: dict[int, Grid] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """A work and a frame compared under a placement.

    `blocks` float64[rows, columns, BLOCK_FIELDS] cover the part of the work that can be seen, from corner to corner of
    `window` (left, top, right, bottom in the work's unit square); `visible` is the polygon of that part. `telling`
    float64[rows, columns]: how much it tells when a block agrees, from 0 to 1. `here`
    and `there` are the work and the frame on the grid.
    """

    placement: Matrix
    blocks: npt.NDArray[np.float64]
    telling: npt.NDArray[np.float64]
    window: tuple[float, float, float, float]
    visible: Points
    here: npt.NDArray[np.int32]
    there: npt.NDArray[np.int32]


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
    (a, b), (c, d) = jacobian(to_unit, shape[1] / 2.0, shape[0] / 2.0).tolist()
    footprint = max(math.sqrt(abs(a * d - b * c) * picture.width * picture.height), 1.0)
    # rounded, so that no library's last digit decides
    depth = min(round(BLEND * math.log2(footprint)), BLEND * (len(picture.greys) - 1))
    level, mixed = divmod(depth, BLEND)
    grid = np.empty(shape, dtype=np.int32)
    # halving leaves out an odd last row or column: the level covers a little less than the whole
    extent = np.array([picture.width / 2.0**level, picture.height / 2.0**level])
    half = picture.greys[level + 1 if mixed else level]
    matrix = product(sizing(extent[0], extent[1]), to_unit)
    _warp_kernel.warp(picture.greys[level], half, mixed, extent, matrix, grid)
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
    # what ends within half a cell of the work's edge reaches it: the middle of the last cell is seen
    near_x, near_y = 0.5 * step / work.width, 0.5 * step / work.height
    left, top = left if left > near_x else 0.0, top if top > near_y else 0.0
    right, bottom = right if right < 1.0 - near_x else 1.0, bottom if bottom < 1.0 - near_y else 1.0
    columns, rows = round(wide / step / BLOCK), round(high / step / BLOCK)
    if min(columns, rows) < FEWEST_BLOCKS or max(columns, rows) > 8 * cells // BLOCK:
        return None
    shape = (rows * BLOCK, columns * BLOCK)
    to_work = np.array(
        [[(right - left) / shape[1], 0.0, left], [0.0, (bottom - top) / shape[0], top], [0.0, 0.0, 1.0]]
    )
    window = left, top, right, bottom
    grid = _grid(work, window, to_work, shape, cells)
    on_grid = _onto(frame, product(placement, to_work), shape)
    blocks = np.empty((rows, columns, BLOCK_FIELDS))
    _warp_kernel.compare(grid.cells, on_grid, reach, blocks)
    return Look(placement, blocks, grid.telling, window, visible, grid.cells, on_grid)


def _grid(
    work: Levels, window: tuple[float, ...], to_work: Matrix, shape: tuple[int, int], cells: int
) -> Grid:
    """The work on the grid."""
    whole = window == (0.0, 0.0, 1.0, 1.0)
    if whole and cells in work.kept and work.kept[cells].cells.shape == shape:
        return work.kept[cells]
    grid = Grid(_onto(work, to_work, shape), np.zeros((shape[0] // BLOCK, shape[1] // BLOCK)))
    _warp_kernel.telling(grid.cells, grid.telling)
    if whole:
        work.kept[cells] = grid
    return grid


def nudged(seen_so: Look, kind: int, least: float) -> Matrix | None:
    """The placement that the shifts of the blocks speak for; None where too few of them correlate `least`."""
    rows, columns = seen_so.blocks.shape[:2]
    left, top, right, bottom = seen_so.window
    cell = (right - left) / (columns * BLOCK), (bottom - top) / (rows * BLOCK)
    source, target, weights = (
        np.empty((rows * columns, 2)),
        np.empty((rows * columns, 2)),
        np.empty(rows * columns),
    )
    start = left / cell[0], top / cell[1]
    count = shifts(seen_so.blocks, *start, BLOCK, least, LEAST_TEXTURE, source, target, weights)
    change = np.zeros((3, 3))
    # places are compared in cells: three cells off is far off
    if count < kind or not fit_robust(source[:count], target[:count], weights[:count], kind, 3.0, change):
        return None
    change = product(sizing(cell[0], cell[1]), change, sizing(1.0 / cell[0], 1.0 / cell[1]))
    matrix = product(seen_so.placement, change)
    return matrix / matrix[2, 2] if abs(matrix[2, 2]) > 1e-12 else None


def moves(seen_so: Look, placement: Matrix) -> float:
    """How many cells of the grid another placement is away, where it is farthest."""
    left, top, right, bottom = seen_so.window
    corners = CORNERS * (right - left, bottom - top) + (left, top)
    here, there = moved(seen_so.placement, corners), moved(placement, corners)
    size = math.dist(here[0].tolist(), here[2].tolist())
    return float(np.abs(here - there).max()) * math.hypot(*seen_so.there.shape) / max(size, 1e-9)


def repetition(grid: npt.NDArray[np.int32]) -> float:
    """How much a grid is like itself elsewhere, from 0 to 1: 1 for a chessboard.

    The highest value of the autocorrelation a block or more away from its middle, over that in the middle. Where the
    same comes again and again, each block that agrees says no more than the one before. Half as fine is enough.
    """
    halves = np.maximum(grid, 0)
    halves = halves[:, ::2] + halves[:, 1::2]
    grey = np.pad((halves[::2] + halves[1::2]) / 4.0, 2, mode="wrap")
    fine = grey[2:-2, 2:-2] - (grey[:-4, 2:-2] + grey[4:, 2:-2] + grey[2:-2, :-4] + grey[2:-2, 4:]) / 4.0
    rows, columns = fine.shape
    # so far padded that what is moved by half a side does not come round
    shape = rows + rows // 2, 2 * ((columns + columns // 2 + 1) // 2)
    sums = np.fft.irfft2(np.abs(np.fft.rfft2(fine, shape)) ** 2, shape)[: rows // 2]
    down, across = np.arange(rows // 2), np.arange(-(columns // 2), columns // 2 + 1)
    means = sums[:, across] / np.outer(rows - down, columns - np.abs(across))
    middle = float(means[0, columns // 2])
    means[: BLOCK // 2, np.abs(across) < BLOCK // 2] = 0.0
    # rounded, so that no library's last digit decides
    return round(max(0.0, min(1.0, float(means.max()) / middle)), 6) if middle > 0.0 else 0.0
