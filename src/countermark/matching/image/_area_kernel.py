"""Judging the blocks of a grid, and the part of it that agrees: the rectangle whose blocks add up to the most."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import kernel

OUT, PLAIN, UNSURE, DIFFERS, AGREES = range(5)
"""A block lies outside the frame; has no texture on either side; agrees a little; does not agree; agrees."""

TEXTURE = 2.0
"""Grey levels of spread of a block with something in it …"""
PUT_ON = 7.0
"""… and of one where something stands in the frame that is not in the work (noise is less)."""
FULL_TEXTURE = 5.0
"""A block with so much spread counts fully, one with less, less."""
AGREE_FROM, DIFFER_BELOW = 0.68, 0.4
"""The correlations from which a block agrees, and below which it differs."""

# hundredths of a bit
GAIN_LEAST, GAIN_MOST = 40.0, 400.0
DIFFER_LOSS, UNSURE_LOSS = 250.0, 60.0
PLAIN_GAIN, OUT_LOSS = 2, 2

# the same for the extent of what is seen: text across a picture is no end of it
EXTENT_GAIN, EXTENT_LOSS, EXTENT_PLAIN, EXTENT_OUT = 100.0, 60, 5, 5


@kernel
def judge_blocks(blocks: Any, telling: Any, kinds: Any, weights: Any, values: Any, extents: Any) -> None:
    """Judge each block: its kind, how much is in it (0 to 1), and what it says, in hundredths of a bit.

    `extents` int64 says of each how much it belongs to the part that is seen.

    `blocks` is as `_warp_kernel.compare` leaves it, `telling` as `_warp_kernel.telling` does.
    """
    for i in range(kinds.shape[0]):
        for j in range(kinds.shape[1]):
            r, work, frame = blocks[i, j, 0], blocks[i, j, 3], blocks[i, j, 4]
            kinds[i, j], weights[i, j], values[i, j] = OUT, 0.0, -OUT_LOSS
            extents[i, j] = -EXTENT_OUT
            if r < -1.0:
                continue
            if (work < TEXTURE and frame < PUT_ON) or (work < FULL_TEXTURE and frame < 1.0):
                kinds[i, j], values[i, j] = PLAIN, PLAIN_GAIN
                extents[i, j] = EXTENT_PLAIN
            elif r >= AGREE_FROM and work >= TEXTURE:
                weight = min(min(work, 2.0 * frame) / FULL_TEXTURE, 1.0)
                above = (r - AGREE_FROM) / (1.0 - AGREE_FROM)
                gain = GAIN_LEAST + (GAIN_MOST - GAIN_LEAST) * above * above
                kinds[i, j], weights[i, j], values[i, j] = (
                    AGREES,
                    weight,
                    np.int64(np.floor(gain * weight * telling[i, j])),
                )
                extents[i, j] = np.int64(np.floor(EXTENT_GAIN * weight))
            else:
                weight = min(max(work, frame) / FULL_TEXTURE, 1.0)
                # what correlates, and is too faint in the work to say so, is not against it
                differs = r < DIFFER_BELOW or (work < TEXTURE and r < AGREE_FROM)
                kinds[i, j], weights[i, j] = (DIFFERS if differs else UNSURE), weight
                loss = DIFFER_LOSS if differs else UNSURE_LOSS if r < AGREE_FROM else 0.0
                values[i, j] = -np.int64(np.floor(loss * weight))
                # what is faint on both sides is no end of the part that is seen
                extents[i, j] = -EXTENT_LOSS if differs and weight >= 1.0 else 0


@kernel
def best_rectangle(values: Any, best: Any) -> Any:
    """Find the rectangle of `values` int64[rows, columns] with the greatest sum, and return that sum.

    `best` int64[4] receives its first row, first column, last row and last column (both exclusive): Kadane's running
    sum over every pair of rows. Of equal ones the first is taken. 0 and an empty rectangle where nothing is positive.
    """
    rows, columns = values.shape
    sums = np.zeros(columns, dtype=np.int64)
    most = np.int64(0)
    best[:] = 0
    for first in range(rows):
        sums[:] = 0
        for last in range(first, rows):
            run, left = np.int64(0), 0
            for c in range(columns):
                sums[c] += values[last, c]
                if run <= 0:
                    run, left = np.int64(0), c
                run += sums[c]
                if run > most:
                    most = run
                    best[0], best[1], best[2], best[3] = first, left, last + 1, c + 1
    return most


@kernel
def widen(kinds: Any, weights: Any, part: Any) -> None:
    """Widen `part` int64[4] (see `best_rectangle`) to every side, row by row, while nothing in the way contradicts.

    A fifth of a row, or of a column, may lie outside the frame or differ, if not faintly.
    """
    for side in range(4):
        while True:
            top, left, bottom, right = part[0], part[1], part[2], part[3]
            if side % 2 == 0:
                at = top - 1 if side == 0 else bottom
                inside = 0 <= at < kinds.shape[0]
                top, bottom = at, at + 1
            else:
                at = left - 1 if side == 1 else right
                inside = 0 <= at < kinds.shape[1]
                left, right = at, at + 1
            if not inside:
                break
            against = 0
            for i in range(top, bottom):
                for j in range(left, right):
                    against += kinds[i, j] == OUT or (kinds[i, j] == DIFFERS and weights[i, j] >= 1.0)
            if 5 * against > (bottom - top) * (right - left):
                break
            part[side] += -1 if side < 2 else 1
