"""The stretches of a recording that sound: ten seconds each, without their silences, at one loudness.

Only silence is left out; a stretch with instruments alone is a stretch like any other. Nothing separates a voice from
what plays beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.voices.mel import RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from countermark.voices.encoder import VoiceEncoder

SECONDS: Final = 10
LEAST_SOUNDING: Final = 3.2
"""Seconds of sound below which a stretch is too short to say anything of."""
LOUDNESS: Final = -30.0
"""dB below full scale to which quiet stretches are raised; loud ones stay, as the encoder's authors did."""
_WINDOW: Final = RATE * 30 // 1000
_QUIETEST: Final = -60.0
_BELOW_LOUD: Final = 35.0
_SMOOTHED: Final = 8
_WIDENED: Final = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch: from where (seconds) it was taken, how much of it sounds, and where the encoder places it."""

    start: float
    sounding: float
    point: NDArray[np.float32]


def stretches(blocks: Iterable[NDArray[np.float32]], encoder: VoiceEncoder) -> Iterator[Stretch]:
    """The sounding stretches of 16 kHz mono blocks, one after another; memory does not grow with the length."""
    for number, window in enumerate(_windows(blocks)):
        sounding = _sounding(_raised(window))
        if sounding.size >= LEAST_SOUNDING * RATE:
            yield Stretch(float(number * SECONDS), sounding.size / RATE, encoder.point(sounding))


def _windows(blocks: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    length = SECONDS * RATE
    held = np.empty(0, np.float32)
    for block in blocks:
        held = np.concatenate([held, block.astype(np.float32)])
        while held.size >= length:
            yield held[:length]
            held = held[length:]
    if held.size:
        yield held


def _raised(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0).clip(-1, 1)
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    missing = LOUDNESS - 10 * np.log10(max(power, 1e-20))
    if missing <= 0 or power < 10 ** (_QUIETEST / 10):
        return samples
    return samples * np.float32(10 ** (missing / 20))


def _sounding(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The samples without the windows of 30 ms in which, and around which, all is quiet."""
    windows = samples[: samples.size // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    if not windows.size:
        return samples[:0]
    power = np.mean(np.square(windows, dtype=np.float64), axis=1)
    level = 10 * np.log10(np.maximum(power, 1e-20))
    loud = level > max(_QUIETEST, float(np.percentile(level, 95)) - _BELOW_LOUD)
    smoothed = np.convolve(loud.astype(np.int64), np.ones(_SMOOTHED, np.int64), "full")
    smoothed = smoothed[(_SMOOTHED - 1) // 2 :][: loud.size]
    kept = np.convolve(2 * smoothed > _SMOOTHED, np.ones(2 * _WIDENED + 1, np.int64), "full")
    return windows[kept[_WIDENED : _WIDENED + loud.size] > 0].reshape(-1)
