"""Peeling uniform borders off a picture, in integers."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel

NEAR = 14  # grey levels from the border's own: more than JPEG's noise beside an edge at quality 50
STRAY = 64  # one pixel in so many of a line may be anything
SAMPLES = 256  # pixels of a line that are looked at, at least, where it has so many
PARTS = 16  # of the rows, one after another
ROUNDS = 3  # a letterbox around a mat around a picture


@inlined
def _level(line: Any, counts: Any) -> Any:
    """The median of a line of pixels; `counts` int64[256] is scratch."""
    counts[:] = 0
    for index in range(line.size):
        counts[line[index]] += 1
    below = 0
    level = -1
    while 2 * below <= line.size:
        level += 1
        below += counts[level]
    return level


@inlined
def _step(length: int) -> int:
    """Of longer lines only every so many pixels are looked at, 256 or more of them."""
    return max(1, length // SAMPLES)


@inlined
def _uniform(line: Any, level: int) -> bool:
    """Whether all pixels of a line but a few are near `level`."""
    step = _step(line.size)
    room = -(-line.size // step) // STRAY
    for index in range(0, line.size, step):
        if abs(np.int64(line[index]) - level) > NEAR:
            room -= 1
            if room < 0:
                return False
    return True


@kernel
def _rows(grey: Any, box: Any, counts: Any, from_top: bool) -> Any:
    """How many rows of the box are border, from its top or from its bottom."""
    left, top, right, bottom = box[0], box[1], box[2], box[3]
    first, step = (top, 1) if from_top else (bottom - 1, -1)
    level = _level(grey[first, left:right], counts)
    peeled = 0
    while peeled < bottom - top and _uniform(grey[first + step * peeled, left:right], level):
        peeled += 1
    return peeled


@kernel
def _columns(grey: Any, box: Any, counts: Any, runs: Any, from_left: bool) -> Any:
    """How many columns are border: nearly all rows begin (end) with so many pixels near the border's level.

    Rows are gone through rather than columns, since they lie together in memory: some of all parts first, for then it
    is known how far to look. `runs` int64[width + 1] is scratch.
    """
    left, top, right, bottom = box[0], box[1], box[2], box[3]
    first, step = (left, 1) if from_left else (right - 1, -1)
    outermost = grey[top:bottom, first]
    level = _level(outermost, counts)
    if not _uniform(outermost, level):
        return 0
    runs[:] = 0
    border = right - left
    every = _step(bottom - top)
    shorter, room = 0, -(-(bottom - top) // every) // STRAY
    for part in range(PARTS):
        for row in range(top + part * every, bottom, PARTS * every):
            line = grey[row]
            run = 0
            while run < border and abs(np.int64(line[first + step * run]) - level) <= NEAR:
                run += 1
            if run == border:
                continue
            runs[run] += 1
            shorter += 1
            while shorter > room:
                border -= 1
                shorter -= runs[border]
    return border


@kernel
def peel(grey: Any, box: Any) -> None:
    """Narrow `box` int64[4] (left, top, right, bottom) by borders on each side; it may become empty."""
    counts = np.empty(256, np.int64)
    runs = np.empty(grey.shape[1] + 1, np.int64)
    for _ in range(ROUNDS):
        before = box[0] + box[1] - box[2] - box[3]
        box[1] += _rows(grey, box, counts, True)
        if box[1] < box[3]:
            box[3] -= _rows(grey, box, counts, False)
        if box[1] >= box[3]:
            return
        box[0] += _columns(grey, box, counts, runs, True)
        if box[0] < box[2]:
            box[2] -= _columns(grey, box, counts, runs, False)
        if box[0] >= box[2] or before == box[0] + box[1] - box[2] - box[3]:
            return
