"""Reading one HTTP response: every byte kept, and every broken one named."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.captures.served_message import MAX_HEAD, Message, MessageError, read_message

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def read(data: bytes, limit: int = 10_000) -> Message:
    """Read a response from bytes."""
    return read_message(io.BytesIO(data).read, limit)


def test_everything_is_kept_as_it_came() -> None:
    """Head, chunks and trailers stay as they were sent; the payload is what they carry."""
    head = b"HTTP/1.1 200 OK\r\nX-Odd:  a \r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"4;name=value\r\nWiki\r\n5\r\npedia\r\n0\r\nX-Trailer: 1\r\n\r\n"
    message = read(head + body + b"another answer that nobody asked for")
    assert message.head == head
    assert message.body == body
    assert message.raw == head + body
    assert message.payload == message.content == b"Wikipedia"
    assert message.headers.first("x-odd") == "a"


def test_lengths_and_ends() -> None:
    """A length bounds the body; without one it goes to the end of the stream; some answers have none."""
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc").payload == b"ab"
    assert read(b"HTTP/1.0 200 OK\r\n\r\nabc").payload == b"abc"
    assert read(b"HTTP/1.1 200\r\n\r\n").payload == b""  # a reason phrase may be missing, with its space
    assert read(b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nab").payload == b""
    assert read(b"HTTP/1.1 200 OK\nContent-Length: 1\n\na").payload == b"a"


def test_interim_answers_are_passed_over() -> None:
    """100 and 103 come before the answer; no more than eight of them."""
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    message = read(early + b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert message.status == 200
    assert not message.headers.all("link")
    with pytest.raises(MessageError, match="interim"):
        read(early * 100)


def test_folded_and_broken_field_lines() -> None:
    """A folded line goes on; a line without a name is told, because it may have been a reservation."""
    message = read(b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noai,\r\n noimageai\r\nno colon here\r\n\r\n")
    assert message.headers.first("x-robots-tag") == "noai, noimageai"
    assert "without a name" in message.problems[0]


def gzipped(data: bytes) -> bytes:
    """Gzip without the time of day: tests that run side by side must have the same names."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cut-short"),
        (b"SSH-2.0-OpenSSH\r\n", "bad-http"),
        (b"HTTP/2 200 OK\r\n\r\n", "bad-http"),
        (b"HTTP/1.1 200 OK\r\nA: b", "cut-short"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", "cut-short"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", "cut-short"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", "bad-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nab", "bad-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nab", "too-large"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "bad-http"),
        (CHUNKED + b"zz\r\n", "bad-http"),
        (CHUNKED + b"-1\r\n", "bad-http"),
        (CHUNKED + b"fffffff\r\n", "too-large"),
        (CHUNKED + b"4\r\nWikiX\r\n0\r\n\r\n", "bad-http"),
        (CHUNKED + b"4\r\nWi", "cut-short"),
        (CHUNKED + b"4\r\nWiki\r\n", "cut-short"),
        (CHUNKED + b"1" * 5000, "bad-http"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 20_000, "too-large"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * MAX_HEAD, "too-large"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * (MAX_HEAD + 9), "bad-http"),
    ],
)
def test_broken_answers_are_named(data: bytes, reason: str) -> None:
    """What is no whole answer is refused with a stable word."""
    with pytest.raises(MessageError) as caught:
        read(data)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzipped(b"reserved")),
        ("x-gzip", gzipped(b"reser") + gzipped(b"ved")),
        ("deflate", zlib.compress(b"reserved")),
        ("deflate", zlib.compress(b"reserved", wbits=-15)),
        ("deflate, gzip", gzipped(zlib.compress(b"reserved"))),
        ("identity", b"reserved"),
    ],
)
def test_content_codings_are_undone(coding: str, packed: bytes) -> None:
    """The payload stays packed; the content is not."""
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    message = read(head + packed)
    assert message.payload == packed
    assert message.content == b"reserved"
    assert not message.problems


@pytest.mark.parametrize(
    ("coding", "packed", "told"),
    [
        ("gzip", gzipped(b"\0" * 100_000), "more than the 10,000 bytes"),
        ("gzip", gzipped(b"") * 400, "members"),
        ("gzip", gzipped(b"reserved")[:-9], "cut short"),
        ("gzip", b"plain", "incorrect header"),
        ("br", b"\x0b\x02\x80", "not known"),
        ("gzip, gzip, gzip, gzip", b"x", "one within the other"),
    ],
)
def test_what_cannot_be_undone_is_a_problem(coding: str, packed: bytes, told: str) -> None:
    """The answer is kept all the same, with what is wrong: bombs, unknown codings, cut streams."""
    message = read(f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode() + packed)
    assert message.payload == packed
    assert message.content == b""
    assert told in message.problems[0]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Arbitrary bytes give an answer or a named error, nothing else."""
    for start in (b"", b"HTTP/1.1 200 OK\r\n", CHUNKED, b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"):
        try:
            message = read(start + data, 300)
        except MessageError:
            continue
        assert len(message.content) <= 300
        assert (start + data).startswith(message.raw) or message.status >= 200
