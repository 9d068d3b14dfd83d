"""Blocks of ids become batches of text that remember where their tokens stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.corpus.base import RecordBatch
from countermark.corpus.tokens._decode_kernel import (
    FIRST_SPACE,
    REST_OF_POINT,
    ROOM,
    count_points,
    decode_documents,
)
from countermark.corpus.tokens.mending import Texts, mended, string_array
from countermark.corpus.tokens.places import TokenCounts, TokenPlaces
from countermark.corpus.tokens.slots import lengths_of, slots_of
from countermark.media import Refusal

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.corpus.tokens.block import Ids, TokenBlock
    from countermark.corpus.tokens.table import TokenTable

MOST_BYTES: Final = 64 << 20
"""The texts of a block have at most so many bytes, 64 for each id; documents beyond that are refused."""
_BEFORE: Final = 8
"""Bytes before the first text, which the kernel reads and writes."""
_LIKELY: Final = 5
"""Bytes of text for each id, a little more than in most languages."""


def decode(ids: Ids, table: TokenTable) -> bytes:
    """The bytes of one run of ids: special ones are nothing, those that the table has not are U+FFFD.

    Raises OverflowError where they were more than MOST_BYTES.
    """
    count = np.array([len(ids)], np.int64)
    copied = _copied(ids, np.array([[0, len(ids)]], np.int64), count, np.zeros(1, np.uint8), table)
    if copied.refused:
        raise OverflowError(f"{len(ids):,} ids are more than {MOST_BYTES:,} bytes of text")
    return copied.texts.data[_BEFORE:].tobytes()


def decoded(block: TokenBlock, table: TokenTable, where: str) -> RecordBatch:
    """The texts of one block by itself; see `Decoding`."""
    return Decoding(table, where).batch(block)


class Decoding:
    """Decodes the blocks of a shard, in their order; `where` is the name that refusals carry.

    From one block to the next it knows how far a row has come, and whether a document goes on.
    """

    def __init__(self, table: TokenTable, where: str) -> None:
        self._table = table
        self._where = where
        self._row: int | None = None
        self._points = 0  # of that row so far
        self._goes_on: tuple[int, int] | None = None

    def batch(self, block: TokenBlock) -> RecordBatch:
        """The records of a block: its documents with text. Those without ids are refused, `empty`.

        A document's first space is dropped where the table says so, and at the beginning of a further piece of a long
        document the bytes that belong to the last code point of the piece before. Bytes that are no UTF-8 become
        U+FFFD, one for one.
        """
        cut = block.own < block.bounds[:, 1] - block.bounds[:, 0]
        further = self._further(block, cut)
        how = np.where(further, REST_OF_POINT, FIRST_SPACE if self._table.first_space else 0)
        copied = _copied(block.ids, block.bounds, block.own, how.astype(np.uint8), self._table)
        texts, bad_bytes = mended(copied.texts)
        points = _own_points(texts, cut) if cut.any() or self._shared_rows(block) else None
        starts = self._char_starts(block, texts, points)
        document = np.flatnonzero(np.diff(texts.ends))
        counts = TokenCounts(
            ids=int(np.where(cut, block.own, block.bounds[:, 1] - block.bounds[:, 0]).sum()),
            special=int(copied.counts[0]),
            unknown=int(copied.counts[1]),
            bad_bytes=bad_bytes,
            fragments=int(np.count_nonzero((block.whole == 0) & ~further)),
        )
        return RecordBatch(
            text=string_array(texts.data, np.append(texts.ends[document], texts.ends[-1])),
            row=block.row[document],
            record_id=_taken(block.record_id, document),
            record_url=_taken(block.url, document),
            record_date=_taken(block.date, document),
            char_start=starts[document],
            refused=self._refused(block, copied.refused),
            bytes_read=block.bytes_read,
            own_end=points[document] if points is not None and cut.any() else None,
            tokens=TokenPlaces(block, self._table, document, copied.dropped[document], counts),
        )

    def _further(self, block: TokenBlock, cut: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which documents are no first pieces: they begin where the own ids of the piece before end."""
        further = np.zeros(len(block), np.bool_)
        if not len(block):
            return further
        ends = block.first + block.own
        further[1:] = cut[:-1] & (block.sequence[1:] == block.sequence[:-1]) & (block.first[1:] == ends[:-1])
        further[0] = block.goes_on or self._goes_on == (int(block.sequence[0]), int(block.first[0]))
        self._goes_on = (int(block.sequence[-1]), int(ends[-1])) if cut[-1] else None
        return further

    def _shared_rows(self, block: TokenBlock) -> bool:
        """Whether several documents, or pieces of one, stand in one row."""
        rows = block.row
        return bool(len(rows)) and (int(rows[0]) == self._row or bool((rows[1:] == rows[:-1]).any()))

    def _char_starts(
        self, block: TokenBlock, texts: Texts, points: npt.NDArray[np.int64] | None
    ) -> npt.NDArray[np.int64]:
        """The code points of each row before each document; `points` are None where every row has one."""
        rows, count = block.row, len(block)
        if not count:
            return np.zeros(0, np.int64)
        if points is None:
            self._row, self._points = int(rows[-1]), int(_points(texts, count - 1)[0])
            return np.zeros(count, np.int64)
        before = np.cumsum(points) - points
        begins = np.append(True, rows[1:] != rows[:-1])
        group = np.cumsum(begins) - 1
        starts: npt.NDArray[np.int64] = before - before[begins][group]
        if int(rows[0]) == self._row:
            starts[group == 0] += self._points
        self._row, self._points = int(rows[-1]), int(starts[-1] + points[-1])
        return starts

    def _refused(self, block: TokenBlock, too_large: list[int]) -> tuple[Refusal, ...]:
        empty = np.flatnonzero(block.bounds[:, 0] == block.bounds[:, 1])
        if not len(empty) and not too_large:
            return block.refused
        told = [Refusal(self._where, int(block.row[one]), "empty", "no token ids") for one in empty]
        much = f"its block of ids is more than {MOST_BYTES >> 20} MiB of text"
        told += [Refusal(self._where, int(block.row[one]), "too-large", much) for one in too_large]
        return tuple(sorted([*block.refused, *told], key=lambda refusal: refusal.row))


