"""Parquet: row by row in batches of bounded size; what is kept is written with the schema and codecs of the input."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.compliance.header_column import UnreadableHeadersError, read_headers
from countermark.compliance.moments import CRAWL_COLUMNS, moment
from countermark.compliance.record import Fate, Seen, Unread
from countermark.compliance.removed import digest_of_row
from countermark.corpus.columns import ID_COLUMNS, TEXT_COLUMNS, URL_COLUMNS, find, named
from countermark.errors import CorpusError, InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from countermark.compliance.record import Visitor
    from countermark.compliance.settings import Naming

MARK: Final = "reservation"
BATCH_BYTES: Final = 64 << 20
BATCH_ROWS: Final = 16384

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The paths of the columns that are looked at."""

    url: Place | None
    date: Place | None
    record_id: Place | None
    text: Place | None
    headers: Place | None

    @classmethod
    def of(cls, schema: pa.Schema, naming: Naming) -> _Chosen:
        paths = list(_paths(schema))
        flat = [path for path, kind in paths if not pa.types.is_nested(kind)]
        every = [path for path, _ in paths]

        def given(name: str, option: str, names: Sequence[str]) -> Place | None:
            if not name:
                return find(names, flat) if names else None
            path = named(name, every)
            if path is None:
                there = ", ".join(".".join(path) for path in every[:60])
                raise InputError(f"{option} {name}: there is no such column; the columns are: {there}")
            return path

        return cls(
            given(naming.url, "--url-column", URL_COLUMNS),
            given(naming.date, "--date-column", CRAWL_COLUMNS),
            find(ID_COLUMNS, flat),
            given(naming.text, "--text-column", TEXT_COLUMNS),
            given(naming.headers, "--headers-column", ()),
        )


def walk_parquet(
    path: Path, naming: Naming, visitor: Visitor, out: BinaryIO | None, *, mark: bool, whole: bool = False
) -> None:
    """Show every row to the visitor, and write what is kept. Raises CorpusError, InputError."""
    try:
        with pq.ParquetFile(path, memory_map=False, pre_buffer=False, buffer_size=1 << 20) as file:
            writer = _Output(file, out, mark=mark) if out is not None else None
            try:
                _Walk(file, naming, visitor, writer, whole=whole).walk()
            finally:
                if writer is not None:
                    writer.close()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name}: no readable Parquet file: {error}") from error


class _Output:
    """The file of what is kept."""

    def __init__(self, file: pq.ParquetFile, out: BinaryIO, *, mark: bool) -> None:
        schema = file.schema_arrow
        if mark and MARK in schema.names:
            raise InputError(f"the file has a column “{MARK}” already, so --mark cannot add it")
        self._mark = mark
        self.schema = schema.append(pa.field(MARK, pa.string())) if mark else schema
        self._writer = pq.ParquetWriter(out, self.schema, compression=_codecs(file), version=_version(file))
        self._held: list[pa.RecordBatch] = []
        self._bytes = 0

    def add(self, batch: pa.RecordBatch, fates: Sequence[Fate]) -> None:
        """Hold the rows that stay."""
        kept = [fate for fate in fates if fate.keep]
        if len(kept) < len(fates):
            batch = batch.filter(pa.array([fate.keep for fate in fates]))
        if not kept:
            return
        if self._mark:
            columns = [*batch.columns, pa.array([fate.mark for fate in kept], pa.string())]
            batch = pa.RecordBatch.from_arrays(columns, schema=self.schema)
        self._held.append(batch)
        self._bytes += batch.nbytes
        if self._bytes > BATCH_BYTES:
            self.end_group()

    def end_group(self) -> None:
        """Write what is held as a row group: groups of the input are never joined."""
        if self._held:
            with _writing():
                self._writer.write_table(pa.Table.from_batches(self._held, self.schema))
            self._held, self._bytes = [], 0

    def close(self) -> None:
        """Write the end of the file."""
        self.end_group()
        with _writing():
            self._writer.close()


