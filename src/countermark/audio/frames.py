"""A container's packets to frames, and frames of any form to mono samples of 16 bits, in blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import av.error
import numpy as np

from countermark.audio._mono_kernel import to_mono
from countermark.audio.limits import MOST_SILENT_PACKETS, check_form
from countermark.errors import SoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

BLOCK: Final = 1 << 15
"""Samples of each channel that are made mono at a time."""
_MOST_READ_FAILURES: Final = 8
_KINDS: Final[dict[str, tuple[type[np.generic], float]]] = {
    "u8": (np.uint8, 256.0),
    "s16": (np.int16, 1.0),
    "s32": (np.int32, 2.0**-16),
    "s64": (np.int64, 2.0**-48),
    "flt": (np.float32, 32768.0),
    "dbl": (np.float64, 32768.0),
}
"""FFmpeg's kinds of samples, and what makes 16 bits of each."""


class Damage:
    """What was lost of a track, counted."""

    def __init__(self) -> None:
        self.packets = 0
        self.silence = 0.0
        self.notes: list[str] = []

    def __str__(self) -> str:
        """All of it in one line; empty if nothing was lost."""
        said = []
        if self.packets:
            said.append(f"{self.packets:,} packet{'s' * (self.packets > 1)} could not be decoded")
        if self.silence >= 0.05:
            said.append(f"{self.silence:.1f} seconds within it are missing, and silence stands for them")
        return "; ".join(said + self.notes)

    def note(self, said: str) -> None:
        """Remember something once; nothing, if it is empty."""
        if said and said not in self.notes:
            self.notes.append(said)


class Form(NamedTuple):
    """How the samples of a frame are kept."""

    kind: str
    channels: int
    rate: int


def frames_of(container: InputContainer, stream: AudioStream, damage: Damage) -> Iterator[AudioFrame]:
    """The frames of a stream, in order, from where the container stands; what cannot be decoded is counted."""
    failures = 0
    while failures < _MOST_READ_FAILURES:
        try:
            yield from _until_failure(container, stream, damage)
        except av.error.FFmpegError as error:
            failures += 1
            damage.note(f"could not be read on at one place: {error.strerror or 'unknown error'}")
        except SoundError as error:
            damage.note(str(error))
            return
        else:
            return


def _until_failure(container: InputContainer, stream: AudioStream, damage: Damage) -> Iterator[AudioFrame]:
    silent = 0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.EOFError:
            continue  # the decoder was emptied before
        except (av.error.FFmpegError, ValueError):
            frames = []
            damage.packets += 1
        silent = 0 if frames else silent + 1
        if silent > MOST_SILENT_PACKETS:
            damage.note(f"has more than {MOST_SILENT_PACKETS:,} packets in a row without sound: not read on")
            return
        yield from frames


def form_of(frame: AudioFrame) -> Form:
    """The form of a frame. Raises SoundError `unsupported`."""
    form = Form(frame.format.name, frame.layout.nb_channels, frame.sample_rate)
    if form.kind.removesuffix("p") not in _KINDS:
        raise SoundError("unsupported", f"has samples of kind {form.kind}")
    check_form(form.rate, form.channels)
    return form


class Mixer:
    """Frames of one form in; mono blocks of 16-bit samples out."""

    def __init__(self, form: Form) -> None:
        self.form = form
        kind, self._scale = _KINDS[form.kind.removesuffix("p")]
        self._dtype = np.dtype(kind)
        self._planar = form.kind.endswith("p") or form.channels == 1
        self._held: list[list[npt.NDArray[Any]]] = []
        self._count = 0

    def takes(self, frame: AudioFrame) -> bool:
        """Whether a frame has the form."""
        kind, channels, rate = self.form
        return (
            frame.sample_rate == rate and frame.layout.nb_channels == channels and frame.format.name == kind
        )

    def add(self, frame: AudioFrame, skip: int = 0) -> list[npt.NDArray[np.int16]]:
        """The blocks that are full after this frame, of which `skip` samples are left out."""
        rows = self._rows(frame)
        return list(self._taken([row[skip:] for row in rows] if skip else rows, frame.samples - skip))

    def quiet(self, count: int) -> Iterator[npt.NDArray[np.int16]]:
        """The blocks that are full after so many samples of silence."""
        level = 128 if self._dtype == np.uint8 else 0
        shape = (BLOCK,) if self._planar else (BLOCK, self.form.channels)
        rows = [np.full(shape, level, self._dtype)] * (self.form.channels if self._planar else 1)
        for done in range(0, count, BLOCK):
            room = min(BLOCK, count - done)
            yield from self._taken([row[:room] for row in rows], room)

    def _taken(self, rows: list[npt.NDArray[Any]], count: int) -> Iterator[npt.NDArray[np.int16]]:
        """Hold so many samples of each channel, and hand over what is full."""
        while (room := BLOCK - self._count) <= count:
            self._held.append([row[:room] for row in rows])
            self._count = BLOCK
            yield self.finish()
            rows = [row[room:] for row in rows]
            count -= room
        if count > 0:
            self._held.append(rows)
            self._count += count

    def finish(self) -> npt.NDArray[np.int16]:
        """What is left."""
        out = np.empty(self._count, np.int16)
        if self._count:
            stage = self._staged()
            to_mono(stage, self._count, np.float32(self._scale), out)
            self._held, self._count = [], 0
        return out

    def _staged(self) -> npt.NDArray[np.float32]:
        """What is held, float32[channels, n]."""
        if self._planar:
            stage = np.empty((self.form.channels, self._count), np.float32)
            for place, parts in zip(stage, zip(*self._held, strict=True), strict=True):
                np.concatenate(parts, out=place)
        else:
            stage = np.concatenate([whole for (whole,) in self._held]).astype(np.float32).T
        if self._dtype == np.uint8:
            stage -= 128
        return stage

    def _rows(self, frame: AudioFrame) -> list[npt.NDArray[Any]]:
        """The samples of each channel; where they are interleaved, one array [n, channels]."""
        count, channels = frame.samples, self.form.channels
        if self._planar:
            rows = [np.frombuffer(plane, self._dtype, count) for plane in frame.planes]  # type: ignore[call-overload]
        else:
            whole = np.frombuffer(frame.planes[0], self._dtype, count * channels)  # type: ignore[call-overload]
            rows = [whole.reshape(count, channels)]
        if self._dtype == np.float64:
            return [np.clip(row, -1e30, 1e30) for row in rows]  # a float of 32 bits goes no further
        return rows
