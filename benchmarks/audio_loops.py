"""Loops that works share: music made from the same bought samples, of which nobody is a copy.

Six kits, each one bar that is repeated exactly: drums alone, drums with a bass, a riff, an arpeggio, held chords. From
each three works are made (the loop under a melody, under a second one that is softer, and the loop alone with a break
and an ending of its own), and records that hold none of them: the loop alone, under other melodies that are soft or
loud, struck anew at other tempos or in another key, and in noise.

`python benchmarks/audio_loops.py OUT` adds them to what audio_dull.py wrote to OUT, about 100 MB.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from audio_dull import RATE, SCALE, drums, lay, melody, note, write_flac

if TYPE_CHECKING:
    from audio_dull import Samples

KITS: Final = {  # tempo, pattern of drums, what is played with them
    "drums": (112, 1, ""), "straight": (124, 0, ""), "bass": (96, 0, "bass"), "riff": (120, 2, "riff"),
    "arpeggio": (132, 2, "arpeggio"), "chords": (104, 1, "chords"),
}  # fmt: skip
LENGTH: Final = 40.0


def loop(kit: str, length: float = LENGTH, tempo: float = 0.0, up: float = 0.0) -> Samples:
    """A kit, bar after bar; at another tempo its samples are struck anew, `up` semitones higher its notes are."""
    own, pattern, played = KITS[kit]
    tempo = tempo or own
    out = drums(tempo, pattern, length)
    bar, sixteenth = 240 / tempo, 15 / tempo
    for begin in np.arange(0, length, bar):
        for place, degree, low, long in _notes(kit, played):
            hertz = low * 2 ** ((SCALE[degree] + up) / 12)
            lay(out, 2 * note(hertz, long * sixteenth), float(begin) + place * sixteenth)
    return out


def _notes(kit: str, played: str) -> list[tuple[int, int, float, float]]:
    """The sixteenth, the degree of the scale, the first degree in hertz and the sixteenths of each note of a bar."""
    draw = np.random.default_rng(list(KITS).index(kit))
    if played == "bass":
        return [(place, int(draw.integers(0, 8)), 55.0, 3) for place in (0, 3, 6, 10, 12)]
    if played == "riff":
        return [(place, int(draw.integers(0, 8)), 220.0, 2) for place in (0, 2, 3, 5, 6, 8, 11, 14)]
    if played == "arpeggio":
        return [(place, (0, 2, 4, 7)[place % 4], (220.0, 440.0)[place // 4 % 2], 1.5) for place in range(16)]
    if played == "chords":
        return [(place, degree, 220.0, 8) for place in (0, 8) for degree in (place // 8, 2, 4 + place // 8)]
    return []


def works() -> dict[str, Samples]:
    """Three of each kit."""
    made: dict[str, Samples] = {}
    for kit, (tempo, _, _) in KITS.items():
        number = 100 + 10 * list(KITS).index(kit)
        made[f"{kit}-first"] = loop(kit, 90) + melody(number + 1, tempo, 90)
        made[f"{kit}-second"] = loop(kit, 90) + np.float32(0.4) * melody(number + 2, tempo, 90)
        made[f"{kit}-broken"] = _broken(kit, number + 3, tempo)
    return made


def _broken(kit: str, seed: int, tempo: float) -> Samples:
    """Eight bars of the loop alone, then with a melody that is silent for two bars of each eight."""
    bar = round(240 / tempo * RATE)
    over = melody(seed, tempo, 90)
    for begin in [0, *range(8 * bar, len(over), 8 * bar)]:
        over[begin : begin + (8 if begin == 0 else 2) * bar] = 0
    return loop(kit, 90) + over


def records() -> dict[str, Samples]:
    """What holds a loop, and none of the works."""
    made: dict[str, Samples] = {}
    for kit, (tempo, _, _) in KITS.items():
        number = 100 + 10 * list(KITS).index(kit)
        made[f"{kit}-alone"] = loop(kit)
        for name, gain in (("soft", 0.1), ("middle", 0.3), ("loud", 1.0)):
            made[f"{kit}-{name}"] = loop(kit) + np.float32(gain) * melody(number + 4, tempo, LENGTH)
        made[f"{kit}-late"] = loop(kit)[round(0.337 * RATE) :]
        made[f"{kit}-noise"] = made[f"{kit}-alone"] + _noise(number, made[f"{kit}-alone"])
        for speed in (0.8, 0.9, 0.97, 1.05, 1.15, 1.25):
            made[f"{kit}-tempo-{speed}"] = loop(kit, tempo=tempo * speed)
        for up in (-2, 1, 5):
            made[f"{kit}-key-{up}"] = loop(kit, up=up) + np.float32(0.3) * melody(number + 5, tempo, LENGTH)
    return made


def _noise(seed: int, sound: Samples) -> Samples:
    level = 0.5 * float(np.std(sound))
    return (level * np.random.default_rng(seed).standard_normal(len(sound))).astype(np.float32)


def quiet(sound: Samples) -> Samples:
    """No louder than full scale."""
    return sound / np.float32(max(1.0, float(np.abs(sound).max())))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    folder = parser.parse_args().out
    for name, sound in records().items():
        write_flac(folder / "records" / f"{name}.flac", quiet(sound))
    with (folder / "works" / "works.csv").open("a", newline="", encoding="utf-8") as listing:
        rows = csv.writer(listing)
        for name, sound in works().items():
            write_flac(folder / "works" / f"{name}.flac", quiet(sound))
            rows.writerow((f"{name}.flac", name.replace("-", " ").capitalize(), "Countermark"))


if __name__ == "__main__":
    main()
