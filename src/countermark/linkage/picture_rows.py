"""Reading a listing of pictures: what is compared in whole columns, the rest only of the rows that were found.

A listing comes in groups (row groups of Parquet, batches of other formats). Of each group the columns compared are read
first; `late` then reads the others of some of its rows. A value that a dictionary repeats for every row is bounded by
the number of rows read at once: the longest value of each dictionary is looked up before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.corpus.tabular import readable
from countermark.linkage.picture_shapes import EARLY, LATE
from countermark.linkage.rows import ListingBatch, as_text, column_names, no_such_column, read_rows
from countermark.linkage.rows_parquet import column_at, paths_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from countermark.corpus.base import Shard
    from countermark.linkage.shapes import Mapping
    from countermark.media import Refusal

BATCH_ROWS = 1 << 16
BATCH_BYTES = 128 << 20
"""Bytes that the columns of a batch may take where every value is as long as the longest of its dictionary."""
_FEWEST = 16


class Column(NamedTuple):
    """The bytes uint8[] and the offsets [n + 1] of a column of n texts; null is empty."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[Any]

    def text(self, row: int) -> str:
        """One of the texts; what is not UTF-8 is U+FFFD."""
        return bytes(self.data[self.offsets[row] : self.offsets[row + 1]]).decode("utf-8", "replace")

    def array(self) -> Any:
        """The column as an array of Arrow, without copying."""
        kind = pa.large_string() if self.offsets.dtype == np.int64 else pa.string()
        return pa.Array.from_buffers(
            kind, len(self.offsets) - 1, [None, pa.py_buffer(self.offsets.data), pa.py_buffer(self.data.data)]
        )


class PictureBatch(NamedTuple):
    """Some rows: their numbers int64[n] in the file (-1 if unknown), and the columns compared, by role."""

    rows: npt.NDArray[np.int64]
    columns: dict[str, Column]
    bytes_read: int = 0
    refused: tuple[Refusal, ...] = ()


class Group(Protocol):
    """Part of a listing: its batches, and what is not compared of some of its rows."""

    def batches(self) -> Iterator[PictureBatch]:
        """The batches; raises CorpusError, ArrowException or OSError where they cannot be read."""
        ...

    def late(self, places: npt.NDArray[np.int64]) -> dict[str, list[str]]:
        """The texts of the other roles in the rows that stand at `places` (ascending) of the group."""
        ...


def read_groups(shard: Shard, mapping: Mapping) -> Iterator[Group]:
    """The groups of a shard. Raises CorpusError when nothing of it can be read."""
    if shard.format == "parquet":
        yield from _parquet_groups(shard, mapping)
        return
    known = column_names(shard)
    columns = [named_column(column, known, shard.name) for _, column in mapping]
    headless = any(column.startswith("#") for _, column in mapping)
    if headless and shard.begin == 0:
        first = ListingBatch(
            np.zeros(1, np.int64), tuple(pa.array([column], pa.large_string()) for column in columns)
        )
        yield _Held(mapping, first)
    for batch in read_rows(shard, columns):
        rows = np.where(batch.rows >= 0, batch.rows + 1, batch.rows) if headless else batch.rows
        yield _Held(mapping, batch._replace(rows=rows))


def named_column(column: str, known: Sequence[str], where: str) -> str:
    """The name of a column, which `#2` gives by its place."""
    if not column.startswith("#") or not column[1:].isdigit() or column in known:
        return column
    place = int(column[1:]) - 1
    if not 0 <= place < len(known):
        raise no_such_column(where, column, known)
    return known[place]


