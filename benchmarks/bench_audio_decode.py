"""Decoding sound: times the real time of one core by CPU time, codec by codec.

180 seconds of sound made here (tones, noise and beats in stereo), or of a file given, are encoded by PyAV with each
codec. Measured in turns, one thread: PyAV decoding alone (no change of rate, nothing looked at); PyAV to 16,000 mono by
its own AudioResampler, which is the limit; Countermark to the same; Countermark's two windows of 15 s, as `--quick`
reads them; and soundfile and miniaudio where they are installed. Figures are medians of the turns.

`python benchmarks/bench_audio_decode.py [FILE]` writes results/audio_decode.json.
"""

from __future__ import annotations

import argparse
import importlib
import io
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import one_thread, save

one_thread()

import av  # noqa: E402
import numpy as np  # noqa: E402

from countermark.audio.decode import open_sound  # noqa: E402
from countermark.audio.excerpt import encode_flac, encode_opus  # noqa: E402
from countermark.audio.source import SoundSource  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

PACKAGES = ("av", "numba", "numpy", "soundfile", "miniaudio")
SECONDS = 180
CODECS = {  # container, codec, rate, bits a second
    "mp3 128": ("mp3", "libmp3lame", 44_100, 128_000),
    "mp3 320": ("mp3", "libmp3lame", 44_100, 320_000),
    "aac 128": ("ipod", "aac", 44_100, 128_000),
    "opus 96": ("ogg", "libopus", 48_000, 96_000),
    "vorbis": ("ogg", "vorbis", 44_100, 160_000),
    "flac": ("flac", "flac", 44_100, 0),
    "alac": ("ipod", "alac", 44_100, 0),
    "wav": ("wav", "pcm_s16le", 44_100, 0),
}


