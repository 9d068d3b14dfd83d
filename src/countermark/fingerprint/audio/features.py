"""What is kept of a recording: spectral peaks, by which it is found, and dense codes, by which that is verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

RATE: Final = 16_000
"""Samples a second, mono, that everything is computed from."""
WINDOW, HOP = 2048, 320
"""Samples of a frame of the spectrum (Hann window), and between two: 50 frames a second. Frame t covers the samples
[320 t, 320 t + 2048); its time is that of its middle, (320 t + 1024) / 16000 seconds."""
FRAMES_A_SECOND: Final = RATE / HOP
PITCH_STEPS: Final = 60
"""Steps of an octave in which the pitch of a peak is told: five a semitone."""
LOWEST: Final = 200.0
"""Hertz at which pitch 0 lies."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one track, in the order of time.

    Of the n peaks, `times` int32[n] is the frame, `pitches` int16[n] the height above LOWEST in steps of 1/PITCH_STEPS
    octave, `strengths` uint8[n] the rank within its second (0 is the strongest). `codes` uint64[m, k] are the dense
    codes, as `fingerprint.audio.codes` makes them, at its own rate. `seconds` is the length of the track.
    """

    times: npt.NDArray[np.int32]
    pitches: npt.NDArray[np.int16]
    strengths: npt.NDArray[np.uint8]
    codes: npt.NDArray[np.uint64]
    seconds: float
