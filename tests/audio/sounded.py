"""Sounds made for tests, and files of them by the encoders that PyAV brings."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import av
import numpy as np
import numpy.typing as npt

from countermark.audio.decode import open_sound
from countermark.audio.source import SoundSource

if TYPE_CHECKING:
    from av.audio.stream import AudioStream


@dataclass(frozen=True)
class Kind:
    """How a file is encoded."""

    container: str
    codec: str
    rate: int
    layout: str = "stereo"
    samples: str = ""
    bit_rate: int = 0


KINDS = {
    "mp3": Kind("mp3", "libmp3lame", 44_100, bit_rate=128_000),
    "mp3 at 22 kHz": Kind("mp3", "libmp3lame", 22_050, "mono", bit_rate=32_000),
    "aac (adts)": Kind("adts", "aac", 44_100, bit_rate=128_000),
    "aac (m4a)": Kind("ipod", "aac", 44_100, bit_rate=128_000),
    "alac (m4a)": Kind("ipod", "alac", 44_100),
    "opus (ogg)": Kind("ogg", "libopus", 48_000, bit_rate=64_000),
    "opus (webm)": Kind("webm", "libopus", 48_000, bit_rate=64_000),
    "vorbis (ogg)": Kind("ogg", "vorbis", 44_100, bit_rate=128_000),
    "flac": Kind("flac", "flac", 44_100),
    "flac at 96 kHz": Kind("flac", "flac", 96_000, samples="s32"),
    "flac (ogg)": Kind("ogg", "flac", 44_100),
    "wav of 8 bits": Kind("wav", "pcm_u8", 22_050),
    "wav of 16 bits": Kind("wav", "pcm_s16le", 44_100),
    "wav of 24 bits": Kind("wav", "pcm_s24le", 48_000),
    "wav of 32 bits": Kind("wav", "pcm_s32le", 192_000),
    "wav of floats": Kind("wav", "pcm_f32le", 44_100),
    "wav of doubles": Kind("wav", "pcm_f64le", 44_100),
    "wav, adpcm": Kind("wav", "adpcm_ms", 44_100),
    "w64": Kind("w64", "pcm_s16le", 44_100),
    "aiff": Kind("aiff", "pcm_s16be", 44_100),
    "caf": Kind("caf", "pcm_s16be", 44_100),
    "au": Kind("au", "pcm_s16be", 44_100),
    "wma": Kind("asf", "wmav2", 44_100, bit_rate=128_000),
    "ac3": Kind("ac3", "ac3", 48_000, "5.1", bit_rate=384_000),
    "wavpack": Kind("wv", "wavpack", 44_100),
    "tta": Kind("tta", "tta", 44_100),
    "mov": Kind("mov", "pcm_s16le", 48_000),
    "mp4": Kind("mp4", "aac", 48_000, bit_rate=128_000),
    "mkv": Kind("matroska", "flac", 48_000),
    "avi": Kind("avi", "libmp3lame", 44_100, bit_rate=128_000),
    "flv": Kind("flv", "aac", 44_100, bit_rate=128_000),
    "ts": Kind("mpegts", "aac", 48_000, bit_rate=128_000),
    "mpeg": Kind("mpeg", "mp2", 48_000, bit_rate=192_000),
}


@cache
def played(seconds: float, rate: int) -> npt.NDArray[np.float64]:
    """A sound that is unlike itself at any other time: twelve gliding tones, each with its own beat; at most 1."""
    random = np.random.default_rng(7)
    time = np.arange(round(seconds * rate)) / rate
    whole = np.zeros(time.size)
    for _ in range(12):
        low, beat, depth, phase = random.uniform((150, 0.3, 20, 0), (3500, 2.9, 120, 6.3))
        glide = depth / beat * np.sin(2 * np.pi * beat * time + phase)
        whole += np.sin(2 * np.pi * low * time + glide) * (
            1 + np.sin(2 * np.pi * beat * 1.7 * time + phase * 3)
        )
    shaped: npt.NDArray[np.float64] = whole / np.abs(whole).max() * 0.8
    return shaped


def encoded(kind: Kind, seconds: float = 6.0, sound: npt.NDArray[np.float64] | None = None) -> bytes:
    """A file with the sound on every channel: `played`, or float64[n] or float64[n, channels] as given."""
    sound = played(seconds, kind.rate) if sound is None else sound
    out = io.BytesIO()
    with av.open(out, "w", format=kind.container) as container:
        stream = cast("AudioStream", container.add_stream(kind.codec, rate=kind.rate, layout=kind.layout))
        stream.codec_context.options = {"strict": "experimental"}
        if kind.samples:
            stream.format = kind.samples
        if kind.bit_rate:
            stream.bit_rate = kind.bit_rate
        channels = stream.layout.nb_channels
        whole = np.repeat(sound[:, None], channels, axis=1) if sound.ndim == 1 else sound
        for begin in range(0, len(whole), 4096):
            part = np.ascontiguousarray(whole[begin : begin + 4096].T.astype(np.float32))
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=kind.layout)
            frame.sample_rate, frame.pts = kind.rate, begin
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def heard(
    data: bytes, start: float = 0.0, seconds: float | None = None, track: int = 0
) -> tuple[npt.NDArray[np.float32], str]:
    """What is decoded of a file, and what of it was lost."""
    with open_sound(SoundSource(data=data)) as sound:
        parts = list(sound.blocks(track, start, seconds))
        return np.concatenate(parts) if parts else np.empty(0, np.float32), sound.damaged


def off_by(found: npt.NDArray[np.float32], start: float, seconds: float = 60.0) -> tuple[float, float]:
    """How many milliseconds late `found` plays what `played` has from `start` on; and how alike they are, to 1."""
    reach = 1600
    first = round(start * 16_000)
    length = min(found.size, 32_000) - 2 * reach
    middle = found[reach : reach + length].astype(np.float64)
    reference = np.pad(played(seconds, 16_000), (reach, 2 * reach))[first + reach :][: length + 2 * reach]
    size = 1 << (reference.size + length).bit_length()
    products = np.fft.irfft(np.fft.rfft(reference, size) * np.fft.rfft(middle, size).conj(), size)[
        : 2 * reach
    ]
    energies = np.cumsum(np.square(np.pad(reference, (1, length))))
    spans = energies[length : length + 2 * reach] - energies[: 2 * reach]
    alike = products / np.sqrt(np.maximum(spans, 1e-30) * (middle @ middle))
    place = int(alike.argmax())
    return (reach - place) / 16, float(alike[place])