@contextmanager
def _writing() -> Iterator[None]:
    """Tell a full disk from a file that cannot be read."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"what is kept cannot be written: {error}") from error


class _Walk:
    """The reading of one file."""

    def __init__(
        self, file: pq.ParquetFile, naming: Naming, visitor: Visitor, writer: _Output | None, *, whole: bool
    ) -> None:
        self._file = file
        self._chosen = _Chosen.of(file.schema_arrow, naming)
        self._visitor = visitor
        self._writer = writer
        self._consumed = 0
        # Nothing is written and no digest asked for: then only the columns that are looked at are read.
        self._columns = None if whole or writer is not None else _needed(self._chosen)

    def walk(self) -> None:
        row = 0
        for number in range(self._file.metadata.num_row_groups):
            group = self._file.metadata.row_group(number)
            self._group(number, row, group)
            row += group.num_rows
            self._consumed += sum(
                group.column(index).total_compressed_size for index in range(group.num_columns)
            )
            self._visitor.progress(self._consumed)
        if self._file.metadata.num_rows != row:
            detail = (
                f"the file says that it has {self._file.metadata.num_rows} rows; its row groups have {row}"
            )
            self._visitor.unread(Unread(row, -1, "corrupt", detail, records=0))

    def _group(self, number: int, row: int, group: Any) -> None:
        end = row + group.num_rows
        each = max(1, group.total_byte_size // max(1, group.num_rows))
        size = int(max(1, min(BATCH_ROWS, BATCH_BYTES // each)))
        batches = self._file.iter_batches(size, row_groups=[number], columns=self._columns, use_threads=False)
        while row < end:
            try:
                batch = next(batches, None)
                if batch is None or row + batch.num_rows > end:
                    raise pa.ArrowInvalid("it does not hold as many rows as it says")
                batch.validate()  # not in full: one text that is no UTF-8 makes no row group unreadable
            except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
                detail = f"row group {number} cannot be read from row {row} on: {error}"[:300]
                self._visitor.unread(Unread(row, -1, "corrupt", detail, records=end - row))
                break
            self._batch(batch, row)
            row += batch.num_rows
            self._visitor.progress(self._consumed)
        if self._writer is not None:
            self._writer.end_group()

    def _batch(self, batch: pa.RecordBatch, row: int) -> None:
        chosen = self._chosen
        urls, dates, ids = (_values(batch, path) for path in (chosen.url, chosen.date, chosen.record_id))
        headers = _values(batch, chosen.headers)
        sizes = _sizes(batch, chosen.text)
        fates = []
        for index in range(batch.num_rows):
            found, doubt = _headers_of(headers[index])
            url, record_id = urls[index], ids[index]
            seen = Seen(
                row + index,
                -1,
                str(record_id) if isinstance(record_id, str | int) else "",
                url.strip() if isinstance(url, str) else "",
                moment(dates[index]),
                lambda index=index: digest_of_row(batch, index),  # type: ignore[misc]
                sizes[index] or 0,
                headers=found,
                doubt=doubt,
            )
            fates.append(self._visitor.seen(seen))
        if self._writer is not None:
            self._writer.add(batch, fates)


def _paths(fields: Any, prefix: Place = ()) -> Iterator[tuple[Place, pa.DataType]]:
    for inner in fields:
        if pa.types.is_struct(inner.type) and len(prefix) < 4:
            yield (*prefix, inner.name), inner.type
            yield from _paths(inner.type, (*prefix, inner.name))
        else:
            yield (*prefix, inner.name), inner.type


def _needed(chosen: _Chosen) -> list[str]:
    paths = (chosen.url, chosen.date, chosen.record_id, chosen.text, chosen.headers)
    return [".".join(path) for path in paths if path]


def _column(batch: pa.RecordBatch, path: Place) -> Any:
    column = batch.column(path[0])
    return pc.struct_field(column, list(path[1:])) if len(path) > 1 else column


def _values(batch: pa.RecordBatch, path: Place | None) -> list[Any]:
    """The values of a column as Python has them; None for those that cannot be had."""
    if path is None:
        return [None] * batch.num_rows
    column = _column(batch, path)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        values = column.to_pylist()
    except (UnicodeDecodeError, ValueError, OverflowError, pa.ArrowException):
        values = [_value(scalar) for scalar in column]
    return [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in values]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (UnicodeDecodeError, ValueError, OverflowError, pa.ArrowException):
        return None


def _sizes(batch: pa.RecordBatch, path: Place | None) -> list[int]:
    if path is None:
        return [0] * batch.num_rows
    column = _column(batch, path)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        found: list[int] = pc.fill_null(pc.binary_length(column), 0).to_pylist()
    except (pa.ArrowException, TypeError):
        return [0] * batch.num_rows
    return found


def _headers_of(value: Any) -> tuple[Any, bool]:
    try:
        return read_headers(value), False
    except UnreadableHeadersError:
        return None, True


def _codecs(file: pq.ParquetFile) -> Any:
    """The codec of each column, as the first row group has it."""
    if not file.metadata.num_row_groups:
        return "snappy"
    group = file.metadata.row_group(0)
    columns = [group.column(index) for index in range(group.num_columns)]
    names = {"UNCOMPRESSED": "none", "LZ4": "lz4"}
    return {
        column.path_in_schema: names.get(column.compression, column.compression.lower()) for column in columns
    }


def _version(file: pq.ParquetFile) -> Any:
    said = file.metadata.format_version
    return said if said in {"1.0", "2.4", "2.6"} else "2.6"
