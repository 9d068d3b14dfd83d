"""Pictures and recordings in Parquet: columns of bytes, Hugging Face's features Image and Audio, lists, base64.

All columns that hold what is sought are read, unless one is named. A part is a range of row groups. One row is decoded
at a time: a row of a few stored bytes may unpack to gigabytes, and it costs less than a tenth of a millisecond.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Generic

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.corpus.carried.column import (
    CarriedColumns,
    beside,
    candidates,
    from_base64,
    is_list,
    looks_encoded,
    type_at,
)
from countermark.corpus.carried.gathering import Builder
from countermark.corpus.carried.sought import Batch_co, Sought
from countermark.corpus.carried.telling import as_said, told_in_order
from countermark.corpus.compression import BOMB_FLOOR, MAX_RATIO
from countermark.corpus.tabular import DAMAGE, readable
from countermark.storage.reading import arrow_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.carried.column import Path
    from countermark.corpus.carried.gathering import Told
    from countermark.storage.place import Place

_LOOKED_AT: Final = 32
"""Rows at the beginning of a file by which its columns are known."""
_MOST_TEXT: Final = 1 << 20


class ParquetReader(Generic[Batch_co]):
    """Reads `.parquet` files."""

    format = "parquet"

    def __init__(self, sought: Sought[Batch_co]) -> None:
        self._sought = sought

    def batches(self, shard: Shard) -> Iterator[Batch_co]:
        """Yield what is sought of the row groups `[begin, end)`; see CarriedReader."""
        with readable(shard.name, "Parquet"):
            with arrow_source(shard.path) as source, _open(source) as file:
                columns = _columns(file, shard, self._sought)
                dictionaries = _within_lists(file, columns)
            with arrow_source(shard.path) as source, _open(source, dictionaries) as file:
                yield from _Reading(file, shard, columns, self._sought).batches()


def _open(source: Place | BinaryIO, dictionaries: list[str] | None = None) -> pq.ParquetFile:
    return pq.ParquetFile(
        source, memory_map=False, pre_buffer=False, buffer_size=1 << 20, read_dictionary=dictionaries or None
    )


def _columns(file: pq.ParquetFile, shard: Shard, sought: Sought[Any]) -> CarriedColumns:
    """Choose the columns by the first rows of the *file*, so that all its parts are read alike."""
    schema = file.schema_arrow
    named = dict(shard.options).get(sought.option)
    able = candidates(schema, sought, named, shard.name)
    return beside(schema, sought, able if named else _seen_to_hold(file, sought, able))


def _seen_to_hold(file: pq.ParquetFile, sought: Sought[Any], able: list[Path]) -> list[Path]:
    """Those columns in which some are seen; where nothing can be seen, the likeliest one."""
    if not able:
        return []
    seen: dict[Path, bool] = {}
    try:
        rows = file.iter_batches(1, columns=[".".join(path) for path in able], use_threads=False)
        for batch in islice(rows, _LOOKED_AT):
            for path in able:
                for value, _ in _values(_column(batch, path)[0], sought.most):
                    if value is not None:
                        seen[path] = seen.get(path, False) or _is_sought(sought, value)
    except DAMAGE:
        return able[:1]
    return [path for path in able if seen.get(path)] or [path for path in able if path not in seen][:1]


def _is_sought(sought: Sought[Any], value: bytes | str | int) -> bool:
    if isinstance(value, bytes):
        return bool(sought.looks_like(value[: sought.head]))
    return isinstance(value, str) and looks_encoded(sought, value)


def _within_lists(file: pq.ParquetFile, columns: CarriedColumns) -> list[str]:
    """The columns to keep as dictionaries: a list may name one stored value a million times."""
    lists = [".".join(path) + "." for path in columns.held if is_list(type_at(file.schema_arrow, path))]
    leaves = (file.schema.column(at) for at in range(len(file.schema.names))) if lists else ()
    return [
        leaf.path
        for leaf in leaves
        if leaf.physical_type == "BYTE_ARRAY" and leaf.path.startswith(tuple(lists))
    ]


class _Reading(Generic[Batch_co]):
    """The reading of one shard."""

    def __init__(
        self, file: pq.ParquetFile, shard: Shard, columns: CarriedColumns, sought: Sought[Batch_co]
    ) -> None:
        self._file = file
        self._shard = shard
        self._columns = columns
        self._sought = sought
        self._out = Builder(sought, shard.name)
        self._consumed = 0

    def batches(self) -> Iterator[Batch_co]:
        if not self._columns.held:
            unheld = f"no column of {self._sought.many}; {_known(self._file)}"
            said = self._sought.listing if self._columns.url else unheld
            self._out.refuse(-1, self._sought.absent, said)
            yield from self._out.rest(0)
            return
        metadata = self._file.metadata
        end = metadata.num_row_groups if self._shard.end == -1 else self._shard.end
        row = sum(metadata.row_group(group).num_rows for group in range(self._shard.begin))
        for group in range(self._shard.begin, end):
            yield from self._group(group, row)
            row += metadata.row_group(group).num_rows
        yield from self._out.rest(self._consumed)

    def _group(self, group: int, row: int) -> Iterator[Batch_co]:
        description = self._file.metadata.row_group(group)
        stored, unpacked = _sizes(description, self._columns.names)
        begin, first = self._consumed, row
        self._consumed += stored
        if unpacked > BOMB_FLOOR and unpacked > MAX_RATIO * max(1, stored):
            said = f"row group {group}: {unpacked:,} bytes out of {stored:,}; it is not read"
            self._out.refuse(row, "bomb", said)
            return
        rows = self._file.iter_batches(1, row_groups=[group], columns=self._columns.names, use_threads=False)
        while True:
            try:
                batch = next(rows, None)
                if batch is None:
                    return
                self._row(batch, row)
            except DAMAGE as error:
                self._out.refuse(
                    row, "corrupt", f"row group {group} cannot be read from row {row} on: {error}"
                )
                return
            row += 1
            yield from self._out.ready(begin + stored * (row - first) // max(1, description.num_rows))

    def _row(self, batch: pa.RecordBatch, row: int) -> None:
        """Add those of one row."""
        told = told_in_order(
            *(None if path is None else _said(_column(batch, path)[0]) for path in self._columns.told)
        )
        for path in self._columns.held:
            name = ".".join(path)
            several = is_list(_column(batch, path).type)
            count = 0
            for count, (value, called) in enumerate(_values(_column(batch, path)[0], self._sought.most), 1):
                own = called or (f"{name}[{count - 1}]" if several else name)
                self._add(value, own, row, told)
            if not count:
                self._out.refuse(row, "null", f"{name}: an empty list")

    def _add(self, value: bytes | str | int | None, name: str, row: int, told: Told) -> None:
        if isinstance(value, int):
            most = self._sought.most
            self._out.refuse(row, "too-large", f"{name}: {value:,} bytes; at most {most:,} are read")
            return
        if isinstance(value, str):
            decoded = from_base64(value)
            if decoded is None:
                said = f"{name}: a text, and no {self._sought.one} in base64"
                self._out.refuse(row, self._sought.foreign, said)
                return
            value = decoded
        self._out.add(value, name, row, told)


def _values(cell: Any, most: int) -> Iterator[tuple[bytes | str | int | None, str]]:
    """The values of a cell, each with the name beside it: bytes, text, or the size of what is too long."""
    if not cell.is_valid:
        yield None, ""
    elif is_list(cell.type):
        for one in cell.values:
            yield from _values(one, most)
    elif pa.types.is_struct(cell.type):
        path = cell["path"] if cell.type.get_field_index("path") >= 0 else None
        ((value, _),) = _values(cell["bytes"], most)
        yield value, (_said(path) or "") if path is not None else ""
    elif isinstance(cell, pa.DictionaryScalar):
        yield from _values(cell.value, most)
    else:
        content = cell.as_buffer()
        textual = pa.types.is_string(cell.type) or pa.types.is_large_string(cell.type)
        if content.size > (2 * most if textual else most):
            yield content.size, ""
        else:
            data = content.to_pybytes()
            yield data.decode("ascii", "replace") if textual else data, ""


def _said(cell: Any) -> str | None:
    """What a cell tells, None where that is nothing; dates and numbers as Arrow writes them."""
    if isinstance(cell, pa.DictionaryScalar):
        cell = cell.value
    if not cell.is_valid:
        return None
    if isinstance(cell, pa.BinaryScalar):
        return as_said(cell.as_buffer()[:_MOST_TEXT].to_pybytes().decode("utf-8", "replace"))
    if is_list(cell.type):
        return next((said for one in islice(cell.values, 8) if (said := _said(one))), None)
    try:
        return as_said(cell.cast(pa.string()).as_py())
    except pa.ArrowException:
        return None


def _column(batch: pa.RecordBatch, path: Path) -> Any:
    column = batch.column(path[0])
    for name in path[1:]:
        column = pc.struct_field(column, name)
    return column


def _sizes(group: Any, names: list[str]) -> tuple[int, int]:
    """Stored and unpacked bytes of the columns `names` of a row group, as its description says."""
    stored = unpacked = 0
    starts = tuple(name + "." for name in names)
    for at in range(group.num_columns):
        chunk = group.column(at)
        if chunk.path_in_schema in names or chunk.path_in_schema.startswith(starts):
            stored += max(0, chunk.total_compressed_size)
            unpacked += max(0, chunk.total_uncompressed_size)
    return stored, unpacked


def _known(file: pq.ParquetFile) -> str:
    there = ", ".join(f"{field.name} ({field.type})"[:80] for field in list(file.schema_arrow)[:20])
    return f"the columns are: {there}. Name one with --text-column"
