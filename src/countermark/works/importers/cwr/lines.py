"""The lines of a CWR file, one at a time, however long and however written."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from countermark.works.importers.names import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 4_096
"""Bytes of a line. The longest record of CWR 2.2 (NPN, XRF and their like) has fewer than 700 characters."""

CHARACTER_SETS: Final = {
    "": "latin-1",
    "ASCII": "latin-1",  # what calls itself ASCII holds Latin letters often enough, and Latin-1 reads every byte
    "UTF-8": "utf-8",
    "TRADITIONAL BIG5": "big5",
    "SIMPLIFIED GB": "gb18030",
}
"""The field "character set" of HDR (2.1 and later), in capitals, and the codec for it."""


class Line(NamedTuple):
    """One line: its number from 1, and its text, in which positions count characters."""

    number: int
    text: str

    @property
    def kind(self) -> str:
        """The record type: the first three signs."""
        return self.text[:3]

    @property
    def transaction(self) -> str:
        """The transaction sequence number."""
        return self.text[3:11]

    def field(self, start: int, length: int) -> str:
        """The field that begins at `start` (from 0), on one line, without its padding."""
        part = self.text[start : start + length]
        return " ".join(part.split()) if part.isprintable() else one_line(part)


class BadLine(NamedTuple):
    """A line that cannot be read, and why: `too-long`, `encoding` or `truncated`."""

    number: int
    reason: str
    detail: str


def lines_of(stream: BinaryIO, codec: str) -> Iterator[Line | BadLine]:
    """The lines of `stream` that are not empty.

    The last one without an end of line is taken for cut off where it is no TRL record: a file that was written whole
    ends its lines.
    """
    number = 0
    while raw := stream.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            yield BadLine(number, "too-long", f"the line has more than {LONGEST:,} bytes")
            _skip_rest(stream)
        elif not raw.strip(b"\r\n\x1a \t"):
            continue
        elif not raw.endswith(b"\n") and not raw.startswith(b"TRL"):
            yield BadLine(number, "truncated", "the file ends in the middle of this line")
        else:
            yield _decoded(number, raw, codec)


def _skip_rest(stream: BinaryIO) -> None:
    while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass


def _decoded(number: int, raw: bytes, codec: str) -> Line | BadLine:
    if number == 1:
        raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return Line(number, raw.decode(codec).rstrip("\r\n"))
    except UnicodeDecodeError as error:
        return BadLine(number, "encoding", f"byte {error.start + 1} is not {codec}, which the header names")
