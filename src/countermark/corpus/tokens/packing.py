"""Documents in rows of ids: one a row, or packed several into one and cut where the row is full.

Where a data set tells the bounds of documents (`segments`) they are kept to; elsewhere a row is split after its end
tokens. A document that reaches the end of a full row, or of one that holds several, with no special token there, was
cut: it is a fragment, and so is what the next row begins with, unless that is a special token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from countermark.corpus.tokens.block import BLOCK_TOKENS, LEAD_OUT_TOKENS, PIECE_TOKENS, TokenBlock
from countermark.corpus.tokens.table import SPECIAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from countermark.corpus.tokens.block import Ids
    from countermark.corpus.tokens.table import TokenTable
    from countermark.media import Refusal

LEFT_OUT: Final = -1
"""The segment of ids that are left out: padding."""
MOST_IDS: Final = 1 << 26
"""A row of more ids is not read."""
LOOKED_AT: Final = 64
"""Rows at the beginning of a file by whose lengths packing is told."""
_SHORTEST: Final = 64
_MOST_DOCUMENTS: Final = 1 << 16
_END, _SPECIAL = 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class IdRows:
    """Rows that stand side by side in a file: row `r` is `ids[starts[r]:starts[r + 1]]`, number `row[r]` of the file.

    `segments` int32[len(ids)], where there are any, tell the documents: a document is a run of one number, LEFT_OUT is
    none. `told` bool[n] says in which rows they tell documents; the others are split at end tokens. `continued` bool[n]
    says which rows begin within a document. `names` are record ids, addresses and dates, an entry a row.
    """

    ids: Ids
    starts: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    segments: npt.NDArray[np.int32] | None = None
    told: npt.NDArray[np.bool_] | None = None
    continued: npt.NDArray[np.bool_] | None = None
    names: tuple[pa.StringArray | None, ...] = (None, None, None)
    refused: tuple[Refusal, ...] = ()
    bytes_read: int = 0

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.row)


def full_length(lengths: Sequence[int]) -> int:
    """The length of a full row, by those of the first rows of a file; 0 where rows are as long as their documents."""
    some = list(lengths)[:LOOKED_AT]
    longest = max(some, default=0)
    return longest if longest >= _SHORTEST and some.count(longest) > max(1, len(some) // 10) else 0


class _Documents(NamedTuple):
    """The documents of some rows: `bounds` int64[m, 2] in their ids, `owner` the row of each, `whole` or not."""

    bounds: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]
    whole: npt.NDArray[np.bool_]


class Unpacking:
    """Finds the documents of a shard's rows, from one batch to the next; `length` is that of a full row."""

    def __init__(self, table: TokenTable, length: int) -> None:
        self._length = length
        self._kinds = np.zeros(len(table) + 1, np.uint8)  # the last stands for all ids that the table has not
        self._kinds[:-1][table.flags == SPECIAL] = _SPECIAL
        self._kinds[list(table.ends)] |= _END
        self._cut: bool | None = None

    def begin(self, *, cut: bool | None) -> None:
        """Say whether the row before the next one was cut; None where that is not known."""
        self._cut = cut

    def is_cut(self, rows: IdRows) -> bool:
        """Whether the last of some rows was cut."""
        self._documents(rows)
        return bool(self._cut)

    def blocks(self, rows: IdRows) -> Iterator[TokenBlock]:
        """The documents of some rows. What is only special tokens is none; a row without ids is an empty one."""
        found = self._documents(rows)
        begins, ends, first = found.bounds[:, 0], found.bounds[:, 1], 0
        refused, amount = rows.refused, rows.bytes_read
        pieces = _pieces(begins, ends)
        owner = found.owner[pieces.document]
        sequence = rows.row[owner]
        while first < len(owner) or refused or amount:
            last = _last(pieces, first)
            some = slice(first, last)
            low = int(pieces.begin[first]) if last > first else 0
            high = int(pieces.until[some].max(initial=0))
            yield TokenBlock(
                ids=rows.ids[low : max(low, high)],
                bounds=np.stack([pieces.begin[some], pieces.until[some]], 1) - low,
                row=sequence[some],
                sequence=sequence[some],
                first=pieces.begin[some] - rows.starts[owner[some]],
                whole=found.whole[pieces.document[some]].astype(np.uint8),
                own=pieces.own[some],
                record_id=_taken(rows.names[0], owner[some]),
                url=_taken(rows.names[1], owner[some]),
                date=_taken(rows.names[2], owner[some]),
                refused=refused,
                bytes_read=amount,
            )
            first, refused, amount = last, (), 0

    def _kinds_of(self, ids: Ids) -> npt.NDArray[np.uint8]:
        # negative ids are large ones when they are taken for unsigned
        return self._kinds[np.minimum(ids.view(np.uint32), len(self._kinds) - 1)]

    def _documents(self, rows: IdRows) -> _Documents:
        kinds, starts, count = self._kinds_of(rows.ids), rows.starts, len(rows)
        told = np.zeros(count, np.bool_) if rows.told is None else rows.told
        edges = _edges(rows, kinds, told)
        begin, end = edges[:-1], edges[1:]
        owner = np.searchsorted(starts, begin, "right") - 1
        keep = np.maximum.reduceat(kinds == 0, begin) if len(begin) else np.zeros(0, np.bool_)
        if rows.segments is not None:
            keep &= rows.segments[begin] != LEFT_OUT
        begin, end, owner = begin[keep], end[keep], owner[keep]
        full = (np.diff(starts) == self._length) & (self._length > 0)
        full &= ~told | (np.bincount(owner, minlength=count) == 1)
        inner = owner[:-1][owner[:-1] == owner[1:]]
        several = np.zeros(count, np.bool_)
        several[inner[kinds[end[:-1][owner[:-1] == owner[1:]] - 1] != 0]] = True
        packed = (several | full) & ~_padded(rows)
        back = (end == starts[owner + 1]) & (kinds[end - 1] == 0) & packed[owner]
        cut = np.zeros(count, np.bool_)  # the rows at whose end a document was cut
        cut[owner[back]] = True
        before = np.concatenate([cut[:1] if self._cut is None else [self._cut], cut[:-1]])[:count]
        front = (begin == starts[owner]) & (kinds[begin] == 0) & packed[owner] & before[owner]
        if rows.continued is not None:
            front |= (begin == starts[owner]) & rows.continued[owner]
        if count:
            self._cut = bool(cut[-1])
        return _with_empty(_Documents(np.stack([begin, end], 1), owner, ~(front | back)), starts)


