"""Bringing two pictures onto one grid, and comparing them block by block.

Grey values are kept as integers of 1/8 grey level, sums of blocks are integers: what decides does not depend on the
order of additions. Correlation is zero-mean and normalised (Lewis 1995), so brightness and contrast do not count.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel

OUTSIDE = -1
"""The value of a cell of a grid that lies outside the picture."""

ONE = 8  # parts of a grey level: a block's sum of squares is then below 2^31
BLOCK = 8  # cells of a block's side
MARGIN = 2  # cells that a window reaches beyond its block on every side

BLEND = 64
"""Two levels are mixed in so many parts, so that both pictures are equally soft at any size (Williams 1983)."""


@kernel
def halve(grey: Any, half: Any) -> None:
    """Fill `half` uint8[h // 2, w // 2] with the means of 2 x 2 pixels of `grey` uint8[h, w]."""
    for y in range(half.shape[0]):
        upper, lower = grey[2 * y], grey[2 * y + 1]
        for x in range(half.shape[1]):
            total = np.int32(upper[2 * x]) + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]
            half[y, x] = (total + 2) >> 2


EDGE = 0.35
"""A block that goes in one direction only tells so much of what it could …"""
CROSSING = 3.0
"""… and one whose edges cross, all of it, from a third of the most that they can."""
DETAIL, SMOOTH = 0.4, 0.25
"""Second differences, as a share of the first, that tell all; and what a block without any tells."""


@inlined
def _bilinear(flat: Any, width: int, height: int, px: Any, py: Any) -> Any:
    """The value of a picture at a place in 1/256 pixel from the middle of the first, in parts of a grey level (ONE)."""
    px = min(max(px, 0), 256 * (width - 1))
    py = min(max(py, 0), 256 * (height - 1))
    fx, fy = px & 255, py & 255
    place = np.uint64((py >> 8) * width + (px >> 8))
    right, down = np.uint64(1 if fx else 0), np.uint64(width if fy else 0)
    upper = np.int64(flat[place]) * (256 - fx) + np.int64(flat[place + right]) * fx
    lower = np.int64(flat[place + down]) * (256 - fx) + np.int64(flat[place + down + right]) * fx
    return (upper * (256 - fy) + lower * fy) >> 13


@kernel
def warp(grey: Any, half: Any, mixed: int, extent: Any, matrix: Any, grid: Any) -> None:
    """Fill `grid` int32[h, w] with a picture as seen through `matrix`, in parts of a grey level (ONE), or OUTSIDE.

    `grey` is one level of the picture and `half` the next one, of which `mixed` parts of BLEND are taken. `matrix`
    float64[3, 3] takes a place on the grid (the cell (i, j) covers from (j, i) to (j + 1, i + 1)) to a place in `grey`
    in pixels (the first pixel covers from 0 to 1); the picture reaches to `extent` (x, y). Cells are sampled
    bilinearly at their middle, so one should cover about a pixel; the border is repeated.
    """
    height, width = grey.shape
    flat = grey.reshape(height * width)
    half_height, half_width = half.shape
    half_flat = half.reshape(half_height * half_width)
    slanted = matrix[2, 0] != 0.0 or matrix[2, 1] != 0.0
    near = 1.0 / matrix[2, 2] if not slanted and matrix[2, 2] >= 1e-9 else 0.0
    for i in range(grid.shape[0]):
        v = i + 0.5
        for j in range(grid.shape[1]):
            u = j + 0.5
            if slanted:
                depth = matrix[2, 0] * u + matrix[2, 1] * v + matrix[2, 2]
                near = 1.0 / depth if depth >= 1e-9 else 0.0
            x = (matrix[0, 0] * u + matrix[0, 1] * v + matrix[0, 2]) * near
            y = (matrix[1, 0] * u + matrix[1, 1] * v + matrix[1, 2]) * near
            if near == 0.0 or not (0.0 <= x <= extent[0] and 0.0 <= y <= extent[1]):
                grid[i, j] = OUTSIDE
                continue
            value = _bilinear(flat, width, height, np.int64(x * 256.0) - 128, np.int64(y * 256.0) - 128)
            if mixed:
                other = _bilinear(
                    half_flat, half_width, half_height, np.int64(x * 128.0) - 128, np.int64(y * 128.0) - 128
                )
                value = ((BLEND - mixed) * value + mixed * other) // BLEND
            grid[i, j] = value


