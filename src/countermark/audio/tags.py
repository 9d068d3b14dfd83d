"""What a sound file says of itself: title, artist, ISRC, licence, and when the recording was first published.

Only the container's own metadata are read, by the one demuxer that its first bytes ask for. Nothing is decoded for
them, neither sound nor the pictures among the tags, and no file or address that the container may name is opened.
Tags are hostile: they are bounded, read as UTF-8 where they are and else as Windows-1252 (as most old tags are), and
lose their control characters.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from countermark.audio.sample_tables import check_sample_tables
from countermark.audio.sniffing import DEMUXERS, looks_like_sound
from countermark.errors import MissingExtraError, SoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from countermark.audio.source import SoundSource

_HEAD: Final = 1 << 16
_MOST_READ: Final = 64 << 20
"""Bytes that the tags of one file may need, the pictures among them included."""
_MOST_TAGS: Final = 1000
_LONGEST: Final = 500
"""Characters of one value."""
_OPTIONS: Final = {
    "codec_whitelist": "none",
    "protocol_whitelist": "none",
    "enable_drefs": "0",
    "probesize": "1048576",
    "analyzeduration": "0",
}

# The names under which containers keep each field; of a date, only that of the first publication.
_TITLE: Final = ("title",)
_ARTIST: Final = ("artist", "album_artist", "albumartist", "composer", "author")
_ISRC: Final = ("isrc", "tsrc", "wm/isrc")
_LICENCE: Final = ("license", "licence", "wm/license")
_NOTICE: Final = ("copyright", "tcop")
_FIRST: Final = ("originaldate", "tdor", "original_date", "original_year", "originalyear", "tory")


@dataclass(frozen=True, slots=True)
class Tags:
    """What is said, each on one line; empty where nothing is.

    `artist` names the performer, else the composer. `notice` is the copyright notice. `first_published` is the date of
    the first publication, as it is written there, never that of a later release or of the file.
    """

    title: str = ""
    artist: str = ""
    isrc: str = ""
    licence: str = ""
    notice: str = ""
    first_published: str = ""


def read_tags(source: SoundSource) -> Tags:
    """The tags of a file; none where they cannot be read. Raises OSError, and MissingExtraError without PyAV."""
    with source.open() as stream:
        format_ = looks_like_sound(stream.read(_HEAD))
        stream.seek(0)
        if not format_:
            return Tags()
        return tags_among(_pairs(stream, format_, len(source)))


def tags_among(pairs: Iterable[tuple[str, str]]) -> Tags:
    """The fields that pairs of names and values hold; of several values of one name, the first."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if said := _one_line(value):
            values.setdefault(name.lower(), said)

    def first(names: tuple[str, ...]) -> str:
        return next((values[name] for name in names if name in values), "")

    return Tags(first(_TITLE), first(_ARTIST), first(_ISRC), first(_LICENCE), first(_NOTICE), first(_FIRST))


def _pairs(stream: BinaryIO, format_: str, size: int) -> list[tuple[str, str]]:
    try:
        import av  # noqa: PLC0415 - belongs to the extra `audio`
    except ImportError:
        raise MissingExtraError(
            "recordings need the extra audio (av is not installed): pip install 'countermark[audio]'"
        ) from None
    try:
        if format_ == "mp4":
            check_sample_tables(stream, 0, size)
            stream.seek(0)
        with av.open(
            _Budgeted(stream),
            format=DEMUXERS[format_],
            container_options=_OPTIONS,
            metadata_errors="surrogateescape",
            io_open=_nothing_else,
        ) as container:
            return list(_all(container))
    except (av.FFmpegError, OSError, ValueError, LookupError, RuntimeError, SoundError):
        return []


def _all(container: Any) -> Iterator[tuple[str, str]]:
    """The pairs of the container, then those of its sound tracks: Ogg has them there."""
    left = _MOST_TAGS
    for metadata in (container.metadata, *(stream.metadata for stream in container.streams.audio)):
        for name, value in _bounded(metadata, left):
            left -= 1
            yield name, value


def _bounded(metadata: Mapping[str, str], most: int) -> Iterator[tuple[str, str]]:
    for name, value in list(metadata.items())[:most]:
        yield name[:_LONGEST], value[: 4 * _LONGEST]


def _one_line(value: str) -> str:
    """A value in valid Unicode without control characters and double spaces."""
    try:
        value.encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8
        value = value.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    text = "".join(c if c.isprintable() else " " for c in value)
    return " ".join(text.split())[:_LONGEST]


def _nothing_else(*_: object) -> Any:
    """What a container may name is never opened."""
    raise PermissionError("a sound file names another file; it is not opened")


class _Budgeted(io.RawIOBase):
    """A stream of which so much may be read and no more."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = _MOST_READ

    def read(self, size: int = -1) -> bytes:
        """Bytes of the stream. Raises SoundError when more was read than tags may need."""
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data) + 64  # so that reading nothing, again and again, comes to an end too
        if self._left < 0:
            raise SoundError("damaged", "its tags are too long, or lead in circles")
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As the stream."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As the stream."""
        return self._stream.tell()

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True
