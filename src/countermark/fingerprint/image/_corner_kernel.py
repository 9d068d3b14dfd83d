"""Kernels that find corners: a score for every pixel of a layer, and the best of them, spread over the layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import load64

EDGE = 4
"""Pixels at the rim of a layer that have no score."""


@kernel
def _products(layer: Any, y: int, row: Any, sums: Any) -> None:
    """Put the products of the gradients in row `y` into `row` int32[3, w]: along x, mixed, along y.

    `sums` int32[3, w] gains by them and loses what stood in `row`: so it is that of the last five rows.
    """
    size = layer.shape[1] - 2
    # slices that begin at each neighbour: an index that cannot be negative lets the compiler take many at a time
    above, below = layer[y - 1, 1:], layer[y + 1, 1:]
    before, after = layer[y], layer[y, 2:]
    xx, xy, yy = row[0, 1:], row[1, 1:], row[2, 1:]
    sxx, sxy, syy = sums[0, 1:], sums[1, 1:], sums[2, 1:]
    for x in range(size):
        dx = np.int32(after[x]) - np.int32(before[x])
        dy = np.int32(below[x]) - np.int32(above[x])
        p, q, r = dx * dx, dx * dy, dy * dy
        sxx[x] += p - xx[x]
        sxy[x] += q - xy[x]
        syy[x] += r - yy[x]
        xx[x], xy[x], yy[x] = p, q, r


@kernel
def _measures(xx: Any, xy: Any, yy: Any, out: Any) -> None:
    """Write Harris' measure of a row whose products are summed over five rows, to `out` float32[w]."""
    out[:EDGE] = 0
    out[xx.size - EDGE :] = 0
    size = xx.size - 2 * EDGE
    p0, p1, p2, p3, p4 = xx[EDGE - 2 :], xx[EDGE - 1 :], xx[EDGE:], xx[EDGE + 1 :], xx[EDGE + 2 :]
    q0, q1, q2, q3, q4 = xy[EDGE - 2 :], xy[EDGE - 1 :], xy[EDGE:], xy[EDGE + 1 :], xy[EDGE + 2 :]
    r0, r1, r2, r3, r4 = yy[EDGE - 2 :], yy[EDGE - 1 :], yy[EDGE:], yy[EDGE + 1 :], yy[EDGE + 2 :]
    inner = out[EDGE:]
    for x in range(size):
        # below 2^21 each: exact in float32, and what follows is rounded alike on every machine
        p = np.float32(p0[x] + p1[x] + p2[x] + p3[x] + p4[x])
        q = np.float32(q0[x] + q1[x] + q2[x] + q3[x] + q4[x])
        r = np.float32(r0[x] + r1[x] + r2[x] + r3[x] + r4[x])
        measure = np.float32(16) * (p * r - q * q) - (p + r) * (p + r)
        inner[x] = measure if measure > np.float32(0) else np.float32(0)


@kernel
def corner_scores(layer: Any, scores: Any) -> None:
    """Write Harris' measure of a corner (Harris and Stephens 1988, k = 1/16) of every pixel to `scores` float32[h, w].

    `layer` uint8[h, w] is smoothed. Gradients are summed over 5 by 5 pixels. What
    lies within EDGE of the rim gets 0, and so does what is no corner.
    """
    height, width = layer.shape
    rows = np.zeros((5, 3, width), dtype=np.int32)
    sums = np.zeros((3, width), dtype=np.int32)
    scores[:EDGE] = 0
    scores[height - EDGE :] = 0
    for y in range(2, height - 2):
        _products(layer, y, rows[y % 5], sums)
        if y < EDGE + 2 or y - 2 >= height - EDGE:
            continue
        _measures(sums[0], sums[1], sums[2], scores[y - 2])


@kernel
def _peaks(scores: Any, y: int, least: Any, out: Any) -> None:
    """Write to `out` uint8[w - 2] where row `y` has a local maximum above `least`; of equals, the last one."""
    u0, u1, u2 = scores[y - 1], scores[y - 1, 1:], scores[y - 1, 2:]
    m0, m1, m2 = scores[y], scores[y, 1:], scores[y, 2:]
    d0, d1, d2 = scores[y + 1], scores[y + 1, 1:], scores[y + 1, 2:]
    for x in range(out.size):
        value = m1[x]
        out[x] = (
            (value > least) & (value >= u0[x]) & (value >= u1[x]) & (value >= u2[x]) & (value >= m0[x])
            & (value > m2[x]) & (value > d0[x]) & (value > d1[x]) & (value > d2[x])
        )  # fmt: skip


@inlined
def _kept(value: Any, x: int, y: int, xs: Any, ys: Any, values: Any, held: int) -> int:
    """Keep a corner among the best of its cell, sorted; return how many are held."""
    if held == values.size:
        if value <= values[held - 1]:
            return held
        held -= 1
    at = held
    while at > 0 and values[at - 1] < value:
        values[at] = values[at - 1]
        xs[at] = xs[at - 1]
        ys[at] = ys[at - 1]
        at -= 1
    values[at] = value
    xs[at] = x
    ys[at] = y
    return held + 1


@kernel
def best_corners(scores: Any, margin: int, least: float, cell: int, each: int, found: Any) -> int:
    """Write the local maxima (x, y, rank in their cell) to `found` int32[n, 3], cell by cell, and return how many.

    Only the best `each` of every cell of `cell` by `cell` pixels are kept, the best first, and only above `least`.
    """
    height, width = scores.shape
    across = (width - 2 * margin + cell - 1) // cell
    xs, ys = np.empty((across, each), dtype=np.int32), np.empty((across, each), dtype=np.int32)
    values = np.empty((across, each), dtype=np.float32)
    held = np.empty(across, dtype=np.int32)
    peaks = np.zeros(width + 6, dtype=np.uint8)  # eight at a time are looked at
    floor = np.float32(least)
    count = 0
    for top in range(margin, height - margin, cell):
        held[:] = 0
        for y in range(top, min(top + cell, height - margin)):
            _peaks(scores, y, floor, peaks[: width - 2])
            for eight in range(0, width - 2, 8):
                if load64(peaks, eight) == 0:
                    continue
                for x in range(max(margin, eight + 1), min(eight + 9, width - margin)):
                    if peaks[x - 1]:
                        column = (x - margin) // cell
                        held[column] = _kept(
                            scores[y, x], x, y, xs[column], ys[column], values[column], held[column]
                        )
        for column in range(across):
            for rank in range(held[column]):
                if count == found.shape[0]:
                    return count
                found[count, 0] = xs[column, rank]
                found[count, 1] = ys[column, rank]
                found[count, 2] = rank
                count += 1
    return count