def column_of(array: Any) -> Column:
    """A column of Arrow as bytes and offsets; of any type but texts and bytes, as text."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if not (pa.types.is_string(kind) or pa.types.is_binary(kind)) and not (
        pa.types.is_large_string(kind) or pa.types.is_large_binary(kind)
    ):
        array = as_text(array)
        kind = array.type
    wide = pa.types.is_large_string(kind) or pa.types.is_large_binary(kind)
    _, offsets, data = array.buffers()
    if not len(array):
        return Column(np.empty(0, np.uint8), np.zeros(1, np.int64))
    ends = np.frombuffer(offsets, np.int64 if wide else np.int32)[
        array.offset : array.offset + len(array) + 1
    ]
    return Column(np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8), ends)


class _Held(Group):
    """A batch of a text format, whole in memory."""

    def __init__(self, mapping: Mapping, batch: ListingBatch) -> None:
        self._batch = batch
        self._roles = [role for role, _ in mapping]

    def batches(self) -> Iterator[PictureBatch]:
        batch = self._batch
        early = {
            role: column_of(text)
            for role, text in zip(self._roles, batch.columns, strict=True)
            if role in EARLY
        }
        yield PictureBatch(batch.rows, early, batch.bytes_read, batch.refused)

    def late(self, places: npt.NDArray[np.int64]) -> dict[str, list[str]]:
        return {
            role: text.take(pa.array(places)).to_pylist()
            for role, text in zip(self._roles, self._batch.columns, strict=True)
            if role in LATE
        }


def _parquet_groups(shard: Shard, mapping: Mapping) -> Iterator[Group]:
    with (
        readable(shard.name, "Parquet"),
        pq.ParquetFile(shard.path, memory_map=False, pre_buffer=False, buffer_size=1 << 20) as file,
    ):
        paths = paths_of(file.schema_arrow)
        for _, column in mapping:
            if column not in paths:
                raise no_such_column(shard.name, column, list(paths))
        chosen = {role: paths[column] for role, column in mapping}
        end = file.metadata.num_row_groups if shard.end == -1 else shard.end
        row = sum(file.metadata.row_group(group).num_rows for group in range(shard.begin))
        for group in range(shard.begin, end):
            yield _RowGroup(file, shard, group, row, chosen)
            row += file.metadata.row_group(group).num_rows


class _RowGroup(Group):
    """A row group of a Parquet file."""

    def __init__(
        self, file: pq.ParquetFile, shard: Shard, group: int, first: int, paths: dict[str, tuple[str, ...]]
    ) -> None:
        self._file, self._shard, self._group, self._first = file, shard, group, first
        self._early = {role: path for role, path in paths.items() if role in EARLY}
        self._late = {role: path for role, path in paths.items() if role in LATE}

    def batches(self) -> Iterator[PictureBatch]:
        description = self._file.metadata.row_group(self._group)
        stored = sum(
            description.column(index).total_compressed_size for index in range(description.num_columns)
        )
        total, row, done = max(1, description.num_rows), self._first, 0
        for batch in self._read(self._early):
            columns = {role: column_of(column_at(batch, path)) for role, path in self._early.items()}
            before, done = done, done + batch.num_rows
            yield PictureBatch(
                np.arange(row, row + batch.num_rows, dtype=np.int64), columns,
                stored * done // total - stored * before // total,
            )  # fmt: skip
            row += batch.num_rows

    def late(self, places: npt.NDArray[np.int64]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {role: [] for role in self._late}
        if not self._late or not len(places):
            return found
        begin = 0
        for batch in self._read(self._late):
            here = (
                places[np.searchsorted(places, begin) : np.searchsorted(places, begin + batch.num_rows)]
                - begin
            )
            if len(here):
                for role, path in self._late.items():
                    found[role] += as_text(column_at(batch, path).take(pa.array(here))).to_pylist()
            begin += batch.num_rows
            if begin > places[-1]:
                break
        return found

    def _read(self, roles: dict[str, tuple[str, ...]]) -> Iterator[pa.RecordBatch]:
        names = sorted({".".join(path) for path in roles.values()})
        rows = rows_at_once(self._file, self._shard.path, self._group, names)
        return self._file.iter_batches(rows, row_groups=[self._group], columns=names, use_threads=False)


def rows_at_once(file: pq.ParquetFile, path: str, group: int, names: Sequence[str]) -> int:
    """How many rows of some columns of a row group take at most about BATCH_BYTES."""
    description = file.metadata.row_group(group)
    size, repeated = 1, []
    for index in range(description.num_columns):
        column = description.column(index)
        name = column.path_in_schema
        if not any(name == wanted or name.startswith(f"{wanted}.") for wanted in names):
            continue
        size += column.total_uncompressed_size // max(1, description.num_rows)
        if column.has_dictionary_page and column.physical_type == "BYTE_ARRAY":
            repeated.append(name)
    if repeated:
        size = max(size, _longest(path, group, repeated))
    return max(_FEWEST, min(BATCH_ROWS, BATCH_BYTES // size))


def _longest(path: str, group: int, names: list[str]) -> int:
    """The bytes of the longest values that dictionaries of a row group hold, one of each column."""
    with pq.ParquetFile(path, read_dictionary=names, memory_map=False, pre_buffer=False) as file:
        batch = next(file.iter_batches(1, row_groups=[group], columns=names, use_threads=False), None)
    total = 0
    columns: list[Any] = batch.columns if batch is not None else []
    for column in columns:
        if pa.types.is_dictionary(column.type) and len(column.dictionary):
            lengths: Any = pc.binary_length(column.dictionary)
            total += pc.max(lengths).as_py() or 0
    return total
