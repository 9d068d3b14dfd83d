"""Mono samples to FLAC and to Opus: the same samples give the same bytes, no version, no random number."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, cast

import av
import numpy as np
from av.codec.context import Flags as CodecFlags
from av.container.core import Flags as ContainerFlags

from countermark.audio.resampling import Resampler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

_OPUS_RATES: Final = (8_000, 12_000, 16_000, 24_000, 48_000)
_OPUS_BITS: Final = 48_000
_OPUS_SETTINGS: Final = {
    "compression_level": "1",
    "frame_duration": "60",
    "application": "audio",
    "vbr": "on",
}
"""Longer frames and a low complexity: a third of the time of the encoder's own choice."""
_FLAC_SETTINGS: Final = {"compression_level": "5"}
_CHUNK: Final = 1 << 16


def encode_flac(samples: npt.NDArray[np.int16], rate: int) -> bytes:
    """Samples int16[n, 1] or int16[n] as a FLAC file."""
    return encoded([samples.reshape(-1)], rate, "flac", "flac", _FLAC_SETTINGS)


def encode_opus(blocks: Iterable[npt.NDArray[np.float32] | npt.NDArray[np.int16]], rate: int) -> bytes:
    """Mono samples in blocks, float32[n] (full scale 1.0) or int16[n], as an Ogg Opus file of about 48 kbit/s."""
    whole: Iterator[npt.NDArray[np.int16]] = (_of_16_bits(block.reshape(-1)) for block in blocks)
    target = next((known for known in _OPUS_RATES if known >= rate), 48_000)
    if target != rate:
        whole = _at_rate(whole, rate, target)
    return encoded(whole, target, "ogg", "libopus", _OPUS_SETTINGS, bit_rate=_OPUS_BITS)


def _of_16_bits(block: npt.NDArray[np.float32] | npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    if block.dtype == np.int16:
        return block.astype(np.int16, copy=False)
    whole: npt.NDArray[np.int16] = np.rint(np.clip(block * np.float32(32768), -32768, 32767)).astype(np.int16)
    return whole


def _at_rate(
    blocks: Iterable[npt.NDArray[np.int16]], rate: int, target: int
) -> Iterator[npt.NDArray[np.int16]]:
    resampler = Resampler(rate, target)
    for block in blocks:
        yield _of_16_bits(resampler.push(block))
    yield _of_16_bits(resampler.finish())


def encoded(
    blocks: Iterable[npt.NDArray[np.int16]],
    rate: int,
    container_name: str,
    codec: str,
    settings: dict[str, str],
    *,
    bit_rate: int = 0,
) -> bytes:
    """Mono samples int16[n] in blocks as a file; `settings` are those of FFmpeg's encoder `codec`."""
    out = io.BytesIO()
    with av.open(out, "w", format=container_name) as container:
        container.flags |= ContainerFlags.bitexact.value  # type: ignore[operator]  # a number, whatever the stub says
        added = container.add_stream(codec, rate=rate, layout="mono", options=settings)
        stream = cast("AudioStream", added)
        stream.codec_context.flags |= int(CodecFlags.bitexact.value)
        stream.codec_context.thread_count = 1
        if bit_rate:
            stream.bit_rate = bit_rate
        _write(container, stream, blocks, rate)
    return out.getvalue()


def _write(
    container: OutputContainer, stream: AudioStream, blocks: Iterable[npt.NDArray[np.int16]], rate: int
) -> None:
    written = 0
    for block in blocks:
        for begin in range(0, block.size, _CHUNK):
            part = np.ascontiguousarray(block[begin : begin + _CHUNK]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, written
            written += part.size
            container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
