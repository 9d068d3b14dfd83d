"""Parquet: only the columns that are needed, in batches of rows; a part is a range of row groups."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.corpus.batching import BATCH_ROWS
from countermark.corpus.tabular import DAMAGE, Rows, readable, text_batches
from countermark.media import Refusal
from countermark.storage.reading import arrow_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import RecordBatch, Shard
    from countermark.corpus.tabular import ColumnPath
    from countermark.storage.place import Place


class ParquetReader:
    """Reads `.parquet` files; the text column may be nested in structs (`meta.text`)."""

    format = "parquet"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records of the row groups `[begin, end)`; see CorpusReader."""
        named = dict(shard.options).get("text_column")
        with open_parquet(shard.path, shard.name) as table:
            yield from text_batches(table, named, shard.name, shard.begin, shard.end)


@contextmanager
def open_parquet(path: Place, name: str) -> Iterator[ParquetTable]:
    """Open a Parquet file. Raises CorpusError where it is none; so does what goes wrong while it is open."""
    with (
        readable(name, "Parquet"),
        arrow_source(path) as source,
        pq.ParquetFile(source, memory_map=False, pre_buffer=False, buffer_size=1 << 20) as file,
    ):
        yield ParquetTable(file, name)


class ParquetTable:
    """An open Parquet file; see Table. A part is a row group."""

    def __init__(self, file: pq.ParquetFile, name: str) -> None:
        self._file = file
        self._name = name
        self.schema = file.schema_arrow

    def rows(self, paths: Sequence[ColumnPath], begin: int, end: int, batch_bytes: int) -> Iterator[Rows]:
        """The rows of the row groups `[begin, end)`; see Table."""
        metadata = self._file.metadata
        row = sum(metadata.row_group(group).num_rows for group in range(begin))
        names = [".".join(path) for path in paths]
        for group in range(begin, metadata.num_row_groups if end == -1 else end):
            yield from self._group(group, row, names, batch_bytes)
            row += metadata.row_group(group).num_rows

    def first_rows(self, paths: Sequence[ColumnPath], part: int, count: int) -> pa.RecordBatch | None:
        """Some of the first rows of a part, without asking what a damaged footer says of a column; None: none."""
        names = [".".join(path) for path in paths]
        rows = self._file.iter_batches(count, row_groups=[part], columns=names, use_threads=False)
        return next(rows, None)

    @property
    def parts(self) -> int:
        """The number of row groups."""
        return int(self._file.metadata.num_row_groups)

    def _group(self, group: int, row: int, names: list[str], batch_bytes: int) -> Iterator[Rows]:
        description = self._file.metadata.row_group(group)
        stored, begins = _stored_bytes(description), True
        rows = self._file.iter_batches(
            _batch_rows(description, names, batch_bytes), row_groups=[group], columns=names, use_threads=False
        )
        while True:
            try:
                batch = next(rows, None)
            except DAMAGE as error:
                detail = f"row group {group} cannot be read from row {row} on: {error}"
                yield Rows(row, None, stored, Refusal(self._name, row, "corrupt", detail[:300]))
                return
            if batch is None:
                return
            yield Rows(row, batch, stored, begins=begins)
            row += batch.num_rows
            stored, begins = 0, False


def row_group_parts(path: Place, size: int, part_bytes: int) -> list[tuple[int, int, int]]:
    """Ranges of row groups that unpack to about so many bytes, each with its stored size; [] where there is only one.

    The stored size is an estimate, in proportion. The columns would say it exactly, but on some damaged footers
    asking for a column ends the process, and this is the one that must live.
    """
    try:
        with arrow_source(path) as source:
            metadata = pq.read_metadata(source)
        unpacked = [
            max(0, metadata.row_group(index).total_byte_size) for index in range(metadata.num_row_groups)
        ]
    except (OSError, ValueError, pa.ArrowException):  # ValueError: a name that is no UTF-8
        return []
    whole = max(1, sum(unpacked))
    stored = [size * each // whole for each in unpacked]
    parts: list[tuple[int, int, int]] = []
    begin = held = 0
    for index, each in enumerate(unpacked):
        held += each
        if held >= part_bytes or index == len(unpacked) - 1:
            parts.append((begin, index + 1, sum(stored[begin : index + 1])))
            begin, held = index + 1, 0
    return parts if len(parts) > 1 else []


def _stored_bytes(group: Any) -> int:
    return int(sum(max(0, group.column(index).total_compressed_size) for index in range(group.num_columns)))


def _batch_rows(group: Any, names: list[str], batch_bytes: int) -> int:
    """How many rows make a batch of about so many bytes, going by what the row group says of its size."""
    rows = max(1, group.num_rows)
    values = 0  # runs of one number take next to nothing in the file, and eight bytes each here
    for index in range(group.num_columns):
        column = group.column(index)
        if column.path_in_schema.startswith(tuple(name + "." for name in names)):
            values = max(values, column.num_values)
    each = max(1, group.total_byte_size // rows, 8 * values // rows)
    return int(max(1, min(BATCH_ROWS, batch_bytes // each)))
