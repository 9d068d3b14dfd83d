"""Rows of a listing in Parquet: row groups one after the other, only the columns asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.errors import CorpusError
from countermark.linkage.rows import ListingBatch, as_text, no_such_column
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import Shard

BATCH_ROWS = 1 << 16
BATCH_BYTES = 16 << 20
_DEPTH = 4


def names(shard: Shard) -> list[str]:
    """The columns of the file."""
    try:
        return list(_paths(pq.read_schema(shard.path)))
    except (OSError, pa.ArrowException) as error:
        raise CorpusError(f"{shard.name}: no readable Parquet file: {error}") from error


def read(shard: Shard, columns: Sequence[str]) -> Iterator[ListingBatch]:
    """Yield the rows of the row groups `[begin, end)`."""
    try:
        with pq.ParquetFile(shard.path, memory_map=False, pre_buffer=False, buffer_size=1 << 20) as file:
            paths = _paths(file.schema_arrow)
            for column in columns:
                if column not in paths:
                    raise no_such_column(shard.name, column, list(paths))
            yield from _groups(file, shard, [paths[column] for column in columns])
    except OSError as error:
        raise CorpusError(f"{shard.name}: {error}") from error
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise CorpusError(f"{shard.name}: no readable Parquet file: {error}") from error


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
    each = max(1, description.total_byte_size // max(1, description.num_rows))
    batch_rows = int(max(1, min(BATCH_ROWS, BATCH_BYTES // each)))
    wanted = sorted({".".join(path) for path in paths})
    batches = file.iter_batches(batch_rows, row_groups=[group], columns=wanted, use_threads=False)
    total, done = max(1, description.num_rows), 0
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
        texts = tuple(as_text(_column(batch, path)) for path in paths)
        before, done = done, done + batch.num_rows
        read_now = stored * done // total - stored * before // total
        rows = np.arange(row, row + batch.num_rows, dtype=np.int64)
        yield ListingBatch(rows, texts, (), read_now)
        row += batch.num_rows


def _none() -> Any:
    return pa.array([], pa.large_string())


def _column(batch: pa.RecordBatch, path: tuple[str, ...]) -> Any:
    column = batch.column(path[0])
    return pc.struct_field(column, list(path[1:])) if len(path) > 1 else column


def _paths(fields: Any, prefix: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for field in fields:
        path = (*prefix, field.name)
        if pa.types.is_struct(field.type) and len(path) < _DEPTH:
            found |= _paths([field.type.field(at) for at in range(field.type.num_fields)], path)
        else:
            found[".".join(path)] = path
    return found
