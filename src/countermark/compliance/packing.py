"""Writing compressed as the input was, the same bytes on every run: no name and no time stands in a header."""

from __future__ import annotations

import bz2
import lzma
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import zstandard
from isal import igzip

if TYPE_CHECKING:
    from collections.abc import Callable

GZIP_LEVEL: Final = 2
ZSTD_LEVEL: Final = 3


class Packer:
    """A file of one compressed stream, or, where `each` is true, of one stream a record (as WARC wants it)."""

    def __init__(self, file: BinaryIO, packed: str, *, each: bool = False) -> None:
        self._file = file
        self._packed = packed
        self._each = each
        self._stream: Any = None
        if not each:
            self._begin()  # an empty file, too, is one of its kind

    def write(self, data: bytes) -> None:
        """Write some bytes."""
        if self._stream is None:
            self._begin()
        self._stream.write(data)

    def copy(self, member: bytes) -> None:
        """Write a stream of its own that stands compressed already, as it is."""
        self.end_record()
        self._file.write(member)

    def end_record(self) -> None:
        """End the record's own stream."""
        if self._each:
            self.close()

    def close(self) -> None:
        """Write the end of the stream; the file stays open."""
        if self._stream is not None and self._packed:
            self._stream.close()
        self._stream = None

    def _begin(self) -> None:
        self._stream = _OPENERS[self._packed](self._file)


def _gzip(file: BinaryIO) -> Any:
    return igzip.IGzipFile("", "wb", GZIP_LEVEL, file, mtime=0)  # type: ignore[no-untyped-call]


def _zstd(file: BinaryIO) -> Any:
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).stream_writer(file, closefd=False)


_OPENERS: Final[dict[str, Callable[[BinaryIO], Any]]] = {
    "": lambda file: file,
    "gz": _gzip,
    "zst": _zstd,
    "bz2": lambda file: bz2.BZ2File(file, "wb"),
    "xz": lambda file: lzma.LZMAFile(file, "wb"),  # noqa: SIM115  closed with the stream
}
