"""Pictures in WARC files: by their bytes, with what was captured beside them."""

from __future__ import annotations

import gzip
from pathlib import Path

from corpus.corpus_samples import response, warc_record
from corpus.image_samples import batches_of, list_images, picture, picture_response, read_images, told


def write(path: Path, *records: bytes) -> Path:
    """Write a file of records."""
    path.write_bytes(b"".join(records))
    return path


def test_responses_that_are_pictures_are_read(tmp_path: Path) -> None:
    """Whatever their media type says; rows are offsets, as in a CDX index."""
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(picture(3)), picture(3))
    records = [
        picture_response(picture(0)),
        response(b"<p>a page</p>", 1),
        picture_response(picture(2), 2, "Content-Type: text/html"),
        picture_response(chunked, 3, "Content-Type: image/jpeg\r\nTransfer-Encoding: chunked"),
        picture_response(gzip.compress(picture(4)), 4, "Content-Type: image/jpeg\r\nContent-Encoding: gzip"),
        response(picture(5), 5, "Content-Type: image/jpeg", "404 Not Found"),
        picture_response(b"", 6),
        warc_record("resource", picture(7), 7, "image/jpeg"),
        warc_record("metadata", b"fetchTimeMs: 3", 8),
    ]
    offsets = [sum(map(len, records[:i])) for i in range(len(records))]
    seen, refused = read_images(write(tmp_path / "a.warc", *records))
    assert [(one.data, one.row) for one in seen] == [(picture(i), offsets[i]) for i in (0, 2, 3, 4, 7)]
    assert seen[1][2:] == (f"<urn:uuid:{2:032d}>", "https://example.org/2", "2024-05-18T01:58:10Z", None)
    assert told(refused) == [(offsets[1], "not-a-picture"), (offsets[5], "status"), (offsets[6], "empty")]
    assert "https://example.org/1: the media type is text/html" in refused[0].detail


def test_what_may_reserve_is_captured(tmp_path: Path) -> None:
    """Header fields and the picture itself, as for texts."""
    path = write(
        tmp_path / "a.warc", picture_response(picture(), 0, "Content-Type: image/jpeg\r\nTDM-Reservation: 1")
    )
    (batch,) = batches_of(list_images(path)[0])
    assert batch.captured is not None
    (captured,) = batch.captured
    assert captured is not None
    assert b"TDM-Reservation: 1" in captured.head
    assert (captured.status, captured.media_type, captured.body) == (200, "image/jpeg", picture())
    assert batch.names == ("https://example.org/0",)


def test_a_file_of_texts_only_says_so(tmp_path: Path) -> None:
    """One refusal for the whole."""
    _, refused = read_images(write(tmp_path / "a.wet", warc_record("conversion", b"text")))
    assert told(refused) == [(-1, "no-pictures")]


def test_a_cut_file_keeps_what_stands_before(tmp_path: Path) -> None:
    """Gzip that stops in the middle."""
    members = [gzip.compress(picture_response(picture(i), i)) for i in range(3)]
    data = b"".join(members)
    seen, refused = read_images(write(tmp_path / "a.warc.gz", data[: -len(members[2]) // 2]))
    assert [one.data for one in seen] == [picture(0), picture(1)]
    assert len(refused) == 1
