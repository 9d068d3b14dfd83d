"""Where the documents of a Megatron data set come from: the table `NAME.meta.parquet` beside `NAME.bin`.

One row a document, in their order: `doc_index`, and `doc_key`, the data set's own identifier, or `parquet_path` and
`parquet_row`, the row of the file that was tokenised. Source: tools/observability_mapping/generate_metadata.py of
swiss-ai/Megatron-LM (its pull requests 126 and 130).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.corpus.batching import valid_strings
from countermark.media import Refusal
from countermark.storage.reading import arrow_source, is_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from countermark.corpus.base import Shard

_ROWS: Final = 1 << 16
_MOST_TEXT: Final = 64 << 20
"""The ids of so many rows have at most so many bytes."""
_NAMES: Final = ("doc_key", "parquet_path")
_DAMAGE: Final = (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError)


class Provenance:
    """Record ids of documents, in rising order. A table that does not fit is not used; one refusal says why."""

    def __init__(self, file: pq.ParquetFile | None, where: str, problem: str = "") -> None:
        self._file = file
        self._where = where
        self._problem = problem
        self._rows: Iterator[pa.RecordBatch] | None = None
        self._next = 0
        self._held: list[tuple[int, pa.StringArray]] = []

    @classmethod
    @contextmanager
    def beside(cls, path: str, shard: Shard) -> Iterator[Provenance]:
        """Open the table of a shard, where there is one."""
        if not is_file(path):
            yield cls(None, shard.name)
            return
        with arrow_source(path) as source:
            try:
                file = _opened(source)
            except _DAMAGE as error:
                yield cls(None, shard.name, f"no readable Parquet file: {error}")
                return
            with file:
                yield cls(file, shard.name)

    def take_refused(self) -> tuple[Refusal, ...]:
        """Hand over why the table is not used, once."""
        problem, self._problem = self._problem, ""
        if not problem:
            return ()
        detail = f"the .meta.parquet beside it is not used: {problem}"
        return (Refusal(self._where, -1, "side-car", detail[:300]),)

    def ids(self, begin: int, count: int, rows: npt.NDArray[np.int64]) -> pa.StringArray | None:
        """Return the record ids of the documents `rows`, all among the `count` from `begin` on; None if unknown."""
        if self._file is None:
            return None
        try:
            ids: pa.StringArray = self._between(begin, begin + count).take(pa.array(rows - begin))
        except _DAMAGE as error:
            self._give_up(str(error))
        except LookupError as error:
            self._give_up(str(error.args[0]))
        else:
            return ids
        return None

    def _give_up(self, problem: str) -> None:
        self._file, self._rows, self._held, self._problem = None, None, [], problem

    def _between(self, begin: int, end: int) -> Any:
        """Return the ids of the documents `[begin, end)`, and let go of those before."""
        if self._rows is None:
            self._rows = self._batches(begin)
        self._held = [(at, ids) for at, ids in self._held if at + len(ids) > begin]
        while self._next < end:
            batch = next(self._rows, None)
            if batch is None:
                raise LookupError(f"it ends after document {self._next - 1}")
            numbers = batch.column(0).to_numpy(zero_copy_only=False)
            expected = np.arange(self._next, self._next + len(numbers))
            if not np.array_equal(numbers, expected):
                raise LookupError(f"its column doc_index does not count the documents at row {self._next}")
            self._held.append((self._next, _texts(batch)))
            self._next += len(numbers)
        low = self._held[0][0] if self._held else begin
        joined = pa.concat_arrays([ids for _, ids in self._held]) if self._held else pa.array([], pa.string())
        return joined.slice(begin - low, end - begin)

    def _batches(self, begin: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows from the row group on that has document `begin`."""
        file = self._file
        if file is None:
            raise LookupError("it is not open")
        names = set(file.schema_arrow.names)
        columns = (
            ["doc_index", "doc_key"] if "doc_key" in names else ["doc_index", "parquet_path", "parquet_row"]
        )
        missing = [name for name in columns if name not in names]
        if missing:
            raise LookupError(f"it has no column {missing[0]}")
        group = 0
        while group < file.metadata.num_row_groups:
            rows = file.metadata.row_group(group).num_rows
            if self._next + rows > begin:
                break
            self._next += rows
            group += 1
        rest = list(range(group, file.metadata.num_row_groups))
        for batch in file.iter_batches(_ROWS, row_groups=rest, columns=columns, use_threads=False):
            yield batch.select(columns)


def _opened(source: Any) -> pq.ParquetFile:
    """Open a table. Names are read as dictionaries: one that every row repeats takes next to nothing in the file."""
    metadata = pq.read_metadata(source)
    paths = {metadata.schema.column(index).path for index in range(metadata.num_columns)}
    return pq.ParquetFile(
        source,
        metadata=metadata,
        memory_map=False,
        pre_buffer=False,
        buffer_size=1 << 20,
        read_dictionary=[name for name in _NAMES if name in paths],
    )


def _texts(batch: pa.RecordBatch) -> Any:
    """The ids: the key, or the file and the row in it with a `#` between."""
    if batch.num_columns == 2:
        return _text(batch.column(1))
    path, row = _text(batch.column(1)), batch.column(2).cast(pa.string())
    return pc.binary_join_element_wise(path, row, "#")


def _text(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = _spelt_out(column)
    if any(
        test(column.type) for test in (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_large_string)
    ):
        return valid_strings(column, pa.string())
    return column.cast(pa.string())


def _spelt_out(column: Any) -> Any:
    """A dictionary as its values. Raises LookupError where they would be far too long."""
    kind = column.type.value_type
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        lengths = pc.take(pc.binary_length(column.dictionary).cast(pa.int64()), column.indices)
        if (pc.sum(lengths).as_py() or 0) > _MOST_TEXT:
            raise LookupError(f"the names of {len(column):,} documents are more than {_MOST_TEXT >> 20} MiB")
    return column.dictionary_decode()
