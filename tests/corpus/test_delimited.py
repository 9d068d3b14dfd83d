"""CSV and TSV: quotes, newlines within quotes, rows of another length."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import countermark.corpus.delimited as delimited_module
from corpus.corpus_samples import read_path, reasons
from countermark.errors import CorpusError


def test_rows_of_another_length_are_refused(tmp_path: Path) -> None:
    """Each with its row; a blank line is an empty row."""
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"a\nb"\n2\n\n3,c,d\n4,""\n5,e\n')
    rows, refused = read_path(path)
    assert rows == [("a\nb", 0, "1", None, None), ("e", 5, "5", None, None)]
    assert [(r.row, r.reason) for r in refused] == [
        (1, "bad-row"),
        (2, "empty"),
        (3, "bad-row"),
        (4, "empty"),
    ]


@pytest.mark.parametrize(("name", "mark"), [("a.tsv", "\t"), ("a.csv", ";"), ("b.csv", ",")])
def test_the_delimiter_is_seen_in_the_header(tmp_path: Path, name: str, mark: str) -> None:
    """Semicolons are usual in French CSV."""
    path = tmp_path / name
    path.write_text(f"id{mark}content{mark}url\n7{mark}œuvre{mark}https://a\n", encoding="utf-8")
    assert read_path(path)[0] == [("œuvre", 0, "7", "https://a", None)]


def test_a_header_without_a_text_column_lists_its_columns(tmp_path: Path) -> None:
    """The message says what to do."""
    path = tmp_path / "a.csv"
    path.write_text("label,score\nx,1\n")
    with pytest.raises(CorpusError, match=r"label, score.*--text-column"):
        read_path(path)
    assert [row.text for row in read_path(path, text_column="label")[0]] == ["x"]


def test_bytes_that_are_no_utf8_are_replaced(tmp_path: Path) -> None:
    """The row is kept."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,text\n1,caf\xe9\n")
    assert [row.text for row in read_path(path)[0]] == ["caf\ufffd"]


def test_a_quote_that_is_never_closed_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is refused, and reading goes on below it."""
    monkeypatch.setattr(delimited_module, "BLOCK_BYTES", 512)
    monkeypatch.setattr(delimited_module, "MAX_LINE", 2048)
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,a\n2,"open\n' + "3,b\n" * 1000)
    rows, refused = read_path(path)
    assert rows[0].text == "a"
    assert rows[-1].text == "b"
    assert reasons(refused) == ["line-too-long"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.text(st.sampled_from('ab ",\n\r"é;'), min_size=1, max_size=12), min_size=1, max_size=12
    ),
    part_bytes=st.integers(1, 120),
)
def test_what_csv_writes_is_read_the_same_whole_and_in_parts(
    tmp_path: Path, values: list[str], part_bytes: int
) -> None:
    """Wherever the cuts fall; only a carriage return of its own becomes a space."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "text", "note"])
    writer.writerows([[i, value, "z"] for i, value in enumerate(values)])
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode())
    rows, refused = read_path(path)
    assert [row.text.replace("\r\n", "\n") for row in rows] == [
        value.replace("\r\n", "\n").replace("\r", " ") for value in values
    ]
    assert refused == []
    assert read_path(path, part_bytes=part_bytes) == (rows, refused)


def test_a_bad_row_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    """A Latin-1 file with a row too long loses that row and no other."""
    path = tmp_path / "a.csv"
    path.write_bytes("id,text\n1,\xe9t\xe9\n2,a,b\xe9\n3,end\n".encode("latin-1"))
    rows, refused = read_path(path)
    assert [row.text for row in rows] == ["\ufffdt\ufffd", "end"]
    assert [(r.row, r.reason) for r in refused] == [(1, "bad-row")]


@pytest.mark.parametrize(
    "header", [b'id,"' + b"\n" * 500_000, b"id,t\rext\n", b'id,"' + b"a" * 200_000 + b'"\n']
)
def test_a_hostile_header_is_one_clear_error(tmp_path: Path, header: bytes) -> None:
    """A quote that is never closed before many newlines, a lone carriage return, a name without end."""
    path = tmp_path / "a.csv"
    path.write_bytes(header + b"1,2\n")
    with pytest.raises(CorpusError, match="no header"):
        read_path(path)
