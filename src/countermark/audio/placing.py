"""Where in a track its frames lie: from any second on, to the sample."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import av.error

from countermark.audio.frames import frames_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

    from countermark.audio.frames import Damage

_BEFORE: Final = 0.5
"""Seconds that are decoded before the one wanted: decoders need some frames until what they say is right (the bit
reservoir of MP3, 80 ms of Opus, the overlap of any transform)."""
_WORTH: Final = 2.0
"""Seconds from the start within which nothing is gained by seeking."""


def frames_from(
    fresh: Callable[[], tuple[InputContainer, AudioStream]], start: float, damage: Damage
) -> Iterator[tuple[AudioFrame, int]]:
    """Frames from the second `start` on, each with how many of its samples are to be left out.

    Second 0 is the first sample that the decoder gives, after the delay that the encoder declares. Seeks where the
    container can, and checks where that leads by the times of the frames; else decodes all that lies before.
    `fresh` gives the container at its start, with the stream.
    """
    container, stream = fresh()
    if start > _WORTH:
        found = _sought(container, stream, start, damage)
        if found is not None:
            yield from _cut(found, start)
            return
        container, stream = fresh()
    yield from _counted(frames_of(container, stream, damage), start)


def _sought(
    container: InputContainer, stream: AudioStream, start: float, damage: Damage
) -> Iterator[tuple[AudioFrame, float]] | None:
    """Frames with their seconds, the first at or before `start`; None where seeking leads elsewhere."""
    first = next(frames_of(container, stream, damage), None)
    if first is None or first.time is None or stream.time_base is None:
        return None
    origin = first.time
    try:
        container.seek(int((origin + start - _BEFORE) / stream.time_base), stream=stream)
    except (av.error.FFmpegError, OverflowError):
        return None
    frames = frames_of(container, stream, damage)
    landed = next(frames, None)
    if landed is None or landed.time is None or landed.time - origin > start:
        return None
    return _timed(chain([landed], frames), origin)


def _timed(frames: Iterator[AudioFrame], origin: float) -> Iterator[tuple[AudioFrame, float]]:
    for frame in frames:
        yield frame, (frame.time or origin) - origin


def _cut(frames: Iterator[tuple[AudioFrame, float]], start: float) -> Iterator[tuple[AudioFrame, int]]:
    """Leave out what lies before `start`; from there on, no more is asked of the times."""
    for frame, second in frames:
        skip = round((start - second) * frame.sample_rate)
        if skip < frame.samples:
            yield frame, max(0, skip)
            break
    for frame, _ in frames:
        yield frame, 0


def _counted(frames: Iterator[AudioFrame], start: float) -> Iterator[tuple[AudioFrame, int]]:
    """Leave out `start` seconds by counting them."""
    left = start
    for frame in frames:
        if left <= 0:
            yield frame, 0
            continue
        skip = round(left * frame.sample_rate)
        left -= frame.samples / frame.sample_rate
        if skip < frame.samples:
            left = 0.0
            yield frame, skip
