"""From any rate to another, in blocks: a polyphase filter of 16-bit weights, summed exactly."""

from __future__ import annotations

from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.audio._mono_kernel import filtered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

_TAPS: Final = 64
"""Samples of the input that make one of the output, at 44,100 to 16,000; in proportion for other rates."""
_FEWEST: Final = 48
_BETA: Final = 7.86
"""Of the Kaiser window: what is beyond its width is 80 dB below (J. F. Kaiser, 1974)."""
_PLACED: Final = 0.475
"""Where the filter is 6 dB down, in shares of the lower of both rates: 7,600 Hz at 16,000."""
_MOST_WEIGHT, _MOST_SUM = 32_767, 65_000


class Resampler:
    """Sound of `rate` samples a second in blocks; out comes the same at `target`, sample 0 at the same instant.

    44,100 to 16,000: level up to 5,800 Hz, and what could fold to below 6,600 Hz is at least 78 dB down.
    """

    def __init__(self, rate: int, target: int) -> None:
        self._direct = rate == target
        self._bank, self._starts, self._step, self._shift = _designed(rate, target)
        self._rate, self._target = rate, target
        half = self._bank.shape[1] // 2
        self._held = np.zeros(half - 1, np.int16)  # before the first sample is silence
        self._read, self._made, self._at = 0, 0, 0  # samples in, samples out, and the row to begin with

    def push(self, samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
        """What can be said after these samples; full scale is 1.0."""
        self._read += samples.size
        if self._direct:
            return samples.astype(np.float32) * np.float32(1 / 32768)
        return self._filtered(np.concatenate((self._held, samples)))

    def finish(self) -> npt.NDArray[np.float32]:
        """What is left, so that the whole is as long as the input was, rounded up."""
        if self._direct:
            return np.empty(0, np.float32)
        left = -(-self._read * self._target // self._rate) - self._made
        taps = self._bank.shape[1]
        found = self._filtered(np.concatenate((self._held, np.zeros(taps, np.int16))))
        return found[:left]

    def _filtered(self, held: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
        count = self._ready(held.size)
        out = np.empty(count, np.int32)
        filtered(held, self._bank, self._starts, self._step, self._at, out)
        rows = self._bank.shape[0]
        turns, self._at = divmod(self._at + count, rows)
        self._held = held[min(turns * self._step, held.size) :]
        self._made += count
        return out.astype(np.float32) * self._shift

    def _ready(self, size: int) -> int:
        """How many outputs have their whole window within `size` samples."""
        rows, taps = self._bank.shape
        room = size - taps
        if room < 0:
            return 0
        turns, rest = divmod(room, self._step)
        whole = turns * rows + int(np.searchsorted(self._starts, rest, side="right"))
        return max(0, int(whole) - self._at)


def gathered(
    parts: Iterable[npt.NDArray[np.float32]], least: int, most: int
) -> Iterator[npt.NDArray[np.float32]]:
    """The first `most` samples of all, in parts of `least` at least, but for the last; no more is asked for."""
    held: list[npt.NDArray[np.float32]] = []
    count, left = 0, most
    for part in parts:
        kept = part[:left]
        held.append(kept)
        count += kept.size
        left -= kept.size
        if count >= least or (not left and count):
            yield np.concatenate(held)
            held, count = [], 0
        if not left:
            return
    if count:
        yield np.concatenate(held)


@lru_cache(maxsize=16)
def _designed(rate: int, target: int) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int64], int, np.float32]:
    """The weights [rows, taps] of each place between two samples, where each begins, the step, and the scale.

    A Kaiser-windowed sinc. All rows are multiplied by the same number, as large as 16 bits and exact sums allow.
    """
    common = gcd(rate, target)
    rows, step = target // common, rate // common
    lower = min(rate, target)
    taps = max(_FEWEST, 16 * round(_TAPS * rate / 44_100 * 16_000 / target / 16))
    half = taps // 2
    row = np.arange(rows, dtype=np.int64)
    starts = row * step // rows
    behind = (row * step % rows) / rows  # how far the output lies after the sample before it
    place = np.arange(taps)[None, :] - (half - 1) - behind[:, None]
    weights = np.sinc(2 * _PLACED * lower / rate * place)
    weights *= np.i0(_BETA * np.sqrt(np.clip(1 - (place / half) ** 2, 0, 1)))
    weights /= weights.sum(axis=1, keepdims=True)
    gain = min(_MOST_WEIGHT / np.abs(weights).max(), _MOST_SUM / np.abs(weights).sum(axis=1).max())
    bank = np.rint(weights * gain).astype(np.int16)
    return bank, starts, step, np.float32(1 / (gain * 32768))
