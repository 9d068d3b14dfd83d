"""How loud a sound is to the ear, so that two can be heard at the same loudness."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

TARGET: Final = -20.0
"""Loudness, in LUFS, to which excerpts are brought."""
PEAK: Final = -1.0
"""Decibels of full scale that no sample goes beyond: before that, both excerpts are made quieter alike."""
SILENT: Final = -70.0
"""Loudness below which nothing is heard, and nothing is raised."""
_MOST_GAIN: Final = 30.0

# The two filters of ITU-R BS.1770-5 at 48 kHz: a shelf for the head, a high-pass for low frequencies.
_SHELF: Final = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_PASS: Final = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def loudness(samples: npt.NDArray[np.int16], rate: int) -> float:
    """Loudness of mono sound int16[n] in LUFS after ITU-R BS.1770-5, without its gate; SILENT for none.

    The filters' gain is taken from their response at each frequency, so that any sampling rate will do.
    """
    if not len(samples):
        return SILENT
    spectrum = np.fft.rfft(samples.astype(np.float64) / 32_768)
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(len(samples), 1 / rate) / 48_000)
    power = np.abs(spectrum) ** 2
    for above, below in (_SHELF, _PASS):
        power *= np.abs(_at(above, turn) / _at(below, turn)) ** 2
    mean = 2 * float(power.sum()) / len(samples) ** 2
    return max(SILENT, -0.691 + 10 * math.log10(mean)) if mean > 0 else SILENT


def gains(sounds: list[tuple[npt.NDArray[np.int16], int]]) -> list[float]:
    """Factors that bring each sound (int16[n], rate) to one loudness, in hundredths of a decibel, none beyond PEAK."""
    wanted = []
    room = 0.0
    for samples, rate in sounds:
        heard = loudness(samples, rate)
        gain = 0.0 if heard <= SILENT else min(TARGET - heard, _MOST_GAIN)
        top = int(np.abs(samples.astype(np.int32)).max(initial=0))
        peak = 20 * math.log10(max(top, 1) / 32_768) + gain
        room = max(room, peak - PEAK)
        wanted.append(gain)
    return [10 ** (round(gain - room, 2) / 20) for gain in wanted]


def amplified(samples: npt.NDArray[np.int16], factor: float) -> npt.NDArray[np.int16]:
    """The same sound, louder or quieter, rounded; int16[n]."""
    louder = np.rint(samples.astype(np.float64) * factor)
    return np.clip(louder, -32_768, 32_767).astype(np.int16)


def _at(
    coefficients: tuple[float, float, float], turn: npt.NDArray[np.complex128]
) -> npt.NDArray[np.complex128]:
    """A polynomial of a filter at points of the unit circle."""
    first, second, third = coefficients
    return first + turn * (second + turn * third)
