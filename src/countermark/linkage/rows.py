"""Reading a listing: only the columns that are mapped, as whole Arrow columns of strings, in bounded memory.

A list of names becomes one string with `; ` between its parts. What cannot be read is refused with its row and reason,
and so is a row whose mapped fields have more than MAX_ROW bytes: no title and no name is that long.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.corpus.batching import valid_strings
from countermark.errors import CorpusError, InputError
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from countermark.corpus.base import Shard

FORMATS = ("parquet", "delimited", "jsonl")
MAX_ROW = 1 << 20
"""Bytes (UTF-8) that the mapped fields of one row may have together."""
BATCH_BYTES = 16 << 20
"""Bytes of the mapped fields after which a batch ends, whatever its rows: linking takes several times as much."""
BETWEEN = "; "
"""What stands between the parts of a list that became one string."""


class ListingBatch(NamedTuple):
    """Some rows of a listing.

    `rows` int64[n] as in `corpus.base`; `columns` are large_string[n] without nulls, in the order asked for; `refused`
    the rows not read since the batch before; `bytes_read` likewise.
    """

    rows: npt.NDArray[np.int64]
    columns: tuple[Any, ...]
    refused: tuple[Refusal, ...] = ()
    bytes_read: int = 0


def read_rows(shard: Shard, columns: Sequence[str]) -> Iterator[ListingBatch]:
    """Yield the rows of a shard. Raises CorpusError when nothing of it can be read."""
    from countermark.linkage import rows_delimited, rows_jsonl, rows_parquet  # noqa: PLC0415

    readers = {
        "parquet": rows_parquet.read, "delimited": rows_delimited.read, "jsonl": rows_jsonl.read,
    }  # fmt: skip
    for batch in readers[shard.format](shard, columns):
        yield from _bounded(shard.name, batch)


def _bounded(where: str, batch: ListingBatch) -> Iterator[ListingBatch]:
    """The rows of a batch in batches of about BATCH_BYTES at most; those above MAX_ROW are refused."""
    sizes = np.zeros(len(batch.rows), np.int64)
    for column in batch.columns:
        sizes += np.asarray(pc.binary_length(column), np.int64)
    long = np.flatnonzero(sizes > MAX_ROW)
    if len(long):
        kept: Any = pa.array(sizes <= MAX_ROW)
        refused = tuple(
            Refusal(
                where,
                row,
                "row-too-long",
                f"{size:,} bytes in the mapped fields; at most {MAX_ROW:,} are read",
            )
            for row, size in zip(batch.rows[long].tolist(), sizes[long].tolist(), strict=True)
        )
        batch = ListingBatch(
            np.delete(batch.rows, long),
            tuple(column.filter(kept) for column in batch.columns),
            (*batch.refused, *refused),
            batch.bytes_read,
        )
        sizes = np.delete(sizes, long)
    if sizes.sum() <= BATCH_BYTES:
        yield batch
        return
    pieces = np.cumsum(sizes) // BATCH_BYTES
    starts = [0, *(np.flatnonzero(np.diff(pieces)) + 1).tolist(), len(sizes)]
    for begin, end in pairwise(starts):
        columns = tuple(column.slice(begin, end - begin) for column in batch.columns)
        last = end == len(sizes)
        refused = batch.refused if begin == 0 else ()
        yield ListingBatch(batch.rows[begin:end], columns, refused, batch.bytes_read if last else 0)


def column_names(shard: Shard) -> list[str]:
    """The columns that a shard has; fields of structs as `struct.field`. Raises CorpusError."""
    from countermark.linkage import rows_delimited, rows_jsonl, rows_parquet  # noqa: PLC0415

    if shard.format not in FORMATS:
        raise InputError(
            f"{shard.path}: no listing; read are Parquet, CSV, TSV and JSON Lines, compressed or not"
        )
    names = {"parquet": rows_parquet.names, "delimited": rows_delimited.names, "jsonl": rows_jsonl.names}
    return names[shard.format](shard)


def as_text(column: Any) -> Any:
    """A column of any type as large_string without nulls; lists are joined."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _joined(column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind) or (
        pa.types.is_large_binary(kind) or pa.types.is_string_view(kind)
    ):  # fmt: skip
        return pc.fill_null(valid_strings(column, pa.large_string()), "")
    try:
        return pc.fill_null(column.cast(pa.large_string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise CorpusError(f"a column of {kind} cannot be read as text") from error


def _joined(column: Any) -> Any:
    values = as_text(column.flatten())
    lengths = np.asarray(pc.fill_null(pc.list_value_length(column), 0)).astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)
    between: Any = pa.scalar(BETWEEN, pa.large_string())
    joined: Any = pc.binary_join(lists, between)
    return pc.fill_null(joined, "")


def no_such_column(where: str, missing: str, there: Sequence[str]) -> CorpusError:
    """The error for a shard that lacks a column."""
    return CorpusError(f"{where}: there is no column {missing!r}; the columns are: {', '.join(there[:60])}")
