"""Rows of a listing in CSV or TSV with a header, plain or compressed, parsed by Arrow between whole records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from countermark.corpus.batching import clean
from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.delimited import Header
from countermark.corpus.lines import BLOCK_BYTES, PartStream, rows_before
from countermark.corpus.parts import record_cut
from countermark.errors import CorpusError
from countermark.linkage.rows import ListingBatch, as_text, no_such_column
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import Shard

MAX_RECORD = 16 << 20
"""Bytes of a record; a longer one is a quote that never closes. It costs its first line."""
_MOST_OPEN = 8
"""Such records in one file, each of which is searched for its end; at the next one the reading stops."""
_LONE_RETURN = re.compile(rb"\r(?!\n)")


def names(shard: Shard) -> list[str]:
    """The columns of the header."""
    return _header(shard).names


def read(shard: Shard, columns: Sequence[str]) -> Iterator[ListingBatch]:
    """Yield the rows of the part."""
    header = _header(shard)
    for column in columns:
        if column not in header.names:
            raise no_such_column(shard.name, column, header.names)
    try:
        with open(shard.path, "rb") as file:  # noqa: PTH123 (an OSError names the file either way)
            packed = compression_of(file.read(6))
        stream: Any = open_stream(shard.path) if packed else PartStream(shard.path, shard.begin, shard.end)
        with stream:
            yield from _Reading(shard, header, columns).pieces(stream)
    except OSError as error:
        raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


def _header(shard: Shard) -> Header:
    try:
        with open_stream(shard.path) as head:
            return Header.of(head, shard.name)
    except OSError as error:
        raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


class _Reading:
    """The reading of one shard."""

    def __init__(self, shard: Shard, header: Header, columns: Sequence[str]) -> None:
        self._shard = shard
        self._header = header
        # Names may repeat in a header: Arrow is given numbers instead.
        self._fields = [str(header.names.index(column)) for column in columns]
        self._row = rows_before(shard)
        if self._row is not None and shard.begin > 0:
            self._row -= 1
        self._consumed = 0
        self._refused: list[Refusal] = []
        self._held = b""
        self._open = 0
        self._ended = False

    def pieces(self, stream: Any) -> Iterator[ListingBatch]:
        wait = 0
        try:
            if self._shard.begin == 0:
                stream.read(self._header.length)
            while not self._ended and (data := stream.read(BLOCK_BYTES)):
                self._held += data
                if len(self._held) >= wait:
                    yield from self._whole(stream.consumed)
                    # Sought again from the record's beginning, so not before there is twice as much.
                    wait = min(2 * len(self._held), MAX_RECORD + 1)
        except StreamError as error:
            self._refuse(error.reason, str(error))
            self._held = b""
        while len(self._held) > MAX_RECORD:
            yield from self._whole(stream.consumed)
        if self._held or self._refused:
            yield self._batch(self._held, self._held.count(b"\n") + 1, stream.consumed)

    def _whole(self, consumed: int) -> Iterator[ListingBatch]:
        """The whole records of what is held; of one that is longer than MAX_RECORD, the first line is refused."""
        delimiter = self._header.delimiter.encode()
        cut, count = record_cut(self._held, delimiter)
        while not cut and len(self._held) > MAX_RECORD:
            if self._open == _MOST_OPEN:
                self._refuse("open-quotes", f"{_MOST_OPEN} such records came before; the rest is not read")
                self._held, self._ended = b"", True
                return
            self._open += 1
            self._refuse("line-too-long", f"a record of more than {MAX_RECORD >> 20} MiB, or an open quote")
            self._row = None if self._row is None else self._row + 1
            self._held = self._held[self._held.find(b"\n") + 1 or len(self._held) :]
            cut, count = record_cut(self._held, delimiter)
        if cut:
            yield self._batch(self._held[:cut], count, consumed)
            self._held = self._held[cut:]

    def _refuse(self, reason: str, detail: str, row: int | None = None) -> None:
        at = self._row if row is None else row
        self._refused.append(Refusal(self._shard.name, -1 if at is None else at, reason, detail))

    def _batch(self, data: bytes, count: int, consumed: int) -> ListingBatch:
        """Parse whole records; those with another number of columns than the header are refused."""
        bad: dict[int, int] = {}

        def skip(row: Any) -> str:
            bad[row.number - 1] = row.actual_columns
            return "skip"

        start = self._row
        table = self._parse(_LONE_RETURN.sub(b" ", data), skip) if data else None
        self._row = None if start is None else start + count
        texts = [as_text(table.column(name)) if table else _none() for name in self._fields]
        found = len(texts[0]) + len(bad)
        rows = np.delete(np.arange(found, dtype=np.int64), sorted(bad))
        rows = np.full(len(rows), -1, np.int64) if start is None else rows + start
        for at, wide in sorted(bad.items()):
            detail = f"the row has {wide} columns; the header has {len(self._header.names)}"
            self._refuse("bad-row", detail, -1 if start is None else start + at)
        refused, self._refused = tuple(self._refused), []
        read_now, self._consumed = max(0, consumed - self._consumed), max(consumed, self._consumed)
        return ListingBatch(rows, tuple(texts), refused, read_now)

    def _parse(self, data: bytes, skip: Any) -> pa.Table:
        try:
            data.decode()
        except UnicodeDecodeError:
            data = clean(data).encode()
        wanted = sorted(set(self._fields))
        return pc.read_csv(
            pa.BufferReader(data),  # type: ignore[arg-type]  # a file of Arrow's own, which the stubs leave out
            read_options=pc.ReadOptions(
                use_threads=False,
                block_size=len(data) + 1,
                column_names=[str(index) for index in range(len(self._header.names))],
            ),
            parse_options=pc.ParseOptions(
                delimiter=self._header.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pc.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.large_string()),
                strings_can_be_null=False,
            ),
        )


def _none() -> Any:
    return pa.array([], pa.large_string())
