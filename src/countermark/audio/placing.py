"""Where in a track its frames lie: from any second on, to the sample; and what stands for those that are lost.

Where the times of the frames say that some are missing, silence of that length stands for them, so that what follows
lies where it would. Streams of bare frames (MP3, AAC, AC-3) have no times: what is cut out of them shifts the rest.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

import av.error

from countermark.audio.frames import frames_of
from countermark.audio.limits import MOST_SILENCE

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
_JUMP: Final = 0.015
"""Seconds by which a frame comes late where one is missing: less is how exactly containers tell times."""
_BACK: Final = 1.0
"""Seconds by which times go back where a clock began anew."""


class Piece(NamedTuple):
    """A frame, how many of its first samples are to be left out, and how many samples of silence stand before it."""

    frame: AudioFrame
    skip: int
    silence: int


def frames_from(
    fresh: Callable[[], tuple[InputContainer, AudioStream]], start: float, damage: Damage
) -> Iterator[Piece]:
    """The frames from the second `start` on.

    Second 0 is the first sample that the decoder gives, after the delay that the encoder declares. Seeks where the
    container can, and checks where that leads by the times of the frames; else decodes all that lies before.
    `fresh` gives the container at its start, with the stream.
    """
    container, stream = fresh()
    if start > _WORTH:
        found = _sought(container, stream, start, damage)
        if found is not None:
            frames, before = found
            yield from _after(_filled(frames, damage), before)
            return
        container, stream = fresh()
    yield from _after(_filled(frames_of(container, stream, damage), damage), start)


def _sought(
    container: InputContainer, stream: AudioStream, start: float, damage: Damage
) -> tuple[Iterator[AudioFrame], float] | None:
    """Frames, and by how much the first comes before `start`; None where seeking leads elsewhere."""
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
    return chain([landed], frames), start - (landed.time - origin)


def _filled(frames: Iterator[AudioFrame], damage: Damage) -> Iterator[Piece]:
    """Frames, with silence for what is missing between them.

    A jump of the times is filled as far as they are ahead of the samples that were counted: not where they waver.
    """
    ahead, end, left = 0.0, None, float(MOST_SILENCE)
    for frame in frames:
        begin, silence = frame.time, 0
        if begin is None:
            begin = end
        elif end is not None:
            jump = begin - end
            ahead = 0.0 if jump < -_BACK else ahead + jump
            missing = min(jump, ahead)
            if missing > max(left, _JUMP):
                damage.note(f"its times jump by {missing:.1f} seconds, which are left out")
                ahead = 0.0
            elif missing > _JUMP:
                silence = round(missing * frame.sample_rate)
                damage.silence += missing
                left -= missing
                ahead -= missing
        yield Piece(frame, 0, silence)
        if begin is not None:
            end = begin + frame.samples / frame.sample_rate


def _after(pieces: Iterator[Piece], start: float) -> Iterator[Piece]:
    """Leave out `start` seconds, by counting the samples."""
    if start <= 0:
        yield from pieces
        return
    left = start
    for frame, _, silence in pieces:
        skip = round(left * frame.sample_rate) if left > 0 else 0
        if skip >= silence + frame.samples:
            left -= (silence + frame.samples) / frame.sample_rate
            continue
        left = 0.0
        unheard = min(skip, silence)
        yield Piece(frame, skip - unheard, silence - unheard)
