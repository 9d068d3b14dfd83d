"""Whether two tracks hold the same sound, measured apart from every fingerprint: for the labels of the benchmark.

`waves`: the samples themselves. Each second of one track is laid on the aligned second of the other, moved by up to 80
ms, and correlated in four bands. The same sound correlates in the same place from second to second; the same notes,
played again, do not. `tones`: where the tempo differs and the pitch does not (a piece rendered anew, or stretched), the
samples say nothing; there fine spectra of an eighth of a second are correlated, less their smooth shape.

Both are told with what the same comparison gives 3.137 seconds off, which is what unrelated sound of that music gives.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import soxr

from audio_queries import decoded

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

RATE: Final = 16_000
BANDS: Final = ((150, 600), (600, 1500), (1500, 4000), (4000, 7500))
ASIDE: Final = 3.137
REACH: Final = round(0.08 * RATE)
STEADY: Final = 8
"""Samples by which the place may change from second to second, in the middle."""
WINDOW: Final = 2048
SAME_WAVES, SAME_TONES, ABOVE = 0.5, 0.5, 0.2
"""From where sound is the same, and how far above what is found aside."""


class Passage(NamedTuple):
    """Seconds `start` to `end` of one track, and where they begin in the other, which is `tempo` times as slow."""

    start: float
    end: float
    other: float
    tempo: float
    shift: float


class Alike(NamedTuple):
    """One measure, and the same aside."""

    measure: str
    found: float
    aside: float

    def same(self) -> bool:
        """Whether it is the same sound."""
        least = SAME_WAVES if self.measure == "waves" else SAME_TONES
        return self.found >= max(least, self.aside + ABOVE)


def alike(first: Path, second: Path, passage: Passage) -> Alike:
    """How far two tracks hold the same sound in a passage: by their waves, or where these say nothing, their tones."""
    one, two = sound(first), sound(second)
    if abs(passage.shift - 12 * np.log2(passage.tempo)) < 0.15:
        found = Alike("waves", *(round(waves(one, two, passage, off), 2) for off in (0.0, ASIDE)))
        if found.same():
            return found
    return Alike("tones", *(round(tones(one, two, passage, off), 2) for off in (0.0, ASIDE)))


@lru_cache(maxsize=8)
def sound(path: Path) -> Samples:
    """A track at 16 kHz, mono."""
    return decoded(path, RATE)


def waves(one: Samples, two: Samples, passage: Passage, off: float) -> float:
    """The middle correlation of the seconds, in the best of the bands in which its place is steady."""
    pairs = [
        pair
        for second in np.arange(passage.start + 0.5, passage.end - 1.5)[:60]
        if (pair := _seconds(one, two, passage, float(second), off))
    ]
    best = 0.0
    for low, high in BANDS:
        told = [_best(_band(a, low, high), _band(b, low, high)) for a, b in pairs]
        places = np.array([place for _, place in told])
        if len(told) > 2 and np.median(np.abs(np.diff(places))) <= STEADY:
            best = max(best, float(np.median([share for share, _ in told])))
    return best


def _seconds(
    one: Samples, two: Samples, passage: Passage, second: float, off: float
) -> tuple[Samples, Samples] | None:
    """A second of one track, and that of the other with what is around it; None where one is silent or not there."""
    begin = round(second * RATE)
    there = round((passage.other + (second - passage.start) * passage.tempo + off) * RATE)
    a, b = one[begin : begin + RATE], two[max(0, there - REACH) : there + round(RATE * passage.tempo) + REACH]
    if there < REACH or len(b) < RATE * passage.tempo + 2 * REACH - 1 or min(a.std(), b.std()) < 1e-3:
        return None
    return a, b if abs(passage.tempo - 1) < 1e-3 else np.asarray(soxr.resample(b, passage.tempo * RATE, RATE))


def _band(samples: Samples, low: float, high: float) -> Samples:
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum[(hertz < low) | (hertz >= high)] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def _best(a: Samples, b: Samples) -> tuple[float, int]:
    """The highest correlation of a within b, and where."""
    size = len(a) + len(b)
    joint = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)[: len(b) - len(a) + 1]
    energy = np.cumsum(np.r_[0.0, b.astype(np.float64) ** 2])
    within = (energy[len(a) :] - energy[: -len(a)]) * np.sum(a.astype(np.float64) ** 2)
    share = np.abs(joint) / (np.sqrt(np.maximum(within, 0)) + 1e-9)
    return float(share.max()), int(share.argmax())


def tones(one: Samples, two: Samples, passage: Passage, off: float) -> float:
    """The middle correlation of fine spectra, each at the best of nine places around its own."""
    told = []
    for second in np.arange(passage.start + 0.2, passage.end - 0.4, 0.25)[:200]:
        begin = round(second * RATE)
        a = one[begin : begin + WINDOW]
        there = round((passage.other + (second - passage.start) * passage.tempo + off) * RATE)
        around = [two[k : k + WINDOW] for k in range(there - 640, there + 641, 160) if k >= 0]
        shapes = [_fine(b, passage.shift) for b in around if len(b) == WINDOW]
        if len(a) == WINDOW and a.std() > 1e-3 and shapes:
            told.append(max(float(np.corrcoef(_fine(a, 0.0), shape)[0, 1]) for shape in shapes))
    return float(np.median(told)) if told else 0.0


def _fine(samples: Samples, shift: float) -> npt.NDArray[np.float64]:
    """The log spectrum from 100 Hz to 4 kHz, moved down by semitones, less its smooth shape."""
    power = np.log(np.abs(np.fft.rfft(samples * np.hanning(WINDOW))) + 1e-4)
    places = np.arange(13, 512) * 2 ** (shift / 12)
    fine = np.interp(places, np.arange(len(power)), power)
    return np.asarray(fine - np.convolve(fine, np.ones(41) / 41, "same"))
