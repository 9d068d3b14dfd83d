"""Arrow files and streams: the `.arrow` files of Hugging Face's data sets (streams), Feather, and others.

A part is a range of record batches. The headers are walked first (`arrow_messages`): a record batch that claims more
than there is, or unpacks to more than can be held, is refused before Arrow reads it, and the next one is read.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.corpus.arrow_messages import Message, unpacked_size, walk
from countermark.corpus.batching import BATCH_ROWS
from countermark.corpus.compression import BOMB_FLOOR, MAX_RATIO
from countermark.corpus.tabular import DAMAGE, Rows, column_at, is_text, readable, text_batches
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.place import is_url
from countermark.storage.reading import open_binary, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import RecordBatch, Shard
    from countermark.corpus.tabular import ColumnPath
    from countermark.storage.place import Place

MOST_HELD: Final = 1 << 30
"""A record batch that takes more bytes than this when it is unpacked is not read."""
_MAPPED: Final = 128 << 20
"""From this size on a record batch is not read into memory, but where it lies."""
_LONGEST_DETAIL: Final = 300


class ArrowReader:
    """Reads the texts of `.arrow` files; the text column may be nested in structs (`meta.text`)."""

    format = "arrow"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records of the record batches `[begin, end)`; see CorpusReader."""
        named = dict(shard.options).get("text_column")
        with open_arrow(shard.path, shard.name) as table:
            yield from text_batches(table, named, shard.name, shard.begin, shard.end)


@contextmanager
def open_arrow(path: Place, name: str) -> Iterator[ArrowTable]:
    """Open an Arrow file or stream. Raises CorpusError where it is none; so does what goes wrong while it is open."""
    with readable(name, "Arrow"), open_binary(path) as file:
        yield ArrowTable(file, path, name)


def arrow_parts(path: Place, name: str, part_bytes: int) -> list[tuple[int, int, int]]:
    """Ranges of record batches of about so many bytes, each with its size; [] where the file is read whole.

    Raises CorpusError where it is no Arrow file.
    """
    with open_binary(path) as file:
        messages = walk(file, size_of(path), name)
    if messages.dictionaries:  # they may stand anywhere, and change
        return []
    parts: list[tuple[int, int, int]] = []
    begin = held = 0
    for number, message in enumerate(messages.batches):
        held += message.header + message.body
        if held >= part_bytes or number == len(messages.batches) - 1:
            parts.append((begin, number + 1, held))
            begin, held = number + 1, 0
    return parts if len(parts) > 1 else []


