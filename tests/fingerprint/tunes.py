"""Music made by code for the tests: random notes with a few harmonics."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RATE = 16_000


def tune(
    seed: int, seconds: float = 30.0, *, tempo: float = 1.0, shift: float = 0.0, level: float = 0.2
) -> npt.NDArray[np.float32]:
    """A tune of its own for each seed, float32: `tempo` times as fast, `shift` semitones higher."""
    random = np.random.default_rng(seed)
    count = int(seconds * 12)
    begins = np.sort(random.uniform(0, seconds, count)) / tempo
    notes = random.integers(0, 44, count)
    lengths = random.uniform(0.15, 0.7, count) / tempo
    loud = random.uniform(0.3, 1.0, count)
    sound = np.zeros(int(seconds / tempo * RATE) + 1, dtype=np.float64)
    for begin, note, length, volume in zip(begins, notes, lengths, loud, strict=True):
        first = int(begin * RATE)
        time = np.arange(min(len(sound) - first, int(length * RATE))) / RATE
        wave = np.zeros(len(time))
        for harmonic in (1, 2, 3):
            hertz = 220.0 * 2 ** ((int(note) + shift) / 12) * harmonic
            if hertz < 7_000:
                wave += np.sin(2 * np.pi * hertz * time) / harmonic**2
        sound[first : first + len(time)] += volume * wave * np.exp(-4 * time / length)
    return (level * sound / max(1e-9, float(np.abs(sound).max()))).astype(np.float32)


def noise(seed: int, seconds: float, level: float) -> npt.NDArray[np.float32]:
    """White noise of a standard deviation, float32."""
    random = np.random.default_rng(seed)
    return (level * random.standard_normal(int(seconds * RATE))).astype(np.float32)