class _Copied(NamedTuple):
    """What the kernel made of some documents, and which of them were too large."""

    texts: Texts
    dropped: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    refused: list[int]


def _copied(
    ids: Ids,
    bounds: npt.NDArray[np.int64],
    own: npt.NDArray[np.int64],
    how: npt.NDArray[np.uint8],
    table: TokenTable,
) -> _Copied:
    """Run the kernel, with more room where there was too little."""
    count = len(bounds)
    if count and (bounds.min() < 0 or bounds.max() > len(ids) or own.min() < 0):
        raise ValueError(
            "documents beyond the ids of their block"
        )  # the kernel would read what is not its own
    frozen = _frozen(ids, np.int32), _frozen(bounds, np.int64), _frozen(own, np.int64), _frozen(how, np.uint8)
    ends, owned, dropped = np.full(count + 1, _BEFORE), np.zeros(count, np.int64), np.zeros(count, np.int64)
    counts, refused = np.zeros(2, np.int64), list[int]()
    out = np.empty(min(_BEFORE + _LIKELY * len(ids) + 2 * ROOM, MOST_BYTES), np.uint8)
    out[:_BEFORE] = 0
    done = 0
    while True:
        done = decode_documents(*frozen, slots_of(table), table.data, out, ends, dropped, owned, counts, done)
        if done == count:
            break
        at = int(ends[done])
        need = at + int(lengths_of(ids[bounds[done, 0] : bounds[done, 1]], table).sum()) + 2 * ROOM
        if need > MOST_BYTES:
            ends[done + 1] = owned[done] = at
            refused.append(done)
            done += 1
        else:
            more = np.empty(min(max(need, 2 * len(out)), MOST_BYTES), np.uint8)
            more[:at] = out[:at]
            out = more
    return _Copied(Texts(out[: ends[-1]], ends, owned), dropped, counts, refused)


def _frozen(array: npt.NDArray[Any], kind: type[np.generic]) -> npt.NDArray[Any]:
    """An array of the one kind that the kernel is compiled for."""
    view = np.require(array, kind, ["C", "A"])[:]
    view.flags.writeable = False
    return view


def _points(texts: Texts, first: int = 0) -> npt.NDArray[np.int64]:
    """The code points of each text from `first` on."""
    lengths: Any = pc.utf8_length(texts.array().slice(first))
    return np.array(lengths, np.int64)


def _own_points(texts: Texts, cut: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The code points of each text that belong to it: those that begin before its own ids end."""
    points = _points(texts)
    for number in np.flatnonzero(cut):
        points[number] = count_points(texts.data, int(texts.ends[number]), int(texts.owned[number]))
    return points


def _taken(names: pa.StringArray | None, document: npt.NDArray[np.int64]) -> pa.StringArray:
    if names is None:
        return pa.nulls(len(document), pa.string())
    places: Any = pa.array(document)
    return names if len(names) == len(document) else names.take(places)