class ArrowTable:
    """An open Arrow file; see Table. A part is a record batch."""

    def __init__(self, file: BinaryIO, path: Place, name: str) -> None:
        self._file = file
        self._path = path
        self._name = name
        self._messages = walk(file, size_of(path), name)
        with self._source() as source, pa.ipc.open_stream(source) as stream:
            self.schema: pa.Schema = stream.schema

    @property
    def parts(self) -> int:
        """The number of record batches."""
        return len(self._messages.batches)

    def first_rows(self, paths: Sequence[ColumnPath], part: int, count: int) -> pa.RecordBatch | None:
        """Some of the first rows of a part; see Table."""
        begin = 0 if self._messages.dictionaries else part
        for rows in self.rows(paths, begin, part + 1, 1 << 20):
            if rows.refused is None and rows.batch is not None:
                return rows.batch.slice(0, count)
        return None

    def _source(self) -> pa.NativeFile:
        """The file for Arrow, at its schema."""
        source: pa.NativeFile
        if is_url(self._path):
            source = pa.PythonFile(cast("Any", open_binary(self._path, buffering=0)), mode="r")
        elif max((one.body for one in self._messages.batches), default=0) > _MAPPED:
            source = pa.memory_map(str(self._path))
        else:
            source = pa.OSFile(str(self._path), "rb")
        source.seek(self._messages.schema.at)
        return source

    def rows(self, paths: Sequence[ColumnPath], begin: int, end: int, batch_bytes: int) -> Iterator[Rows]:
        """The rows of the record batches `[begin, end)`; see Table."""
        for one in self._messages.dictionaries:
            bad = self._unfit(one, -1)
            if bad is not None:
                raise CorpusError(f"{self._name}: {bad.detail}")
        tops = sorted({self.schema.get_field_index(path[0]) for path in paths})
        if any(top < 0 for top in tops):
            raise CorpusError(f"{self._name}: two columns have the name of one that is to be read")
        options = pa.ipc.IpcReadOptions(included_fields=tops, use_threads=False)
        last = len(self._messages.batches) if end == -1 else min(end, len(self._messages.batches))
        with self._source() as source, pa.ipc.open_stream(source, options=options) as stream:
            yield from self._read(source, stream, paths, range(begin, last), batch_bytes)
        if self._messages.damage and last == len(self._messages.batches):
            row = sum(one.rows for one in self._messages.batches)
            yield Rows(row, None, 0, Refusal(self._name, row, "truncated", self._messages.damage))

    def _read(
        self,
        source: pa.NativeFile,
        stream: Any,
        paths: Sequence[ColumnPath],
        numbers: range,
        batch_bytes: int,
    ) -> Iterator[Rows]:
        row = sum(one.rows for one in self._messages.batches[: numbers.start])
        in_order = bool(self._messages.dictionaries)  # as they change, nothing can be passed over
        for number in range(0 if in_order else numbers.start, numbers.stop):
            message = self._messages.batches[number]
            if number < numbers.start:
                stream.read_next_batch()
                continue
            refused = self._unfit(message, row)
            slices: list[tuple[int, pa.RecordBatch]] = []
            try:
                if refused is None:
                    if not in_order:
                        source.seek(message.at)
                    batch = _checked(stream.read_next_batch())
                    slices = list(_slices(batch, paths, batch_bytes))
            except DAMAGE as error:
                detail = f"record batch {number} cannot be read from row {row} on: {error}"
                refused = Refusal(self._name, row, "corrupt", detail[:_LONGEST_DETAIL])
            if refused is not None:
                yield Rows(row, None, message.header + message.body, refused)
                if in_order:
                    return
            for at, piece in slices:
                stored = 0 if at else message.header + message.body
                yield Rows(row + at, piece, stored, begins=not at)
            row += message.rows

    def _unfit(self, message: Message, row: int) -> Refusal | None:
        """Why a message is not to be read; None where it can be."""
        try:
            unpacked = unpacked_size(self._file, message)
        except CorpusError as error:
            return Refusal(self._name, row, "corrupt", str(error))
        stored = message.header + message.body
        held = max(unpacked, stored)
        if unpacked > BOMB_FLOOR and unpacked > MAX_RATIO * stored:
            said = f"{unpacked:,} bytes would come out of {stored:,}"
        elif held > MOST_HELD and (is_url(self._path) or unpacked > stored):
            said = f"{held:,} bytes at once; at most {MOST_HELD:,} are read"
        else:
            return None
        return Refusal(self._name, row, "too-large", f"at byte {message.at:,}: {said}")


def _checked(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch whose offsets lead nowhere else. Raises ArrowInvalid. Texts that are no UTF-8 are mended later."""
    for column in batch.columns:
        _check(column)
    return batch


def _check(column: Any) -> None:
    if pa.types.is_struct(column.type):
        column.validate()
        for number in range(column.type.num_fields):
            _check(column.field(number))
        return
    try:
        column.validate(full=True)
    except pa.ArrowInvalid as error:
        # of a column of texts the letters are looked at last
        if "UTF8" not in str(error) or not is_text(column.type) or pa.types.is_dictionary(column.type):
            raise


def _slices(
    batch: pa.RecordBatch, paths: Sequence[ColumnPath], batch_bytes: int
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Cut a batch into pieces of about so many bytes, or one row: `(row in the batch, piece)`."""
    sizes = np.zeros(batch.num_rows, np.int64)
    for path in paths:
        sizes += _row_bytes(column_at(batch, path))
    ends = np.cumsum(sizes)
    begin = 0
    while begin < batch.num_rows:
        before = int(ends[begin - 1]) if begin else 0
        end = int(np.searchsorted(ends, before + batch_bytes, "left")) + 1
        end = min(max(begin + 1, end), begin + BATCH_ROWS, batch.num_rows)
        yield begin, batch.slice(begin, end - begin)
        begin = end


def _row_bytes(column: Any) -> Any:
    """The size of each row of a column in bytes: int64[n], 8 where it is the same for all."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        if not is_text(kind):
            return np.full(len(column), 8, np.int64)
        lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
    elif pa.types.is_string_view(kind):  # each view begins with the length
        views = np.frombuffer(column.buffers()[1], np.int32)[4 * column.offset :: 4][: len(column)]
        return np.where(np.asarray(column.is_valid()), views, 0).astype(np.int64)
    elif is_text(kind):
        lengths = pc.binary_length(column)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        lengths = pc.multiply(pc.list_value_length(column).cast(pa.int64()), 8)
    elif pa.types.is_fixed_size_list(kind):
        return np.full(len(column), 8 * kind.list_size, np.int64)
    else:
        return np.full(len(column), 8, np.int64)
    return np.asarray(lengths.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False), np.int64)
