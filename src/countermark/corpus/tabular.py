"""Columns of tables, and where their rows come from: what the readers of Parquet and of Arrow files share."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.corpus.batching import BATCH_BYTES, columns_batch, valid_strings
from countermark.corpus.columns import Columns, choose
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from countermark.corpus.base import RecordBatch
    from countermark.media import Refusal

DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)
"""What Arrow raises on a damaged file."""
_DEEPEST = 8

ColumnPath = tuple[str, ...]


@contextmanager
def readable(name: str, kind: str) -> Iterator[None]:
    """Raise CorpusError, which names the file, for what goes wrong while it is read; `kind` is what it should be."""
    try:
        yield
    except OSError as error:
        raise CorpusError(f"{name}: {error}") from error
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise CorpusError(f"{name}: no readable {kind} file: {error}") from error


class Rows(NamedTuple):
    """Some rows of a file that stand side by side: `batch` begins at row `first`.

    Where they cannot be read `batch` is None and `refused` says why. `stored` counts the bytes of the file that were
    read for them, and `begins` is set where these rows begin a part at which a file may be cut.
    """

    first: int
    batch: pa.RecordBatch | None
    stored: int = 0
    refused: Refusal | None = None
    begins: bool = False


class Table(Protocol):
    """An open file of rows and columns."""

    schema: pa.Schema

    @property
    def parts(self) -> int:
        """The number of parts between which the file may be cut."""
        ...

    def first_rows(self, paths: Sequence[ColumnPath], part: int, count: int) -> pa.RecordBatch | None:
        """At most `count` of the first rows of a part, None where it has none. Raises what is in DAMAGE."""
        ...

    def rows(self, paths: Sequence[ColumnPath], begin: int, end: int, batch_bytes: int) -> Iterator[Rows]:
        """The rows of the parts `[begin, end)` of the file (-1: to the last), with at least these columns.

        A batch has about `batch_bytes`, or one row. Damage within the file is told in `Rows.refused`.
        """
        ...


def paths_of(
    fields: Iterable[pa.Field[Any]], prefix: ColumnPath = ()
) -> Iterator[tuple[ColumnPath, pa.DataType]]:
    """The columns of a schema, structs followed, each with its type."""
    for field in fields:
        if pa.types.is_struct(field.type) and len(prefix) < _DEEPEST:
            below: Any = field.type
            yield from paths_of([below.field(i) for i in range(below.num_fields)], (*prefix, field.name))
        else:
            yield (*prefix, field.name), field.type


def is_text(kind: Any) -> bool:
    """Whether a column of this type holds texts, or bytes that may be texts."""
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


def text_columns(schema: pa.Schema, text_column: str | None) -> Columns:
    """The columns for text, id, address and date; `text` is None where there is none that can hold a text."""
    available = list(paths_of(schema))
    textual = [path for path, kind in available if is_text(kind)]
    scalar = [path for path, kind in available if not pa.types.is_nested(kind)]
    columns = choose(scalar, textual, text_column)
    if columns.text not in textual:
        return Columns(None, columns.record_id, columns.url, columns.date)
    return columns


def choose_columns(schema: pa.Schema, text_column: str | None, where: str) -> Columns:
    """Choose the columns of a schema. Raises CorpusError, which lists the columns, if there is no text column."""
    columns = text_columns(schema, text_column)
    if columns.text is None:
        problem = f"no text column “{text_column}”" if text_column else "no text column known by its name"
        raise CorpusError(
            f"{where}: {problem}; the columns are: {listed(schema)}. Name one that holds text with --text-column."
        )
    return columns


def listed(schema: pa.Schema) -> str:
    """The columns of a schema, for a message."""
    return ", ".join(f"{'.'.join(path)} ({kind})" for path, kind in list(paths_of(schema))[:60])


def column_at(batch: pa.RecordBatch, path: ColumnPath) -> Any:
    """The column of a batch at a path."""
    column = batch.column(path[0])
    return pc.struct_field(column, list(path[1:])) if len(path) > 1 else column


def as_string(column: pa.Array[Any]) -> Any:
    """Cast ids, addresses and dates to strings; dates and times become ISO 8601."""
    if is_text(column.type):
        return valid_strings(column, pa.string())
    try:
        return column.cast(pa.string())
    except pa.ArrowException:
        return pa.nulls(len(column), pa.string())


def named_columns(batch: pa.RecordBatch, columns: Columns) -> list[Any]:
    """The ids, addresses and dates of some rows as strings, None where a table has none."""
    paths = (columns.record_id, columns.url, columns.date)
    return [None if path is None else as_string(column_at(batch, path)) for path in paths]


def wanted(columns: Columns) -> list[ColumnPath]:
    """The paths that are read."""
    return [path for path in (columns.text, columns.record_id, columns.url, columns.date) if path]


def text_batches(
    table: Table, text_column: str | None, where: str, begin: int, end: int
) -> Iterator[RecordBatch]:
    """The texts of the parts `[begin, end)` of a table. Raises CorpusError where no column holds text."""
    columns = choose_columns(table.schema, text_column, where)
    for rows in table.rows(wanted(columns), begin, end, BATCH_BYTES):
        yield text_batch(rows, columns, where)


def text_batch(rows: Rows, columns: Columns, where: str) -> RecordBatch:
    """Some rows as records."""
    assert columns.text is not None  # noqa: S101 (choose_columns saw to it)
    refused = () if rows.refused is None else (rows.refused,)
    if rows.batch is None:
        text, numbers, others = pa.nulls(0, pa.large_string()), np.zeros(0, np.int64), [None] * 3
    else:
        text = valid_strings(column_at(rows.batch, columns.text), pa.large_string())
        numbers = np.arange(rows.first, rows.first + rows.batch.num_rows, dtype=np.int64)
        others = named_columns(rows.batch, columns)
    return columns_batch(where, text, numbers, others, refused=refused, bytes_read=rows.stored)
