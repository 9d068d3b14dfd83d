"""From sound to pitch classes and tones, block by block: what harmony is made of, whatever instruments play it.

The profile of pitch classes is that of Gómez (2006), "Tonal description of polyphonic audio": peaks of the spectrum
count for their own class and, less, for those they are a harmonic of. The tones are our own estimate of what sounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from countermark.fingerprint.audio._chroma_kernel import add_profiles, spectral_peaks, tone_strengths
from countermark.fingerprint.audio.features import RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]

CHROMA_RATE: Final = 4
"""Profiles a second."""
TONE_RATE: Final = 16
"""Frames of tones a second."""
TONES, LOWEST_TONE = 72, 36
"""Tones from C2 up, as MIDI numbers."""
_WINDOW: Final = 4096
_HOP: Final = RATE // TONE_RATE
_BINS: Final = 1300
"""Up to 5 kHz."""
_FIRST: Final = 14
"""55 Hz."""
_LEAST: Final = 1e-9
_MOST_PEAKS: Final = 100
_AT_ONCE: Final = 64
_TUNING_FRAMES: Final = 30 * TONE_RATE
_HARMONICS: Final = np.asarray(12 * np.log2(np.arange(1, 9)), dtype=np.float32)
_PROFILE_WEIGHTS: Final = np.asarray(0.6 ** np.arange(8), dtype=np.float32)
_TONE_WEIGHTS: Final = np.asarray(0.8 ** np.arange(8), dtype=np.float32)


class Tonality(NamedTuple):
    """`profiles` float32[n, 12] (C is 0) and `tones` float32[n, TONES], both TONE_RATE a second."""

    profiles: Rows
    tones: Rows


class _Peaks(NamedTuple):
    pitches: Rows
    heights: Rows
    counts: npt.NDArray[np.int32]


class TonalityFinder:
    """Profiles and tones of a sound that comes in blocks. The tuning is that of its first 30 seconds."""

    def __init__(self) -> None:
        self._rest = np.zeros(_WINDOW // 2, dtype=np.float32)
        self._waiting: list[_Peaks] = []
        self._waited = self._samples = self._frames = 0
        self._tuning: np.float32 | None = None
        turns = np.arange(_WINDOW, dtype=np.float64) * (2 * np.pi / _WINDOW)
        shape = 0.35875 - 0.48829 * np.cos(turns) + 0.14128 * np.cos(2 * turns) - 0.01168 * np.cos(3 * turns)
        self._window = np.asarray(shape * 2 / shape.sum(), dtype=np.float32)  # Blackman-Harris
        hertz = np.maximum(np.arange(_BINS), 0.01) * (RATE / _WINDOW)
        self._pitch_of = np.asarray(69 + 12 * np.log2(hertz / 440), dtype=np.float32)

    def push(self, samples: Rows) -> Tonality:
        """What these samples (float32[n], 16 kHz, full scale 1) complete; nothing until the tuning is known."""
        self._samples += len(samples)
        given = np.nan_to_num(np.asarray(samples, dtype=np.float32), posinf=0.0, neginf=0.0)
        return self._told(self._peaks(np.concatenate([self._rest, np.clip(given, -4, 4)])), last=False)

    def finish(self) -> Tonality:
        """The rest."""
        wanted = -(-self._samples // _HOP) - self._frames
        short = max(0, (wanted - 1) * _HOP + _WINDOW - len(self._rest)) if wanted > 0 else 0
        return self._told(
            self._peaks(np.concatenate([self._rest, np.zeros(short, dtype=np.float32)])), last=True
        )

    def _peaks(self, sound: Rows) -> _Peaks:
        count = max(0, (len(sound) - _WINDOW) // _HOP + 1)
        self._frames += count
        self._rest = sound[count * _HOP :]
        found = _Peaks(
            np.zeros((count, _MOST_PEAKS), dtype=np.float32),
            np.zeros((count, _MOST_PEAKS), dtype=np.float32),
            np.zeros(count, dtype=np.int32),
        )
        frames = sliding_window_view(sound, _WINDOW)[::_HOP] if count else np.zeros((0, _WINDOW), np.float32)
        for begin in range(0, count, _AT_ONCE):
            end = min(count, begin + _AT_ONCE)
            bins = np.fft.rfft(frames[begin:end] * self._window)[:, :_BINS]
            power = np.asarray(bins.real**2 + bins.imag**2, dtype=np.float32)
            spectral_peaks(power, _FIRST, _LEAST, self._pitch_of, *(each[begin:end] for each in found))
        return found

    def _told(self, peaks: _Peaks, *, last: bool) -> Tonality:
        if self._tuning is None:
            self._waiting.append(peaks)
            self._waited += len(peaks.counts)
            if self._waited < _TUNING_FRAMES and not last:
                return Tonality(np.zeros((0, 12), np.float32), np.zeros((0, TONES), np.float32))
            peaks = _Peaks(*(np.concatenate(each) for each in zip(*self._waiting, strict=True)))
            self._waiting = []
            self._tuning = _tuning(peaks)
        told = Tonality(
            np.zeros((len(peaks.counts), 12), dtype=np.float32),
            np.zeros((len(peaks.counts), TONES), dtype=np.float32),
        )
        add_profiles(*peaks, self._tuning, _HARMONICS, _PROFILE_WEIGHTS, told.profiles)
        roots = _Peaks(peaks.pitches, np.sqrt(peaks.heights), peaks.counts)
        tone_strengths(*roots, self._tuning, _HARMONICS, _TONE_WEIGHTS, LOWEST_TONE, 5, told.tones)
        return told


def _tuning(peaks: _Peaks) -> np.float32:
    """How many semitones above 440 Hz the sound is tuned, -0.5 to 0.5, in hundredths: of its first 30 seconds."""
    counts = peaks.counts[:_TUNING_FRAMES]
    inside = np.arange(_MOST_PEAKS) < counts[:, None]
    pitches = peaks.pitches[:_TUNING_FRAMES][inside].astype(np.float64)
    turn = np.sum(peaks.heights[:_TUNING_FRAMES][inside] * np.exp(2j * np.pi * pitches))
    return np.float32(round(float(np.angle(turn)) / (2 * np.pi), 2))
