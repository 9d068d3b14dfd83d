"""Captures whose body or header block cannot be read as a whole: nothing is called allowed, and the reason is told."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest
from fastwarc.warc import ArchiveIterator

from captures.planted import record
from countermark.captures.records import signals_of, target_of
from countermark.corpus.captured import MAX_HEAD, captured_of
from countermark.corpus.warc_records import RESPONSE, RawRecord
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import Verdict, judge

WORDS = " ".join(f"word{number}" for number in range(2000)).encode()
RESERVED = b'<html><head><meta name="robots" content="noai"></head><p>' + WORDS
LATE = b"<html><p>" + WORDS + b'<meta name="robots" content="noai">'
ALLOWS = b"Content-Usage: train-ai=y\r\n"


def captured(head: bytes, body: bytes) -> Verdict:
    """The verdict of one response, whose header also allows training of generative models."""
    data = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + ALLOWS + head + b"\r\n\r\n" + body
    return verdict_of_block(data)


def verdict_of_block(data: bytes) -> Verdict:
    """The verdict of a record with this block."""
    file = io.BytesIO(record("https://example.org/", "2024-05-18T10:00:00Z", data, 1))
    [one] = ArchiveIterator(file, parse_http=False)
    found = captured_of(RawRecord(RESPONSE, 0, one.headers, data))
    target = target_of(found, "*")
    return judge(target, [signals_of(found, target)])


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(RESERVED)),
        ("deflate", zlib.compress(RESERVED)),
        ("gzip", RESERVED),  # undone by the crawler, which kept the header
        ("br", RESERVED),
        ("identity", RESERVED),
    ],
    ids=["gzip", "deflate", "undone", "br-undone", "identity"],
)
def test_a_whole_body_is_read(coding: str, body: bytes) -> None:
    """Whether its encoding has to be undone or was undone already."""
    verdict = captured(f"Content-Encoding: {coding}".encode(), body)
    assert verdict.answer(Use.GENERATIVE) is Answer.RESERVED
    assert not verdict.remarks


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(LATE)[:-40]),
        ("gzip", gzip.compress(LATE)[:-8]),
        ("gzip", gzip.compress(LATE)[:30]),
        ("gzip", gzip.compress(LATE)[:40] + b"damage" + gzip.compress(LATE)[46:]),
        ("deflate", zlib.compress(LATE)[:-9]),
        ("br", zlib.compress(LATE)[2:-4]),
        ("zstd", b"\x28\xb5\x2f\xfd\x04\x00" + zlib.compress(LATE)[2:-4]),
    ],
    ids=["no-end", "no-sum", "barely-begun", "damaged", "deflate-no-end", "br", "zstd"],
)
def test_a_body_that_was_not_undone_as_a_whole_is_a_doubt(coding: str, body: bytes) -> None:
    """Cut short, damaged, or in an encoding that is not known."""
    verdict = captured(f"Content-Encoding: {coding}".encode(), body)
    assert verdict.answer(Use.GENERATIVE) is not Answer.ALLOWED
    assert "captures.body-unread" in {remark.code for remark in verdict.remarks}


def test_a_header_block_without_an_end_is_a_doubt() -> None:
    """Fields after the first MiB are not looked for."""
    verdict = captured(b"X-Filling: " + b"a" * MAX_HEAD + b"\r\nX-Robots-Tag: noai", b"<p>text")
    assert verdict.answer(Use.GENERATIVE) is not Answer.ALLOWED


@pytest.mark.parametrize(
    "field", [b"X-One: x\rX-Robots-Tag: noai", b"X-Robots-Tag\0: noai"], ids=["return", "null"]
)
def test_a_damaged_header_block_is_a_doubt(field: bytes) -> None:
    """A field may hide behind a lone carriage return or a null character."""
    verdict = captured(field, b"<p>text")
    assert verdict.answer(Use.GENERATIVE) is not Answer.ALLOWED


def test_empty_lines_before_the_status_line_are_a_doubt() -> None:
    """Nothing can tell the header block then."""
    block = b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Usage: train-ai=n\r\n\r\n<p>text"
    verdict = verdict_of_block(block)
    assert verdict.remarks
    assert verdict.answer(Use.GENERATIVE) is not Answer.ALLOWED
