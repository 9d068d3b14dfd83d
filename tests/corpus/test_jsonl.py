"""JSON Lines: columns found by name, bad lines one by one, whatever the length."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import countermark.corpus.lines as lines_module
from corpus.corpus_samples import json_lines, listed, read, read_path, reasons, texts
from countermark.corpus.base import Shard

VALUES = st.one_of(
    st.text(max_size=8),
    st.integers(),
    st.floats(allow_nan=True),
    st.booleans(),
    st.none(),
    st.lists(st.text(max_size=2)),
)
LINES = st.one_of(
    st.dictionaries(st.sampled_from(["text", "id", "url", "content", "x", "meta"]), VALUES).map(json.dumps),
    st.sampled_from(
        [
            "",
            "  ",
            "null",
            "[1]",
            "{",
            '{"text": "a"',
            '{"text":"a"}{"text":"b"}',
            '{"text":"\\ud800"}',
            '{"x":Inf,"text":"i"}',
        ]
    ),
)


def write(path: Path, *lines: bytes) -> Path:
    """Write lines to a file."""
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_each_bad_line_is_refused_with_its_row_and_reason(tmp_path: Path) -> None:
    """Nothing is skipped in silence, and the lines around are read."""
    path = write(
        tmp_path / "a.jsonl",
        b'{"text": "one", "id": 7, "url": "u", "date": "2024-01-02"}',
        b'{"text": "cut',
        b"[1, 2]",
        b"null",
        b"",
        b'{"id": 3}',
        b'{"text": 4}',
        b'{"text": ""}',
        b'{"text": null}',
        b'{"text": "two"}',
    )
    rows, refused = read_path(path)
    assert rows == [("one", 0, "7", "u", "2024-01-02"), ("two", 9, None, None, None)]
    assert [(r.row, r.reason) for r in refused] == [
        (1, "bad-json"), (2, "not-an-object"), (3, "not-an-object"), (5, "no-text"), (6, "not-a-string"), (7, "empty"),
        (8, "no-text"),
    ]  # fmt: skip


def test_a_line_that_crashes_arrow_never_reaches_it(tmp_path: Path) -> None:
    """A file that begins with a top-level null kills pyarrow 26; here it is a refusal."""
    _, refused = read_path(write(tmp_path / "a.jsonl", b"null"))
    assert reasons(refused) == ["not-an-object"]


def test_lone_surrogates_and_bytes_that_are_no_utf8_are_replaced(tmp_path: Path) -> None:
    """The rows are kept, with U+FFFD where nothing can be read."""
    path = write(
        tmp_path / "a.jsonl", b'{"text": "a\\ud800b"}', b'{"text": "a\xffb"}', b'{"text": "\\ud83d\\ude00"}'
    )
    rows, refused = read_path(path)
    assert [row.text for row in rows] == ["a\ufffdb", "a\ufffdb", "😀"]
    assert refused == []


@pytest.mark.parametrize("name", ["text", "content", "raw_content", "body", "TEXT", "article"])
def test_the_text_column_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    """Whatever the data set calls it, and whatever the case."""
    rows, _ = read_path(write(tmp_path / "a.jsonl", json.dumps({"title": "t", name: "x"}).encode()))
    assert [row.text for row in rows] == ["x"]


def test_a_named_text_column_wins_even_when_nested(tmp_path: Path) -> None:
    """A dotted name leads into objects."""
    path = write(tmp_path / "a.jsonl", b'{"text": "no", "meta": {"body": "yes"}}', b'{"text": "no"}')
    rows, refused = read_path(path, text_column="meta.body")
    assert [row.text for row in rows] == ["yes"]
    assert [(r.row, r.reason) for r in refused] == [(1, "no-text")]


def test_metadata_are_found_in_nested_objects(tmp_path: Path) -> None:
    """RedPajama and OSCAR keep addresses and dates one level down."""
    one = {"text": "a", "meta": {"url": "https://a", "timestamp": "2019-04-25", "language": "en"}}
    two = {
        "content": "b",
        "warc_headers": {
            "warc-record-id": "<urn:1>",
            "warc-date": "2021-01-02",
            "warc-target-uri": "https://b",
        },
    }
    assert read_path(write(tmp_path / "a.jsonl", json.dumps(one).encode()))[0] == [
        ("a", 0, None, "https://a", "2019-04-25")
    ]
    assert read_path(write(tmp_path / "b.jsonl", json.dumps(two).encode()))[0] == [
        ("b", 0, "<urn:1>", "https://b", "2021-01-02")
    ]


def test_a_record_without_the_usual_column_may_use_another(tmp_path: Path) -> None:
    """Mixed data sets are read record by record where they differ."""
    rows, refused = read_path(
        write(tmp_path / "a.jsonl", b'{"text": "a"}', b'{"content": "b"}', b'{"text": "c"}')
    )
    assert [(row.text, row.row) for row in rows] == [("a", 0), ("b", 1), ("c", 2)]
    assert refused == []


def test_a_line_that_is_too_long_is_skipped_as_a_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines around it are read, and their rows are right."""
    monkeypatch.setattr(lines_module, "BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr(lines_module, "MAX_LINE", 1 << 12)
    monkeypatch.setattr(lines_module, "_SCAN", 1 << 9)
    long = json.dumps({"text": "x" * 9000}).encode()
    rows, refused = read_path(
        write(tmp_path / "a.jsonl", b'{"text": "a"}', long, b'{"text": "b"}', long, b'{"text": "c"}')
    )
    assert [(row.text, row.row) for row in rows] == [("a", 0), ("b", 2), ("c", 4)]
    assert [(r.row, r.reason) for r in refused] == [(1, "line-too-long"), (3, "line-too-long")]


@pytest.mark.parametrize("packed", ["gz", "zst"])
def test_what_stands_before_a_cut_is_read(tmp_path: Path, packed: str) -> None:
    """A truncated file gives its whole lines, then one refusal."""
    values = [f"{i} " + "abcdefghij"[i % 7 :] * 300 + str(i * i) for i in range(300)]
    data = json_lines(values)
    whole = gzip.compress(data, 1) if packed == "gz" else zstandard.compress(data, 1)
    path = tmp_path / f"a.jsonl.{packed}"
    path.write_bytes(whole[:-20])
    rows, refused = read_path(path)
    assert [row.text for row in rows] == values[: len(rows)]
    assert (packed == "gz") <= (len(rows) > 200)
    assert reasons(refused) == ["truncated"]


def test_windows_line_ends_a_byte_order_mark_and_no_newline_at_the_end(tmp_path: Path) -> None:
    """What other systems write is read."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n{"text": "b"}\r\n\r\n{"text": "c"}')
    rows, refused = read_path(path)
    assert [(row.text, row.row) for row in rows] == [("a", 0), ("b", 1), ("c", 3)]
    assert refused == []


def test_a_json_array_is_refused_with_advice(tmp_path: Path) -> None:
    """A document of JSON is not JSON Lines."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"text": "a"}], indent=1))
    shards, refused = listed(path)
    assert shards == []
    assert reasons(refused) == ["not-json-lines"]
    assert "array" in refused[0].detail


def test_a_part_of_unknown_rows_says_so(tmp_path: Path) -> None:
    """A part that begins within a line begins at the next one, and does not invent row numbers."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(json_lines(texts(9)))
    half = path.stat().st_size // 2
    first = read([Shard("a", str(path), "jsonl", half, 0, half)])[0]
    second = read([Shard("a", str(path), "jsonl", half, half, -1)])[0]
    assert [row.text for row in first + second] == texts(9)
    assert {row.row for row in second} == {-1}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINES, max_size=12), part_bytes=st.integers(1, 200))
def test_any_lines_read_the_same_whole_and_in_parts(
    tmp_path: Path, lines: list[str], part_bytes: int
) -> None:
    """The native path and the careful one agree, wherever the cuts fall; each line is a row, a refusal or blank."""
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(['{"text": "first", "id": 1}', *lines]) + "\n", encoding="utf-8")
    whole = read_path(path)
    rows, refused = read_path(path, part_bytes=part_bytes)
    assert rows == whole[0]
    assert [refusal[1:] for refusal in refused] == [refusal[1:] for refusal in whole[1]]
    blank = sum(not line.strip() for line in lines)
    assert len(whole[0]) + len(whole[1]) + blank == 1 + len(lines)