# sums of columns, then running sums of those from the left: values, their squares, values times the height over the
# middle (twice), values times the column's number, cells that lie outside
TOTAL, SQUARES, MOMENT, LEVERED, ABSENT, SUMS = range(6)

# what a block amounts to: its sum, the sums of values times twice the place over its middle (x and y), what is left of
# the sum of squares once mean and slope are taken away, whether all of it is inside
B_TOTAL, B_ACROSS, B_DOWN, B_LEFT, B_INSIDE, BLOCK_SUMS = range(6)


@kernel
def _running(picture: Any, top: int, bottom: int, columns: Any, sums: Any) -> None:
    """Fill `sums` int64[SUMS, w + 1] with the running sums of rows `top` to `bottom`."""
    columns[:] = 0
    totals, squares, moments, absent = columns[TOTAL], columns[SQUARES], columns[MOMENT], columns[ABSENT]
    for y in range(top, bottom):
        row, lever = picture[y], np.int32(2 * y - top - bottom + 1)
        for x in range(len(totals)):
            value = row[x]
            totals[x] += value
            squares[x] += np.int32(value * value)
            moments[x] += np.int32(lever * value)
            absent[x] += np.int32(value < 0)
    for x in range(len(totals)):
        for k in range(SUMS):
            sums[k, x + 1] = sums[k, x] + columns[k, x]
        sums[LEVERED, x + 1] = sums[LEVERED, x] + np.int64(x) * totals[x]


@inlined
def _amount(sums: Any, left: int, right: int, rows: int, block: Any) -> None:
    """Fill `block` with what the columns `left` to `right` amount to."""
    columns = right - left
    area: Any = rows * columns
    total = sums[TOTAL, right] - sums[TOTAL, left]
    across = 2 * (sums[LEVERED, right] - sums[LEVERED, left]) - (left + right - 1) * total
    down = sums[MOMENT, right] - sums[MOMENT, left]
    squares = sums[SQUARES, right] - sums[SQUARES, left]
    # the sum of the squares of the levers, 2 x - (n - 1), is n (n^2 - 1) / 3, for each row or column of the block
    slope_x, slope_y = 3.0 / (area * (columns * columns - 1)), 3.0 / (area * (rows * rows - 1))
    level = 1.0 / area
    left_over = squares - (total * level) * total - (across * slope_x) * across - (down * slope_y) * down
    block[B_TOTAL], block[B_ACROSS], block[B_DOWN] = total * level, across * slope_x, down * slope_y
    # rounding of the grey levels leaves so much at least
    block[B_LEFT] = max(left_over, 0.25 * area)
    block[B_INSIDE] = 1.0 if sums[ABSENT, right] == sums[ABSENT, left] else 0.0


@kernel
def _products(one: Any, other: Any, top: int, bottom: int, dx: int, dy: int, columns: Any, sums: Any) -> None:
    """Fill `sums` with the running sums of the products of rows `top` to `bottom` with those of `other`, shifted."""
    columns[:] = 0
    first, last = max(0, -dx), len(columns) - max(0, dx)
    for y in range(top, bottom):
        row, shifted = one[y, first:last], other[y + dy, first + dx : last + dx]
        part = columns[first:last]
        for x in range(last - first):
            part[x] += np.int32(row[x] * shifted[x])
    for x in range(len(columns)):
        sums[x + 1] = sums[x] + columns[x]