def made(rate: int) -> npt.NDArray[np.float32]:
    """Stereo float32[2, n] with tones, harmonics, beats and noise: about as hard to encode as music."""
    random = np.random.default_rng(1)
    seconds = np.arange(SECONDS * rate, dtype=np.float64) / rate
    whole = random.standard_normal((2, seconds.size)) * 0.02 * (np.sin(seconds * 12.5) > 0.8)
    notes = 110 * 2.0 ** (random.integers(0, 36, (4, SECONDS * 2)) / 12)
    for voice in range(4):
        phase = np.cumsum(np.repeat(notes[voice], rate // 2)) / rate * 2 * np.pi
        fading = np.exp(-4 * (seconds * 2 % 1))
        for harmonic in range(1, 7):
            tone = np.sin(phase * harmonic) * fading * 0.12 / harmonic
            whole += tone * np.array([[1 - voice * 0.2], [0.4 + voice * 0.2]])
    return np.clip(whole, -1, 1).astype(np.float32)


def read(path: Path, rate: int) -> npt.NDArray[np.float32]:
    """The first 180 seconds of a file, as stereo float32[2, n]."""
    resampler = av.AudioResampler("fltp", "stereo", rate)
    parts, count = [], 0
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                parts.append(piece.to_ndarray())
                count += parts[-1].shape[1]
            if count >= SECONDS * rate:
                break
    return np.concatenate(parts, axis=1)[:, : SECONDS * rate]


def encoded(sound: npt.NDArray[np.float32], kind: tuple[str, str, int, int]) -> bytes:
    name, codec, rate, bits = kind
    out = io.BytesIO()
    with av.open(out, "w", format=name) as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        stream.codec_context.options = {"strict": "experimental"}
        if bits:
            stream.bit_rate = bits
        for begin in range(0, sound.shape[1], 1 << 16):
            part = np.ascontiguousarray(sound[:, begin : begin + (1 << 16)])
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = rate, begin
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def pyav_alone(data: bytes) -> int:
    with av.open(io.BytesIO(data)) as container:
        container.streams.audio[0].thread_count = 1
        return sum(frame.samples for frame in container.decode(audio=0))


def pyav_to_16000(data: bytes) -> int:
    resampler = av.AudioResampler("flt", "mono", 16_000)
    count = 0
    with av.open(io.BytesIO(data)) as container:
        container.streams.audio[0].thread_count = 1
        for frame in (*container.decode(audio=0), None):
            count += sum(piece.to_ndarray().size for piece in resampler.resample(frame))
    return count


def countermark(data: bytes) -> int:
    with open_sound(SoundSource(data=data)) as sound:
        return sum(block.size for block in sound.blocks())


def two_windows(data: bytes) -> int:
    with open_sound(SoundSource(data=data)) as sound:
        return sum(block.size for start in (45.0, 120.0) for block in sound.blocks(0, start, 15.0))


def by_soundfile(data: bytes) -> int:
    soundfile = importlib.import_module("soundfile")
    samples, _ = soundfile.read(io.BytesIO(data), dtype="int16")
    return len(samples)


def by_miniaudio(data: bytes) -> int:
    miniaudio = importlib.import_module("miniaudio")
    found = miniaudio.decode(data, nchannels=1, sample_rate=16_000)
    return len(found.samples)


def ways() -> dict[str, Callable[[bytes], int]]:
    found: dict[str, Callable[[bytes], int]] = {
        "pyav_alone": pyav_alone,
        "pyav_to_16000_mono": pyav_to_16000,
        "countermark": countermark,
        "two_windows": two_windows,
    }
    for name, way in (("soundfile", by_soundfile), ("miniaudio", by_miniaudio)):
        try:
            importlib.import_module(name)
            found[f"{name}_{'decode_alone' if name == 'soundfile' else 'to_16000_mono'}"] = way
        except ImportError:
            print(f"{name} is not installed: left out")
    return found


def measured(data: bytes, named: dict[str, Callable[[bytes], int]], turns: int) -> dict[str, Any]:
    """Times real time of each way, and what ours takes of each; a way that cannot read it is left out."""
    taken: dict[str, list[float]] = {name: [] for name in named}
    for turn in range(turns + 1):
        names = list(taken)
        for name in names[turn % len(names) :] + names[: turn % len(names)]:  # each is first in its turn
            begin = time.process_time()
            try:
                named[name](data)
            except Exception as error:  # noqa: BLE001 - another library's own errors
                print(f"  {name} cannot read it: {type(error).__name__}")
                del taken[name]
                continue
            if turn:  # the first warms the caches
                taken[name].append(time.process_time() - begin)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    row: dict[str, Any] = {name: round(SECONDS / seconds) for name, seconds in medians.items()}
    row["two_windows_share_of_whole"] = round(medians["two_windows"] / medians["countermark"], 3)
    row["times_pyav_to_16000_mono"] = round(medians["pyav_to_16000_mono"] / medians["countermark"], 2)
    row["bytes"] = len(data)
    return row


def encoding(sound: npt.NDArray[np.float32], rate: int) -> dict[str, int]:
    """Times real time of the copies for listening, from mono samples."""
    mono = sound.mean(axis=0)
    low = np.rint(mono * 30_000).astype(np.int16)
    encoders: dict[str, Callable[[], object]] = {
        "opus_of_48000": lambda: encode_opus([mono], rate),
        "opus_of_16000": lambda: encode_opus([mono[:: rate // 16_000]], 16_000),
        "flac_of_48000": lambda: encode_flac(low, rate),
    }
    found = {}
    for name, work in encoders.items():
        begin = time.process_time()
        work()
        found[name] = round(SECONDS / (time.process_time() - begin))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?", help="music of three minutes at least")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    sounds = {rate: read(options.file, rate) if options.file else made(rate) for rate in (44_100, 48_000)}
    named = ways()
    table: dict[str, Any] = {}
    for name, kind in CODECS.items():
        table[name] = measured(encoded(sounds[kind[2]], kind), named, options.turns)
        print(f"{name:8s}", *(f"{key} {value}" for key, value in table[name].items()), sep="  ")
    coded = encoding(sounds[48_000], 48_000)
    print("encoding", coded)
    save("audio_decode", {"seconds": SECONDS, "times_real_time": table, "encoding": coded}, PACKAGES)


if __name__ == "__main__":
    main()
