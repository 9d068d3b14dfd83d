"""Kernels of the dense codes: power in bands of pitch, and the signs of its change."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from countermark.kernels.compiling import kernel


@kernel
def band_levels(
    held: npt.NDArray[np.float32],
    power: npt.NDArray[np.float32],
    frames: int,
    hop: int,
    low: npt.NDArray[np.int32],
    low_part: npt.NDArray[np.float32],
    high: npt.NDArray[np.int32],
    high_part: npt.NDArray[np.float32],
    floor: float,
    levels: npt.NDArray[np.int32],
    silent: npt.NDArray[np.bool_],
) -> None:
    """Write the level of every band over `frames` frames of power, each `hop` frames: levels int32[m, bands].

    The frames of `held` come before those of `power`, both float32[n, bins].

    A band reaches from `low[b] + low_part[b]` to `high[b] + high_part[b]`, counted in bins. A level is the bits of a
    float read as a number, a logarithm that is straight between the octaves: 2**23 are 3 dB. `floor` is added a bin.
    """
    bins, edge = power.shape[1], held.shape[0]
    sums = np.empty(bins, dtype=np.float32)
    below = np.empty(bins + 1, dtype=np.float64)
    level = np.empty(1, dtype=np.float32)
    level_bits = level.view(np.int32)
    for m in range(levels.shape[0]):
        first = m * hop
        sums[:] = held[first] if first < edge else power[first - edge]
        for t in range(first + 1, first + frames):
            row = held[t] if t < edge else power[t - edge]
            for k in range(bins):
                sums[k] += row[k]
        below[0] = 0.0
        for k in range(bins):
            below[k + 1] = below[k] + (sums[k] + floor)
        silent[m] = below[bins] < 3 * floor * bins
        for b in range(levels.shape[1]):
            end = below[high[b]] + high_part[b] * (below[high[b] + 1] - below[high[b]])
            begin = below[low[b]] + low_part[b] * (below[low[b] + 1] - below[low[b]])
            level[0] = end - begin
            levels[m, b] = level_bits[0]


@kernel
def sign_bits(
    levels: npt.NDArray[np.int32],
    silent: npt.NDArray[np.bool_],
    apart: int,
    bits: int,
    codes: npt.NDArray[np.uint64],
) -> None:
    """Write the codes uint64[m, 4] of levels int32[m + apart, 2 * (bits + 1)]; a code of a silent frame is zero.

    Bands stand at half steps: the even ones make the first two words, the odd ones the last two.
    """
    for m in range(codes.shape[0]):
        codes[m] = 0
        if silent[m] or silent[m + apart]:
            continue
        for half in range(2):
            for b in range(bits):
                k = 2 * b + half
                now = levels[m + apart, k + 2] - levels[m + apart, k]
                before = levels[m, k + 2] - levels[m, k]
                codes[m, 2 * half + (b >> 6)] |= np.uint64(now > before) << np.uint64(b & 63)
