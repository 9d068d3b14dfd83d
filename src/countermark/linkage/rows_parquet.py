"""Rows of a listing in Parquet: row groups one after the other, only the columns asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.corpus.tabular import readable
from countermark.errors import CorpusError
from countermark.linkage.rows import BATCH_BYTES, ListingBatch, as_text, no_such_column
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import Shard

BATCH_ROWS = 1 << 16
_PIECE_ROWS = 64
"""Rows decoded at once. A dictionary may hold one value of megabytes for every row, and decoding repeats it: pieces of
few rows bound what that takes, and are put together to batches of known bytes."""
_PIECE_BYTES = 1 << 30
"""What a piece may take where each of its values were as long as the whole column of its row group."""
_DICTIONARY_ROWS = 1024
"""Rows read at once of columns that stay dictionaries: each piece of them brings its own."""
_DEPTH = 4


def names(shard: Shard) -> list[str]:
    """The columns of the file."""
    try:
        return list(paths_of(pq.read_schema(shard.path)))
    except (OSError, pa.ArrowException) as error:
        raise CorpusError(f"{shard.name}: no readable Parquet file: {error}") from error


def read(shard: Shard, columns: Sequence[str]) -> Iterator[ListingBatch]:
    """Yield the rows of the row groups `[begin, end)`."""
    with (
        readable(shard.name, "Parquet"),
        pq.ParquetFile(shard.path, memory_map=False, pre_buffer=False, buffer_size=1 << 20) as file,
    ):
        paths = paths_of(file.schema_arrow)
        for column in columns:
            if column not in paths:
                raise no_such_column(shard.name, column, list(paths))
        yield from _groups(file, shard, [paths[column] for column in columns])


def _groups(file: pq.ParquetFile, shard: Shard, paths: list[tuple[str, ...]]) -> Iterator[ListingBatch]:
    metadata = file.metadata
    end = metadata.num_row_groups if shard.end == -1 else shard.end
    row = sum(metadata.row_group(group).num_rows for group in range(shard.begin))
    for group in range(shard.begin, end):
        count = metadata.row_group(group).num_rows
        yield from _group(file, group, row, paths, shard)
        row += count


def _group(
    file: pq.ParquetFile, group: int, row: int, paths: list[tuple[str, ...]], shard: Shard
) -> Iterator[ListingBatch]:
    description = file.metadata.row_group(group)
    stored = sum(description.column(index).total_compressed_size for index in range(description.num_columns))
    total, done = max(1, description.num_rows), 0
    batches = _batches(_pieces(file, group, sorted({".".join(path) for path in paths})))
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowException, OSError) as error:
            detail = f"row group {group} cannot be read from row {row} on: {error}"[:300]
            yield ListingBatch(
                np.empty(0, np.int64),
                tuple(_none() for _ in paths),
                (Refusal(shard.name, row, "corrupt", detail),),
            )
            return
        if batch is None:
            return
        texts = tuple(as_text(column_at(batch, path)) for path in paths)
        before, done = done, done + batch.num_rows
        read_now = stored * done // total - stored * before // total
        rows = np.arange(row, row + batch.num_rows, dtype=np.int64)
        yield ListingBatch(rows, texts, (), read_now)
        row += batch.num_rows


def _pieces(file: pq.ParquetFile, group: int, wanted: list[str]) -> Iterator[pa.RecordBatch]:
    """A row group a few rows at a time, with no dictionary in it."""
    description = file.metadata.row_group(group)
    columns = (description.column(index) for index in range(description.num_columns))
    largest = max((column.total_uncompressed_size for column in columns), default=0)
    rows = max(1, min(_PIECE_ROWS, _PIECE_BYTES // max(1, largest)))
    at_once = rows
    if any(pa.types.is_dictionary(field.type) for field in file.schema_arrow):
        at_once = min(_DICTIONARY_ROWS, rows * (_DICTIONARY_ROWS // _PIECE_ROWS))
    for read in file.iter_batches(at_once, row_groups=[group], columns=wanted, use_threads=False):
        for begin in range(0, read.num_rows, rows) if at_once > rows else (0,):
            piece = read.slice(begin, rows) if at_once > rows else read
            yield pa.RecordBatch.from_arrays([_plain(one) for one in piece.columns], names=piece.schema.names)


def _plain(column: Any) -> Any:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _batches(pieces: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Pieces put together until they have BATCH_ROWS or BATCH_BYTES; what was read before an error comes before it."""
    held: list[pa.RecordBatch] = []
    rows = size = 0
    failed: Exception | None = None
    try:
        for piece in pieces:
            held.append(piece)
            rows, size = rows + piece.num_rows, size + piece.nbytes
            if rows >= BATCH_ROWS or size >= BATCH_BYTES:
                yield pa.Table.from_batches(held)
                held, rows, size = [], 0, 0
    except (pa.ArrowException, OSError) as error:
        failed = error
    if held:
        yield pa.Table.from_batches(held)
    if failed is not None:
        raise failed


def _none() -> Any:
    return pa.array([], pa.large_string())


def column_at(batch: Any, path: tuple[str, ...]) -> Any:
    """The column of a table or batch that a path of fields names."""
    column = batch.column(path[0])
    return pc.struct_field(column, list(path[1:])) if len(path) > 1 else column


def paths_of(fields: Any, prefix: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """The columns of a schema by name, fields of structs as `struct.field`."""
    found: dict[str, tuple[str, ...]] = {}
    for field in fields:
        path = (*prefix, field.name)
        if pa.types.is_struct(field.type) and len(path) < _DEPTH:
            found |= paths_of([field.type.field(at) for at in range(field.type.num_fields)], path)
        else:
            found[".".join(path)] = path
    return found