@kernel
def compare(work: Any, frame: Any, reach: int, result: Any) -> None:
    """Compare `work` with `frame`, int32[8 * rows, 8 * columns] each, block by block.

    From each block its mean and its slope are taken away first: a sky that darkens to one side is like any other.
    `result` float64[rows, columns, 5] receives the best correlation (-2 where the block is not wholly inside), the
    shift (x, y) of the frame's block that gave it, at most `reach` cells, and the spread (standard deviation of what is
    left, in grey levels) of the work's and of the frame's block there.
    """
    rows, columns = result.shape[0], result.shape[1]
    height, width = work.shape
    of_columns = np.zeros((SUMS, width), dtype=np.int32)
    here, there = np.zeros((SUMS, width + 1), dtype=np.int64), np.zeros((SUMS, width + 1), dtype=np.int64)
    cross = np.zeros(width + 1, dtype=np.int64)
    mine, yours = np.zeros((columns, BLOCK_SUMS)), np.zeros(BLOCK_SUMS)
    result[:, :, 0] = -2.0
    result[:, :, 1:] = 0.0
    for r in range(rows):
        top, bottom = max(0, r * BLOCK - MARGIN), min(height, (r + 1) * BLOCK + MARGIN)
        _running(work, top, bottom, of_columns, here)
        for c in range(columns):
            _amount(
                here, max(0, c * BLOCK - MARGIN), min(width, (c + 1) * BLOCK + MARGIN), bottom - top, mine[c]
            )
        for dy in range(-reach, reach + 1):
            if top + dy < 0 or bottom + dy > height:
                continue
            _running(frame, top + dy, bottom + dy, of_columns, there)
            for dx in range(-reach, reach + 1):
                _products(work, frame, top, bottom, dx, dy, of_columns[TOTAL], cross)
                for c in range(columns):
                    left, right = max(0, c * BLOCK - MARGIN), min(width, (c + 1) * BLOCK + MARGIN)
                    if left + dx < 0 or right + dx > width or mine[c, B_INSIDE] == 0.0:
                        continue
                    _amount(there, left + dx, right + dx, bottom - top, yours)
                    if yours[B_INSIDE] != 0.0:
                        product = np.float64(cross[right] - cross[left])
                        _correlate(
                            mine[c],
                            yours,
                            product,
                            (bottom - top) * (right - left),
                            right - left,
                            bottom - top,
                            dx,
                            dy,
                            result[r, c],
                        )


@inlined
def _correlate(
    mine: Any, yours: Any, product: Any, area: int, columns: int, rows: int, dx: int, dy: int, block: Any
) -> None:
    """Correlate one block at one shift; keep it where it is the best so far."""
    product -= mine[B_TOTAL] * yours[B_TOTAL] * area
    product -= mine[B_ACROSS] * yours[B_ACROSS] * (area * (columns * columns - 1) / 3.0)
    product -= mine[B_DOWN] * yours[B_DOWN] * (area * (rows * rows - 1) / 3.0)
    correlation = product / np.sqrt(mine[B_LEFT] * yours[B_LEFT])
    if correlation > block[0]:
        block[0], block[1], block[2] = correlation, dx, dy
        block[3] = np.sqrt(mine[B_LEFT] / area) / ONE
        block[4] = np.sqrt(yours[B_LEFT] / area) / ONE


@kernel
def telling(grid: Any, result: Any) -> None:
    """Fill `result` float64[rows, columns] with how much it tells when a block agrees, from 0 to 1.

    A straight edge agrees with any other straight edge: where edges cross, more is told. That is four times the
    determinant of the structure tensor over the square of its trace (Harris and Stephens 1988). And what is smooth
    agrees with much else that is smooth: the second differences, squared, are to be half as large as the first.
    """
    height, width = grid.shape
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            xx = yy = xy = bends = np.int64(0)
            for y in range(max(1, r * BLOCK - MARGIN), min(height - 1, (r + 1) * BLOCK + MARGIN)):
                for x in range(max(1, c * BLOCK - MARGIN), min(width - 1, (c + 1) * BLOCK + MARGIN)):
                    left, right, above, below = grid[y, x - 1], grid[y, x + 1], grid[y - 1, x], grid[y + 1, x]
                    across, down, bend = (
                        right - left,
                        below - above,
                        4 * grid[y, x] - left - right - above - below,
                    )
                    xx += across * across
                    yy += down * down
                    xy += across * down
                    bends += bend * bend
            result[r, c] = 0.0
            trace = np.float64(xx + yy)
            if trace > 0.0:
                crossing = 4.0 * (np.float64(xx) * yy - np.float64(xy) * xy) / (trace * trace)
                of_edges = EDGE + (1.0 - EDGE) * min(CROSSING * crossing, 1.0)
                result[r, c] = of_edges * min(max(bends / (DETAIL * trace), SMOOTH), 1.0)
