"""The power spectrum of a sound that comes in blocks: 50 frames a second, the same whatever the blocks are."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from countermark.fingerprint.audio import _spectrum_kernel as kernel
from countermark.fingerprint.audio.features import HOP, RATE, WINDOW

FIRST_BIN: Final = 26
"""The lowest bin that is kept: 203 Hz."""
BINS: Final = 635
"""How many bins are kept: up to 5,156 Hz. Small loudspeakers drop what lies below, compression what lies above."""
BIN_HERTZ: Final = RATE / WINDOW


def _hann() -> npt.NDArray[np.float32]:
    """The periodic Hann window, float32[WINDOW]."""
    turns = np.arange(WINDOW, dtype=np.float64) * (2 * np.pi / WINDOW)
    return np.asarray(0.5 - 0.5 * np.cos(turns), dtype=np.float32)


def _turns() -> npt.NDArray[np.float32]:
    """Cosine and minus sine of a turn in WINDOW parts, float32[WINDOW, 2]."""
    turns = np.arange(WINDOW, dtype=np.float64) * (2 * np.pi / WINDOW)
    return np.asarray(np.stack([np.cos(turns), -np.sin(turns)], axis=1), dtype=np.float32)


class Spectrum:
    """A power spectrum of WINDOW samples every HOP samples, Hann window, bins FIRST_BIN to FIRST_BIN + BINS - 1.

    Frame t covers the samples [HOP t, HOP t + WINDOW). Each frame is transformed by itself, in float32, so that block
    sizes change no bit of any. A full-scale sine has a power of about 2.6e5 at its bin.
    """

    def __init__(self) -> None:
        self._window, self._turns = _hann(), _turns()
        self._rest = np.zeros(0, dtype=np.float32)
        self._frames = 0
        self._samples = 0

    def push(self, samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The frames that these samples (float32[n], 16 kHz, full scale 1) complete: power float32[k, BINS]."""
        sound = np.concatenate([self._rest, np.asarray(samples, dtype=np.float32)])
        self._samples += len(samples)
        count = max(0, (len(sound) - WINDOW) // HOP + 1)
        power = self._transformed(sound, count)
        self._rest = sound[count * HOP :]
        return power

    def finish(self) -> npt.NDArray[np.float32]:
        """The last frames, whose middle still lies in the sound, filled up with silence: power float32[k, BINS]."""
        wanted = max(0, -(-(self._samples - WINDOW // 2) // HOP))
        count = max(0, wanted - self._frames)
        if not count:
            return np.zeros((0, BINS), dtype=np.float32)
        sound = np.zeros((count - 1) * HOP + WINDOW, dtype=np.float32)
        sound[: len(self._rest)] = self._rest[: len(sound)]
        return self._transformed(sound, count)

    def _transformed(self, sound: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.float32]:
        """The first `count` frames of the samples. What is not a number is silence."""
        power = np.empty((count, BINS), dtype=np.float32)
        self._frames += count
        kernel.powers(sound, count, HOP, self._window, self._turns, FIRST_BIN, power)
        return power
