"""Bringing two pictures onto one grid, and comparing them block by block.

Grey values are kept as integers of 1/8 grey level, sums of blocks are integers: what decides does not depend on the
order of additions. Correlation is zero-mean and normalised (Lewis 1995), so brightness and contrast do not count.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._compile import kernel

OUTSIDE = -1
"""The value of a cell of a grid that lies outside the picture."""

ONE = 8  # parts of a grey level: a block's sum of squares is then below 2^31
BLOCK = 8  # cells of a block's side
MARGIN = 2  # cells that a window reaches beyond its block on every side


@kernel
def halve(grey: Any, half: Any) -> None:
    """Fill `half` uint8[h // 2, w // 2] with the means of 2 x 2 pixels of `grey` uint8[h, w]."""
    for y in range(half.shape[0]):
        upper, lower = grey[2 * y], grey[2 * y + 1]
        for x in range(half.shape[1]):
            total = np.int32(upper[2 * x]) + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]
            half[y, x] = (total + 2) >> 2


@kernel
def warp(grey: Any, matrix: Any, grid: Any) -> None:
    """Fill `grid` int32[h, w] with `grey` as seen through `matrix`, in parts of a grey level (ONE), or OUTSIDE.

    `matrix` float64[3, 3] takes a place on the grid (the cell (i, j) covers from (j, i) to (j + 1, i + 1)) to a place
    in `grey` in pixels (the first pixel covers from 0 to 1). Cells are sampled bilinearly at their middle, so one
    should cover about a pixel.
    """
    height, width = grey.shape
    flat = grey.reshape(height * width)
    for i in range(grid.shape[0]):
        v = i + 0.5
        for j in range(grid.shape[1]):
            u = j + 0.5
            depth = matrix[2, 0] * u + matrix[2, 1] * v + matrix[2, 2]
            grid[i, j] = OUTSIDE
            if depth < 1e-9:
                continue
            near = 1.0 / depth
            x = (matrix[0, 0] * u + matrix[0, 1] * v + matrix[0, 2]) * near
            y = (matrix[1, 0] * u + matrix[1, 1] * v + matrix[1, 2]) * near
            if not (0.0 <= x <= width and 0.0 <= y <= height):
                continue
            # places in 1/256 pixel, from the centre of the first pixel; the border is repeated
            px = min(max(np.int64(x * 256.0) - 128, 0), 256 * (width - 1))
            py = min(max(np.int64(y * 256.0) - 128, 0), 256 * (height - 1))
            fx, fy = px & 255, py & 255
            place = np.uint64((py >> 8) * width + (px >> 8))
            right = np.uint64(1 if fx else 0)
            down = np.uint64(width if fy else 0)
            upper = np.int64(flat[place]) * (256 - fx) + np.int64(flat[place + right]) * fx
            lower = np.int64(flat[place + down]) * (256 - fx) + np.int64(flat[place + down + right]) * fx
            grid[i, j] = (upper * (256 - fy) + lower * fy) >> 13


# rows of the sums of columns: of the work, of the frame (shifted up or down), of their products
TOTAL, SQUARES, MOMENT, LEAST, PICTURE_SUMS = range(5)
PRODUCTS, SUMS = 2 * PICTURE_SUMS, 2 * PICTURE_SUMS + 1


@kernel
def _columns(one: Any, top: int, bottom: int, sums: Any) -> None:
    """Sum each column of rows `top` to `bottom`: values, squares, values times twice the height over the middle."""
    totals, squares, moments, least = sums[TOTAL], sums[SQUARES], sums[MOMENT], sums[LEAST]
    sums[:] = 0
    for y in range(top, bottom):
        row, lever = one[y], np.int32(2 * y - top - bottom + 1)
        for x in range(len(totals)):
            value = row[x]
            totals[x] += value
            squares[x] += np.int32(value * value)
            moments[x] += np.int32(lever * value)
            least[x] = min(least[x], value)


@kernel
def _products(one: Any, other: Any, top: int, bottom: int, dx: int, dy: int, sums: Any) -> None:
    """Sum in each column the products of rows `top` to `bottom` with those of `other`, shifted."""
    sums[:] = 0
    first, last = max(0, -dx), len(sums) - max(0, dx)
    for y in range(top, bottom):
        row, shifted = one[y, first:last], other[y + dy, first + dx : last + dx]
        part = sums[first:last]
        for x in range(last - first):
            part[x] += np.int32(row[x] * shifted[x])


