"""The 36 things that are done to an excerpt of a recording, with its true place, tempo and pitch in the result.

An excerpt is 30 seconds, mono, 44.1 kHz; unless the line says more, its seconds 10 to 20 are altered. All results are
16 kHz mono WAV of 16 bits.

clean_3 … clean_30   the first 3, 5 or 10 of those seconds; the whole excerpt
mp3_32 … opus_48     encoded at that many kbit/s (MP3 at 32 in 22.05 kHz), and decoded
resample_8, _16      through that many kHz
noise_20 … noise_0   pink noise that many dB below the excerpt
lowpass, highpass    Butterworth: 3 kHz of order 6, 500 Hz of order 4
eq                   bass +9 dB, treble -9 dB, compressor from -25 dB with ratio 6 and make-up 4
echoes               at 40, 73 and 131 ms with decays 0.45, 0.35, 0.25
tempo-10 … tempo+10  per cent, pitch kept (rubberband)
pitch-2 … pitch+2    semitones, tempo kept (rubberband)
speed-5 … speed+5    per cent, both together (resampled)
speech_0, _10        under synthetic speech (espeak-ng) that is 0 or 10 dB louder
music_0, _6          under another track that is 0 or 6 dB louder
"""

from __future__ import annotations

import subprocess
import wave
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import soxr

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

RATE: Final = 44_100
TARGET: Final = 16_000
EXCERPT: Final = 30.0


class Condition(NamedTuple):
    """`tempo` times as fast as the work, `shift` semitones above it; seconds of the excerpt [begin, begin + length)."""

    tempo: float = 1.0
    shift: float = 0.0
    begin: float = 10.0
    length: float = 10.0


def _speed(by: float) -> Condition:
    return Condition(tempo=by, shift=float(12 * np.log2(by)))


CONDITIONS: Final = {
    "clean_3": Condition(length=3.0), "clean_5": Condition(length=5.0), "clean_10": Condition(),
    "clean_30": Condition(begin=0.0, length=30.0),
    **{name: Condition() for name in (
        "mp3_32", "mp3_64", "mp3_128", "aac_48", "opus_16", "opus_48", "resample_8", "resample_16",
        "noise_20", "noise_10", "noise_5", "noise_0", "lowpass", "highpass", "eq", "echoes")},
    "tempo-10": Condition(tempo=0.9), "tempo-5": Condition(tempo=0.95),
    "tempo+5": Condition(tempo=1.05), "tempo+10": Condition(tempo=1.1),
    "pitch-2": Condition(shift=-2), "pitch-1": Condition(shift=-1),
    "pitch+1": Condition(shift=1), "pitch+2": Condition(shift=2),
    "speed-5": _speed(0.95), "speed-2": _speed(0.98), "speed+2": _speed(1.02), "speed+5": _speed(1.05),
    **{name: Condition() for name in ("speech_0", "speech_10", "music_0", "music_6")},
}  # fmt: skip
ENCODED: Final = {
    "mp3_32": (".mp3", "-c:a libmp3lame -b:a 32k -ar 22050"),
    "mp3_64": (".mp3", "-c:a libmp3lame -b:a 64k"),
    "mp3_128": (".mp3", "-c:a libmp3lame -b:a 128k"),
    "aac_48": (".m4a", "-c:a aac -b:a 48k"),
    "opus_16": (".opus", "-c:a libopus -b:a 16k"),
    "opus_48": (".opus", "-c:a libopus -b:a 48k"),
}
FILTERED: Final = {
    "resample_8": "aresample=8000,aresample=44100",
    "lowpass": ",".join(f"lowpass=f=3000:t=q:w={q}" for q in (0.51764, 0.70711, 1.93185)),
    "highpass": ",".join(f"highpass=f=500:t=q:w={q}" for q in (0.54120, 1.30656)),
    "eq": "bass=g=9,treble=g=-9,acompressor=threshold=-25dB:ratio=6:makeup=4",
    "echoes": "aecho=0.8:0.8:40|73|131:0.45|0.35|0.25",
    **{name: f"rubberband=tempo={made.tempo}" for name, made in CONDITIONS.items() if name[:5] == "tempo"},
    **{
        name: f"rubberband=pitch={2 ** (made.shift / 12):.9f}"
        for name, made in CONDITIONS.items()
        if name[:5] == "pitch"
    },
    **{
        name: f"asetrate={RATE * made.tempo:.0f},aresample=44100"
        for name, made in CONDITIONS.items()
        if name[:5] == "speed"
    },
}
QUIET: Final = ("ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1")


