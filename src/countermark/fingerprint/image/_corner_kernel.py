"""Kernels that find corners: a score for every pixel of a layer, and the best of them, spread over the layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._compile import kernel

EDGE = 4
"""Pixels at the rim of a layer that have no score."""


@kernel
def corner_scores(layer: Any, scores: Any) -> None:
    """Write Harris' measure of a corner (Harris and Stephens 1988, k = 1/16) of every pixel to `scores` float32[h, w].

    `layer` uint8[h, w] is smoothed. Gradients are summed over 5 by 5 pixels; all that decides is computed in integers.
    What lies within EDGE of the rim gets 0, and so does what is no corner.
    """
    height, width = layer.shape
    xx = np.zeros((height, width), dtype=np.int32)
    xy = np.zeros((height, width), dtype=np.int32)
    yy = np.zeros((height, width), dtype=np.int32)
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            dx = np.int32(layer[y, x + 1]) - np.int32(layer[y, x - 1])
            dy = np.int32(layer[y + 1, x]) - np.int32(layer[y - 1, x])
            xx[y, x] = dx * dx
            xy[y, x] = dx * dy
            yy[y, x] = dy * dy
    a = np.zeros(width, dtype=np.int32)
    b = np.zeros(width, dtype=np.int32)
    c = np.zeros(width, dtype=np.int32)
    scores[:EDGE] = 0
    scores[height - EDGE :] = 0
    for y in range(EDGE, height - EDGE):
        for x in range(width):
            a[x] = xx[y - 2, x] + xx[y - 1, x] + xx[y, x] + xx[y + 1, x] + xx[y + 2, x]
            b[x] = xy[y - 2, x] + xy[y - 1, x] + xy[y, x] + xy[y + 1, x] + xy[y + 2, x]
            c[x] = yy[y - 2, x] + yy[y - 1, x] + yy[y, x] + yy[y + 1, x] + yy[y + 2, x]
        for x in range(width):
            scores[y, x] = 0
        for x in range(EDGE, width - EDGE):
            p = np.int64(a[x - 2] + a[x - 1] + a[x] + a[x + 1] + a[x + 2])
            q = np.int64(b[x - 2] + b[x - 1] + b[x] + b[x + 1] + b[x + 2])
            r = np.int64(c[x - 2] + c[x - 1] + c[x] + c[x + 1] + c[x + 2])
            measure = 16 * (p * r - q * q) - (p + r) * (p + r)
            scores[y, x] = np.float32(max(measure, np.int64(0)))


@kernel
def best_corners(scores: Any, margin: int, least: float, cell: int, each: int, found: Any) -> int:
    """Write the local maxima (x, y, rank in their cell) to `found` int32[n, 3], cell by cell, and return how many.

    Only the best `each` of every cell of `cell` by `cell` pixels are kept, the best first, and only scores above `least`.
    """
    height, width = scores.shape
    xs = np.empty(each, dtype=np.int32)
    ys = np.empty(each, dtype=np.int32)
    values = np.empty(each, dtype=np.float32)
    count = 0
    for top in range(margin, height - margin, cell):
        for left in range(margin, width - margin, cell):
            held = 0
            for y in range(top, min(top + cell, height - margin)):
                for x in range(left, min(left + cell, width - margin)):
                    value = scores[y, x]
                    if value <= least or (held == each and value <= values[held - 1]):
                        continue
                    if not (
                        value > scores[y - 1, x - 1]
                        and value > scores[y - 1, x]
                        and value > scores[y - 1, x + 1]
                        and value > scores[y, x - 1]
                        and value >= scores[y, x + 1]
                        and value >= scores[y + 1, x - 1]
                        and value >= scores[y + 1, x]
                        and value >= scores[y + 1, x + 1]
                    ):
                        continue
                    if held < each:
                        held += 1
                    at = held - 1
                    while at > 0 and values[at - 1] < value:
                        values[at] = values[at - 1]
                        xs[at] = xs[at - 1]
                        ys[at] = ys[at - 1]
                        at -= 1
                    values[at] = value
                    xs[at] = x
                    ys[at] = y
            for at in range(held):
                if count == found.shape[0]:
                    return count
                found[count, 0] = xs[at]
                found[count, 1] = ys[at]
                found[count, 2] = at
                count += 1
    return count
