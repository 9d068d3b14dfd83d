"""Findings tables: the same rows give the same bytes, and damage is told."""

from __future__ import annotations

import random
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.atomic import temporary_target, write_bytes
from countermark.errors import OutputError, RunError
from countermark.findings import (
    SCHEMA,
    Finding,
    findings_files,
    findings_table,
    iter_findings,
    read_findings,
    write_findings,
    write_table,
)
from countermark.findings.finding import SCHEMA_1, SCHEMA_4
from countermark.findings.table import ORDER

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = Finding(
    finding_id="0", work_id="w", work_title="Les Misérables", work_author="", work_published=None,
    work_licence="", asset_path="w.txt", asset_digest="d", asset_start=0, asset_end=4, corpus="c",
    snapshot_date=None, shard="s", row=0, record_id=None, record_url=None, record_date=None,
    record_digest="r", record_start=0, record_end=4, unit="char", grade="identical", method="m", scheme="x",
    matched=4, longest_run=4, edits=0, bits=20.5, share_of_work=0.25, commonness=1, is_control=False,
    asset_excerpt=None, record_excerpt="…",
)  # fmt: skip
ROWS = [
    replace(PLAIN, finding_id=f"{row}-{start}-{work}", row=row, record_start=start, work_id=work)
    for row in (0, 2, 10)
    for start in (0, 7)
    for work in ("a", "b")
]


@given(order=st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_of_rows_does_not_matter(tmp_path: Path, order: random.Random) -> None:
    """Rows in any order give the same bytes and the same digest."""
    shuffled = list(ROWS)
    order.shuffle(shuffled)
    assert write_findings(ROWS, tmp_path / "a.parquet") == write_findings(shuffled, tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_rows_come_back_in_the_documented_order(tmp_path: Path) -> None:
    """What was written is read again, row by row, sorted by `ORDER`."""
    write_findings(ROWS[::-1], tmp_path / "a.parquet")
    rows = read_findings(tmp_path / "a.parquet").to_pylist()
    assert rows == sorted((asdict(row) for row in ROWS), key=lambda row: [row[name] for name in ORDER])


def test_no_rows_are_a_file_too(tmp_path: Path) -> None:
    """A shard without findings has a file with the whole schema."""
    write_findings([], tmp_path / "a.parquet")
    assert read_findings(tmp_path / "a.parquet").schema.equals(SCHEMA)
    assert list(iter_findings([tmp_path / "a.parquet"])) == []


def test_many_files_are_read_lazily(tmp_path: Path) -> None:
    """`iter_findings` opens a file only when its turn comes, and can leave columns out."""
    (tmp_path / "findings").mkdir()
    for name in ("b", "a"):
        rows = [replace(row, shard=name) for row in ROWS]
        write_findings(rows, tmp_path / "findings" / f"{name}.parquet")
    (tmp_path / "findings" / ".c.parquet.12.tmp").write_bytes(b"half")
    files = findings_files(tmp_path)
    assert [file.stem for file in files] == ["a", "b"]
    batches = iter_findings([*files, tmp_path / "missing.parquet"], ["shard", "row"], batch_size=5)
    read = [next(batches) for _ in range(6)]
    assert pa.Table.from_batches(read)["shard"].to_pylist() == ["a"] * 12 + ["b"] * 12
    assert max(len(batch) for batch in read) <= 5
    with pytest.raises(RunError, match=r"missing\.parquet: no such findings file"):
        next(batches)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop_columns(["grade"]), "column 'grade' is missing"),
        (lambda table: table.append_column("x", pa.array([1])), "column 'x' is unknown"),
        (lambda table: table.select(SCHEMA.names[::-1]), "another order"),
        (lambda table: table.replace_schema_metadata({"countermark.findings": "9"}), "version '9'"),
        (lambda table: table.set_column(13, "row", pa.array(["0"])), "column 'row' is string"),
    ],
)
def test_foreign_tables_are_told_apart(tmp_path: Path, change, message: str) -> None:  # type: ignore[no-untyped-def]
    """A Parquet file that is not a findings file of version 1 is refused with what differs."""
    pq.write_table(change(findings_table([PLAIN])), tmp_path / "x.parquet")
    with pytest.raises(RunError, match=message):
        read_findings(tmp_path / "x.parquet")


