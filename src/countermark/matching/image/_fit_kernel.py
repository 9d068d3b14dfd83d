"""Fitting a placement to pairs of places: weighted least squares, in one order of additions on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import kernel

SIMILARITY, AFFINE, HOMOGRAPHY = 4, 6, 8
"""The kinds of a placement, named by their number of unknowns."""


@kernel
def _solve(system: Any, unknowns: int) -> bool:
    """Solve `system` float64[n, n + 1] in place by elimination with pivots; the solution is its last column."""
    for k in range(unknowns):
        pivot = k
        for r in range(k + 1, unknowns):
            if abs(system[r, k]) > abs(system[pivot, k]):
                pivot = r
        if abs(system[pivot, k]) < 1e-9:
            return False
        if pivot != k:
            for c in range(unknowns + 1):
                system[k, c], system[pivot, c] = system[pivot, c], system[k, c]
        for r in range(unknowns):
            if r != k:
                factor = system[r, k] / system[k, k]
                for c in range(k, unknowns + 1):
                    system[r, c] -= factor * system[k, c]
    for k in range(unknowns):
        system[k, unknowns] /= system[k, k]
    return True


@kernel
def _row(kind: int, x: float, y: float, target: float, second: bool, row: Any) -> None:
    """One equation of a pair (Hartley and Zisserman 2004, section 4.1, with the last entry of the matrix set to 1)."""
    row[:] = 0.0
    if kind == SIMILARITY:
        row[0], row[1] = (y, x) if second else (x, -y)
        row[3 if second else 2] = 1.0
    else:
        first = 3 if second else 0
        row[first], row[first + 1], row[first + 2] = x, y, 1.0
        if kind == HOMOGRAPHY:
            row[6], row[7] = -x * target, -y * target
    row[kind] = target


@kernel
def _frame_of(points: Any, weights: Any) -> tuple[float, float, float]:
    """The weighted centre of points and their mean distance from it along one axis."""
    total = cx = cy = spread = 0.0
    for p in range(len(points)):
        total += weights[p]
        cx += weights[p] * points[p, 0]
        cy += weights[p] * points[p, 1]
    if total <= 0.0:
        return 0.0, 0.0, 0.0
    cx, cy = cx / total, cy / total
    for p in range(len(points)):
        spread += weights[p] * ((points[p, 0] - cx) ** 2 + (points[p, 1] - cy) ** 2)
    return cx, cy, np.sqrt(0.5 * spread / total)


@kernel
def _unscaled(
    solution: Any, kind: int, sx: float, sy: float, s: float, tx: float, ty: float, t: float, matrix: Any
) -> None:
    """Fill `matrix` with a solution, its centring and scaling undone on both sides."""
    h = np.zeros((3, 3))
    h[2, 2] = 1.0
    if kind == SIMILARITY:
        h[0, 0], h[0, 1], h[0, 2] = solution[0], -solution[1], solution[2]
        h[1, 0], h[1, 1], h[1, 2] = solution[1], solution[0], solution[3]
    else:
        for k in range(kind):
            h[k // 3, k % 3] = solution[k]
    for i in range(3):
        h[i, 2] -= (h[i, 0] * sx + h[i, 1] * sy) / s
        h[i, 0] /= s
        h[i, 1] /= s
    for j in range(3):
        matrix[0, j] = t * h[0, j] + tx * h[2, j]
        matrix[1, j] = t * h[1, j] + ty * h[2, j]
        matrix[2, j] = h[2, j]


@kernel
def _normal(
    source: Any, target: Any, weights: Any, kind: int,
    sx: float, sy: float, s: float, tx: float, ty: float, t: float, system: Any,
) -> None:  # fmt: skip
    """Add up the normal equations of all pairs in `system`."""
    row = np.zeros(kind + 1)
    for p in range(len(source)):
        if weights[p] <= 0.0:
            continue
        x, y = (source[p, 0] - sx) / s, (source[p, 1] - sy) / s
        for side in range(2):
            place = (target[p, 1] - ty) / t if side else (target[p, 0] - tx) / t
            _row(kind, x, y, place, side == 1, row)
            for i in range(kind):
                if row[i] != 0.0:
                    for j in range(kind + 1):
                        system[i, j] += weights[p] * row[i] * row[j]


@kernel
def fit(source: Any, target: Any, weights: Any, kind: int, matrix: Any) -> bool:
    """Fill `matrix` float64[3, 3] so that it takes `source` float64[n, 2] to `target`; False where that is not settled.

    Both sides are centred and scaled first, so that the system is well conditioned (Hartley 1997).
    """
    sx, sy, s = _frame_of(source, weights)
    tx, ty, t = _frame_of(target, weights)
    if s <= 1e-9 or t <= 1e-9:
        return False
    system = np.zeros((kind, kind + 1))
    _normal(source, target, weights, kind, sx, sy, s, tx, ty, t, system)
    if not _solve(system, kind):
        return False
    _unscaled(system[:, kind], kind, sx, sy, s, tx, ty, t, matrix)
    last = matrix[2, 2]
    if abs(last) < 1e-12:
        return False
    for i in range(3):
        for j in range(3):
            matrix[i, j] /= last
    return True


@kernel
def residuals(matrix: Any, source: Any, target: Any, off: Any) -> None:
    """Fill `off` with how far from `target` each of `source` lands."""
    for p in range(len(source)):
        x, y = source[p, 0], source[p, 1]
        depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
        if depth < 1e-9:
            off[p] = 1e9
            continue
        ex = (matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / depth - target[p, 0]
        ey = (matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / depth - target[p, 1]
        off[p] = np.sqrt(ex * ex + ey * ey)


@kernel
def fit_robust(source: Any, target: Any, weights: Any, kind: int, scale: float, matrix: Any) -> bool:
    """As `fit`, twice more with the weights of pairs that land `scale` away or more set to nought (Tukey)."""
    if not fit(source, target, weights, kind, matrix):
        return False
    off, kept = np.zeros(len(source)), weights.copy()
    for _ in range(2):
        residuals(matrix, source, target, off)
        for p in range(len(source)):
            share = off[p] / scale
            kept[p] = weights[p] * (1.0 - share * share) ** 2 if share < 1.0 else 0.0
        if not fit(source, target, kept, kind, matrix):
            return False
    return True


@kernel
def shifts(
    blocks: Any, left: float, top: float, side: int, least: float, texture: float,
    source: Any, target: Any, weights: Any,
) -> int:  # fmt: skip
    """Fill `source` and `target` float64[n, 2] with where blocks lie and where they were found; return how many.

    `blocks` is as `_warp_kernel.compare` leaves it, `side` the cells of a block's side, (`left`, `top`) where the first
    one begins. Blocks that correlate less than `least` or have less than `texture` say nothing; `weights` float64[n]
    receives how much the others say.
    """
    count = 0
    for r in range(blocks.shape[0]):
        for c in range(blocks.shape[1]):
            block = blocks[r, c]
            spread = min(block[3], block[4])
            if block[0] < least or spread < texture:
                continue
            source[count, 0], source[count, 1] = left + (c + 0.5) * side, top + (r + 0.5) * side
            target[count, 0], target[count, 1] = source[count, 0] + block[1], source[count, 1] + block[2]
            weights[count] = (block[0] - least + 0.05) * min(spread, 12.0)
            count += 1
    return count
