"""Music that code plays, for the tests of the verification."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from countermark.fingerprint.audio.codes import CodeMaker
from countermark.fingerprint.audio.features import RATE, Features
from countermark.fingerprint.audio.peaks import PeakFinder
from countermark.fingerprint.audio.spectrum import Spectrum

if TYPE_CHECKING:
    import numpy.typing as npt

    Sound = npt.NDArray[np.float32]


def played(seed: int, seconds: float) -> Sound:
    """Notes of a minor scale with overtones, struck at random on a grid of eighths at 120 a minute, and drums."""
    random = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * RATE) + RATE, dtype=np.float64)
    scale = np.array([0, 2, 3, 5, 7, 8, 10])
    for beat in np.arange(0, seconds, 0.25):
        for _ in range(int(random.integers(1, 4))):
            note = int(random.choice(scale)) + 12 * int(random.integers(0, 4))
            length = float(random.choice([0.25, 0.5, 1.0]))
            _strike(sound, beat, 220 * 2 ** (note / 12), length, random)
        _hit(sound, beat, random)
    sound = sound[: int(seconds * RATE)]
    return np.asarray(0.5 * sound / np.abs(sound).max(), dtype=np.float32)


def _strike(
    sound: npt.NDArray[np.float64], at: float, pitch: float, length: float, random: np.random.Generator
) -> None:
    time = np.arange(int(length * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * k * time) * random.uniform(0.1, 1) / k for k in range(1, 8))
    begin = int(at * RATE)
    end = min(len(sound), begin + len(time))
    sound[begin:end] += (tone * np.exp(-3 * time / length))[: end - begin]


def _hit(sound: npt.NDArray[np.float64], at: float, random: np.random.Generator) -> None:
    begin = int(at * RATE)
    noise = random.standard_normal(1600) * np.exp(-np.arange(1600) / 300)
    end = min(len(sound), begin + len(noise))
    sound[begin:end] += noise[: end - begin]


def loop_of_drums(seconds: float) -> Sound:
    """The same half second of drums, again and again."""
    once = np.zeros(RATE // 2)
    _hit(once, 0.0, np.random.default_rng(9))
    _strike(once, 0.25, 60.0, 0.2, np.random.default_rng(8))
    return np.asarray(np.resize(once, int(seconds * RATE)) / 8, dtype=np.float32)


def beat(seconds: float, tempo: float) -> Sound:
    """A bar of kick, snare and hat, the same samples over and over, at so many beats a minute."""
    random = np.random.default_rng(4)
    time = np.arange(RATE // 4) / RATE
    kick = 0.8 * np.sin(2 * np.pi * (50 * time + 12 * (1 - np.exp(-30 * time)))) * np.exp(-12 * time)
    snare = 0.4 * random.standard_normal(len(time)) * np.exp(-25 * time)
    hat = 0.2 * np.diff(random.standard_normal(len(time) + 1)) * np.exp(-70 * time)
    sound = np.zeros(int(seconds * RATE) + RATE)
    for sixteenth in range(int(seconds * tempo / 15)):
        begin = round(sixteenth * 15 / tempo * RATE)
        for hit, places in ((kick, (0, 6, 10)), (snare, (4, 12)), (hat, range(16))):
            if sixteenth % 16 in places:
                sound[begin : begin + len(time)] += hit
    return np.asarray(sound[: int(seconds * RATE)] * 0.6, dtype=np.float32)


def with_noise(sound: Sound, decibels: float, seed: int = 1) -> Sound:
    """White noise so much below the sound."""
    noise = np.random.default_rng(seed).standard_normal(len(sound)) * sound.std() * 10 ** (-decibels / 20)
    return np.asarray(sound + noise, dtype=np.float32)


def at_speed(sound: Sound, speed: float) -> Sound:
    """Played faster: higher too."""
    places = np.arange(int((len(sound) - 1) / speed)) * speed
    return np.asarray(np.interp(places, np.arange(len(sound)), sound), dtype=np.float32)


def features_of(sound: Sound) -> Features:
    """The features of a record."""
    spectrum, peaks, codes = Spectrum(), PeakFinder(), CodeMaker()
    made = []
    for power in (spectrum.push(sound), spectrum.finish()):
        peaks.push(power)
        made.append(codes.push(power))
    found = peaks.finish()
    return Features(found.times, found.pitches, found.ranks, np.concatenate(made), len(sound) / RATE)


def work_of(sound: Sound) -> Features:
    """The features that an index holds of a work: without the half bits."""
    features = features_of(sound)
    return replace(features, codes=np.ascontiguousarray(features.codes[:, :2]))
