"""Where the texts of a batch stand among the ids that they were decoded from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from countermark.corpus.tokens.block import TokenBlock
    from countermark.corpus.tokens.table import TokenTable


class TokenSpan(NamedTuple):
    """The ids `[start, end)` of a sequence, counted as in the file; `fragment` where the document was cut."""

    sequence: int
    start: int
    end: int
    fragment: bool


@dataclass(slots=True)
class TokenCounts:
    """What was seen among the ids: all read, those that are no text, those beyond the table, and cut documents.

    `bad_bytes` counts bytes of the decoded text that were no UTF-8, each of which became U+FFFD. What is read with a
    piece of a long document and belongs to the next is counted there.
    """

    ids: int = 0
    special: int = 0
    unknown: int = 0
    bad_bytes: int = 0
    fragments: int = 0

    def add(self, other: TokenCounts) -> None:
        """Add the counts of another batch."""
        self.ids += other.ids
        self.special += other.special
        self.unknown += other.unknown
        self.bad_bytes += other.bad_bytes
        self.fragments += other.fragments


class _Mapped(NamedTuple):
    """One record: where each code point of its text begins among its bytes, and where its ids end there."""

    record: int
    points: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]


@dataclass(slots=True, eq=False)
class TokenPlaces:
    """The block that the texts of a batch were decoded from.

    `document` int64[n] is the number in the block of each record of the batch (documents without text are none), and
    `dropped` int64[n] the bytes that were taken away at its beginning. `check` says, with the first batch of a shard,
    how its first ids were held against the table.
    """

    block: TokenBlock
    table: TokenTable
    document: npt.NDArray[np.int64]
    dropped: npt.NDArray[np.int64]
    counts: TokenCounts = field(default_factory=TokenCounts)
    check: Mapping[str, Any] | None = None
    _mapped: _Mapped | None = None

    def span(self, record: int, start: int, end: int) -> TokenSpan:
        """The ids from which the code points `[start, end)` of `text[record]` were decoded: the fewest that hold them.

        Special ids at the edges are not among them. Nothing is held by no ids, at the id of the code point there.
        """
        if self._mapped is None or self._mapped.record != record:
            self._mapped = self._map(record)
        _, points, ends = self._mapped
        number = self.document[record]
        begin = int(np.searchsorted(ends, points[start], "right"))
        past = begin if end <= start else int(np.searchsorted(ends, points[end] - 1, "right")) + 1
        first = int(self.block.first[number])
        return TokenSpan(
            int(self.block.sequence[number]), first + begin, first + past, not self.block.whole[number]
        )

    def alone(self, record: int) -> TokenPlaces:
        """The same of a batch that holds only this record; nothing is counted."""
        one = slice(record, record + 1)
        return TokenPlaces(self.block, self.table, self.document[one], self.dropped[one])

    def _map(self, record: int) -> _Mapped:
        from countermark.corpus.tokens.decoding import decode  # noqa: PLC0415 (which needs this)
        from countermark.corpus.tokens.mending import code_point_starts  # noqa: PLC0415
        from countermark.corpus.tokens.slots import lengths_of  # noqa: PLC0415

        begin, end = self.block.bounds[self.document[record]]
        ids = self.block.ids[begin:end]
        dropped = int(self.dropped[record])
        points = code_point_starts(decode(ids, self.table)[dropped:]) + dropped
        return _Mapped(record, points, np.cumsum(lengths_of(ids, self.table)))
