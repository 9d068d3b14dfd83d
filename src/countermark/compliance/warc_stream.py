"""The bytes of WARC records, one by one, from plain and compressed files, with the place at which each begins.

Records are cut here by their own headers rather than by a WARC library, because what is kept must be written, and what
is removed hashed, byte for byte as it stood.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, cast

from isal import igzip_lib

from countermark.corpus.compression import StreamError, open_stream
from countermark.reservations.response import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_HEAD: Final = 1 << 20
_CHUNK: Final = 256 << 10
_PIECE: Final = 1 << 20
_MEMBER_PIECE: Final = 1 << 16  # the buffer is made anew for each member, and most are small
_DAMAGE: Final[tuple[type[Exception], ...]] = (
    cast("type[Exception]", igzip_lib.IsalError),
    ValueError,
    EOFError,
)
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_BLANK: Final = re.compile(rb"[\r\n]++")
_VERSION: Final = re.compile(rb"WARC/\d\.\d+\r?\n")


class DamagedError(Exception):
    """The file is not what it should be from `place` on; `records` were lost for certain."""

    def __init__(self, reason: str, message: str, place: int) -> None:
        super().__init__(message)
        self.reason = reason
        self.place = place


class Source(Protocol):
    """Decompressed bytes that know where in the file they come from."""

    def read(self) -> bytes:
        """Some more bytes, b"" at the end. Raises DamagedError when everything before the damage was handed over."""
        ...

    def place(self, position: int) -> int:
        """The offset in the file of what begins at a position of the decompressed bytes."""
        ...

    def member(self, begin: int, end: int) -> tuple[int, int] | None:
        """Offset and length, in the file, of the member that holds exactly the bytes between two positions."""
        ...


class PlainSource:
    """An uncompressed file from `begin` on."""

    def __init__(self, file: BinaryIO, begin: int = 0) -> None:
        self._file = file
        self._begin = begin
        file.seek(begin)

    def read(self) -> bytes:
        """Some more bytes."""
        return self._file.read(_PIECE)

    def place(self, position: int) -> int:
        """The offset in the file."""
        return self._begin + position

    def member(self, begin: int, end: int) -> None:  # noqa: ARG002
        """There are none."""
        return


class GzipSource:
    """The members of a gzip file from `begin` on; a record's place is that of the member in which it begins."""

    def __init__(self, file: BinaryIO, begin: int = 0) -> None:
        self._file = file
        self._at = begin  # the offset in the file of what stands in _pending
        self._pending = b""
        self._inner = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        self._member = begin
        self._fresh = True
        self._out = 0
        self._members: deque[tuple[int, int]] = deque([(0, begin)])
        file.seek(begin)

    def place(self, position: int) -> int:
        """The offset of the member that holds a position."""
        while len(self._members) > 1 and self._members[1][0] <= position:
            self._members.popleft()
        return self._members[0][1]

    def member(self, begin: int, end: int) -> tuple[int, int] | None:
        """Its offset and length, where one begins and ends there, whole and with its checksum right."""
        if end != self._out or not self._inner.eof or self._members[-1][0] != begin:
            return None
        place = self._members[-1][1]
        return place, self._at - len(self._inner.unused_data) - len(self._pending) - place

    def read(self) -> bytes:
        """Some more bytes."""
        while True:
            if self._inner.eof and not self._next_member():
                return b""
            piece = self._piece()
            if piece:
                self._out += len(piece)
                return piece
            if piece is None:
                return b""

    def _piece(self) -> bytes | None:
        data = b""
        if self._inner.needs_input:
            data = self._pending or self._file.read(_CHUNK)
            self._pending = b""
            if not data:
                if self._fresh:
                    return None
                raise DamagedError("truncated", "the gzip data stop before their end", self._member)
            self._at += len(data)
        try:
            piece: bytes = self._inner.decompress(data, _MEMBER_PIECE)
        except _DAMAGE as error:
            raise DamagedError("corrupt", f"gzip data damaged: {error}", self._member) from error
        self._fresh = False
        return piece

    def _next_member(self) -> bool:
        rest = bytes(self._inner.unused_data) + self._pending
        self._at -= len(rest)
        self._pending = rest or self._file.read(_CHUNK)
        self._member = self._at
        if not self._pending.strip(b"\0"):
            return False  # the end, or padding after it
        if not b"\x1f\x8b\x08".startswith(self._pending[:3]):
            raise DamagedError("corrupt", "bytes after the end of the gzip data", self._member)
        self._inner = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        self._members.append((self._out, self._member))
        self._fresh = True
        return True


class OtherSource:
    """A file compressed otherwise; offsets count in the decompressed bytes, and nothing after damage can be found."""

    def __init__(self, path: Path) -> None:
        self._stream = open_stream(path)

    def read(self) -> bytes:
        """Some more bytes."""
        try:
            return self._stream.read(_PIECE)
        except StreamError as error:
            raise DamagedError(error.reason, str(error), -1) from error

    def place(self, position: int) -> int:
        """The position itself."""
        return position

    def member(self, begin: int, end: int) -> None:  # noqa: ARG002
        """None is known."""
        return

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


