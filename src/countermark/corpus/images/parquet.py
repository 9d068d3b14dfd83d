"""Pictures in Parquet: columns of bytes, Hugging Face's Image feature, lists of either, texts in base64.

All columns that hold pictures are read, unless one is named. A part is a range of row groups. One row is decoded at a
time: a row of a few stored bytes may unpack to gigabytes, and it costs less than a tenth of a millisecond.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.corpus.compression import BOMB_FLOOR, MAX_RATIO
from countermark.corpus.detection import PICTURE_HEAD
from countermark.corpus.images.column import (
    PictureColumns,
    beside,
    candidates,
    encoded_picture,
    is_list,
    looks_encoded,
    type_at,
)
from countermark.corpus.images.gathering import ImageBuilder, Told
from countermark.corpus.images.telling import as_said
from countermark.errors import CorpusError
from countermark.images.limits import MOST_BYTES
from countermark.images.sniffing import looks_like_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.images.batch import ImageBatch
    from countermark.corpus.images.column import Path

LISTING: Final = "a listing of addresses without pictures: countermark link reads it"
_LOOKED_AT: Final = 32
"""Rows at the beginning of a file by which its columns are known."""
_MOST_TEXT: Final = 1 << 20
_DAMAGE: Final = (pa.ArrowException, OSError, UnicodeDecodeError)


class ParquetPictures:
    """Reads `.parquet` files."""

    format = "parquet"

    def batches(self, shard: Shard) -> Iterator[ImageBatch]:
        """Yield the pictures of the row groups `[begin, end)`; see PictureReader."""
        try:
            with _open(shard.path) as file:
                columns = _columns(file, shard)
                dictionaries = _within_lists(file, columns)
            with _open(shard.path, dictionaries) as file:
                yield from _Reading(file, shard, columns).batches()
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error}") from error
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise CorpusError(f"{shard.name}: no readable Parquet file: {error}") from error


def _open(path: str, dictionaries: list[str] | None = None) -> pq.ParquetFile:
    return pq.ParquetFile(
        path, memory_map=False, pre_buffer=False, buffer_size=1 << 20, read_dictionary=dictionaries or None
    )


def _columns(file: pq.ParquetFile, shard: Shard) -> PictureColumns:
    """Choose the columns by the first rows of the *file*, so that all its parts are read alike."""
    schema = file.schema_arrow
    named = dict(shard.options).get("image_column")
    able = candidates(schema, named, shard.name)
    return beside(schema, able if named else _with_pictures(file, able))


def _with_pictures(file: pq.ParquetFile, able: list[Path]) -> list[Path]:
    """Those columns in which pictures are seen; where nothing can be seen, the likeliest one."""
    if not able:
        return []
    seen: dict[Path, bool] = {}
    try:
        rows = file.iter_batches(1, columns=[".".join(path) for path in able], use_threads=False)
        for batch in islice(rows, _LOOKED_AT):
            for path in able:
                for value, _ in _values(_column(batch, path)[0]):
                    if value is not None:
                        seen[path] = seen.get(path, False) or _is_picture(value)
    except _DAMAGE:
        return able[:1]
    return [path for path in able if seen.get(path)] or [path for path in able if path not in seen][:1]


def _is_picture(value: bytes | str | int) -> bool:
    if isinstance(value, bytes):
        return bool(looks_like_picture(value[:PICTURE_HEAD]))
    return isinstance(value, str) and looks_encoded(value)


def _within_lists(file: pq.ParquetFile, columns: PictureColumns) -> list[str]:
    """The columns to keep as dictionaries: a list may name one stored picture a million times."""
    lists = [".".join(path) + "." for path in columns.pictures if is_list(type_at(file.schema_arrow, path))]
    leaves = (file.schema.column(at) for at in range(len(file.schema.names))) if lists else ()
    return [
        leaf.path
        for leaf in leaves
        if leaf.physical_type == "BYTE_ARRAY" and leaf.path.startswith(tuple(lists))
    ]


class _Reading:
    """The reading of one shard."""

    def __init__(self, file: pq.ParquetFile, shard: Shard, columns: PictureColumns) -> None:
        self._file = file
        self._shard = shard
        self._columns = columns
        self._out = ImageBuilder(shard.name)
        self._consumed = 0

    def batches(self) -> Iterator[ImageBatch]:
        if not self._columns.pictures:
            said = LISTING if self._columns.url else f"no column of pictures; {_known(self._file)}"
            self._out.refuse(-1, "no-pictures", said)
            yield from self._out.rest(0)
            return
        metadata = self._file.metadata
        end = metadata.num_row_groups if self._shard.end == -1 else self._shard.end
        row = sum(metadata.row_group(group).num_rows for group in range(self._shard.begin))
        for group in range(self._shard.begin, end):
            yield from self._group(group, row)
            row += metadata.row_group(group).num_rows
        yield from self._out.rest(self._consumed)

    def _group(self, group: int, row: int) -> Iterator[ImageBatch]:
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
            except _DAMAGE as error:
                self._out.refuse(
                    row, "corrupt", f"row group {group} cannot be read from row {row} on: {error}"
                )
                return
            row += 1
            yield from self._out.ready(begin + stored * (row - first) // max(1, description.num_rows))

    def _row(self, batch: pa.RecordBatch, row: int) -> None:
        """Add the pictures of one row."""
        told = Told(
            *(None if path is None else _said(_column(batch, path)[0]) for path in self._columns.told)
        )
        for path in self._columns.pictures:
            name = ".".join(path)
            several = is_list(_column(batch, path).type)
            count = 0
            for count, (value, called) in enumerate(_values(_column(batch, path)[0]), 1):
                own = called or (f"{name}[{count - 1}]" if several else name)
                self._add(value, own, row, told)
            if not count:
                self._out.refuse(row, "null", f"{name}: an empty list")

    def _add(self, value: bytes | str | int | None, name: str, row: int, told: Told) -> None:
        if isinstance(value, int):
            self._out.refuse(row, "too-large", f"{name}: {value:,} bytes; at most {MOST_BYTES:,} are read")
            return
        if isinstance(value, str):
            decoded = encoded_picture(value)
            if decoded is None:
                self._out.refuse(row, "not-a-picture", f"{name}: a text, and no picture in base64")
                return
            value = decoded
        self._out.add(value, name, row, told)


def _values(cell: Any) -> Iterator[tuple[bytes | str | int | None, str]]:
    """The pictures of a cell, each with the name beside it: bytes, text, or the size of what is too long."""
    if not cell.is_valid:
        yield None, ""
    elif is_list(cell.type):
        for one in cell.values:
            yield from _values(one)
    elif pa.types.is_struct(cell.type):
        path = cell["path"] if cell.type.get_field_index("path") >= 0 else None
        ((value, _),) = _values(cell["bytes"])
        yield value, (_said(path) or "") if path is not None else ""
    elif isinstance(cell, pa.DictionaryScalar):
        yield from _values(cell.value)
    else:
        content = cell.as_buffer()
        textual = pa.types.is_string(cell.type) or pa.types.is_large_string(cell.type)
        if content.size > (2 * MOST_BYTES if textual else MOST_BYTES):
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
