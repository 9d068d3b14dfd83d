"""Bad input: nothing is kept unseen, nothing is lost in silence, nothing crashes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.planted_corpus import PLANTED, pack, response, warc_record, write_warc
from compliance.test_filter_formats import content, only, run, table
from countermark.compliance import jsonl_walk
from countermark.compliance.files import CorpusFile
from countermark.compliance.record import KEEP, Fate, Seen, Unread
from countermark.compliance.run import run_filter
from countermark.compliance.settings import FilterSettings, Naming
from countermark.compliance.walk import walk
from countermark.corpus import lines
from countermark.errors import CorpusError

NOAI = response("https://x.example.org/noai", number=900, head=b"X-Robots-Tag: noai\r\n")
GOOD = response("https://x.example.org/good", number=901)


def test_lines_that_are_no_objects_are_removed_with_their_reason(tmp_path: Path) -> None:
    """Broken, deep, and other JSON; each with its digest, and read = kept + removed."""
    bad = [
        b'{"url": "https://x.example.org/',
        b"[" * 100_000,
        b'"text"',
        b"[1]",
        b"null",
        b"{}}",
        b"\xff\xfe{",
    ]
    good = [
        b'{"url": 7, "date": {}}',
        b'{"url": null}',
        b'{"date": 1e400}',
        b"{}",
        b'{"url": ["a"], "text": 3}',
    ]
    deep = b'{"a": ' * 900 + b"1" + b"}" * 900
    path = pack(tmp_path / "r.jsonl", b"\n".join([*bad, *good, deep]))
    receipt = only(run(tmp_path, path))
    assert (receipt.read, receipt.unreadable, receipt.kept) == (13, len(bad), len(good) + 1)
    assert content(tmp_path / "kept" / "r.jsonl").splitlines() == [*good, deep]
    assert {(row["action"], row["reason"]) for row in table(tmp_path)} == {("unreadable", "bad-json")}
    assert all(len(row["digest"]) == 64 for row in table(tmp_path))


def test_a_line_that_is_too_long_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its neighbours stay."""
    monkeypatch.setattr(lines, "MAX_LINE", 4096)
    monkeypatch.setattr(lines, "BLOCK_BYTES", 1024)
    monkeypatch.setattr(jsonl_walk, "MAX_LINE", 4096)
    long = json.dumps({"url": "https://x.example.org/", "text": "a" * 9000}).encode()
    path = pack(tmp_path / "r.jsonl", b'{"a":1}\n' + long + b'\n{"b":2}\n')
    receipt = only(run(tmp_path, path))
    assert (receipt.read, receipt.kept, receipt.unreadable) == (3, 2, 1)
    assert content(tmp_path / "kept" / "r.jsonl") == b'{"a":1}\n{"b":2}\n'
    assert table(tmp_path)[0]["reason"] == "line-too-long"


@pytest.mark.parametrize("name", ["r.jsonl.gz", "r.jsonl.zst"])
def test_a_stream_that_is_cut_short_is_told(tmp_path: Path, name: str) -> None:
    """What stands before the cut is judged; the file counts as damaged."""
    rows = b"".join(
        json.dumps({"url": f"https://x.example.org/{n}", "t": str(n) * 40}).encode() + b"\n"
        for n in range(9999)
    )
    whole = pack(tmp_path / name, rows)
    whole.write_bytes(whole.read_bytes()[:-30])
    outcome = run(tmp_path, whole)
    assert only(outcome).damaged
    assert outcome.incomplete
    assert table(tmp_path)[-1]["reason"] == "truncated"
    assert rows.startswith(content(tmp_path / "kept" / name)[:1000])


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_truncated_warc_is_read_to_its_cut(tmp_path: Path, name: str) -> None:
    """The record that is cut is never kept."""
    path = write_warc(tmp_path / name, [GOOD, NOAI, GOOD])
    path.write_bytes(path.read_bytes()[:-40])
    receipt = only(run(tmp_path, path))
    assert (receipt.read, receipt.kept, receipt.unreadable) == (3, 1, 1)
    assert content(tmp_path / "kept" / name) == GOOD
    assert [row["reason"] for row in table(tmp_path)] == ["reserved", "truncated"]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_reading_goes_on_after_a_damaged_place(tmp_path: Path, name: str) -> None:
    """Garbage between records is told once; the next record is found."""
    pieces = [GOOD, GOOD, NOAI, GOOD]
    packed = [gzip.compress(one, mtime=0) for one in pieces] if name.endswith("gz") else list(pieces)
    packed[1] = packed[1][:5] + b"\0garbage\0" * 20 + packed[1][60:]
    (tmp_path / name).write_bytes(b"".join(packed))
    receipt = only(run(tmp_path, tmp_path / name))
    assert (receipt.kept, receipt.unreadable, receipt.removed) == (2, 1, 2)
    assert content(tmp_path / "kept" / name) == GOOD * 2


