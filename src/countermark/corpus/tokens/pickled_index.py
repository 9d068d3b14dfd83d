"""The index of a `.pbin`: a pickled list of (byte, bytes) for each document, read as data and never unpickled.

It is used only where it is nothing else, and names every byte of the data once and in order. Python's own writers make
it so; anything else would run code in whoever unpickles it, or hide documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

import numpy as np

from countermark.corpus.tokens._pickled_kernel import (
    AFTER_MARK,
    DONE,
    FULL,
    LOOSE_PAIR,
    MORE,
    REFUSED,
    STAGE,
    STATE,
    read_pairs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

_CHUNK: Final = 1 << 20
_PAIRS: Final = 1 << 16


class BadIndexError(Exception):
    """The index is not used; the message says why."""


class Place(NamedTuple):
    """A place in the index between two documents: bytes from its beginning, and whether it is after a mark."""

    byte: int = 0
    marked: bool = False

    def __str__(self) -> str:
        """As it stands in the options of a shard."""
        return f"{self.byte}{'m' if self.marked else ''}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read what `str` wrote."""
        return cls(int(text.removesuffix("m")), text.endswith("m"))


class Entries(NamedTuple):
    """Some documents: where each ends, in bytes of the data, and the place in the index after each."""

    begin: int
    end: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    marked: npt.NDArray[np.bool_]

    def place(self, document: int) -> Place:
        """The place after one of them."""
        return Place(int(self.places[document]), bool(self.marked[document]))


class IndexReader:
    """Reads the index that fills a file from byte `begin` on; `data_size` bytes of data are what it describes.

    The index counts the first byte of the data as `base`.
    """

    def __init__(self, file: BinaryIO, begin: int, data_size: int, base: int = 0) -> None:
        self._file = file
        self._begin = begin
        self._data_size = data_size
        self._base = base

    def entries(self, place: Place = Place(), at: int = 0) -> Iterator[Entries]:  # noqa: B008 (a constant)
        """Yield the documents after a place, the first of which begins at byte `at` of the data.

        Raises BadIndexError where the index is not what it should be, after what stood before it.
        """
        state = np.zeros(STATE, np.int64)
        if place.byte:
            state[STAGE] = AFTER_MARK if place.marked else LOOSE_PAIR
        pairs = np.empty((_PAIRS, 4), np.int64)
        begin, data, ended = place.byte, b"", False
        while True:
            status, read, count = read_pairs(np.frombuffer(data, np.uint8), state, pairs)
            if count:
                some = self._checked(pairs[:count], begin, at)
                at = int(some.end[-1])
                yield some
            begin, data = begin + read, data[read:]
            if status == FULL:
                continue
            if status == DONE:
                self._finish(begin, at, data)
                return
            if status == REFUSED:
                raise BadIndexError(
                    f"its byte {begin:,} is no part of a list of pairs of integers (0x{data[0]:02x})"
                )
            if status == MORE and ended:
                raise BadIndexError(f"it is cut short after {begin:,} bytes")
            self._file.seek(self._begin + begin + len(data))
            more = self._file.read(_CHUNK)
            data, ended = data + more, not more

    def _checked(self, pairs: npt.NDArray[np.int64], begin: int, at: int) -> Entries:
        limit = self._data_size + self._base
        if pairs[:, :2].min() < 0 or pairs[:, :2].max() > limit or pairs[:, :2].sum(axis=1).max() > limit:
            raise BadIndexError("it names documents outside the data")
        offset = pairs[:, 0] - self._base
        end = offset + pairs[:, 1]
        if offset[0] != at or (offset[1:] != end[:-1]).any():
            raise BadIndexError("its documents do not follow one another")
        return Entries(at, end, begin + pairs[:, 2], pairs[:, 3] == AFTER_MARK)

    def _finish(self, begin: int, at: int, data: bytes) -> None:
        self._file.seek(self._begin + begin)
        if data or self._file.read(1):
            raise BadIndexError(f"something follows after its {begin:,} bytes")
        if at != self._data_size:
            raise BadIndexError(f"it ends after {at:,} of {self._data_size:,} bytes of data")
