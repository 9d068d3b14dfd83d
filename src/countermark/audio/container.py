"""Opening a container: one demuxer by name, no other file or address within reach, no picture decoded.

A file can ask for others (playlists, reference movies) and can hide pictures that unfold to gigabytes (cover art). So
the demuxer is chosen by the bytes and by no other probing; whatever it would open besides is refused; only decoders of
sound may be used, in looking for the streams as well; tags at the head are passed over unread; and the bytes that may
be read are counted, so that no file can be read round and round.
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import av
import av.codec
import av.error
import av.logging

from countermark.audio.limits import MOST_READS, MOST_STREAMS, READ_AT_LEAST
from countermark.audio.promises import promise_of
from countermark.audio.sample_tables import check_sample_tables
from countermark.audio.sniffing import ACCEPTED, DEMUXERS, sniffed, tag_length
from countermark.errors import SoundError

if TYPE_CHECKING:
    from av.container import InputContainer

    from countermark.audio.promises import Promise
    from countermark.audio.source import SoundSource

av.logging.set_level(None)  # what FFmpeg would print is told by our own errors

_HEAD: Final = 1 << 16
_DISCARD_ALL: Final = 48
_NAMED: Final = frozenset(
    {
        *(
            "mp3",
            "mp3float",
            "mp2",
            "mp2float",
            "mp1",
            "mp1float",
            "aac",
            "aac_latm",
            "opus",
            "vorbis",
            "flac",
            "alac",
        ),
        *(
            "wmav1",
            "wmav2",
            "wmapro",
            "wmalossless",
            "wmavoice",
            "ac3",
            "eac3",
            "dca",
            "truehd",
            "mlp",
            "ape",
            "tta",
        ),
        *(
            "wavpack",
            "amrnb",
            "amrwb",
            "gsm",
            "gsm_ms",
            "speex",
            "nellymoser",
            "mace3",
            "mace6",
            "g722",
            "g726",
        ),
        *("libopus", "libvorbis", "libopencore_amrnb", "libopencore_amrwb", "libspeex"),
    }
)
DECODERS: Final = frozenset(
    name for name in av.codec.codecs_available if name in _NAMED or name.startswith(("pcm_", "adpcm_"))
)
"""Names of the decoders that are used, and no others: those of sound that the installed FFmpeg has."""


class Opened(NamedTuple):
    """A container, its format by `sniffing`, the file that it reads, and what that says of its end."""

    container: InputContainer
    format: str
    file: BinaryIO
    promise: Promise

    def close(self) -> None:
        """Close both."""
        self.container.close()
        self.file.close()


def open_container(source: SoundSource) -> Opened:
    """The container of a file. Raises SoundError."""
    try:
        stream = source.open()
    except OSError as error:
        raise SoundError("unreadable", f"cannot be opened: {error.strerror or error}") from None
    try:
        with contextlib.ExitStack() as closing:
            closing.callback(stream.close)
            begin, kind, head = _told(stream, len(source))
            if kind == "mp4":
                check_sample_tables(stream, begin, len(source))
            promise = promise_of(stream, begin, len(source), kind, head)
            container = _opened(_Counted(stream, begin, len(source)), kind)
            closing.pop_all()
    except OSError as error:
        raise SoundError("unreadable", f"cannot be read: {error.strerror or error}") from None
    return Opened(container, kind, stream, promise)


def only(container: InputContainer, index: int) -> None:
    """Let the demuxer pass over every stream but one, where it can."""
    with contextlib.suppress(AttributeError):  # earlier versions of PyAV cannot tell it to
        for stream in container.streams:
            if stream.index != index:
                stream.discard = _DISCARD_ALL  # type: ignore[assignment]  # a number is accepted


def _told(stream: BinaryIO, size: int) -> tuple[int, str, bytes]:
    """Where the file begins behind its tags, its format, and its first bytes."""
    if not size:
        raise SoundError("empty", "holds no bytes")
    begin = 0
    for _ in range(MOST_READS):
        stream.seek(begin)
        length = tag_length(stream.read(10))
        if not length:
            break
        begin += length
    if begin >= size:
        raise SoundError("empty", "holds a tag, and no sound behind it")
    stream.seek(begin)
    head = stream.read(_HEAD)
    kind = sniffed(head)
    if not kind:
        raise SoundError("not-a-sound", f"is {_named(head)}; {ACCEPTED}")
    return begin, kind, head


def _named(head: bytes) -> str:
    """What a file is that is no sound, where that helps."""
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"#extm3u", b"[playlist]", b"ffconcat", b"v=0", b"<mpd")):
        return "a playlist or a description of streams, which names sound and holds none"
    if start.startswith((b"<?xml", b"<!doctype", b"<html")):
        return "a page of text"
    if start.startswith(b"mthd"):
        return "a MIDI file, notes without sound"
    return "silence, or nothing" if not head.strip(b"\0") else "of no known sound format"


def _opened(stream: _Counted, kind: str) -> InputContainer:
    options = {
        "codec_whitelist": ",".join(sorted(DECODERS)),
        "protocol_whitelist": "none",
        "max_streams": str(MOST_STREAMS),
        "enable_drefs": "0",
    }
    if kind == "wav":
        options["probesize"] = (
            "32768"  # or else it is looked through for DTS, at the cost of 50 seconds decoded
        )
    try:
        return av.open(
            stream,
            "r",
            format=DEMUXERS[kind],
            container_options=options,
            metadata_errors="replace",
            io_open=_refused,
        )
    except av.error.FFmpegError as error:
        raise SoundError(
            "damaged", f"cannot be read as {kind}: {error.strerror or 'unknown error'}"
        ) from None
    except (ValueError, RuntimeError, UnicodeError) as error:
        raise SoundError("damaged", f"cannot be read as {kind}: {error}") from None


def _refused(url: str, flags: int, options: dict[str, str]) -> Any:  # noqa: ARG001 - as FFmpeg calls it
    """No file opens another."""
    raise SoundError(
        "unsupported", f"asks for another file, and none is opened from within one: {url[:100]!r}"
    )


class _Counted:
    """A stream from `begin` on, of which no more may be read than several times its size."""

    def __init__(self, stream: BinaryIO, begin: int, size: int) -> None:
        self._stream, self._begin = stream, begin
        self._left = MOST_READS * size + READ_AT_LEAST
        stream.seek(begin)

    def read(self, count: int) -> bytes:
        """The next bytes."""
        data = self._stream.read(count)
        self._left -= len(data) + 64  # so that reading nothing, again and again, comes to an end too
        if self._left < 0:
            raise SoundError("damaged", "leads in circles: it was read several times over")
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move within what lies behind the tags."""
        if whence == io.SEEK_SET:
            offset = self._begin + max(0, offset)
        return self._stream.seek(offset, whence) - self._begin

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._stream.tell() - self._begin
