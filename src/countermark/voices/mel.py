"""The power of sound in mel bands, as the encoder expects it: 25 ms windows, every 10 ms, the bands of Slaney.

M. Slaney, "Auditory Toolbox" (Interval Research, 1998): below 1,000 Hz the scale is linear, 200/3 Hz a mel; above, 27
mels multiply the frequency by 6.4. Each band is a triangle of area one (in Hz). Powers, not their logarithms, as in
C. Jemine, "Real-time Voice Cloning" (Liège 2019), whose weights are read here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE: Final = 16_000
WINDOW: Final = 400
STEP: Final = 160
_LINEAR: Final = 200 / 3
_KNEE: Final = 1000 / _LINEAR
_GROWTH: Final = float(np.log(6.4)) / 27


def mel_power(samples: NDArray[np.float32], bands: int) -> NDArray[np.float32]:
    """Power in mel bands, float32[1 + n // 160, bands], of n samples at 16 kHz; silence stands before and after."""
    padded = np.pad(samples.astype(np.float32), WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::STEP]
    spectrum = np.fft.rfft(frames * _window(), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    return (power @ mel_filters(bands).T).astype(np.float32)


@cache
def mel_filters(bands: int) -> NDArray[np.float64]:
    """The triangles, float64[bands, 201]: the weight of each bin of a spectrum of 400 samples in each band."""
    edges = _hertz(np.linspace(0.0, float(_mels(RATE / 2)), bands + 2))
    bins = np.arange(WINDOW // 2 + 1) * (RATE / WINDOW)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(triangles * (2 / (edges[2:] - edges[:-2]))[:, None])


@cache
def _window() -> NDArray[np.float64]:
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW))


def _mels(hertz: float) -> float:
    if hertz < 1000:
        return hertz / _LINEAR
    return _KNEE + float(np.log(hertz / 1000)) / _GROWTH


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    above = 1000 * np.exp(_GROWTH * (np.maximum(mels, _KNEE) - _KNEE))
    return np.where(mels < _KNEE, mels * _LINEAR, above)
