"""The plane: products, inverses and polygons under homographies, float64[3, 3].

Called many times for each candidate: compiled, they cost a microsecond, and they add up in one order on every machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import kernel


@kernel
def times(left: Any, right: Any) -> Any:
    """The product of two 3 x 3 matrices."""
    result = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            result[i, j] = left[i, 0] * right[0, j] + left[i, 1] * right[1, j] + left[i, 2] * right[2, j]
    return result


@kernel
def inverse(matrix: Any) -> Any:
    """The inverse of a 3 x 3 matrix by cofactors; zeros where there is none."""
    result = np.zeros((3, 3))
    a, b, c = matrix[0, 0], matrix[0, 1], matrix[0, 2]
    d, e, f = matrix[1, 0], matrix[1, 1], matrix[1, 2]
    g, h, i = matrix[2, 0], matrix[2, 1], matrix[2, 2]
    result[0, 0], result[0, 1], result[0, 2] = e * i - f * h, c * h - b * i, b * f - c * e
    result[1, 0], result[1, 1], result[1, 2] = f * g - d * i, a * i - c * g, c * d - a * f
    result[2, 0], result[2, 1], result[2, 2] = d * h - e * g, b * g - a * h, a * e - b * d
    determinant = a * result[0, 0] + b * result[1, 0] + c * result[2, 0]
    if not abs(determinant) > 1e-18:
        result[:] = 0.0
        return result
    return result / determinant


@kernel
def moved(matrix: Any, points: Any) -> Any:
    """Where `points` float64[n, 2] land; far out where that is at infinity."""
    result = np.zeros((len(points), 2))
    for p in range(len(points)):
        x, y = points[p, 0], points[p, 1]
        depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
        if abs(depth) < 1e-12:
            depth = 1e-12
        result[p, 0] = (matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / depth
        result[p, 1] = (matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / depth
    return result


@kernel
def jacobian(matrix: Any, x: float, y: float) -> Any:
    """The derivative float64[2, 2] at a place."""
    depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
    if abs(depth) < 1e-12:
        depth = 1e-12
    px = (matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / depth
    py = (matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / depth
    result = np.zeros((2, 2))
    for j in range(2):
        result[0, j] = (matrix[0, j] - px * matrix[2, j]) / depth
        result[1, j] = (matrix[1, j] - py * matrix[2, j]) / depth
    return result


@kernel
def turning(polygon: Any) -> float:
    """Twice the area of a polygon: negative where it goes round against the order of CORNERS."""
    total = 0.0
    for p in range(len(polygon)):
        q = (p + 1) % len(polygon)
        total += polygon[p, 0] * polygon[q, 1] - polygon[q, 0] * polygon[p, 1]
    return total


@kernel
def clipped(polygon: Any) -> Any:
    """The part of a convex polygon float64[n, 2] that lies in the unit square (Sutherland and Hodgman 1974)."""
    points, count = polygon, len(polygon)
    for edge in range(4):
        axis, bound = edge // 2, float(edge % 2)
        sign = 1.0 - 2.0 * bound
        kept, number = np.zeros((2 * count + 2, 2)), 0
        for p in range(count):
            q = (p + 1) % count
            inner, outer = sign * (points[p, axis] - bound), sign * (points[q, axis] - bound)
            if inner >= 0.0:
                kept[number, 0], kept[number, 1] = points[p, 0], points[p, 1]
                number += 1
            if (inner > 0.0 and outer < 0.0) or (inner < 0.0 and outer > 0.0):
                share = inner / (inner - outer)
                kept[number, 0] = points[p, 0] + share * (points[q, 0] - points[p, 0])
                kept[number, 1] = points[p, 1] + share * (points[q, 1] - points[p, 1])
                number += 1
        points, count = kept, number
    return points[:count].copy()
