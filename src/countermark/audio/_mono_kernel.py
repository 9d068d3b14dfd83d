# mypy: disable-error-code="arg-type, assignment, call-arg, operator, return-value, no-untyped-call"
"""Channels to one, and the change of rate, in whole numbers: the same on every machine, whatever its vectors.

Float sums would have to be made in one fixed order, which vectors forbid; sums of 16-bit products are exact in any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

_DROWNED: Final = 100
"""Of how many times the energy of the mean the loudest channel must have more to stand for it: 20 dB."""


def _kernel(function: Callable[..., Any]) -> Any:
    """Compile at the first use, and keep the machine code where a folder can be written to."""
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no such folder
        return numba.njit(nogil=True)(function)


@_kernel
def to_mono(
    stage: npt.NDArray[np.float32], count: int, scale: np.float32, out: npt.NDArray[np.int16]
) -> None:
    """The mean of the channels of stage[channels, :count], times `scale`, as 16-bit samples out[:count].

    What is no number is silence, what is too loud is clipped. Where the mean has less than a hundredth of the energy
    of the loudest channel, as with a channel turned upside down, that channel stands for all.
    """
    channels = stage.shape[0]
    total = np.zeros(count, np.float32)
    loudest, most = 0, np.int64(-1)
    for channel in range(channels):
        row = stage[channel]
        energy = np.int64(0)
        for i in range(count):
            value = row[i] * scale
            value = value if value == value else np.float32(0)  # noqa: PLR0124 - false for what is no number
            value = min(max(value, np.float32(-32767)), np.float32(32767))
            total[i] += value
            whole = np.int32(value)
            energy += np.int64(whole * whole)
        if energy > most:
            loudest, most = channel, energy
    share = np.float32(1) / np.float32(channels)
    energy = np.int64(0)
    for i in range(count):
        whole = np.int32(np.floor(total[i] * share + np.float32(0.5)))
        out[i] = whole
        energy += np.int64(whole * whole)
    if channels > 1 and energy * _DROWNED < most:
        row = stage[loudest]
        for i in range(count):
            value = row[i] * scale
            value = value if value == value else np.float32(0)  # noqa: PLR0124
            value = min(max(value, np.float32(-32767)), np.float32(32767))
            out[i] = np.int32(np.floor(value + np.float32(0.5)))


@_kernel
def filtered(
    samples: npt.NDArray[np.int16],
    bank: npt.NDArray[np.int16],
    starts: npt.NDArray[np.int64],
    step: int,
    phase: int,
    out: npt.NDArray[np.int32],
) -> None:
    """Samples at another rate: out[i] is the sum of products with row (phase + i) mod rows of `bank`.

    The window of output i begins at starts[(phase + i) mod rows] + step * ((phase + i) div rows) of `samples`. The sums
    stay below 2^31 as long as the sum of a row's magnitudes is below 2^16.
    """
    rows, taps = bank.shape
    row, base = phase, 0
    for i in range(out.size):
        begin = base + starts[row]
        window, weights = samples[begin : begin + taps], bank[row]
        total = np.int32(0)
        for k in range(taps):
            total += np.int32(window[k]) * np.int32(weights[k])
        out[i] = total
        row += 1
        if row == rows:
            row, base = 0, base + step
