"""A large table is written sorted, a row group at a time, with the bytes of one that is written at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from countermark.findings.table import ROWS_PER_GROUP, write_in_order, write_table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("rows", [0, 1, ROWS_PER_GROUP, 2 * ROWS_PER_GROUP + 5])
def test_the_bytes_are_those_of_a_table_written_at_once(tmp_path: Path, rows: int) -> None:
    """Whatever the number of row groups, and of chunks that the table comes in."""
    table = pa.table(
        {
            "key": [f"{(number * 7919) % max(1, rows):08}" for number in range(rows)],
            "value": pa.array(range(rows), pa.int64()),
        }
    )
    cut = pa.concat_tables([table.slice(0, rows // 3), table.slice(rows // 3)])
    write_in_order(cut, ("key", "value"), tmp_path / "pieces.parquet")
    write_table(table.sort_by([("key", "ascending"), ("value", "ascending")]), tmp_path / "once.parquet")
    assert (tmp_path / "pieces.parquet").read_bytes() == (tmp_path / "once.parquet").read_bytes()
