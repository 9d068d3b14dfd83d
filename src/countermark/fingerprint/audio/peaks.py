"""The spectral peaks of a recording, by which it is found again.

A peak is a maximum of the spectrum over some time and pitch: what is left of music when noise, speech or other music
is laid over it (Wang, "An industrial-strength audio search algorithm", ISMIR 2003). Pitch is told on a logarithmic
scale, so that a change of key or speed moves all peaks alike (Six and Leman, "Panako", ISMIR 2014), and each of four
bands of pitch keeps as many peaks as the others, so that neither bass nor treble alone stands for the music.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from countermark.fingerprint.audio import _peak_kernel as kernel
from countermark.fingerprint.audio.features import FRAMES_A_SECOND, LOWEST, PITCH_STEPS
from countermark.fingerprint.audio.spectrum import BIN_HERTZ, BINS, FIRST_BIN

BANDS: Final = 4
"""Bands of equal width in octaves."""
PEAKS_A_BAND: Final = 12
"""Peaks of a band that are kept within any second, half before and half after: those of higher rank are dropped."""
REACH: Final = 6
"""Frames before and after, over which a peak is the maximum."""
WIDTH: Final = 0.09
"""Part of its frequency up and down, over which a peak is the maximum."""
ABOVE: Final = 1024
"""Levels (1024 are 3 dB) by which a peak stands above the mean over WIDTH."""
_FLOOR_POWER: Final = 1e-5
"""Below this lies what rounding to 16 bits leaves, about -104 dB of full scale: no music."""
_TILT: Final = 10
"""Levels added a bin: treble is weaker in most music, by some 18 dB over the bins that are kept."""
_DROPPED_BITS: Final = 13
"""Levels are logarithms of the power, as integers: the bits of a float are one, straight from octave to octave."""
HIGHEST: Final = 284
"""Pitches of peaks lie in [0, HIGHEST]."""


class Peaks(NamedTuple):
    """Peaks in order of time and pitch: frames int32[n], pitches int16[n], ranks within band and second uint8[n]."""

    times: npt.NDArray[np.int32]
    pitches: npt.NDArray[np.int16]
    ranks: npt.NDArray[np.uint8]


def _reaches() -> npt.NDArray[np.int64]:
    return np.asarray(np.rint(WIDTH * (FIRST_BIN + np.arange(BINS))), dtype=np.int64)


def _bands() -> npt.NDArray[np.int64]:
    octaves = np.log2((FIRST_BIN + np.arange(BINS)) / FIRST_BIN)
    return np.asarray(np.minimum((octaves * BANDS / octaves[-1]).astype(np.int64), BANDS - 1))


class PeakFinder:
    """Finds the peaks of a power spectrum that comes in blocks; the same whatever the blocks are."""

    def __init__(self) -> None:
        self._held = np.zeros((0, BINS), dtype=np.float32)
        self._first = 0
        self._done = 0
        self._found: list[tuple[npt.NDArray[np.int32], ...]] = []
        self._reaches, self._bands = _reaches(), _bands()

    def push(self, power: npt.NDArray[np.float32]) -> None:
        """Take the next frames, float32[k, BINS]."""
        self._search(power, len(self._held) + len(power) - REACH)

    def finish(self) -> Peaks:
        """The peaks of all frames."""
        self._search(np.zeros((0, BINS), dtype=np.float32), len(self._held))
        times, pitches, levels, bands = (
            np.concatenate([part[k] for part in self._found] or [np.zeros(0, dtype=np.int32)])
            for k in range(4)
        )
        ranks = np.zeros(len(times), dtype=np.uint8)
        kernel.rank_peaks(times, levels, bands, round(FRAMES_A_SECOND / 2), PEAKS_A_BAND, ranks)
        kept = ranks < PEAKS_A_BAND
        limited = np.clip(pitches[kept], 0, HIGHEST).astype(np.int16)
        return Peaks(times[kept], limited, ranks[kept])

    def _search(self, power: npt.NDArray[np.float32], end: int) -> None:
        """Find the peaks of the frames held and these, from the first not yet searched to `end`; hold the last."""
        begin = self._done - self._first
        if end <= begin:
            self._held = np.concatenate([self._held, power])
            return
        room = (end - begin) * (BINS // 2)
        out = tuple(np.empty(room, dtype=np.int32) for _ in range(4))
        count = kernel.find_peaks(
            self._held, np.ascontiguousarray(power), begin, end, _DROPPED_BITS, _TILT, REACH, self._reaches,
            self._bands, _FLOOR_POWER, ABOVE, FIRST_BIN, LOWEST / BIN_HERTZ, PITCH_STEPS, self._first, *out,
        )  # fmt: skip
        self._found.append(tuple(part[:count].copy() for part in out))
        self._done = self._first + end
        keep = max(0, end - REACH)
        self._held = np.concatenate([self._held[keep:], power[max(0, keep - len(self._held)) :]])
        self._first += keep
