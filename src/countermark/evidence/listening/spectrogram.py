"""The spectrogram of an excerpt as a picture: time to the right, pitch upwards in octaves, dark where it is loud."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from countermark.evidence.listening.png import png
from countermark.fingerprint.audio.features import FRAMES_A_SECOND, HOP, LOWEST, PITCH_STEPS, RATE, WINDOW
from countermark.fingerprint.audio.peaks import PeakFinder
from countermark.fingerprint.audio.spectrum import BIN_HERTZ, BINS, FIRST_BIN, Spectrum

HIGHEST: Final = 5_000.0
"""Hertz at the upper edge; the lower one is LOWEST."""
ROWS: Final = 140
TICKS: Final = (200, 500, 1_000, 2_000, 5_000)
"""Hertz that are named at the side."""
STRONGEST: Final = 3
"""Peaks that are drawn of each band and second: the strongest."""

_FRAMES: Final = 2
"""Frames of a column."""
_SHADES: Final = 48
_DEPTH: Final = 20 * 1024
"""Levels from the loudest to what is as light as the paper: 60 decibels, as 1,024 are a doubling of the power."""
_PAPER: Final = (255, 253, 248)
_INK: Final = (29, 36, 48)


class Peaks(NamedTuple):
    """Peaks in order of time: `seconds` float64[n] from the start of the excerpt, `pitches` int64[n].

    Pitches are told in steps of 1/PITCH_STEPS octave above LOWEST.
    """

    seconds: npt.NDArray[np.float64]
    pitches: npt.NDArray[np.int64]


class Drawn(NamedTuple):
    """A spectrogram: its PNG file, its size in pixels, how many seconds it spans, and its peaks."""

    picture: bytes
    width: int
    seconds: float
    peaks: Peaks


def drawn(samples: npt.NDArray[np.int16]) -> Drawn:
    """The spectrogram and the strongest peaks of mono sound int16[n] at RATE."""
    spectrum, finder = Spectrum(), PeakFinder()
    sound = samples.astype(np.float32) / np.float32(32_768)
    power = np.concatenate([spectrum.push(sound), spectrum.finish()])
    finder.push(power)
    found = finder.finish()
    strong = found.ranks < STRONGEST
    middle = (found.times[strong].astype(np.float64) * HOP + WINDOW / 2) / RATE
    peaks = Peaks(middle, found.pitches[strong].astype(np.int64))
    columns = max(1, len(power) // _FRAMES)
    return Drawn(png(_shaded(power), _palette()), columns, columns * _FRAMES / FRAMES_A_SECOND, peaks)


def height_of(pitches: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How high pitches lie in the picture, from 0 at its lower edge to 1 at the upper."""
    octaves = np.log2(HIGHEST / LOWEST)
    return np.asarray(pitches / (PITCH_STEPS * octaves), np.float64)


def height_of_hertz(hertz: float) -> float:
    """How high a frequency lies in the picture, from 0 to 1."""
    return float(np.log2(hertz / LOWEST) / np.log2(HIGHEST / LOWEST))


def _shaded(power: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Numbers of shades uint8[ROWS, columns], 0 for the lightest."""
    columns = len(power) // _FRAMES
    if not columns:
        return np.zeros((ROWS, 1), np.uint8)
    wide = power[: columns * _FRAMES].reshape(columns, _FRAMES, BINS).sum(axis=1, dtype=np.float64)
    edges = LOWEST * (HIGHEST / LOWEST) ** (np.arange(ROWS + 1) / ROWS) / BIN_HERTZ - FIRST_BIN + 0.5
    below = np.clip(edges, 0, BINS)
    whole = below.astype(np.int64)
    summed = np.concatenate([np.zeros((columns, 1)), np.cumsum(wide, axis=1)], axis=1)
    padded = np.concatenate([wide, np.zeros((columns, 1))], axis=1)
    reached = summed[:, whole] + padded[:, whole] * (below - whole)
    bands = np.diff(reached, axis=1) / np.maximum(np.diff(below), 1e-9)
    # The bits of a float, read as a number, are its logarithm, straight between the octaves: no rounding of a machine.
    levels = (bands.astype(np.float32) + np.float32(1e-12)).view(np.int32) >> 13
    over = levels - (int(levels.max()) - _DEPTH)
    shades = np.clip(over * _SHADES // _DEPTH, 0, _SHADES - 1).astype(np.uint8)
    return np.ascontiguousarray(shades.T[::-1])


def _palette() -> list[tuple[int, int, int]]:
    """From paper to ink, in even steps."""
    last = _SHADES - 1
    return [
        (mixed[0], mixed[1], mixed[2])
        for shade in range(_SHADES)
        if (mixed := [(p * (last - shade) + i * shade) // last for p, i in zip(_PAPER, _INK, strict=True)])
    ]
