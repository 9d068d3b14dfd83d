"""Parquet: the columns that are needed, nested ones too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.corpus_samples import listed, read, read_path, reasons, write_parquet
from countermark.errors import CorpusError


def test_a_nested_text_column_is_read_by_its_dotted_name(tmp_path: Path) -> None:
    """Structs are followed; a null struct is a row without a text."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [1, 2, 3], "meta": [{"words": "a"}, None, {"words": ""}]}), path)
    rows, refused = read_path(path, text_column="meta.words")
    assert rows == [("a", 0, "1", None, None)]
    assert [(r.row, r.reason) for r in refused] == [(1, "no-text"), (2, "empty")]


def test_a_missing_text_column_lists_those_there_are(tmp_path: Path) -> None:
    """The message says what to do."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"label": [1], "tokens": [[1, 2]]}), path)
    with pytest.raises(CorpusError, match=r"label \(int64\), tokens .*--text-column"):
        read_path(path)
    with pytest.raises(CorpusError, match="words"):
        read_path(path, text_column="words")
    with pytest.raises(CorpusError, match="tokens"):
        read_path(path, text_column="tokens")


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())]
)
def test_every_type_of_text_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    """Strings, bytes and dictionaries give the same."""
    path = tmp_path / "a.parquet"
    column = (
        pa.array(["é", "b", "é"]).cast(kind)
        if kind != pa.binary()
        else pa.array(["é".encode(), b"b", "é".encode()])
    )
    pq.write_table(pa.table({"text": column}), path)
    assert [row.text for row in read_path(path)[0]] == ["é", "b", "é"]


def test_bytes_that_are_no_utf8_are_replaced(tmp_path: Path) -> None:
    """The row is kept."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": pa.array([b"a\xffb"], pa.binary())}), path)
    assert [row.text for row in read_path(path)[0]] == ["a\ufffdb"]


def test_dates_become_iso(tmp_path: Path) -> None:
    """Timestamps and dates are text in the findings."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a"], "timestamp": [dt.datetime(2024, 5, 18, 1, 2, 3)]}), path)
    assert (read_path(path)[0][0].date or "").startswith("2024-05-18 01:02:03")


def test_damaged_pages_are_one_refusal_a_row_group(tmp_path: Path) -> None:
    """The other row groups are read."""
    path = tmp_path / "a.parquet"
    write_parquet(path, [f"text {i} " * 30 for i in range(30)])
    data = bytearray(path.read_bytes())
    first = pq.read_metadata(path).row_group(1).column(1)
    start = first.dictionary_page_offset or first.data_page_offset
    data[start : start + first.total_compressed_size] = b"\xff" * first.total_compressed_size
    path.write_bytes(data)
    shards, _ = listed(path)
    rows, refused = read(shards)
    assert [row.row for row in rows] == [*range(10), *range(20, 30)]
    assert reasons(refused) == ["corrupt"]


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"x" * 100, b"no parquet at all"])
def test_a_file_that_is_no_parquet_is_one_clear_error(tmp_path: Path, data: bytes) -> None:
    """Truncated and wrongly named files: never a traceback of Arrow's."""
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    if not data:
        assert reasons(read_path(path)[1]) == ["empty"]
        return
    with pytest.raises(CorpusError, match=r"a\.parquet"):
        read_path(path)


def test_listing_asks_no_column_of_a_damaged_footer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking a damaged footer for a column can end the process: only the worker that reads the file does."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["x" * 1000] * 100}), path, row_group_size=10)

    group = SimpleNamespace(total_byte_size=1 << 20)
    footer = SimpleNamespace(num_row_groups=10, row_group=lambda _: group)
    monkeypatch.setattr(pq, "read_metadata", lambda _: footer)
    shards, _ = listed(path, part_bytes=2 << 20)
    assert [(shard.begin, shard.end) for shard in shards] == [(0, 2), (2, 4), (4, 6), (6, 8), (8, 10)]
    assert 0 < sum(shard.size for shard in shards) <= path.stat().st_size
