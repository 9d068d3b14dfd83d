"""Opening a file by its content: gzip, Zstandard, bzip2, xz, or nothing.

Everything is streamed and bounded. What stands before a cut or a damaged place is handed over first; only then
StreamError says what is wrong. A stream that swells beyond any real text is called a bomb and stopped.
"""

from __future__ import annotations

import bz2
import lzma
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self, cast

import zstandard
from isal import igzip_lib

from countermark.errors import CorpusError
from countermark.storage.place import is_url, name_of
from countermark.storage.reading import open_binary, size_of

if TYPE_CHECKING:
    from countermark.storage.place import Place

MAX_RATIO = 300
"""More bytes out than this for one byte in is no text."""
BOMB_FLOOR = 256 << 20
"""The ratio is looked at only from this many bytes out."""
_DAMAGE: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    lzma.LZMAError,
    cast("type[Exception]", igzip_lib.IsalError),
    zstandard.ZstdError,
)
_CHUNK = 256 << 10
_PIECE = 4 << 20

_MAGIC = {b"\x1f\x8b\x08": "gz", b"\x28\xb5\x2f\xfd": "zst", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz"}


class StreamError(CorpusError):
    """A compressed stream is `truncated`, `corrupt` or a `bomb` (its `reason`)."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[StreamError], tuple[str, str]]:
        """Cross process borders whole."""
        return type(self), (self.reason, str(self))


class ByteStream(Protocol):
    """What the readers need of an open file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, b"" at the end."""
        ...


class _Decompressor(Protocol):
    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Zstd:
    """zstandard's stream reader under the interface that the other decompressors share."""

    def __init__(self, source: BinaryIO) -> None:
        # Python's binding takes a window of up to 128 MiB, which bounds memory.
        self._reader = zstandard.ZstdDecompressor().stream_reader(
            source, read_size=_CHUNK, read_across_frames=True
        )

    def read(self, size: int) -> bytes:
        return self._reader.read(size)


def compression_of(head: bytes) -> str:
    """Return "gz", "zst", "bz2", "xz" or "" for the first bytes of a file."""
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    return ""


class _FileStream:
    """What both streams have: one file, closed with the stream."""

    _file: BinaryIO

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def consumed(self) -> int:
        """Bytes of the file, compressed as it is, that were read so far."""
        return self._file.tell()


class DecompressedStream(_FileStream):
    """The decompressed content of a file, read forwards.

    `read(n)` returns at most n bytes, b"" only at the end. `consumed` is the number of compressed bytes read.
    """

    def __init__(self, path: Place, kind: str) -> None:
        self._file = open_binary(path)
        self._path = path
        self._name = (
            name_of(path) if is_url(path) else Path(path).name
        )  # what is recorded must not depend on how the path was typed
        self._kind = kind
        self._zstd = _Zstd(self._file) if kind == "zst" else None
        self._inner: _Decompressor | None = None
        self._pending = b""
        self._failure: StreamError | None = None
        self._started = False
        self.produced = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes (everything when negative).

        Raises StreamError once everything before the damage has been handed over.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        parts: list[bytes] = []
        wanted = size
        while wanted > 0:
            piece = self._next(min(wanted, _PIECE))
            if not piece:
                break
            parts.append(piece)
            wanted -= len(piece)
        if not parts and self._failure is not None:
            raise self._failure
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _next(self, size: int) -> bytes:
        if self._failure is not None:
            return b""
        try:
            piece = self._zstd_piece(size) if self._zstd is not None else self._piece(size)
        except _DAMAGE as damage:
            self._failure = StreamError("corrupt", f"{self._name}: {self._kind} data damaged: {damage}")
            return b""
        self.produced += len(piece)
        if self.produced > BOMB_FLOOR and self.produced > MAX_RATIO * max(1, self.consumed):
            self._failure = StreamError(
                "bomb",
                f"{self._name}: {self.produced} bytes came out of {self.consumed}; over {MAX_RATIO} to one is no text",
            )
        return piece

    def _zstd_piece(self, size: int) -> bytes:
        assert self._zstd is not None  # noqa: S101 (only called then)
        piece = self._zstd.read(size)
        # The binding says nothing of a frame cut short: the frames are walked once, at the end.
        if not piece and not zstd_complete(self._path):
            self._failure = self._cut()
        return piece

    def _piece(self, size: int) -> bytes:
        while True:
            if self._inner is None and not self._start_member():
                return b""
            assert self._inner is not None  # noqa: S101 (set by _start_member)
            data = b""
            if self._inner.needs_input:
                data = self._pending or self._file.read(_CHUNK)
                self._pending = b""
                if not data:
                    self._failure = self._cut()
                    return b""
            piece = self._inner.decompress(data, size)
            if self._inner.eof:
                self._pending = self._inner.unused_data + self._pending
                self._inner = None
            if piece:
                return piece

    def _start_member(self) -> bool:
        """Set up the next member of the file; False at the end."""
        # gzip files may be padded with zero bytes after the last member.
        while len(self._pending) < len(b"\xfd7zXZ\x00"):
            more = self._file.read(_CHUNK)
            if not more:
                break
            self._pending += more
        if self._started and not self._pending.strip(b"\0"):
            while more := self._file.read(_CHUNK):
                if more.strip(b"\0"):
                    self._failure = StreamError(
                        "corrupt", f"{self._name}: bytes after the end of the {self._kind} data"
                    )
                    return False
            return False
        if self._started and compression_of(self._pending) != self._kind:
            self._failure = StreamError(
                "corrupt", f"{self._name}: bytes after the end of the {self._kind} data"
            )
            return False
        self._started = True
        self._inner = _decompressor(self._kind)
        return True

    def _cut(self) -> StreamError:
        return StreamError("truncated", f"{self._name}: the {self._kind} data stop before their end")


def _decompressor(kind: str) -> _Decompressor:
    if kind == "gz":
        inner: _Decompressor = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        return inner
    return cast(
        "_Decompressor", bz2.BZ2Decompressor() if kind == "bz2" else lzma.LZMADecompressor(memlimit=256 << 20)
    )


class PlainStream(_FileStream):
    """An uncompressed file under the same interface as DecompressedStream."""

    def __init__(self, path: Place) -> None:
        self._file = open_binary(path)

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, b"" at the end."""
        return self._file.read(size)


def open_stream(path: Place) -> PlainStream | DecompressedStream:
    """Open a file for reading forwards, decompressed if its first bytes say that it is compressed.

    Raises OSError if the file cannot be opened.
    """
    with open_binary(path) as file:
        kind = compression_of(file.read(6))
    return DecompressedStream(path, kind) if kind else PlainStream(path)


def zstd_complete(path: Place) -> bool:
    """Whether the last Zstandard frame of a file reaches its end, by walking the blocks' headers."""
    size = size_of(path)
    with open_binary(path) as file:
        position = 0
        while position < size:
            file.seek(position)
            end = _frame_end(file, position, size)
            if end is None:
                return False
            position = end
    return position == size


def _frame_end(file: BinaryIO, start: int, size: int) -> int | None:
    """Where the frame at `start` ends; None if that is past the end of the file (RFC 8878, section 3.1)."""
    head = file.read(8)
    if len(head) == 8 and 0x184D2A50 <= int.from_bytes(head[:4], "little") <= 0x184D2A5F:
        end = start + 8 + int.from_bytes(head[4:], "little")
        return end if end <= size else None
    if len(head) < 5:
        return None
    flags = head[4]
    single = flags >> 5 & 1
    content = (1 if single else 0, 2, 4, 8)[flags >> 6]
    position = start + 5 + (0 if single else 1) + (0, 1, 2, 4)[flags & 3] + content
    last = 0
    while not last:
        file.seek(position)
        header = int.from_bytes(block := file.read(3), "little")
        if len(block) < 3:
            return None
        last, kind, length = header & 1, header >> 1 & 3, header >> 3
        position += 3 + (1 if kind == 1 else length)
    position += 4 if flags >> 2 & 1 else 0
    return position if position <= size else None
