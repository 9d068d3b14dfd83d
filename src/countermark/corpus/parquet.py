"""Parquet: only the columns that are needed, in batches of rows; a part is a range of row groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.corpus.batching import BATCH_BYTES, BATCH_ROWS, BatchBuilder, columns_batch, valid_strings
from countermark.corpus.columns import Columns, choose
from countermark.errors import CorpusError
from countermark.storage.reading import arrow_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import RecordBatch, Shard


class ParquetReader:
    """Reads `.parquet` files; the text column may be nested in structs (`meta.text`)."""

    format = "parquet"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records of the row groups `[begin, end)`; see CorpusReader."""
        try:
            with (
                arrow_source(shard.path) as source,
                pq.ParquetFile(source, memory_map=False, pre_buffer=False, buffer_size=1 << 20) as file,
            ):
                yield from self._read(file, shard)
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error}") from error
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise CorpusError(f"{shard.name}: no readable Parquet file: {error}") from error

    def _read(self, file: pq.ParquetFile, shard: Shard) -> Iterator[RecordBatch]:
        columns = choose_columns(file.schema_arrow, dict(shard.options).get("text_column"), shard.name)
        metadata = file.metadata
        end = metadata.num_row_groups if shard.end == -1 else shard.end
        row = sum(metadata.row_group(group).num_rows for group in range(shard.begin))
        for group in range(shard.begin, end):
            description = metadata.row_group(group)
            reader = _RowGroup(file, group, columns, shard.name)
            yield from reader.batches(row, _batch_rows(description), _stored_bytes(description))
            row += description.num_rows


class _RowGroup:
    """The reading of one row group."""

    def __init__(self, file: pq.ParquetFile, group: int, columns: Columns, where: str) -> None:
        self._file = file
        self._group = group
        self._columns = columns
        self._out = BatchBuilder(where)
        self._where = where

    def batches(self, row: int, batch_rows: int, stored: int) -> Iterator[RecordBatch]:
        paths = [self._columns.text, self._columns.record_id, self._columns.url, self._columns.date]
        names = [".".join(path) for path in paths if path]
        rows = self._file.iter_batches(batch_rows, row_groups=[self._group], columns=names, use_threads=False)
        while True:
            try:
                batch = next(rows, None)
            except (pa.ArrowException, OSError) as error:
                detail = f"row group {self._group} cannot be read from row {row} on: {error}"
                self._out.refuse(row, "corrupt", detail[:300])
                yield self._out.flush(stored)
                return
            if batch is None:
                return
            text, *others = [None if path is None else _column(batch, path) for path in paths]
            assert text is not None  # noqa: S101 (choose_columns saw to it)
            numbers = np.arange(row, row + batch.num_rows, dtype=np.int64)
            row += batch.num_rows
            yield columns_batch(
                self._where,
                valid_strings(text, pa.large_string()),
                numbers,
                [None if column is None else _as_string(column) for column in others],
                bytes_read=stored,
            )
            stored = 0


def choose_columns(schema: pa.Schema, text_column: str | None, where: str) -> Columns:
    """Choose the columns of a schema. Raises CorpusError, which lists the columns, if there is no text column."""
    available = list(_paths(schema))
    textual = [path for path, kind in available if _is_text(kind)]
    scalar = [path for path, kind in available if not pa.types.is_nested(kind)]
    columns = choose(scalar, textual, text_column)
    if columns.text is None or columns.text not in textual:
        there = ", ".join(f"{'.'.join(path)} ({kind})" for path, kind in available[:60])
        problem = f"no text column “{text_column}”" if text_column else "no text column known by its name"
        raise CorpusError(
            f"{where}: {problem}; the columns are: {there}. Name one that holds text with --text-column."
        )
    return columns


def _paths(fields: Any, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], pa.DataType]]:
    for field in fields:
        if pa.types.is_struct(field.type) and len(prefix) < 8:
            yield from _paths(
                [field.type.field(i) for i in range(field.type.num_fields)], (*prefix, field.name)
            )
        else:
            yield (*prefix, field.name), field.type


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return any(
        test(kind)
        for test in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_binary,
            pa.types.is_large_binary,
        )
    )


def _column(batch: pa.RecordBatch, path: tuple[str, ...]) -> Any:
    column = batch.column(path[0])
    return pc.struct_field(column, list(path[1:])) if len(path) > 1 else column


def _as_string(column: pa.Array[Any]) -> Any:
    """Cast ids, addresses and dates to strings; dates and times become ISO 8601."""
    if _is_text(column.type):
        return valid_strings(column, pa.string())
    try:
        return column.cast(pa.string())
    except pa.ArrowException:
        return pa.nulls(len(column), pa.string())


def _stored_bytes(group: Any) -> int:
    return int(sum(group.column(index).total_compressed_size for index in range(group.num_columns)))


def _batch_rows(group: Any) -> int:
    """How many rows make a batch of about BATCH_BYTES, going by the size of the row group."""
    each = max(1, group.total_byte_size // max(1, group.num_rows))
    return int(max(1, min(BATCH_ROWS, BATCH_BYTES // each)))
