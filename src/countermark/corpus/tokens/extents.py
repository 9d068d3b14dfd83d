"""Ids from given places of a file, and documents whose places are known, in blocks of bounded memory."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from countermark.corpus.tokens.block import (
    BLOCK_TOKENS,
    LEAD_OUT_TOKENS,
    PIECE_TOKENS,
    Ids,
    TokenBlock,
    int32_ids,
)
from countermark.errors import CorpusError
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pyarrow as pa

    from countermark.media import Refusal

MOST_DOCUMENTS: Final = 1 << 16
"""A block has no more documents than this, however short they are."""
STRETCHES: Final = 16
STRETCH_IDS: Final = 4096
"""A sample is STRETCHES runs of so many ids, spread over the file."""


@contextmanager
def opened(path: str, where: str) -> Iterator[BinaryIO]:
    """Open a file; OSError, now or while it is read, becomes CorpusError, which names it by `where`."""
    try:
        with open_binary(path) as file:
            yield file
    except OSError as error:
        raise CorpusError(f"{where}: {error.strerror or error}") from error


def bytes_at(file: BinaryIO, offset: int, size: int, where: str) -> bytes:
    """Return `size` bytes from `offset` on; the caller knows that the file had them. Raises CorpusError."""
    file.seek(offset)
    data = file.read(size)
    if len(data) != size:
        told = f"ends at byte {offset + len(data):,}, though {offset + size:,} are needed: it was cut short meanwhile"
        raise CorpusError(f"{where}: {told}")
    return data


def array_at(file: BinaryIO, dtype: str, offset: int, count: int, where: str) -> npt.NDArray[Any]:
    """Return `count` numbers of type `dtype` from byte `offset` on. Raises CorpusError."""
    kind = np.dtype(dtype)
    return np.frombuffer(bytes_at(file, offset, count * kind.itemsize, where), kind)


def spread(total: int, each: int = STRETCH_IDS, stretches: int = STRETCHES) -> list[tuple[int, int]]:
    """Return the ranges of some runs of `each` out of `total`, spread over it; all of it if it is small."""
    if total <= each * stretches:
        return [(0, total)] if total else []
    begins = [place * (total - each) // (stretches - 1) for place in range(stretches)]
    return [(begin, begin + each) for begin in begins]


@dataclass(frozen=True, slots=True, eq=False)
class Extents:
    """Where some documents stand: document `d` is the sequences `[first[d], first[d + 1])` put together.

    `offset` int64[s] is the byte at which each sequence begins, `count` int64[s] the number of its ids. What is known
    of the documents is as in TokenBlock, one entry a document. The caller has seen to it that all lies in the file.
    """

    offset: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    sequence: npt.NDArray[np.int64]
    whole: npt.NDArray[np.uint8]
    record_id: pa.StringArray | None = None


class ExtentReader:
    """Reads documents whose places are known; those of more than PIECE_TOKENS come in pieces."""

    def __init__(self, file: BinaryIO, dtype: str, where: str) -> None:
        self._file = file
        self._dtype = np.dtype(dtype)
        self._where = where

    def blocks(self, extents: Extents, refused: tuple[Refusal, ...] = ()) -> Iterator[TokenBlock]:
        """Yield the documents; the first block has the refusals, and there is one if there are any."""
        ends = np.zeros(len(extents.count) + 1, np.int64)
        np.cumsum(extents.count, out=ends[1:])
        sizes = np.diff(ends[extents.first])
        until = np.cumsum(sizes)
        long = [*np.flatnonzero(sizes > PIECE_TOKENS).tolist(), len(sizes)]
        begin = 0
        while begin < len(sizes):
            if begin == long[0]:
                long.pop(0)
                for block in self._pieces(extents, begin, int(sizes[begin]), ends, refused):
                    yield block
                    refused = ()
                begin += 1
                continue
            before = int(until[begin] - sizes[begin])
            end = int(np.searchsorted(until, before + BLOCK_TOKENS, "right"))
            end = max(begin + 1, min(end, begin + MOST_DOCUMENTS, long[0]))
            yield self._block(extents, begin, end, ends, refused)
            refused, begin = (), end
        if refused:
            yield nothing(refused)

    def _block(
        self,
        extents: Extents,
        begin: int,
        end: int,
        ends: npt.NDArray[np.int64],
        refused: tuple[Refusal, ...],
    ) -> TokenBlock:
        some = slice(begin, end)
        sequences = slice(int(extents.first[begin]), int(extents.first[end]))
        ids = self.gather(extents.offset[sequences], extents.count[sequences])
        places = ends[extents.first[begin : end + 1]]
        places = places - places[0]
        return TokenBlock(
            ids,
            np.stack([places[:-1], places[1:]], 1),
            extents.row[some],
            extents.sequence[some],
            np.zeros(end - begin, np.int64),
            extents.whole[some],
            np.diff(places),
            None if extents.record_id is None else extents.record_id[some],
            refused=refused,
            bytes_read=len(ids) * self._dtype.itemsize,
        )

    def _pieces(
        self,
        extents: Extents,
        document: int,
        size: int,
        ends: npt.NDArray[np.int64],
        refused: tuple[Refusal, ...],
    ) -> Iterator[TokenBlock]:
        """Yield a long document in pieces, each with a lead-out."""
        some = slice(int(extents.first[document]), int(extents.first[document + 1]))
        offset, count = extents.offset[some], extents.count[some]
        upto = ends[some.start + 1 : some.stop + 1] - ends[some.start]
        for begin in range(0, size, PIECE_TOKENS):
            end = min(begin + PIECE_TOKENS + LEAD_OUT_TOKENS, size)
            own = min(PIECE_TOKENS, size - begin)
            left = np.maximum(begin - (upto - count), 0)
            here = np.minimum(upto, end) - np.maximum(upto - count, begin)
            part = here > 0
            ids = self.gather((offset + left * self._dtype.itemsize)[part], here[part])
            yield TokenBlock(
                ids,
                np.array([[0, end - begin]], np.int64),
                extents.row[document : document + 1],
                extents.sequence[document : document + 1],
                np.array([begin], np.int64),
                extents.whole[document : document + 1],
                np.array([own], np.int64),
                None if extents.record_id is None else extents.record_id[document : document + 1],
                refused=refused,
                bytes_read=own * self._dtype.itemsize,
            )
            refused = ()

    def gather(self, offset: npt.NDArray[np.int64], count: npt.NDArray[np.int64]) -> Ids:
        """Return the ids of some sequences one after the other; those that stand side by side are read at once."""
        size = count * self._dtype.itemsize
        apart = np.flatnonzero(offset[1:] != offset[:-1] + size[:-1]) + 1
        begins = [0, *apart.tolist()] if len(offset) else []
        runs = []
        for begin, end in zip(begins, [*begins[1:], len(offset)], strict=True):
            amount = int(count[begin:end].sum())
            if amount:
                read = array_at(self._file, self._dtype.str, int(offset[begin]), amount, self._where)
                runs.append(int32_ids(read))
        if len(runs) == 1:
            return runs[0]
        return np.concatenate(runs) if runs else np.empty(0, np.int32)


class Parts:
    """Cuts a file into ranges of documents of about `part_bytes`."""

    def __init__(self, part_bytes: int) -> None:
        self._part_bytes = max(1, part_bytes)
        self._parts: list[tuple[int, int, int]] = []
        self._begin = 0
        self._held = 0

    def hold(self, size: int) -> None:
        """Count bytes of a document that has not come to its end."""
        self._held += size

    def add(self, document: int, upto: npt.NDArray[np.int64]) -> list[int]:
        """Count documents from number `document` on; `upto` are their bytes added up. Return where parts begin."""
        before, cuts = 0, []
        while True:
            full = int(np.searchsorted(upto, before + self._part_bytes - self._held, "left"))
            if full >= len(upto):
                break
            end = document + full + 1
            self._parts.append((self._begin, end, self._held + int(upto[full]) - before))
            self._begin, self._held, before = end, 0, int(upto[full])
            cuts.append(end)
        self._held += (int(upto[-1]) if len(upto) else 0) - before
        return cuts

    def all(self, documents: int) -> list[tuple[int, int, int]]:
        """Return begin, end and bytes of each part; there is always one."""
        if self._begin < documents or not self._parts:
            return [*self._parts, (self._begin, documents, self._held)]
        return self._parts


def nothing(refused: tuple[Refusal, ...]) -> TokenBlock:
    """Return a block without documents, which only says what was refused."""
    none = np.empty(0, np.int64)
    return TokenBlock(
        np.empty(0, np.int32),
        np.empty((0, 2), np.int64),
        none,
        none,
        none,
        np.empty(0, np.uint8),
        none,
        refused=refused,
    )
