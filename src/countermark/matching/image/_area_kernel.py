"""Judging the blocks of a grid, and the part of it that agrees: the rectangle whose blocks add up to the most."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._compile import kernel

OUT, PLAIN, UNSURE, DIFFERS, AGREES = range(5)
"""A block lies outside the frame; has no texture on either side; agrees a little; does not agree; agrees."""

TEXTURE = 2.0
"""Grey levels of spread of a block with something in it …"""
PUT_ON = 7.0
"""… and of one where something stands in the frame that is not in the work (noise is less)."""
FULL_TEXTURE = 5.0
"""A block with so much spread counts fully, one with less, less."""
EDGE = 0.35
"""A block that goes in one direction only counts so much."""
AGREE_FROM, DIFFER_BELOW = 0.68, 0.4
"""The correlations from which a block agrees, and below which it differs."""

# hundredths of a bit
GAIN_LEAST, GAIN_MOST = 40.0, 400.0
DIFFER_LOSS, UNSURE_LOSS = 250.0, 60.0
PLAIN_GAIN, OUT_LOSS = 2, 2

# the same for the extent of what is seen: text across a picture is no end of it
EXTENT_GAIN, EXTENT_LOSS, EXTENT_PLAIN, EXTENT_OUT = 100.0, 60.0, 5, 5


@kernel
def judge_blocks(blocks: Any, crossings: Any, kinds: Any, weights: Any, values: Any, extents: Any) -> None:
    """Judge each block: its kind, how much is in it (0 to 1), and what it says, in hundredths of a bit.

    `extents` int64 says of each how much it belongs to the part that is seen.

    `blocks` is as `_warp_kernel.compare` leaves it, `crossings` as `_warp_kernel.crossings` does.
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
                told = weight * (EDGE + (1.0 - EDGE) * min(3.0 * crossings[i, j], 1.0))
                above = (r - AGREE_FROM) / (1.0 - AGREE_FROM)
                gain = GAIN_LEAST + (GAIN_MOST - GAIN_LEAST) * above * above
                kinds[i, j], weights[i, j], values[i, j] = AGREES, weight, np.int64(np.floor(gain * told))
                extents[i, j] = np.int64(np.floor(EXTENT_GAIN * weight))
            else:
                weight = min(max(work, frame) / FULL_TEXTURE, 1.0)
                differs = r < DIFFER_BELOW or work < TEXTURE
                kinds[i, j], weights[i, j] = (DIFFERS if differs else UNSURE), weight
                values[i, j] = -np.int64(np.floor((DIFFER_LOSS if differs else UNSURE_LOSS) * weight))
                extents[i, j] = -np.int64(np.floor(EXTENT_LOSS * weight)) if differs else 0


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
