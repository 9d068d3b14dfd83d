"""Reading a listing: only the columns that are mapped, as whole Arrow columns of strings, in bounded memory.

A list of names becomes one string with `; ` between its parts. What cannot be read is refused with its row and reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.corpus.batching import valid_strings
from countermark.errors import CorpusError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from countermark.corpus.base import Shard
    from countermark.media import Refusal

FORMATS = ("parquet", "delimited", "jsonl")
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
    yield from readers[shard.format](shard, columns)


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
