"""From sound to features: one pass over the samples, spectrum, peaks and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from countermark.fingerprint.audio.codes import CodeMaker
from countermark.fingerprint.audio.features import RATE, Features
from countermark.fingerprint.audio.peaks import PeakFinder
from countermark.fingerprint.audio.spectrum import Spectrum

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

_BLOCK = 10 * RATE


def extract(blocks: Iterable[npt.NDArray[np.float32]]) -> Features:
    """The features of a track whose samples (float32, 16 kHz mono, full scale 1) come in blocks of any size.

    No more than a few seconds of sound are held: of an hour stay its peaks and codes.
    """
    spectrum, peaks, codes = Spectrum(), PeakFinder(), CodeMaker()
    made, samples = [], 0
    for block in blocks:
        samples += len(block)
        for begin in range(0, len(block), _BLOCK):
            power = spectrum.push(block[begin : begin + _BLOCK])
            peaks.push(power)
            made.append(codes.push(power))
    power = spectrum.finish()
    peaks.push(power)
    made += [codes.push(power), codes.finish()]
    found = peaks.finish()
    return Features(found.times, found.pitches, found.ranks, np.concatenate(made), samples / RATE)