@kernel
def compare(work: Any, frame: Any, reach: int, result: Any) -> None:
    """Compare `work` with `frame`, int32[8 * rows, 8 * columns] each, block by block.

    From each block its mean and its slope are taken away first: a sky that darkens to one side is like any other.
    `result` float64[rows, columns, 6] receives the best correlation (-2 where the block is not wholly inside), the
    shift (x, y) of the frame's block that gave it, at most `reach` cells, the spread (standard deviation of what is
    left, in grey levels) of the work's and of the frame's block there, and the correlation at no shift.
    """
    rows, columns = result.shape[0], result.shape[1]
    height, width = work.shape
    sums = np.zeros((SUMS, width), dtype=np.int32)
    result[:, :, 0] = -2.0
    result[:, :, 1:] = 0.0
    for r in range(rows):
        top, bottom = max(0, r * BLOCK - MARGIN), min(height, (r + 1) * BLOCK + MARGIN)
        _columns(work, top, bottom, sums[:PICTURE_SUMS])
        for dy in range(-reach, reach + 1):
            if top + dy < 0 or bottom + dy > height:
                continue
            _columns(frame, top + dy, bottom + dy, sums[PICTURE_SUMS:PRODUCTS])
            for dx in range(-reach, reach + 1):
                _products(work, frame, top, bottom, dx, dy, sums[PRODUCTS])
                for c in range(columns):
                    left, right = max(0, c * BLOCK - MARGIN), min(width, (c + 1) * BLOCK + MARGIN)
                    if left + dx >= 0 and right + dx <= width:
                        _correlate(sums, left, right, bottom - top, dx, dy, result[r, c])


@kernel
def _correlate(sums: Any, left: int, right: int, rows: int, dx: int, dy: int, block: Any) -> None:
    """Correlate one block at one shift from the sums of its columns; keep it where it is the best so far."""
    total = squares = across = down = np.int64(0)
    f_total = f_squares = f_across = f_down = cross = np.int64(0)
    least: Any = np.int64(0)
    for x in range(left, right):
        lever = 2 * x - left - right + 1
        total += sums[TOTAL, x]
        squares += sums[SQUARES, x]
        across += lever * sums[TOTAL, x]
        down += sums[MOMENT, x]
        f_total += sums[PICTURE_SUMS + TOTAL, x + dx]
        f_squares += sums[PICTURE_SUMS + SQUARES, x + dx]
        f_across += lever * sums[PICTURE_SUMS + TOTAL, x + dx]
        f_down += sums[PICTURE_SUMS + MOMENT, x + dx]
        cross += sums[PRODUCTS, x]
        least = min(least, sums[LEAST, x], sums[PICTURE_SUMS + LEAST, x + dx])
    if least < 0:
        return
    columns = right - left
    area: Any = rows * columns
    # the sum of the squares of the levers, 2 x - (n - 1), is n (n^2 - 1) / 3, for each row or column of the block
    level = 1.0 / area
    slope_x, slope_y = 3.0 / (area * (columns * columns - 1)), 3.0 / (area * (rows * rows - 1))
    spread = squares - total * total * level - across * across * slope_x - down * down * slope_y
    f_spread = (
        f_squares - f_total * f_total * level - f_across * f_across * slope_x - f_down * f_down * slope_y
    )
    product = cross - total * f_total * level - across * f_across * slope_x - down * f_down * slope_y
    # rounding of the grey levels leaves so much at least
    spread, f_spread = max(spread, 0.25 * area), max(f_spread, 0.25 * area)
    correlation: Any = product / np.sqrt(spread * f_spread)
    if dx == 0 and dy == 0:
        block[5] = correlation
    if correlation > block[0]:
        block[0], block[1], block[2] = correlation, dx, dy
        block[3] = np.sqrt(spread * level) / ONE
        block[4] = np.sqrt(f_spread * level) / ONE


@kernel
def crossings(grid: Any, result: Any) -> None:
    """Fill `result` float64[rows, columns] with how much each block goes in two directions: 0 for straight edges, to 1.

    Four times the determinant of the structure tensor over the square of its trace (Harris and Stephens 1988). A
    straight edge agrees with any other straight edge and says little; where edges cross, much is said.
    """
    height, width = grid.shape
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            xx = yy = xy = np.int64(0)
            for y in range(max(1, r * BLOCK - MARGIN), min(height - 1, (r + 1) * BLOCK + MARGIN)):
                for x in range(max(1, c * BLOCK - MARGIN), min(width - 1, (c + 1) * BLOCK + MARGIN)):
                    across = grid[y, x + 1] - grid[y, x - 1]
                    down = grid[y + 1, x] - grid[y - 1, x]
                    xx += across * across
                    yy += down * down
                    xy += across * down
            trace = np.float64(xx + yy)
            result[r, c] = (
                4.0 * (np.float64(xx) * yy - np.float64(xy) * xy) / (trace * trace) if trace > 0.0 else 0.0
            )
