"""WARC and WET: what is read, what is refused, and what damage costs."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from corpus.corpus_samples import REAL, listed, read, read_path, reasons, response, warc_record

COMMON_CRAWL = REAL / "commoncrawl"
needs_real = pytest.mark.skipif(not COMMON_CRAWL.is_dir(), reason="the real capture is not on this machine")


def gz(*records: bytes) -> bytes:
    """Compress each record as a member of its own."""
    return b"".join(gzip.compress(record) for record in records)


def write(path: Path, data: bytes) -> Path:
    """Write a file."""
    path.write_bytes(data)
    return path


def test_html_is_read_with_the_charset_of_the_response(tmp_path: Path) -> None:
    """Markup goes, the letters stay, address and date come from the headers."""
    body = "<html><body><p>Un été &amp; une œuvre</p><script>no()</script></body></html>"
    latin = response(body.encode("cp1252"), 1, "Content-Type: text/html; charset=windows-1252")
    rows, refused = read_path(write(tmp_path / "a.warc.gz", gz(latin)))
    assert refused == []
    assert rows[0].text.strip() == "Un été & une œuvre"
    assert rows[0][2:] == (f"<urn:uuid:{1:032d}>", "https://example.org/1", "2024-05-18T01:58:10Z")


def test_errors_of_the_server_are_read_and_other_media_refused(tmp_path: Path) -> None:
    """A page behind a 404 may hold a text; an image holds none. Requests and metadata are no documents."""
    data = gz(
        warc_record("warcinfo", b"software: x"),
        warc_record("request", b"GET / HTTP/1.1\r\n\r\n", 1, "application/http; msgtype=request"),
        response(b"<p>gone</p>", 2, status="404 Not Found"),
        response(b"\x89PNG", 3, "Content-Type: image/png"),
        response(b"plain", 4, "Content-Type: text/plain"),
        response(b"", 5),
    )
    rows, refused = read_path(write(tmp_path / "a.warc.gz", data))
    assert [row.text.strip() for row in rows] == ["gone", "plain"]
    assert reasons(refused) == ["media-type", "empty"]
    assert "image/png" in refused[0].detail


@pytest.mark.parametrize("encoded", [True, False])
def test_compressed_and_chunked_bodies_are_undone(tmp_path: Path, encoded: bool) -> None:
    """Even where the crawler undid the encoding and kept its header."""
    body = gzip.compress(b"<p>text</p>") if encoded else b"<p>text</p>"
    data = response(body, 1, "Content-Type: text/html\r\nContent-Encoding: gzip")
    assert [row.text.strip() for row in read_path(write(tmp_path / "a.warc", data))[0]] == ["text"]


def test_an_http_bomb_is_refused(tmp_path: Path) -> None:
    """A body that swells beyond the bound is counted, and the next record is read."""
    bomb = response(gzip.compress(b"a" * (65 << 20)), 1, "Content-Type: text/html\r\nContent-Encoding: gzip")
    rows, refused = read_path(write(tmp_path / "a.warc", bomb + response(b"<p>next</p>", 2)))
    assert [row.text.strip() for row in rows] == ["next"]
    assert reasons(refused) == ["too-large"]


@pytest.mark.parametrize("packed", ["", "gz", "zst"])
def test_a_file_cut_in_mid_record_gives_what_stands_before(tmp_path: Path, packed: str) -> None:
    """The record that is cut is a refusal."""
    records = [warc_record("conversion", f"text {i} ".encode() * 400, i) for i in range(40)]
    joined = b"".join(records)
    whole = {"": joined, "gz": gz(*records), "zst": zstandard.compress(joined)}[packed]
    name = "a.wet" + (packed and f".{packed}")
    rows, refused = read_path(write(tmp_path / name, whole[:-30]))
    assert [row.text for row in rows] == [f"text {i} " * 400 for i in range(len(rows))]
    assert len(rows) >= (39 if packed != "zst" else 0)
    assert set(reasons(refused)) <= {"truncated", "corrupt"}
    assert refused


@pytest.mark.parametrize("packed", [False, True])
def test_reading_goes_on_after_a_damaged_record(tmp_path: Path, packed: bool) -> None:
    """One damaged place costs one record."""
    records = [warc_record("conversion", f"text {i}".encode(), i) for i in range(4)]
    if packed:
        members = [gzip.compress(record) for record in records]
        members[1] = members[1][:30] + b"\xff" * 40 + members[1][70:]
        data = b"".join(members)
    else:
        records[1] = b"garbage instead of a record\r\n\r\n"
        data = b"".join(records)
    rows, refused = read_path(write(tmp_path / "a.wet", data))
    assert [row.text for row in rows] == ["text 0", "text 2", "text 3"]
    assert reasons(refused) == ["corrupt"]


def test_rows_are_offsets_as_in_a_cdx_index(tmp_path: Path) -> None:
    """Anyone can cut the record out of the file at its row."""
    records = [warc_record("conversion", f"text {i}".encode(), i) for i in range(3)]
    path = write(tmp_path / "a.wet.gz", gz(*records))
    for row in read_path(path)[0]:
        assert row.text.encode() in gzip.decompress(path.read_bytes()[row.row :])


def test_records_that_share_a_gzip_member_are_told_apart(tmp_path: Path) -> None:
    """Offsets cannot name them, so their rows only rise, and the file is not cut."""
    records = [warc_record("conversion", f"text {i}".encode(), i) for i in range(3)]
    path = write(tmp_path / "b.wet.gz", gzip.compress(b"".join(records)) * 2)
    rows, _ = read_path(path)
    assert [row.text for row in rows] == ["text 0", "text 1", "text 2"] * 2
    assert [row.row for row in rows] == sorted({row.row for row in rows})
    assert read_path(path, part_bytes=1)[0] == rows


def test_bytes_that_are_no_utf8_and_garbage(tmp_path: Path) -> None:
    """WET bytes are replaced; a file that is no WARC at all is one refusal."""
    rows, _ = read_path(write(tmp_path / "a.wet", warc_record("conversion", b"caf\xe9")))
    assert [row.text for row in rows] == ["caf\ufffd"]
    rows, refused = read_path(write(tmp_path / "b.warc", b"this is no WARC at all\n" * 50))
    assert rows == []
    assert reasons(refused) == ["corrupt"]


@needs_real
def test_a_real_capture_is_read_in_every_form() -> None:
    """The same page from WARC, WARC.gz and WET.gz."""
    page = [read_path(COMMON_CRAWL / f"whirlwind.{form}")[0] for form in ("warc", "warc.gz", "warc.wet.gz")]
    for rows in page:
        assert [row.url for row in rows] == ["https://an.wikipedia.org/wiki/Escopete"]
        assert "Escopete" in rows[0].text
        assert rows[0].date == "2024-05-18T01:58:10Z"
    assert page[0][0].text == page[1][0].text
    assert [rows[0].row for rows in page] == [1375, 1023, 466]


@needs_real
def test_a_real_folder_makes_one_shard_a_file() -> None:
    """WAT files hold metadata: nothing to read in them, and nothing wrong."""
    shards, refused = listed(COMMON_CRAWL)
    assert [shard.format for shard in shards] == ["warc"] * 4
    assert refused == []
    assert len(read(shards)[0]) == 3


def test_a_file_of_metadata_only_says_so(tmp_path: Path) -> None:
    """A WAT file holds no document: that is a reason, not silence."""
    path = write(
        tmp_path / "a.warc.wat.gz", gz(warc_record("metadata", b"{}"), warc_record("warcinfo", b"x"))
    )
    assert reasons(read_path(path)[1]) == ["no-documents"]