def test_several_records_in_one_gzip_member(tmp_path: Path) -> None:
    """As `gzip file.warc` makes them."""
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"".join(record for record, _ in PLANTED)))
    assert only(run(tmp_path, tmp_path / "a.warc.gz", asking=None)).removed == 7
    kept = b"".join(record for record, goes in PLANTED if not goes)
    assert content(tmp_path / "kept" / "a.warc.gz") == kept


def test_odd_warc_records(tmp_path: Path) -> None:
    """No date, no address, no HTTP, an unknown kind, a header with a bare line end: judged or told, never a crash."""
    odd = [
        warc_record("response", "https://x.example.org/", b"no http at all", number=1, Content_Type="application/http"),
        warc_record("response", "dns:example.org", b"1.2.3.4", number=2, Content_Type="text/dns"),
        warc_record("novelty", "https://x.example.org/", b"", number=3, date="never"),
        b"WARC/1.1\nWARC-Type: resource\nContent-Length: 3\n\nabc\n\n",
        warc_record("revisit", "https://x.example.org/", b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noai\r\n\r\n", number=4,
                    Content_Type="application/http"),
    ]  # fmt: skip
    path = write_warc(tmp_path / "a.warc", odd)
    receipt = only(run(tmp_path, path))
    assert (receipt.read, receipt.removed) == (5, 1)
    assert content(tmp_path / "kept" / "a.warc") == b"".join(odd[:4])