def test_damage_is_told(tmp_path: Path) -> None:
    """A truncated file, and a file with flipped bytes in a page, are errors with the file's name."""
    write_findings(ROWS, tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(data[: len(data) // 2])
    with pytest.raises(RunError, match=r"cut\.parquet: not a readable Parquet file"):
        read_findings(tmp_path / "cut.parquet")
    (tmp_path / "flipped.parquet").write_bytes(data[:4] + bytes(400) + data[404:])
    with pytest.raises(RunError, match=r"flipped\.parquet: damaged"):
        read_findings(tmp_path / "flipped.parquet")


def test_failed_write_leaves_nothing(tmp_path: Path) -> None:
    """Where writing fails, the older file stays and no temporary file is left."""
    with pytest.raises(OutputError, match="cannot be written: No such file or directory"):
        write_table(findings_table(ROWS), tmp_path / "no" / "a.parquet")
    write_bytes(tmp_path / "a", b"old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="folder: cannot be written"):
        write_bytes(tmp_path / "folder", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "folder"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_temporary_names_tell_their_target() -> None:
    """Leftovers of a killed process are known by their names, and nothing else is taken for one."""
    assert temporary_target(".ab12.parquet.77.tmp") == "ab12.parquet"
    for name in ("ab12.parquet", ".lock", ".ab12.parquet.x.tmp", "ab12.parquet.77.tmp"):
        assert temporary_target(name) is None


def test_findings_of_version_1_are_read_with_nulls(tmp_path: Path) -> None:
    """The columns that version 1 lacks are null, whole files and single columns alike."""
    old = findings_table(ROWS).select(SCHEMA_1.names).cast(SCHEMA_1)
    pq.write_table(old, tmp_path / "old.parquet")
    write_findings(ROWS, tmp_path / "new.parquet")
    table = read_findings(tmp_path / "old.parquet")
    assert table.schema.equals(SCHEMA, check_metadata=True)
    assert set(table["reservation_train"].to_pylist()) == {None}
    batches = list(
        iter_findings([tmp_path / "old.parquet", tmp_path / "new.parquet"], ["reservation_basis", "row"])
    )
    both = pa.Table.from_batches(batches)
    assert both.column_names == ["reservation_basis", "row"]
    assert len(both) == 2 * len(ROWS)
    pq.write_table(old.drop_columns(["grade"]), tmp_path / "cut.parquet")
    with pytest.raises(RunError, match="column 'grade' is missing"):
        read_findings(tmp_path / "cut.parquet")


def test_findings_of_version_4_are_read_with_nulls(tmp_path: Path) -> None:
    """The four columns of token ids are all that it lacks; those of this version come back as they were written."""
    added = ["record_sequence", "record_token_start", "record_token_end", "record_fragment"]
    assert SCHEMA.names == [*SCHEMA_4.names, *added]
    assert SCHEMA_4.metadata == {b"countermark.findings": b"4"}
    old = findings_table(ROWS).select(SCHEMA_4.names).cast(SCHEMA_4)
    pq.write_table(old, tmp_path / "old.parquet")
    table = read_findings(tmp_path / "old.parquet")
    assert table.schema.equals(SCHEMA, check_metadata=True)
    assert table.select(added).to_pylist() == [dict.fromkeys(added)] * len(ROWS)
    among = replace(
        PLAIN, record_sequence=1 << 40, record_token_start=7, record_token_end=9, record_fragment=False
    )
    write_findings([among], tmp_path / "new.parquet")
    (row,) = read_findings(tmp_path / "new.parquet").select(added).to_pylist()
    assert list(row.values()) == [1 << 40, 7, 9, False]
    pq.write_table(
        findings_table([among]).replace_schema_metadata(old.schema.metadata), tmp_path / "x.parquet"
    )
    with pytest.raises(RunError, match="version 4: column 'record_sequence' is unknown"):
        read_findings(tmp_path / "x.parquet")
