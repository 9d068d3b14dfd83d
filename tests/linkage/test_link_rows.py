"""Rows of listings in bounded memory: what a dictionary repeats, rows and records without end, and row numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from countermark.corpus.base import Shard
from countermark.linkage import rows_delimited
from countermark.linkage.rows import BATCH_BYTES, MAX_ROW, read_rows
from countermark.linkage.rows_parquet import BATCH_ROWS

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.linkage.rows import ListingBatch
    from countermark.media import Refusal

LONG = "x" * (MAX_ROW + 1)


def shard_of(path: Path, kind: str) -> Shard:
    return Shard(name=path.name, path=str(path), format=kind, size=path.stat().st_size)


def read(
    path: Path, kind: str, *columns: str
) -> tuple[list[ListingBatch], list[tuple[int, Any]], list[Refusal]]:
    """The batches, the rows with the values of the first column, and what was refused."""
    batches = list(read_rows(shard_of(path, kind), columns))
    rows = [
        (int(row), value)
        for batch in batches
        for row, value in zip(batch.rows, batch.columns[0].to_pylist(), strict=True)
    ]
    return batches, rows, [one for batch in batches for one in batch.refused]


def parquet(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


@pytest.mark.parametrize("stays_dictionary", [False, True])
def test_what_a_dictionary_repeats_is_never_whole_in_memory(tmp_path: Path, stays_dictionary: bool) -> None:
    """A thousand rows of one value of 600 kB: a file of some kilobytes."""
    titles = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000), ["y" * 600_000])
    columns = {"title": titles, "id": [str(n) for n in range(1_000)]}
    path = parquet(tmp_path / "a.parquet", columns, store_schema=stays_dictionary)
    assert path.stat().st_size < 200_000
    before = pa.default_memory_pool().max_memory() or 0
    rows = 0
    for batch in read_rows(shard_of(path, "parquet"), ["title", "id"]):
        assert (pc.sum(pc.binary_length(batch.columns[0])).as_py() or 0) <= BATCH_BYTES + MAX_ROW
        assert batch.columns[1].to_pylist() == [str(row) for row in batch.rows]
        rows += len(batch.rows)
    assert rows == 1_000
    assert (pa.default_memory_pool().max_memory() or 0) <= max(before, 300_000_000)


def test_a_row_that_is_too_long_is_refused_with_its_number(tmp_path: Path) -> None:
    """In each format; the fields count together, and the rows after it keep their numbers."""
    titles = ["A", LONG, "B", "x" * MAX_ROW, "C"]
    names = ["n", "", "n", "n", "n"]
    lines = [json.dumps({"title": title, "name": name}) for title, name in zip(titles, names, strict=True)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    rows = [f"{title},{name}" for title, name in zip(titles, names, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(["title,name", *rows]))
    parquet(tmp_path / "a.parquet", {"title": titles, "name": names}, row_group_size=2)
    for kind, name in (("jsonl", "a.jsonl"), ("delimited", "a.csv"), ("parquet", "a.parquet")):
        _, found, refused = read(tmp_path / name, kind, "title", "name")
        assert found == [(0, "A"), (2, "B"), (4, "C")]
        assert [(one.row, one.reason) for one in refused] == [(1, "row-too-long"), (3, "row-too-long")]
        assert "1,048,577 bytes in the mapped fields; at most 1,048,576 are read" in refused[0].detail


@pytest.mark.parametrize("rows", [1, 63, 64, 65, BATCH_ROWS + 1])
def test_pieces_make_whole_batches(tmp_path: Path, rows: int) -> None:
    """Rows of strings, lists and dictionaries come back in order, whatever the pieces were."""
    titles = [f"Title {n}" for n in range(rows)]
    columns = {
        "title": titles,
        "names": [[f"A{n}", "B"] if n % 3 else None for n in range(rows)],
        "kind": pa.array(
            [f"k{n % 5}" if n % 7 else None for n in range(rows)], pa.string()
        ).dictionary_encode(),
    }
    path = parquet(tmp_path / "a.parquet", columns)
    batches, found, refused = read(path, "parquet", "title", "names", "kind")
    assert found == list(enumerate(titles))
    assert not refused
    assert len(batches) == (2 if rows > BATCH_ROWS else 1)
    assert sum(batch.bytes_read for batch in batches) > 0
    names = [value for batch in batches for value in batch.columns[1].to_pylist()]
    assert names == [f"A{n}; B" if n % 3 else "" for n in range(rows)]
    kinds = [value for batch in batches for value in batch.columns[2].to_pylist()]
    assert kinds == [f"k{n % 5}" if n % 7 else "" for n in range(rows)]


def test_lines_of_json_end_a_batch_by_their_bytes(tmp_path: Path) -> None:
    """Sixty lines of 900 kB are several batches."""
    (tmp_path / "a.jsonl").write_text("\n".join([json.dumps({"title": "y" * 900_000})] * 60))
    batches, rows, _ = read(tmp_path / "a.jsonl", "jsonl", "title")
    assert [row for row, _ in rows] == list(range(60))
    assert len(batches) >= 3


def test_a_quote_that_never_closes_costs_its_first_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands after it is read, with its row."""
    monkeypatch.setattr(rows_delimited, "MAX_RECORD", 100_000)
    after = "".join(f"Title {n},Ada\n" for n in range(20_000))
    (tmp_path / "a.csv").write_text('title,name\nA,Ada\n"open,Luc\n' + after)
    _, rows, refused = read(tmp_path / "a.csv", "delimited", "title")
    assert [(one.row, one.reason) for one in refused] == [(1, "line-too-long")]
    assert rows[0] == (0, "A")
    assert rows[1:] == [(n + 2, f"Title {n}") for n in range(20_000)]


def test_many_records_without_end_stop_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would be searched for its end; what is not read is told."""
    monkeypatch.setattr(rows_delimited, "MAX_RECORD", 100_000)
    monkeypatch.setattr(rows_delimited, "BLOCK_BYTES", 50_000)
    (tmp_path / "a.csv").write_text(
        "title,name\nA,Ada\n" + ('"b,\n' + "x" * 150_000 + '"\n') * 20 + "C,Luc\n"
    )
    _, rows, refused = read(tmp_path / "a.csv", "delimited", "title")
    assert rows == [(0, "A")]
    assert [one.reason for one in refused if one.reason != "bad-row"] == ["line-too-long"] * 8 + [
        "open-quotes"
    ]


def test_a_number_without_end_is_told_without_advice_for_programmers(tmp_path: Path) -> None:
    """Python's own message tells how to lift the limit, which no user can."""
    (tmp_path / "a.jsonl").write_text('{"title": ' + "9" * 5_000 + '}\n{"title": "A"}\n')
    _, rows, refused = read(tmp_path / "a.jsonl", "jsonl", "title")
    assert rows == [(1, "A")]
    assert "sys." not in refused[0].detail
