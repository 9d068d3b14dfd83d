"""Documents of one long row of ids, split at the tokens that end them.

An end token belongs to the document before it; where it stands before each document (llm.c) the documents are the same,
and the first end token is alone. Pieces of what has no end for long begin at positions that anyone can find: at each
multiple g of PIECE_TOKENS where none of the ids `[g - PIECE_TOKENS, g)` is an end. So every part of a file knows which
documents and pieces begin in it without reading what stands far before, and they are the same however the file is cut.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

import numpy as np

from countermark.corpus.tokens.block import (
    BLOCK_TOKENS,
    LEAD_OUT_TOKENS,
    PIECE_TOKENS,
    Ids,
    TokenBlock,
    int32_ids,
)
from countermark.corpus.tokens.extents import MOST_DOCUMENTS, array_at, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

_NEAR: Final = 1 << 16
"""How far around the beginning of a part an end is looked for first."""


class IdRow(NamedTuple):
    """`total` ids of type `dtype` in a file, from byte `begin` on; `where` names it in errors."""

    file: BinaryIO
    dtype: str
    begin: int
    total: int
    where: str

    def ids(self, begin: int, end: int) -> Ids:
        """Return the ids `[begin, end)`, as far as there are any."""
        begin, end = max(0, begin), min(end, self.total)
        size = np.dtype(self.dtype).itemsize
        return int32_ids(array_at(self.file, self.dtype, self.begin + begin * size, end - begin, self.where))


class Splitter:
    """Splits a row of ids at `ends`, the ids that stand at the end of a document."""

    def __init__(self, row: IdRow, ends: tuple[int, ...]) -> None:
        self._row = row
        self._ends = np.array(ends, np.int32)
        self._size = np.dtype(row.dtype).itemsize
        # an end token at either edge of the file tells on which side of the documents they stand
        edges = np.concatenate([row.ids(0, 1), row.ids(row.total - 1, row.total)])
        self._cut_before = not np.isin(edges, self._ends).any()

    def blocks(self, begin: int, end: int) -> Iterator[TokenBlock]:
        """Yield the documents and pieces that begin at the positions `[begin, end)`."""
        at, read = self._first(begin), begin
        if at >= end > begin:  # all of it belongs to a document that begins before
            yield replace(nothing(()), bytes_read=(end - begin) * self._size)
        goes_on = 0 < at < end and not self._ends_of(self._row.ids(at - 1, at)).size
        while at < end:
            for reach in (BLOCK_TOKENS + LEAD_OUT_TOKENS, 2 * PIECE_TOKENS + LEAD_OUT_TOKENS):
                ids = self._row.ids(at, at + reach)
                spans = self._spans(ids, at, end - at)
                if len(spans):
                    break
            after = at + int(spans[-1, 1])
            seen = min(after, end)
            amount, read = max(0, seen - read) * self._size, max(read, seen)
            for block in self._handed_over(ids, at, spans, amount):
                yield replace(block, goes_on=True) if goes_on else block
                goes_on = False
            at = after

    def _ends_of(self, ids: Ids) -> npt.NDArray[np.int64]:
        """Return the positions after each end token."""
        return np.flatnonzero(np.isin(ids, self._ends)) + 1

    def _first(self, begin: int) -> int:
        """Return where the first document or piece at or after a position begins."""
        if begin == 0:
            return 0
        grid = -(-begin // PIECE_TOKENS) * PIECE_TOKENS
        low = max(0, begin - _NEAR)
        ends = self._ends_of(self._row.ids(low, begin + _NEAR)) + low
        after = ends[ends >= begin]
        near = ((ends > grid - PIECE_TOKENS) & (ends <= grid)).any()
        if len(after) and (near or after[0] <= grid):
            return int(after[0])  # no piece begins at the next multiple, or it stands behind
        low = max(0, grid - PIECE_TOKENS)
        high = grid + PIECE_TOKENS
        ends = self._ends_of(self._row.ids(low, high)) + low
        starts = ends[ends >= begin][:1].tolist()
        starts += [g for g in (grid, high) if not ((ends > g - PIECE_TOKENS) & (ends <= g)).any()]
        return min(starts, default=self._row.total)

    def _spans(self, ids: Ids, at: int, room: int) -> npt.NDArray[np.int64]:
        """Return int64[n, 3]: begin, end, and end with the lead-out, of what begins before `room` and is all in `ids`.

        `ids` are those from position `at` on, where a document or a piece begins.
        """
        size, last = len(ids), at + len(ids) == self._row.total
        ends = self._ends_of(ids)
        multiples = np.arange((at // PIECE_TOKENS + 1) * PIECE_TOKENS - at, size, PIECE_TOKENS)
        before = np.searchsorted(ends, multiples, "right") - np.searchsorted(
            ends, multiples - PIECE_TOKENS, "right"
        )
        cuts = multiples[(before == 0) & (multiples >= PIECE_TOKENS)]
        stops = np.union1d(ends, cuts)
        if last and (not len(stops) or stops[-1] < size):
            stops = np.append(stops, size)
        begins = np.concatenate([np.zeros(1, np.int64), stops[:-1]])[: len(stops)]
        where = np.searchsorted(ends, stops, "left")
        closed = where < len(ends)
        until = np.where(closed, ends[np.minimum(where, len(ends) - 1)] if len(ends) else size, size)
        until = np.minimum(until, stops + LEAD_OUT_TOKENS)
        # without an end in sight the lead-out must be all here
        whole = last | closed | (stops + LEAD_OUT_TOKENS <= size)
        here = int(np.searchsorted(begins, room, "left"))
        count = min(here, len(stops) if whole.all() else int(np.argmin(whole)))
        return np.stack([begins, stops, until], 1)[:count]

    def _handed_over(
        self, ids: Ids, at: int, spans: npt.NDArray[np.int64], amount: int
    ) -> Iterator[TokenBlock]:
        """Yield the spans as blocks; what is only an end token is no document."""
        alone = (spans[:, 1] - spans[:, 0] == 1) & np.isin(ids[spans[:, 0]], self._ends)
        spans = spans[~alone]
        closed = np.isin(ids[spans[:, 1] - 1], self._ends)
        first = at + spans[:, 0]
        cut = (~closed & (at + spans[:, 1] == self._row.total)) | ((first == 0) & self._cut_before)
        for begin in range(0, max(1, len(spans)), MOST_DOCUMENTS):
            some = slice(begin, begin + MOST_DOCUMENTS)
            mine = spans[some]
            low, high = (int(mine[0, 0]), int(mine[:, 2].max())) if len(mine) else (0, 0)
            yield TokenBlock(
                ids[low:high],
                mine[:, [0, 2]] - low,
                first[some],
                np.zeros(len(mine), np.int64),
                first[some],
                np.where(cut[some], 0, 1).astype(np.uint8),
                mine[:, 1] - mine[:, 0],
                bytes_read=amount,
            )
            amount = 0
