"""The table of assets: written some rows at a time, read by number, so that a catalog of millions opens at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

ASSETS_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs lose the fields' type in a list
        ("work_id", pa.string()),
        ("work_title", pa.string()),
        ("work_author", pa.string()),
        ("work_published", pa.string()),
        ("work_licence", pa.string()),
        ("asset_path", pa.string()),
        ("asset_digest", pa.string()),
        ("code_points", pa.int64()),
        ("letters", pa.int64()),
        ("work_number", pa.int64()),
    ]
)
CATALOG_COLUMNS = ASSETS_SCHEMA.names[:-1]
ROW_GROUP = 1 << 14
"""Rows of one row group: what is decoded to read one row."""
_BATCH = 1 << 10
_KEPT_GROUPS = 16


class AssetsWriter:
    """Writes `assets.parquet`, row group by row group."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, ASSETS_SCHEMA)
        self._rows: list[dict[str, Any]] = []
        self._tables: list[pa.Table] = []
        self._waiting = 0
        self._written = False

    def add(self, row: dict[str, Any]) -> None:
        """Append one row."""
        self._rows.append(row)
        if len(self._rows) == _BATCH:
            self._gather()

    def add_table(self, table: pa.Table) -> None:
        """Append the rows of a table of the same columns."""
        self._gather()
        self._take(table)

    def _gather(self) -> None:
        rows, self._rows = self._rows, []
        if rows:
            self._take(pa.Table.from_pylist(rows, schema=ASSETS_SCHEMA))

    def _take(self, table: pa.Table) -> None:
        self._tables.append(table.cast(ASSETS_SCHEMA))
        self._waiting += table.num_rows
        while self._waiting >= ROW_GROUP:
            self._write(ROW_GROUP)

    def _write(self, count: int) -> None:
        waiting = pa.concat_tables(self._tables)
        # chunks in one, so that the file is the same however the rows came
        group = pa.Table.from_batches(waiting.slice(0, count).combine_chunks().to_batches(), ASSETS_SCHEMA)
        self._writer.write_table(group)
        self._tables, self._waiting = [waiting.slice(count)], waiting.num_rows - count
        self._written = True

    def close(self) -> None:
        """Write what is left, and end the file, if it has not ended."""
        if not self._writer.is_open:
            return
        self._gather()
        if self._waiting or not self._written:
            self._tables.append(ASSETS_SCHEMA.empty_table())
            self._write(self._waiting)
        self._writer.close()


class Assets(Sequence[dict[str, Any]]):
    """The rows of one or several tables of assets by number, each a dictionary, read when it is asked for.

    `kept` gives for each table the row numbers that count, ascending, or None for all; rows are numbered through.
    `works` are the numbers of their works, where those in the tables do not hold for all of them.
    """

    def __init__(
        self,
        tables: Sequence[tuple[Path, npt.NDArray[np.int64] | None]],
        works: npt.NDArray[np.integer[Any]] | None = None,
    ) -> None:
        self._works = works
        self._files = [pq.ParquetFile(path, memory_map=True) for path, _ in tables]
        self._kept = [kept for _, kept in tables]
        sizes = [
            file.metadata.num_rows if kept is None else len(kept)
            for file, kept in zip(self._files, self._kept, strict=True)
        ]
        self._bounds = np.concatenate(([0], np.cumsum(np.array(sizes, dtype=np.int64))))
        self._groups = [_group_bounds(file) for file in self._files]
        self._group = lru_cache(maxsize=_KEPT_GROUPS)(self._read)

    def __len__(self) -> int:
        """The number of assets."""
        return int(self._bounds[-1])

    def _read(self, table: int, group: int) -> pa.Table:
        return self._files[table].read_row_group(group, use_threads=False)

    @overload
    def __getitem__(self, number: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, number: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, number: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        """One row; raises IndexError where there is none."""
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        at = number + len(self) if number < 0 else number
        if not 0 <= at < len(self):
            raise IndexError(number)
        table = int(np.searchsorted(self._bounds, at, side="right")) - 1
        row, kept = at - int(self._bounds[table]), self._kept[table]
        row = row if kept is None else int(kept[row])
        group = int(np.searchsorted(self._groups[table], row, side="right")) - 1
        rows = self._group(table, group).slice(row - int(self._groups[table][group]), 1).to_pylist()
        own = {} if self._works is None else {"work_number": int(self._works[at])}
        return dict(rows[0]) | own

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """All rows in order, a batch of them in memory at a time."""
        for batch in self.batches(ASSETS_SCHEMA.names):
            yield from batch.to_pylist()

    def batches(self, columns: list[str]) -> Iterator[pa.Table]:
        """Some columns of all rows in order, as tables of one row group each."""
        at = 0
        for file, kept, bounds in zip(self._files, self._kept, self._groups, strict=True):
            for group in range(file.metadata.num_row_groups):
                table = file.read_row_group(group, columns=columns, use_threads=False)
                if kept is not None:
                    first, last = np.searchsorted(kept, bounds[group : group + 2])
                    table = table.take(pa.array(kept[first:last] - bounds[group]))
                if self._works is not None and "work_number" in columns:
                    numbers = pa.array(self._works[at : at + table.num_rows], pa.int64())
                    table = table.set_column(columns.index("work_number"), "work_number", numbers)
                at += table.num_rows
                yield table

    def table(self, columns: list[str]) -> pa.Table:
        """Some columns of all rows."""
        schema = pa.schema([ASSETS_SCHEMA.field(name) for name in columns])
        return pa.concat_tables([schema.empty_table(), *self.batches(columns)])


def _group_bounds(file: pq.ParquetFile) -> npt.NDArray[np.int64]:
    facts = file.metadata
    sizes = [facts.row_group(group).num_rows for group in range(facts.num_row_groups)]
    return np.concatenate(([0], np.cumsum(np.array(sizes, dtype=np.int64))))