def test_a_large_record_passes_through_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its beginning is held; its bytes and its digest are whole."""
    monkeypatch.setattr("countermark.compliance.warc_stream.MAX_BODY", 1 << 20)
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + bytes(range(256)) * 16384
    record = warc_record(
        "response", "https://x.example.org/", block, number=1, Content_Type="application/http"
    )
    path = write_warc(tmp_path / "a.warc.gz", [record])
    receipt = only(run(tmp_path, path))
    assert (receipt.kept, receipt.doubtful) == (1, 1)
    assert content(tmp_path / "kept" / "a.warc.gz") == record
    only(run(tmp_path, path, out="none", keep_unknown=False))
    import hashlib

    assert table(tmp_path, "none")[0]["digest"] == hashlib.sha256(record[:-4]).hexdigest()


def test_a_row_group_that_cannot_be_read_is_counted(tmp_path: Path) -> None:
    """Its rows are removed with their number; the other groups are judged."""
    path = tmp_path / "p.parquet"
    table_ = pa.table({"url": [f"https://x.example.org/{n}" for n in range(3000)]})
    pq.write_table(table_, path, row_group_size=1000, compression="zstd", use_dictionary=False)
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    middle = column.data_page_offset + column.total_compressed_size // 2
    data[middle : middle + 200] = bytes(200)
    path.write_bytes(data)
    receipt = only(run(tmp_path, path))
    assert (receipt.read, receipt.kept, receipt.unreadable) == (3000, 2000, 1000)
    assert [(row["row"], row["records"]) for row in table(tmp_path)] == [(1000, 1000)]


def test_a_text_that_is_no_utf8_stays(tmp_path: Path) -> None:
    """One bad cell makes nothing else unreadable."""
    bad = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"\xff\xfeok")]
    )
    pq.write_table(pa.table({"url": bad, "text": bad}), tmp_path / "p.parquet")
    receipt = only(run(tmp_path, tmp_path / "p.parquet", keep_unknown=False))
    assert (receipt.read, receipt.removed) == (2, 2)


def test_wrong_types_of_columns(tmp_path: Path) -> None:
    """Numbers, lists and times where addresses and dates should stand."""
    wrong = pa.table(
        {
            "url": pa.array([1, 2]),
            "timestamp": pa.array([1715990400, None], pa.timestamp("ns")),
            "id": pa.array([[1], None]),
            "text": pa.array([1.5, None]),
            "deep": pa.array([{"a": [{"b": b"x"}]}, None]),
        }
    )
    pq.write_table(wrong, tmp_path / "p.parquet")
    receipt = only(run(tmp_path, tmp_path / "p.parquet", keep_unknown=False))
    assert (receipt.removed, receipt.without_url) == (2, 2)


def test_a_file_that_is_no_parquet_is_told_and_the_others_are_filtered(tmp_path: Path) -> None:
    """Nothing of it is kept; the run says so."""
    corpus = tmp_path / "c"
    corpus.mkdir()
    (corpus / "a.parquet").write_bytes(b"PAR1 nothing of the kind PAR1")
    pack(corpus / "b.jsonl", b'{"a": 1}\n')
    outcome = run(tmp_path, corpus)
    assert [bool(receipt.failed) for receipt in outcome.receipts] == [True, False]
    assert not (tmp_path / "kept" / "a.parquet").exists()
    assert table(tmp_path)[0]["reason"] == "unreadable-file"
    again = run(tmp_path, corpus)
    assert again.skipped == 2


class _All:
    """Keeps everything, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def seen(self, record: Seen) -> Fate:
        record.digest()
        self.count += 1
        return KEEP

    def unread(self, what: Unread) -> None:
        self.count += 1

    def passed(self, digest: Callable[[], str]) -> None:
        self.count += 1

    def progress(self, consumed: int) -> None:
        """Nothing is shown."""


def _walk(path: Path, data: bytes, format_: str, packed: str) -> None:
    path.write_bytes(data)
    try:
        walk(CorpusFile(path.name, path, format_, packed, len(data)), Naming(), _All())
    except CorpusError:
        return


@pytest.mark.parametrize(("format_", "packed"), [("warc", ""), ("warc", "gz"), ("jsonl", "")])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_arbitrary_bytes_crash_nothing(tmp_path: Path, format_: str, packed: str, data: bytes) -> None:
    """Whatever stands in a file, the walk ends."""
    _walk(tmp_path / "any", data, format_, packed)


@pytest.mark.parametrize("packed", ["", "gz"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(0, 2000), new=st.binary(max_size=8))
def test_a_changed_warc_crashes_nothing(tmp_path: Path, packed: str, where: int, new: bytes) -> None:
    """A good file with some bytes replaced."""
    records = [record for record, _ in PLANTED]
    data = b"".join(gzip.compress(one, mtime=0) if packed else one for one in records)
    where %= len(data)
    _walk(tmp_path / "any", data[:where] + new + data[where + len(new) :], "warc", packed)


def test_an_empty_corpus_file(tmp_path: Path) -> None:
    """An empty JSON Lines file stays an empty file of its kind."""
    path = pack(tmp_path / "r.jsonl.gz", b"")
    outcome = run_filter(FilterSettings((path,), tmp_path / "kept", tmp_path / "removed.parquet"))
    assert only(outcome).read == 0
    assert content(tmp_path / "kept" / "r.jsonl.gz") == b""