@dataclass(slots=True)
class WarcRecord:
    """One record: `head` with its empty line, the first MAX_BODY bytes of the block, the others in a file, the end.

    `fields` are all header fields in order, `first` the first value of each, by name in lower case.
    `member` is offset and length of the gzip member that holds this record and nothing else, None where there is none.
    """

    offset: int
    head: bytes
    fields: list[tuple[str, str]]
    first: dict[str, str]
    block: bytes
    rest: BinaryIO | None
    tail: bytes
    length: int
    member: tuple[int, int] | None = None

    def field(self, name: str) -> str:
        """The first field of that name (in lower case), "" if there is none."""
        return self.first.get(name, "")

    def close(self) -> None:
        """Let go of the file that holds the end of a large block."""
        if self.rest is not None:
            self.rest.close()

    def pieces(self, head: bytes | None = None) -> Iterator[bytes]:
        """The bytes of the record without those after its block; another head if one is given."""
        yield self.head if head is None else head
        yield self.block
        if self.rest is not None:
            self.rest.seek(0)
            while piece := self.rest.read(_PIECE):
                yield piece


class Records:
    """The records of a source, in order. `began` is where the record under way begins."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._held = b""
        self._at = 0  # what stands before it in _held was taken
        self._position = 0  # of _held[_at], in the decompressed bytes
        self.began = source.place(0)

    def next(self) -> WarcRecord | None:
        """The next record, None at the end. Raises DamagedError."""
        if not self._skip_blank():
            return None
        begin = self._position
        self.began = self._source.place(begin)
        head = self._head()
        fields = _fields(head)
        first = dict(reversed(fields))
        length = first.get("content-length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 16):
            raise DamagedError("corrupt", "a record without a Content-Length that is a number", self.began)
        block, rest = self._block(int(length))
        tail = self._tail()
        member = self._source.member(begin, self._position) if tail and not self._left() else None
        return WarcRecord(self.began, head, fields, first, block, rest, tail, int(length), member)

    def _more(self) -> bool:
        piece = self._source.read()
        self._held = self._held[self._at :] + piece
        self._at = 0
        return bool(piece)

    def _left(self) -> int:
        return len(self._held) - self._at

    def _take(self, count: int) -> bytes:
        taken = self._held[self._at : self._at + count]
        self._at += len(taken)
        self._position += len(taken)
        return taken

    def _skip_blank(self) -> bool:
        """Pass over empty lines; whether anything follows."""
        while True:
            if blank := _BLANK.match(self._held, self._at):
                self._take(blank.end() - self._at)
            if self._left():
                return True
            if not self._more():
                return False

    def _head(self) -> bytes:
        while self._left() < 12 and self._more():
            pass
        if not _VERSION.match(self._held, self._at):
            raise DamagedError("corrupt", "no WARC record where one should begin", self.began)
        searched = 0
        while not (end := _HEAD_END.search(self._held, self._at + searched, self._at + MAX_HEAD)):
            searched = max(0, self._left() - 4)
            if self._left() > MAX_HEAD:
                raise DamagedError(
                    "corrupt", f"a record's header of more than {MAX_HEAD >> 20} MiB", self.began
                )
            if not self._more():
                raise DamagedError("truncated", "the file ends within a record's header", self.began)
        return self._take(end.end() - self._at)

    def _block(self, length: int) -> tuple[bytes, BinaryIO | None]:
        parts: list[bytes] = []
        rest: BinaryIO | None = None
        left = length
        while left:
            self._need(length, left, rest)
            piece = self._take(min(left, _PIECE))
            left -= len(piece)
            if rest is None and length - left > MAX_BODY:
                rest = cast("BinaryIO", TemporaryFile())  # noqa: SIM115  closed when it is let go
            if rest is None:
                parts.append(piece)
            else:
                rest.write(piece)
        return b"".join(parts), rest

    def _need(self, length: int, left: int, rest: BinaryIO | None) -> None:
        """See to it that some bytes of a block are held."""
        damage = None
        try:
            if self._left() or self._more():
                return
        except DamagedError as error:
            damage = error
        if rest is not None:
            rest.close()
        missing = f"the record has {length - left} of {length} bytes"
        raise damage or DamagedError("truncated", missing, self.began)

    def _tail(self) -> bytes:
        try:
            while self._left() < 4 and self._more():
                pass
        except DamagedError:
            pass  # the record itself is whole; the damage is met again by the next one
        if self._held.startswith(b"\r\n\r\n", self._at):
            return self._take(4)
        return self._take(2) if self._held.startswith(b"\n\n", self._at) else b""


def _fields(head: bytes) -> list[tuple[str, str]]:
    text = head.decode("utf-8", "replace").replace("\r\n", "\n")
    fields: list[tuple[str, str]] = []
    for line in text.split("\n")[1:]:
        if line[:1] in {" ", "\t"} and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return fields
