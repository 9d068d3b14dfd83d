"""Sound: hostile bytes in, mono samples out, streamed.

What cannot be decoded is refused with a SoundError, its `reason` one of

    empty           no bytes, or no sample of sound
    not-a-sound     none of the containers that are read (`sniffing.py`)
    no-sound-track  a film or a container without sound
    damaged         the file contradicts itself, or nothing of it can be decoded
    unsupported     a codec, a rate or a number of channels that is not decoded, or that is encrypted
    unreadable      the file cannot be opened or read

Where a part was decoded, `Sound.damaged` says what was lost. Where the times of the frames tell that something is
missing between them, silence stands for it (`placing.py`); else what follows lies earlier by as much. Each block of
32,768 samples is made mono as the mean of its channels; where that nearly cancels out (a hundredth of the energy of
the loudest channel), the loudest stands for all.

WMA that FFmpeg encoded lacks its first frame, 46 ms at 44,100 samples a second, and lies earlier by as much: its
decoder takes the delay of another encoder, a frame longer, for that of all, and no file says which it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from countermark.audio.container import DECODERS, only, open_container
from countermark.audio.frames import Damage, Mixer, form_of
from countermark.audio.limits import BLOCK, MOST_CHANGES, MOST_SECONDS, MOST_TRACKS, RATE, check_form
from countermark.audio.placing import frames_from
from countermark.audio.promises import too_short
from countermark.audio.resampling import Resampler, gathered
from countermark.audio.sniffing import looks_like_sound
from countermark.errors import SoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

    from countermark.audio.frames import Form
    from countermark.audio.placing import Piece
    from countermark.audio.source import SoundSource

__all__ = ["Sound", "TrackFacts", "looks_like_sound", "open_sound"]

_EXACT: Final = frozenset({"flac", "tta", "wavpack", "ape"})
"""Formats that say to the sample how long they are."""
_ABOUT: Final = frozenset({"mp4", "matroska", "asf"})
"""Formats that say about how long a track is: what is not to be played, and a track's late start, are counted in."""
_WITHIN: Final = 0.1
"""Seconds that may be missing of what is said to the sample: no more than a frame."""


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """One sound track: `number` from 0, and what the container says of it; `seconds` is None where it does not."""

    number: int
    codec: str
    rate: int
    channels: int
    seconds: float | None


