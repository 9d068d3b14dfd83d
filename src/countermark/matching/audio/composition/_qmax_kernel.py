"""Kernels that align two sequences of pitch-class profiles: likeness, nearest frames both ways, the best local path.

After Serrà, Serra and Andrzejak (2009), "Cross recurrence quantification for cover song identification". All numbers
are whole: the result is the same on every machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import kernel

LEVELS = 512
"""Steps in which the likeness of two stacks of frames is ranked."""
GAIN, GAP = 2, 1
"""What a pair of near frames adds to a path, and what one that is not takes away."""


@kernel
def likeness(first: Any, second: Any, rotation: int, stack: int, out: Any) -> None:
    """Write how alike stacks of `stack` frames are to `out` uint16[n - stack + 1, m - stack + 1], 0 to LEVELS - 1.

    `first` int16[n, 12] and `second` int16[m, 12] have rows of length 64 or 0. `second` is turned up by `rotation`
    classes.
    """
    n, m = first.shape[0], second.shape[0]
    columns = m - stack + 1
    turned = np.empty((12, m), dtype=np.int32)
    for j in range(m):
        for k in range(12):
            turned[(k + rotation) % 12, j] = second[j, k]
    products = np.zeros((stack, m), dtype=np.int32)
    sums = np.zeros((2, m), dtype=np.int32)
    top = stack * 4097
    for i in range(n):
        slot = i % stack
        row = products[slot]
        new, old = sums[i & 1], sums[(i + 1) & 1]
        keep = row.copy()  # the products of row i - stack, whose diagonal leaves the sum
        for j in range(m):
            row[j] = 0
        for k in range(12):
            weight = np.int32(first[i, k])
            if weight:
                line = turned[k]
                for j in range(m):
                    row[j] += weight * line[j]
        for j in range(min(stack, m)):
            new[j] = row[j] + (old[j - 1] if j else 0)
        for j in range(stack, m):
            new[j] = row[j] + old[j - 1] - keep[j - stack]
        at = i - stack + 1
        if at >= 0:
            for j in range(columns):
                value = new[j + stack - 1] * LEVELS // top
                out[at, j] = min(LEVELS - 1, max(0, value))


@kernel
def nearest(alike: Any, rows: int, columns: int, percent: int, near: Any) -> None:
    """Write 1 to `near` uint8[rows, columns] where a cell is among the highest `percent` of its row and its column."""
    counts = np.zeros((columns, LEVELS), dtype=np.uint16)
    of_row = np.empty(LEVELS, dtype=np.int32)
    least = np.empty(rows, dtype=np.int32)
    wanted = max(1, columns * percent // 100)
    for i in range(rows):
        of_row[:] = 0
        for j in range(columns):
            level = alike[i, j]
            of_row[level] += 1
            counts[j, level] += 1
        total, level = 0, LEVELS
        while level > 1 and total < wanted:
            level -= 1
            total += of_row[level]
        least[i] = level
    wanted = max(1, rows * percent // 100)
    floors = np.empty(columns, dtype=np.int32)
    for j in range(columns):
        total, level = 0, LEVELS
        while level > 1 and total < wanted:
            level -= 1
            total += counts[j, level]
        floors[j] = level
    for i in range(rows):
        for j in range(columns):
            level = alike[i, j]
            near[i, j] = (level >= least[i]) & (level >= floors[j])


@kernel
def best_path(near: Any, rows: int, columns: int, found: Any) -> int:
    """The score of the best local path through `near`; `found` int32[4] is its first row, first column, last row, last.

    A path goes on by (1, 1), (1, 2) or (2, 1). A near cell adds GAIN, any other takes GAP.
    """
    scores = np.zeros((3, columns + 2), dtype=np.int32)
    starts = np.zeros((3, columns + 2), dtype=np.int32)
    best, best_start, best_end = 0, 0, 0
    for i in range(rows):
        s0, s1, s2 = scores[i % 3], scores[(i + 2) % 3], scores[(i + 1) % 3]
        b0, b1, b2 = starts[i % 3], starts[(i + 2) % 3], starts[(i + 1) % 3]
        for j in range(columns):
            value, start = s1[j + 1], b1[j + 1]
            if s2[j + 1] > value:
                value, start = s2[j + 1], b2[j + 1]
            if s1[j] > value:
                value, start = s1[j], b1[j]
            if near[i, j]:
                if value == 0:
                    start = i * columns + j
                value += GAIN
            else:
                value = max(0, value - GAP)
            s0[j + 2] = value
            b0[j + 2] = start
            if value > best:
                best, best_start, best_end = value, start, i * columns + j
    found[0], found[1] = best_start // columns, best_start % columns
    found[2], found[3] = best_end // columns, best_end % columns
    return best
