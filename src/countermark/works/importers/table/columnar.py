"""Parquet files as tables, read a few rows at a time."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import CatalogError
from countermark.works.importers.table.grid import MAX_CELL, MAX_COLUMNS, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.works.importers.base import CatalogFile

_BATCH: Final = 64
"""Rows read at once. A dictionary may hold one value of megabytes for every row, and decoding repeats it: few rows at
once bound what that takes, and reading as many as fit a cache costs nothing."""
_MOST_BYTES: Final = 1 << 30
"""What a batch may take where each of its values were as long as the whole column of its row group."""
_MAX_LIST: Final = 1000  # items of one list that are read


class ParquetSheet:
    """The rows of a Parquet file, numbered from 1; the header is line 0. Lists are joined by `; `."""

    headed = True
    padded = False

    def __init__(self, file: CatalogFile) -> None:
        """Raises CatalogError where it is no Parquet file."""
        self.name = ""
        self.said: dict[str, str] = {}
        self._file = file
        with file.open() as stream:
            self._header = [str(column)[:400] for column in _opened(stream, file.name).schema_arrow.names]
        if len(self._header) > MAX_COLUMNS:
            raise CatalogError(
                f"{file.name}: {len(self._header):,} columns; at most {MAX_COLUMNS:,} are accepted"
            )

    def lines(self) -> Iterator[Line]:
        """The header, then each row."""
        import pyarrow as pa  # noqa: PLC0415 - slow to load

        yield Line(0, list(self._header))
        number = 0
        with self._file.open() as stream:
            table = _opened(stream, self._file.name)
            try:
                for batch in _batches(table):
                    columns = [column.to_pylist() for column in batch.columns]
                    for values in zip(*columns, strict=True):
                        number += 1
                        line = self._line(number, values)
                        if line.problem or any(line.cells):
                            yield line
            except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
                said = str(error).splitlines()[0] if str(error) else type(error).__name__
                raise CatalogError(
                    f"{self._file.name}, row {number + 1}: the rest cannot be read ({said}); "
                    "a whole Parquet file is accepted"
                ) from None

    def _line(self, number: int, values: Sequence[Any]) -> Line:
        for name, value in zip(self._header, values, strict=True):
            if problem := _too_much(value):
                return Line(number, [], ("too-long", f"holds {problem} in the column {name[:60]!r}"))
        return Line(number, [as_text(value) for value in values])


def _batches(table: Any) -> Iterator[Any]:
    """The rows of a Parquet file, a few at a time."""
    for at in range(table.metadata.num_row_groups):
        group = table.metadata.row_group(at)
        largest = max((group.column(n).total_uncompressed_size for n in range(group.num_columns)), default=0)
        rows = max(1, min(_BATCH, _MOST_BYTES // max(1, largest)))
        yield from table.iter_batches(batch_size=rows, row_groups=[at], use_threads=False)


def _too_much(value: object) -> str:
    """What is more than a cell may hold; empty where nothing is."""
    if isinstance(value, str | bytes) and len(value) > MAX_CELL:
        return f"{len(value):,} characters; at most {MAX_CELL:,} are accepted"
    if isinstance(value, list):
        if len(value) > _MAX_LIST:
            return f"a list of {len(value):,} items; at most {_MAX_LIST:,} are accepted"
        letters = sum(len(one) for one in value if isinstance(one, str | bytes))
        if letters > MAX_CELL:
            return f"a list of {letters:,} characters; at most {MAX_CELL:,} are accepted"
    return ""


def _opened(stream: Any, name: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - slow to load
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        return pq.ParquetFile(stream, thrift_string_size_limit=64 << 20, thrift_container_size_limit=1 << 20)
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CatalogError(f"{name}: the Parquet file is damaged or cut off ({said})") from None


def as_text(value: object) -> str:
    """A value of a typed cell as text: dates as ISO 8601, whole numbers without decimals, lists joined by `; `."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        several = value.values() if isinstance(value, dict) else value
        return "; ".join(as_text(one) for one in islice(several, _MAX_LIST))[:MAX_CELL]
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return _scalar(value)[:MAX_CELL]


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 2**53 else str(value)
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