class Sound:
    """An open sound file; a context manager.

    `format` is one of `sniffing.DEMUXERS`. While blocks are read, `seconds` is how much was handed over; afterwards
    `damaged` says what was lost, and is empty if nothing was.
    """

    def __init__(self, source: SoundSource, name: str) -> None:
        self._source, self._name = source, name
        self._opened = open_container(source)
        self._used = False
        self.format = self._opened.format
        try:
            self.tracks = _facts(self._opened.container)
        except SoundError:
            self.close()
            raise
        self.seconds = 0.0
        self.damaged = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._opened.close()

    def blocks(
        self, track: int = 0, start: float = 0.0, seconds: float | None = None
    ) -> Iterator[npt.NDArray[np.float32]]:
        """Mono samples float32[n] at 16,000 a second, full scale 1.0, some ten seconds at a time; n is never 0.

        From the second `start` on, to the sample; `seconds` at most. Nothing where the track ends before `start`.
        Only one iterator of a Sound may be in use. Raises SoundError where nothing at all can be decoded.
        """
        return self.pieces(track, start, seconds, RATE)

    def pieces(
        self, track: int, start: float, seconds: float | None, rate: int
    ) -> Iterator[npt.NDArray[np.float32]]:
        """The same at another rate."""
        if not 0 <= track < len(self.tracks):
            raise ValueError(f"there is no track {track}; there are {len(self.tracks)}")
        if not (start >= 0 and (seconds is None or seconds >= 0)):
            raise ValueError(f"start is {start} and seconds {seconds}; neither may be below 0")
        return self._pieces(track, start, seconds, rate)

    def _pieces(
        self, track: int, start: float, seconds: float | None, rate: int
    ) -> Iterator[npt.NDArray[np.float32]]:
        damage = Damage()
        self.seconds, self.damaged, made = 0.0, "", 0
        longest = max(0.0, MOST_SECONDS - start)
        most = round(min(longest, longest if seconds is None else seconds) * rate)
        try:
            for samples in gathered(self._at_rate(track, start, rate, damage), BLOCK * rate // RATE, most):
                made += samples.size
                self.seconds = made / rate
                yield samples
            if made and made >= longest * rate:
                damage.note(f"is longer than {MOST_SECONDS // 3600} hours: the rest was not read")
            if seconds is None or not self.seconds:
                self._check_length(track, start, damage)
        except SoundError as error:
            raise _with_name(error, self._name) from None
        finally:
            self.damaged = str(damage)

    def _at_rate(
        self, track: int, start: float, rate: int, damage: Damage
    ) -> Iterator[npt.NDArray[np.float32]]:
        """Mono at `rate`; a change of form within the track begins a new mixer and resampler."""
        chain: _Chain | None = None
        changes = 0
        for piece in frames_from(lambda: self._fresh(track), start, damage):
            frame = piece.frame
            if chain is None or not chain.mixer.takes(frame):
                changes += 1
                form = self._next_form(frame, changes, damage)
                if form is None:
                    break
                if chain is not None:
                    yield from chain.finish()
                chain = _Chain(form, rate)
            yield from chain.push(piece)
        if chain is not None:
            yield from chain.finish()

    @staticmethod
    def _next_form(frame: AudioFrame, changes: int, damage: Damage) -> Form | None:
        """The form of the frames from here on; None where it is the end. Raises SoundError for a first one."""
        if changes > MOST_CHANGES:
            damage.note(f"changes its rate or channels more than {MOST_CHANGES} times: not read on")
            return None
        try:
            return form_of(frame)
        except SoundError as error:
            if changes == 1:
                raise
            damage.note(f"{error}: not read on")
            return None

    def _check_length(self, track: int, start: float, damage: Damage) -> None:
        """Say where a track is shorter than its container says; raise SoundError where it is nothing."""
        if not self.seconds and not start:
            said = str(damage)
            raise SoundError("damaged", said) if said else SoundError("empty", "holds no sample of sound")
        end = start + self.seconds
        if self.seconds and end < MOST_SECONDS:
            damage.note(self._opened.promise.broken(end) or self._shorter(track, end))

    def _shorter(self, track: int, end: float) -> str:
        """What is to be said where the demuxer knows of a longer track; empty where it does not."""
        told = self.tracks[track].seconds or 0.0
        is_short = self.format in _EXACT and end < told - _WITHIN
        if self.format in _ABOUT and len(self._opened.container.streams) == 1:
            is_short = end < told * 0.98 - 1
        return too_short(end, told) if is_short else ""

    def _fresh(self, track: int) -> tuple[InputContainer, AudioStream]:
        """The container at its start, and one stream of it."""
        if self._used:
            self.close()
            self._opened = open_container(self._source)
        self._used = True
        container = self._opened.container
        stream = container.streams.audio[_readable(container)[track]]
        only(container, stream.index)
        stream.codec_context.thread_count = 1
        return container, stream


class _Chain:
    """Frames of one form to mono samples at another rate."""

    def __init__(self, form: Form, rate: int) -> None:
        self.mixer, self._resampler = Mixer(form), Resampler(form.rate, rate)

    def push(self, piece: Piece) -> Iterator[npt.NDArray[np.float32]]:
        for block in (*self.mixer.quiet(piece.silence), *self.mixer.add(piece.frame, piece.skip)):
            yield self._resampler.push(block)

    def finish(self) -> Iterator[npt.NDArray[np.float32]]:
        yield self._resampler.push(self.mixer.finish())
        yield self._resampler.finish()


def open_sound(source: SoundSource, name: str = "") -> Sound:
    """Open a sound file, or a film for its sound; `name` stands before the message of an error.

    Raises SoundError.
    """
    try:
        return Sound(source, name)
    except SoundError as error:
        raise _with_name(error, name) from None


def _with_name(error: SoundError, name: str) -> SoundError:
    return SoundError(error.reason, f"{name} {error}") if name else error


def _readable(container: InputContainer) -> list[int]:
    """The places among the sound streams of those that are read."""
    return [
        place
        for place, stream in enumerate(container.streams.audio)
        if stream.codec_context is not None and stream.codec_context.name in DECODERS
    ][:MOST_TRACKS]


def _facts(container: InputContainer) -> tuple[TrackFacts, ...]:
    """What the container says of its sound tracks. Raises SoundError."""
    streams = container.streams.audio
    if not streams:
        raise SoundError("no-sound-track", "holds no sound track")
    chosen = [streams[place] for place in _readable(container)]
    if not chosen:
        first = streams[0].codec_context
        named = f"the codec {first.name}" if first is not None else "a codec that is not known, or encrypted"
        raise SoundError("unsupported", f"has sound in {named}, which is not decoded")
    if len(chosen) == 1:
        context = chosen[0].codec_context
        if context.sample_rate and context.channels:
            check_form(context.sample_rate, context.channels)
    return tuple(_track(number, stream, container.duration) for number, stream in enumerate(chosen))


def _track(number: int, stream: AudioStream, whole: int | None) -> TrackFacts:
    """The facts of one stream; `whole` is the length of the container in microseconds."""
    seconds = None
    if stream.duration and stream.duration > 0 and stream.time_base:
        seconds = float(stream.duration * stream.time_base)
    elif whole and whole > 0:
        seconds = whole / 1e6
    context = stream.codec_context
    return TrackFacts(number, context.name, context.sample_rate or 0, context.channels, seconds)
