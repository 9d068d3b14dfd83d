"""Kernels that describe corners: the direction of each, and the 256 comparisons of points around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import kernel


@kernel
def directions(padded: Any, pad: int, corners: Any, disc: Any, cosines: Any, sines: Any, steps: Any) -> None:
    """Write to `steps` int32[n] the direction of each corner, as a number of `cosines.size` equal steps of the circle.

    It points from the corner to the centroid of the intensities around it (Rosin 1999; Rublee and others 2011). `disc`
    int32[2 r + 1, 32] is 1 within a circle of radius r around (r, r), 0 elsewhere; `cosines` and `sines` int64 are
    those of the steps. `padded` is the layer with `pad` pixels more on each side, 32 - r at least to the right.
    """
    radius = disc.shape[0] // 2
    sums, moments = np.empty(32, dtype=np.int32), np.empty(32, dtype=np.int32)
    for index in range(corners.shape[0]):
        left, top = corners[index, 0] + pad - radius, corners[index, 1] + pad - radius
        sums[:] = 0
        moments[:] = 0
        for v in range(disc.shape[0]):
            # rows of fixed length are added as a whole; what lies outside the circle counts nothing
            part, inside, down = padded[top + v, left : left + 32], disc[v], np.int32(v - radius)
            for u in range(32):
                value = np.int32(part[u]) * inside[u]
                sums[u] += value
                moments[u] += value * down
        mx, my = np.int64(0), np.int64(0)
        for u in range(32):
            mx += np.int64(sums[u]) * (u - radius)
            my += np.int64(moments[u])
        best, most = 0, np.int64(-(1 << 62))
        for step in range(cosines.size):
            far = mx * cosines[step] + my * sines[step]
            if far > most:
                best, most = step, far
        steps[index] = best


@kernel
def describe(
    sums: Any,
    pad: int,
    corners: Any,
    steps: Any,
    offsets: Any,
    halves: Any,
    inverses: Any,
    pairs: Any,
    codes: Any,
) -> None:
    """Write the code of each corner to `codes` uint64[n, 4]: bit i says which of two points is the darker one.

    It is set where point `pairs[0, i]` is darker than `pairs[1, i]`; `pairs` is uint8[2, 256].
    `sums` int32[h + 1, w + 1] are the sums of the padded layer (see `directions`) above and left of each pixel;
    `offsets` int32[steps, points, 2] where the points lie (x, y) for each direction; a point is the mean of a square of
    2 `halves` + 1 pixels; `inverses` int64 are 2^24 over the areas of these squares.
    """
    points = halves.size
    values = np.empty(256, dtype=np.int32)
    first, second = pairs[0], pairs[1]
    for index in range(corners.shape[0]):
        cx, cy = corners[index, 0] + pad, corners[index, 1] + pad
        place = offsets[steps[index]]
        for point in range(points):
            half = halves[point]
            x, y = cx + place[point, 0], cy + place[point, 1]
            above, below = sums[y - half], sums[y + half + 1]
            total = below[x + half + 1] - above[x + half + 1] - below[x - half] + above[x - half]
            values[point] = (np.int64(total) * inverses[point]) >> 14
        for word in range(4):
            bits = np.uint64(0)
            for bit in range(64):
                at = 64 * word + bit
                bits |= np.uint64(values[first[at]] < values[second[at]]) << np.uint64(bit)
            codes[index, word] = bits


@kernel
def permute(codes: Any, sources: Any, flips: Any, out: Any) -> None:
    """Write `codes` permuted: bit i of `out` is bit `sources[i]`, complemented where bit i of `flips` is set."""
    for index in range(codes.shape[0]):
        for word in range(4):
            bits = np.uint64(0)
            for bit in range(64):
                source = sources[64 * word + bit]
                value = (codes[index, source >> 6] >> np.uint64(source & 63)) & np.uint64(1)
                bits |= value << np.uint64(bit)
            out[index, word] = bits ^ flips[word]