def _padded(rows: IdRows) -> npt.NDArray[np.bool_]:
    """Which rows have padding at an edge: those were filled up, and nothing was cut."""
    padded = np.zeros(len(rows), np.bool_)
    if rows.segments is not None:
        some = np.flatnonzero(np.diff(rows.starts))
        first, last = rows.segments[rows.starts[some]], rows.segments[rows.starts[some + 1] - 1]
        padded[some] = (first == LEFT_OUT) | (last == LEFT_OUT)
    return padded


def _edges(rows: IdRows, kinds: npt.NDArray[np.uint8], told: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Where documents, and what is left out, begin; and the end of the ids."""
    edges = [rows.starts]
    if rows.segments is not None:
        edges.append(np.flatnonzero(rows.segments[1:] != rows.segments[:-1]) + 1)
    after = np.flatnonzero(kinds & _END) + 1
    after = after[after < len(kinds)]
    after = after[kinds[after] & _END == 0]
    if told.any():
        after = after[~told[np.searchsorted(rows.starts, after, "right") - 1]]
    return np.unique(np.concatenate([*edges, after]))


def _with_empty(found: _Documents, starts: npt.NDArray[np.int64]) -> _Documents:
    """With a document that has no ids for each row that has none."""
    empty = np.flatnonzero(starts[1:] == starts[:-1])
    if not len(empty):
        return found
    owner = np.concatenate([found.owner, empty])
    order = np.argsort(owner, kind="stable")
    bounds = np.concatenate([found.bounds, np.stack([starts[empty]] * 2, 1)])
    whole = np.concatenate([found.whole, np.ones(len(empty), np.bool_)])
    return _Documents(bounds[order], owner[order], whole[order])


class _Pieces(NamedTuple):
    """Documents, long ones in pieces: where each begins, how far it is read, how many ids are its own, of which one."""

    begin: npt.NDArray[np.int64]
    until: npt.NDArray[np.int64]
    own: npt.NDArray[np.int64]
    document: npt.NDArray[np.int64]


def _pieces(begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> _Pieces:
    counts = np.maximum(1, -(-(ends - begins) // PIECE_TOKENS))
    document = np.repeat(np.arange(len(begins)), counts)
    number = np.arange(len(document)) - np.repeat(np.cumsum(counts) - counts, counts)
    begin = begins[document] + number * PIECE_TOKENS
    own = np.minimum(PIECE_TOKENS, ends[document] - begin)
    until = np.minimum(begin + own + LEAD_OUT_TOKENS, ends[document])
    return _Pieces(begin, until, own, document)


def _last(pieces: _Pieces, first: int) -> int:
    """The end of the block that begins with a piece: so many that it has about BLOCK_TOKENS ids."""
    if first == len(pieces.begin):
        return first
    limit = int(pieces.begin[first]) + BLOCK_TOKENS + LEAD_OUT_TOKENS
    fit = int(np.searchsorted(pieces.until, limit, "right"))
    return min(max(first + 1, fit), first + _MOST_DOCUMENTS, len(pieces.begin))


def _taken(names: pa.StringArray | None, owner: npt.NDArray[np.int64]) -> pa.StringArray | None:
    return None if names is None else names.take(pa.array(owner, pa.int64()))
