"""Reading whole lines in blocks, with bounded memory whatever the length of a line.

The rule of parts: a line belongs to the part that holds its first byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

import numpy as np

from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from countermark.corpus.base import Shard
    from countermark.corpus.compression import ByteStream
    from countermark.storage.place import Place

BLOCK_BYTES = 8 << 20
MAX_LINE = 64 << 20
"""A longer line is refused."""
_SCAN = 1 << 20


class Block(NamedTuple):
    """Whole lines: the number of the first one, how many there are, and their bytes (None for one too long line).

    `ends` are the places of the newlines in `data`.
    """

    first: int
    lines: int
    data: bytes | None
    ends: npt.NDArray[np.int64]


class PartStream:
    """The bytes of the lines of a part, counted from the file's beginning."""

    def __init__(self, path: Place, begin: int, end: int) -> None:
        self._file: BinaryIO = open_binary(path)
        self._begin = line_start(self._file, begin)
        self._left = -1 if end == -1 else max(0, line_start(self._file, end) - self._begin)
        self._file.seek(self._begin)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def consumed(self) -> int:
        """Bytes of the part read so far."""
        return self._file.tell() - self._begin

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes of the part."""
        if self._left >= 0:
            size = min(size, self._left) if size >= 0 else self._left
        data = self._file.read(size)
        if self._left >= 0:
            self._left -= len(data)
        return data


def line_start(file: BinaryIO, position: int) -> int:
    """Return where the first line begins that starts at or after `position` (the end of the file if none does)."""
    if position <= 0:
        return 0
    position -= 1
    file.seek(position)
    while data := file.read(_SCAN):
        found = data.find(b"\n")
        if found >= 0:
            return position + found + 1
        position += len(data)
    return position


def rows_before(shard: Shard) -> int | None:
    """Return how many rows of the file stand before the part, None if that is unknown."""
    known = dict(shard.options).get("rows_before")
    if known is not None:
        return int(known)
    return 0 if shard.begin == 0 else None


def blocks(stream: ByteStream) -> Iterator[Block]:
    """Yield the lines of a stream in blocks of about BLOCK_BYTES; the last line may lack its newline.

    An error of the stream is passed on after every whole line before it has been yielded.
    """
    first = 0
    held: list[bytes] = []
    length = 0
    beyond = b""
    while data := beyond or stream.read(BLOCK_BYTES):
        beyond = b""
        cut = data.rfind(b"\n") + 1
        if length + (data.find(b"\n") if cut else len(data)) > MAX_LINE:
            yield Block(first, 1, None, newlines(b""))
            first, held, length = first + 1, [], 0
            beyond = data[data.find(b"\n") + 1 :] if cut else _after_newline(stream)
        elif cut:
            block = b"".join((*held, data[:cut]))
            ends = newlines(block)
            yield Block(first, len(ends), block, ends)
            first += len(ends)
            held, length = [data[cut:]], len(data) - cut
        else:
            held.append(data)
            length += len(data)
    rest = b"".join(held)
    if rest:
        ends = newlines(rest)
        yield Block(first, len(ends) + (not rest.endswith(b"\n")), rest, ends)


def newlines(data: bytes) -> npt.NDArray[np.int64]:
    """Return where the newlines of some bytes stand."""
    return np.flatnonzero(np.frombuffer(data, np.uint8) == 10)


def _after_newline(stream: ByteStream) -> bytes:
    """Skip the rest of a line; return what was read beyond its newline."""
    while data := stream.read(_SCAN):
        found = data.find(b"\n")
        if found >= 0:
            return data[found + 1 :]
    return b""
