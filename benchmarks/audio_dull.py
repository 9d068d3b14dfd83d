"""Sound in which nothing must be found: silence, tones, noise, clicks, drum loops, speech; all made here.

OUT/records/*.flac: digital silence, silence with dither, single tones, chords, sweeps, white, pink and brown noise,
hum, metronomes, drum loops at six tempos, and (where espeak-ng is) speech. OUT/works/: two pieces with different
melodies over one and the same drum loop, a piece of that loop alone, a metronome and a tone that somebody registered as
works. OUT/records/shared-*.flac are that loop alone, and under a third melody: nobody's copy.

`python benchmarks/audio_dull.py OUT` writes them, 16 kHz mono, about 15 MB.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from audio_alterations import QUIET, read, write
from audio_queries import SPEECH

if TYPE_CHECKING:
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

RATE: Final = 16_000
LENGTH: Final = 30.0
TEMPOS: Final = (90, 100, 120, 128, 140, 174)
PATTERNS: Final = (  # sixteenths of a bar on which kick, snare and hat sound
    ((0, 8), (4, 12), (0, 2, 4, 6, 8, 10, 12, 14)),
    ((0, 6, 10), (4, 12), tuple(range(16))),
    ((0, 4, 8, 12), (4, 12), (2, 6, 10, 14)),
)
SCALE: Final = (0, 2, 3, 5, 7, 8, 10, 12)


def seconds(count: float = LENGTH) -> npt.NDArray[np.float64]:
    """The times of samples."""
    return np.arange(round(count * RATE)) / RATE


def tone(hertz: float, count: float = LENGTH) -> Samples:
    """A sine."""
    return (0.3 * np.sin(2 * np.pi * hertz * seconds(count))).astype(np.float32)


def chord(*hertz: float) -> Samples:
    """Several tones with their first harmonics."""
    parts = [tone(one * harmonic) / harmonic for one in hertz for harmonic in (1, 2, 3)]
    return np.sum(parts, axis=0) / np.float32(len(hertz))


def sweep(first: float, last: float) -> Samples:
    """A tone that rises or falls evenly in octaves."""
    at = seconds()
    rate = np.log(last / first) / LENGTH
    return (0.3 * np.sin(2 * np.pi * first * np.expm1(rate * at) / rate)).astype(np.float32)


def noise(slope: float, seed: int) -> Samples:
    """Noise whose amplitude falls with frequency to the power `slope`."""
    count = len(seconds())
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    spectrum *= np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20) ** -slope
    made = np.fft.irfft(spectrum, count)
    return (0.3 * made / np.abs(made).max()).astype(np.float32)


def metronome(tempo: float) -> Samples:
    """A click on each beat, a higher one on the first of four."""
    out = np.zeros(len(seconds()), np.float32)
    for beat in range(int(LENGTH * tempo / 60)):
        click = tone(1600 if beat % 4 == 0 else 1200, 0.04) * np.exp(-seconds(0.04) * 120).astype(np.float32)
        lay(out, click, beat * 60 / tempo)
    return out


def drums(tempo: float, pattern: int, length: float = LENGTH) -> Samples:
    """A bar of kick, snare and hat, the same samples over and over."""
    at = seconds(0.25)
    draw = np.random.default_rng(pattern)
    kick = 0.8 * np.sin(2 * np.pi * (50 * at + 12 * (1 - np.exp(-30 * at)))) * np.exp(-12 * at)
    snare = 0.4 * draw.standard_normal(len(at)) * np.exp(-25 * at) + 0.3 * np.sin(
        2 * np.pi * 190 * at
    ) * np.exp(-20 * at)
    hat = 0.2 * np.diff(draw.standard_normal(len(at) + 1)) * np.exp(-70 * at)
    out = np.zeros(round(length * RATE), np.float32)
    sixteenth = 60 / tempo / 4
    for bar in range(int(length / (16 * sixteenth)) + 1):
        for sound, places in zip((kick, snare, hat), PATTERNS[pattern], strict=True):
            for place in places:
                lay(out, sound.astype(np.float32), (16 * bar + place) * sixteenth)
    return out * np.float32(0.6)


def melody(seed: int, tempo: float, length: float) -> Samples:
    """A tune in eighths, drawn, on three harmonics, with a bass."""
    draw = np.random.default_rng(seed)
    out = np.zeros(round(length * RATE), np.float32)
    eighth, degree = 30 / tempo, 3
    for place in range(int(length / eighth)):
        degree = int(np.clip(degree + draw.integers(-2, 3), 0, 7))
        if draw.random() < 0.8:
            lay(out, note(330 * 2 ** (SCALE[degree] / 12), 1.6 * eighth), place * eighth)
        if place % 8 == 0:
            lay(out, note(82.4 * 2 ** (SCALE[int(draw.integers(0, 7))] / 12), 8 * eighth), place * eighth)
    return out


def note(hertz: float, length: float) -> Samples:
    """One plucked note."""
    at = seconds(length)
    made = sum(np.sin(2 * np.pi * hertz * k * at) / k**1.5 for k in (1, 2, 3, 4)) * np.exp(-4 * at / length)
    return (0.15 * made).astype(np.float32)


def lay(out: Samples, sound: Samples, at: float) -> None:
    """Add a sound at a second."""
    begin = round(at * RATE)
    piece = sound[: max(0, len(out) - begin)]
    out[begin : begin + len(piece)] += piece


def dull() -> dict[str, Samples]:
    """All records that are made by arithmetic."""
    silence = np.zeros(len(seconds()), np.float32)
    dither = np.random.default_rng(1).choice([-1, 0, 1], len(silence)).astype(np.float32) / 32768
    made = {"silence": silence, "silence-dither": dither, "hum-50": tone(50) + tone(100) + tone(150)}
    made |= {f"tone-{hertz}": tone(hertz) for hertz in (110, 440, 1000, 3150)}
    made["chord-major"], made["chord-minor"] = chord(262, 330, 392), chord(220, 262, 330)
    made["sweep-up"], made["sweep-down"] = sweep(100, 7000), sweep(5000, 80)
    for name, slope in (("white", 0.0), ("pink", 0.5), ("brown", 1.0)):
        made |= {f"noise-{name}-{seed}": noise(slope, seed) for seed in (1, 2)}
    made |= {f"metronome-{tempo}": metronome(tempo) for tempo in (60, 96, 120, 144)}
    made |= {
        f"drums-{tempo}-{pattern}": drums(tempo, pattern)
        for tempo in TEMPOS
        for pattern in range(len(PATTERNS))
    }
    made["shared-loop"] = drums(112, 1, 40)
    made["shared-loop-other-melody"] = drums(112, 1, 60) + melody(3, 112, 60)
    return made


def works() -> dict[str, Samples]:
    """Works that share a loop, and works that are dull themselves."""
    return {
        "first-melody": drums(112, 1, 90) + melody(1, 112, 90), "second-melody": drums(112, 1, 90) + melody(2, 112, 90),
        "loop-alone": drums(112, 1, 30), "metronome": metronome(120), "tone": tone(440),
    }  # fmt: skip


def speech(folder: Path) -> dict[str, Samples]:
    """What espeak-ng says, where it is there."""
    made: dict[str, Samples] = {}
    for voice, text in SPEECH.items() if shutil.which("espeak-ng") else ():
        file = folder / f"{voice}.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-w", file, text], check=True)
        subprocess.run([*QUIET, "-i", file, "-ar", str(RATE), folder / "out.wav"], check=True)
        made[f"speech-{voice}"] = read(folder / "out.wav")
    return made


def write_flac(path: Path, samples: Samples) -> None:
    """A FLAC of 16 bits."""
    plain = path.with_suffix(".wav")
    write(plain, samples, RATE)
    subprocess.run([*QUIET, "-i", plain, "-c:a", "flac", "-bitexact", path], check=True)
    plain.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    for name in ("records", "works"):
        (options.out / name).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        records = dull() | speech(Path(folder))
    for name, samples in records.items():
        write_flac(options.out / "records" / f"{name}.flac", samples)
    with (options.out / "works" / "works.csv").open("w", newline="", encoding="utf-8") as listing:
        rows = csv.writer(listing)
        rows.writerow(("path", "title", "author"))
        for name, samples in works().items():
            write_flac(options.out / "works" / f"{name}.flac", samples)
            rows.writerow((f"{name}.flac", name.replace("-", " ").capitalize(), "Countermark"))
    print(f"{len(records)} records, {len(works())} works")


if __name__ == "__main__":
    main()
