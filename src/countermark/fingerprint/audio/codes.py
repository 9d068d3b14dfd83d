"""Dense binary codes of a recording, by which a candidate is verified.

After Haitsma and Kalker, "A highly robust audio fingerprinting system" (ISMIR 2002): each bit tells whether the
difference of power between two neighbouring bands rose. Here the bands lie at 24 an octave, so that a change of pitch
by a semitone moves the codes by two bits; a change of tempo is another step from code to code. What rises and falls
between neighbours is nearly independent from moment to moment: unrelated recordings agree in half of the bits with
hardly more spread than coins have, and steady tones say nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from countermark.fingerprint.audio import _code_kernel as kernel
from countermark.fingerprint.audio.features import HOP, RATE, WINDOW
from countermark.fingerprint.audio.spectrum import BIN_HERTZ, BINS, FIRST_BIN

CODE_BITS: Final = 110
"""Bits of a code: bit b stands for the pitch LOWEST_BAND * 2 ** ((b + 0.5) / BITS_AN_OCTAVE)."""
BITS_AN_OCTAVE: Final = 24
WORK_WORDS: Final = 2
"""The first words of a code: all that an index needs of a work. The other two are the same half a bit higher, by
which a record is compared at shifts of a quarter of a semitone."""
WORDS: Final = 4
_STRIDE: Final = 2
CODE_RATE: Final = RATE / HOP / _STRIDE
"""Codes a second."""
_FRAMES: Final = 8
"""Frames of the spectrum whose power is added: 160 ms."""
_APART: Final = 3
"""Codes between the two moments that are compared: 120 ms."""
_SPAN: Final = _FRAMES + _APART * _STRIDE
CODE_DELAY: Final = ((_SPAN - 1) / 2 * HOP + WINDOW / 2) / RATE
"""Seconds at which the middle of code 0 lies; code m lies at m / CODE_RATE + CODE_DELAY."""
LOWEST_BAND: Final = 206.0
"""Hertz, the middle of the lowest band."""
_HALF_WIDTH: Final = 1 / 24
"""Octaves from the middle of a band to its ends."""
_FLOOR_POWER: Final = 3e-6
"""Power a bin and frame that is added: what rounding to 16 bits leaves; below it nothing is compared."""


def _edges(octaves: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Where a frequency, in octaves above LOWEST_BAND, stands in the bins: the bin, and how much of it lies below."""
    places = LOWEST_BAND * 2.0**octaves / BIN_HERTZ - FIRST_BIN + 0.5
    places = np.clip(places, 0, BINS - 1e-3)
    whole = np.floor(places)
    return whole.astype(np.int32), (places - whole).astype(np.float32)


class CodeMaker:
    """Makes the codes of a power spectrum that comes in blocks; the same whatever the blocks are."""

    def __init__(self) -> None:
        middles = np.arange(2 * (CODE_BITS + 1)) / (2 * BITS_AN_OCTAVE)
        self._bands = *_edges(middles - _HALF_WIDTH), *_edges(middles + _HALF_WIDTH)
        self._held = np.zeros((0, BINS), dtype=np.float32)
        self._levels = np.zeros((0, len(middles)), dtype=np.int32)
        self._silent = np.zeros(0, dtype=np.bool_)

    def push(self, power: npt.NDArray[np.float32]) -> npt.NDArray[np.uint64]:
        """The codes uint64[m, WORDS] that these frames (float32[k, BINS]) complete. A code of silence is zero."""
        count = max(0, (len(self._held) + len(power) - _FRAMES) // _STRIDE + 1)
        levels = np.empty((count, self._levels.shape[1]), dtype=np.int32)
        silent = np.empty(count, dtype=np.bool_)
        floor = np.float32(_FLOOR_POWER * _FRAMES)
        power = np.ascontiguousarray(power)
        kernel.band_levels(self._held, power, _FRAMES, _STRIDE, *self._bands, floor, levels, silent)
        done = count * _STRIDE
        self._held = np.concatenate([self._held[done:], power[max(0, done - len(self._held)) :]])
        return self._coded(np.concatenate([self._levels, levels]), np.concatenate([self._silent, silent]))

    def finish(self) -> npt.NDArray[np.uint64]:
        """The codes that are left: none, as a code needs all of its frames. uint64[0, WORDS]."""
        return np.zeros((0, WORDS), dtype=np.uint64)

    def _coded(self, levels: npt.NDArray[np.int32], silent: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
        """The codes of these levels; the last levels are kept for the next."""
        count = max(0, len(levels) - _APART)
        codes = np.empty((count, WORDS), dtype=np.uint64)
        kernel.sign_bits(levels, silent, _APART, CODE_BITS, codes)
        self._levels, self._silent = levels[count:].copy(), silent[count:].copy()
        return codes
