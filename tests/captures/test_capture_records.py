"""From records to responses: header blocks as crawlers write them, and the look that spares most parsing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.captures.records import headers_of, response_of, signals_of, target_of
from countermark.corpus.captured import Captured, may_speak
from countermark.reservations.response import Response
from countermark.reservations.sources import read_response
from countermark.reservations.target import Target

URL = "https://a.example.org/"
PIECES = (
    "<meta ", "<META\n", "<link ", "<script ", "name=robots ", 'name="tdm-reservation" ', "content=noai ",
    'content="1" ', 'content="a > b" ', "content='no&#97;i' ",
    "content=no-ai ", "content='no ai' ", "name=tdm_reservation ", 'href="/carsl.css" ', 'type="application/rsl+xml" ',
    "rel=license href=https://a.example.org/l ", ">", "</script>", "<!--", "-->", "<style>", "</style>", "text ",
    '"', "'", "<p>", "<metabolism ", "<title>", "</title>",
)  # fmt: skip


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (b"HTTP/1.1 200 OK\r\nA: 1\r\na: 2", [("a", "1"), ("a", "2")]),
        (b"HTTP/1.1 200\nTDM-Reservation : 1", [("tdm-reservation", "1")]),
        (b"HTTP/2 200\r\n:status: 200\r\nx: y", [("x", "y")]),
        (b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noindex,\r\n\tnoai", [("x-robots-tag", "noindex, noai")]),
        (b"HTTP/1.1 200 OK\r\nA: 1\rX-Robots-Tag: noai\r\nB: 2", [("a", "1 X-Robots-Tag: noai"), ("b", "2")]),
        (b"HTTP/1.1 200 fine: thanks\r\nno colon\r\nA:", [("a", "")]),
        (b"", []),
    ],
)
def test_header_blocks_are_read_as_they_come(head: bytes, fields: list[tuple[str, str]]) -> None:
    """Any case, folded lines, pseudo-fields, no reason phrase, bare line ends."""
    assert list(headers_of(head)) == fields


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
@settings(max_examples=1500, deadline=None)
def test_what_is_passed_over_says_nothing(pieces: list[str]) -> None:
    """Where the look finds no tag that may speak, the readers find nothing either."""
    body = "".join(pieces).encode()
    if not may_speak("text/html", body):
        page = Response(URL, headers=headers_of(b"Content-Type: text/html"), body=body)
        assert not read_response(page, Target(URL), {})


def test_a_page_in_two_byte_letters_is_kept() -> None:
    """UTF-16 has its words apart; the page reader knows."""
    page = '<html><meta name="tdm-reservation" content="1">'
    for coding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert may_speak("text/html", page.encode(coding))


def test_files_with_metadata_are_kept_and_others_not() -> None:
    """Pictures, PDF, EPUB and XML may carry metadata; scripts and plain text do not."""
    for body in (
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"<?xml?>",
        b"\xef\xbb\xbf<rdf>",
    ):
        assert may_speak("application/octet-stream", body)
    for body in (b"", b"plain text", b"function(){}", b'{"tdm": 1}'):
        assert not may_speak("text/plain", body)


def test_a_page_without_a_type_is_a_page() -> None:
    """What was found out about the body stands in for what the server did not say."""
    captured = Captured(URL, "", 200, "text/html", b"", b'<meta name="tdm-reservation" content="1">')
    assert response_of(captured).media_type == "text/html"
    answers = [statement.answer for statement in signals_of(captured, target_of(captured, "*")).statements]
    assert set(map(str, answers)) == {"reserved"}