def alter(
    excerpt: Samples, speech: Samples, other: Samples, rng: np.random.Generator, stem: Path
) -> dict[str, Path]:
    """Write STEM-CONDITION.wav for each condition; `speech` and `other` are ten seconds each."""
    made = {name: stem.with_name(f"{stem.name}-{name}.wav") for name in CONDITIONS}
    middle = excerpt[10 * RATE : 20 * RATE]
    for name in ("clean_3", "clean_5", "clean_10", "clean_30", "resample_16"):
        begin, length = (round(seconds * RATE) for seconds in CONDITIONS[name][2:])
        write(made[name], soxr.resample(excerpt[begin : begin + length], RATE, TARGET))
    noise = pink(rng, len(middle))
    for name, disturbance in (("noise", noise), ("speech", speech), ("music", other)):
        for whole in (key for key in CONDITIONS if key.startswith(f"{name}_")):
            level = float(whole.rpartition("_")[2])
            above = level if name == "noise" else -level
            write(made[whole], soxr.resample(mixed(middle, disturbance, above), RATE, TARGET))
    _by_ffmpeg(middle, stem, made)
    return made


def _by_ffmpeg(middle: Samples, stem: Path, made: dict[str, Path]) -> None:
    """What ffmpeg alters: filters and encoders from one run, the decoders in a second."""
    source = stem.with_name(f"{stem.name}.source.wav")
    write(source, middle, RATE)
    labels = [f"[f{at}]" for at in range(len(FILTERED))]
    graph = f"[0:a]asplit={len(FILTERED)}{''.join(labels)};" + ";".join(
        f"{label}{text}[o{at}]"
        for at, (label, text) in enumerate(zip(labels, FILTERED.values(), strict=True))
    )
    command = [*QUIET, "-i", str(source), "-filter_complex", graph]
    for at, name in enumerate(FILTERED):
        command += ["-map", f"[o{at}]", "-ar", str(TARGET), "-ac", "1", *_PLAIN, str(made[name])]
    files = {name: stem.with_name(f"{stem.name}-{name}{ending}") for name, (ending, _) in ENCODED.items()}
    for name, (_, words) in ENCODED.items():
        command += ["-map", "0:a", *words.split(), str(files[name])]
    subprocess.run(command, check=True)
    command = list(QUIET)
    for file in files.values():
        command += ["-i", str(file)]
    for at, name in enumerate(files):
        command += ["-map", f"{at}:a", "-ar", str(TARGET), "-ac", "1", *_PLAIN, str(made[name])]
    subprocess.run(command, check=True)
    for file in (source, *files.values()):
        file.unlink()


_PLAIN: Final = ("-c:a", "pcm_s16le", "-bitexact", "-map_metadata", "-1")


def mixed(wanted: Samples, disturbance: Samples, above: float) -> Samples:
    """Both together, `wanted` being `above` dB over the other by their mean power, turned down where it would clip."""
    gain = rms(wanted) / max(rms(disturbance), 1e-9) * 10 ** (-above / 20)
    total = wanted + disturbance[: len(wanted)] * np.float32(gain)
    return total / max(1.0, float(np.abs(total).max()) / 0.99)


def rms(samples: Samples) -> float:
    """The square root of the mean power."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def pink(rng: np.random.Generator, count: int) -> Samples:
    """Noise whose power falls with the frequency, from 20 Hz, at a peak of about 1."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20.0))
    noise = np.fft.irfft(spectrum, count)
    return (noise / np.abs(noise).max()).astype(np.float32)


def write(path: Path, samples: Samples, rate: int = TARGET) -> None:
    """A WAV of 16 bits."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.clip(np.round(samples * 32767), -32768, 32767).astype("<i2").tobytes())


def read(path: Path) -> Samples:
    """The samples of a WAV of 16 bits, mono."""
    with wave.open(str(path), "rb") as source:
        return np.frombuffer(source.readframes(source.getnframes()), "<i2").astype(np.float32) / 32768
