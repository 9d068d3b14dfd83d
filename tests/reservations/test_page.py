"""Metas, links and RSL scripts of a page: what counts as a tag, what does not, and in which encodings."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.reservations.page import MAX_TAGS, Page, read_page

META = b'<meta name="tdm-reservation" content="1">'


def names(body: bytes) -> list[tuple[str, str]]:
    return [(meta.name, meta.content) for meta in read_page(body).metas]


def test_metas_links_and_scripts() -> None:
    body = (
        b"<!DOCTYPE html><html><head><META NAME='Robots' CONTENT=noai><title>x</title>"
        b'<link rel="License  nofollow" type="Application/RSL+xml" href=" /terms.xml ">'
        b'<script type="application/rsl+xml"><rsl xmlns="https://rslstandard.org/rsl"/></script>'
        b"<script>var x = 1</script></head><body><meta property=og:title content='a b'></body>"
    )
    page = read_page(body)
    assert [(m.name, m.content, m.attribute) for m in page.metas] == [
        ("robots", "noai", "name"),
        ("og:title", "a b", "property"),
    ]
    assert page.metas[0].raw == b"<META NAME='Robots' CONTENT=noai>"
    (link,) = page.links
    assert (link.rel, link.type, link.href) == (("license", "nofollow"), "application/rsl+xml", "/terms.xml")
    (script,) = page.scripts
    assert (script.type, script.text) == (
        "application/rsl+xml",
        '<rsl xmlns="https://rslstandard.org/rsl"/>',
    )
    assert script.raw.startswith(b"<script type=")


@pytest.mark.parametrize(
    "body",
    [
        b"<p>" + META,
        b"</head></html>" + META,
        b"<!-- x -->" + META,
        b"<!--x--!>" + META,
        b"<!-->" + META,
        b"<!--->" + META,
        b"<!doctype html><?php ?>" + META,
        b"<title>a</title>" + META,
        b"<style>b</style >" + META,
        b"<script>'<meta>'</SCRIPT\n>" + META,
        b"<script><!-- x --></script>" + META,
        b"<script><!-- <script> </script> --></script>" + META,
        b"<p don't>" + META,
        b"<a title=it's>" + META,
        b"<a b='>'>" + META,
        b'<a b=">" c = d e>' + META,
        b"a < b " + META,
        b"<noscript>" + META + b"</noscript>",
        b"<scripted>" + META,
        b"<metal>" + META,
        b'<?xml version="1.0"?><html><script src="a.js"/>' + META,
        b"\xef\xbb\xbf" + META,
        META.replace(b" ", b"/"),
        META.replace(b'"', b""),
        META.replace(b'"', b"'").upper().replace(b"TDM-RESERVATION", b"tdm-Reservation"),
        b'<meta content="1"\n\tname\r\n= "tdm-reservation"/>',
        b"<meta name=tdm-reservation name=x content=1 content=0>",
        b'<meta content="&#49;" name="tdm&#x2d;reservation">',
    ],
)
def test_a_tag_counts(body: bytes) -> None:
    assert names(body) == [("tdm-reservation", "1")]


@pytest.mark.parametrize(
    "body",
    [
        b"<!-- " + META + b" -->",
        b"<!-- " + META,
        b"<!" + META[1:],
        b"<?" + META[1:],
        b"<script>x = '" + META + b"'</script>",
        b"<script><!-- <script> </script> " + META + b" --></script>",
        b"<style>" + META + b"</style>",
        b"<title>" + META + b"</title>",
        b"<textarea>" + META + b"</textarea>",
        b"<xmp>" + META + b"</xmp>",
        b"<iframe>" + META + b"</iframe>",
        b"<plaintext>" + META,
        b"<a title='" + META + b"'>",
        b'<a title="' + META.replace(b'"', b"'") + b'">',
        b"&lt;" + META[1:],
        b"<metal" + META[5:],
        b"</" + META[1:],
        META[:-1],
        b"<meta content=1>",
    ],
)
def test_a_tag_does_not_count(body: bytes) -> None:
    assert names(body) == []


def test_a_script_whose_tag_stands_within_another_s_value() -> None:
    body = b"<!-- <script x=' --><script y=' type=application/rsl+xml>a</script>"
    assert [script.text for script in read_page(body).scripts] == []
    body = b"<!-- <script x=\" --><script y='' type=application/rsl+xml>a</script>"
    assert [script.text for script in read_page(body).scripts] == ["a"]


def test_references_in_values() -> None:
    body = b'<meta name=a content="?x=1&copy=2&amp;lt=3&reg;&notit;&bogus; &lt &#x41; &copy">'
    assert names(body) == [("a", "?x=1&copy=2&lt=3®&notit;&bogus; < A ©")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "shift_jis"])
def test_encodings(encoding: str) -> None:
    assert names(META.decode().encode(encoding)) == [("tdm-reservation", "1")]
    assert names("<meta name=é content=ü>".encode("cp1252")) == [("é", "ü")]


def test_a_page_of_too_many_tags_says_so() -> None:
    page = read_page(b"<meta name=a>" * (MAX_TAGS + 1))
    assert (len(page.metas), page.cut) == (MAX_TAGS, True)
    assert read_page(b"<p>nothing</p>") == Page()


class _Reference(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in reversed(attrs)}
        if tag == "meta" and said.get("name"):
            self.found.append((said["name"].lower(), said.get("content", "")))


WORD = st.sampled_from(["a", "robots", "tdm-reservation", "1", "x/y", "noai"])
QUOTE = st.sampled_from(["'", '"'])
PIECES = st.one_of(
    st.builds('<meta name={1}{0}{1} content = "{0}">'.format, WORD, QUOTE),
    st.builds("<META content={0} name='{1}'/>".format, st.sampled_from(["1", "noai"]), WORD),
    st.builds('<p class="{}" data-x=\'<meta name="no">\'>'.format, WORD),
    st.builds("<!-- {} <meta name=no> -->".format, WORD),
    st.builds("<script>if (a < b) '{} <meta name=no>'</script>".format, WORD),
    st.builds("<style>{}</style>".format, WORD),
    st.builds("text {} &amp; text</p >\n".format, WORD),
    st.just("<!DOCTYPE html>"),
)


@given(st.lists(PIECES, max_size=12))
@settings(max_examples=200)
def test_agrees_with_the_standard_library_on_well_formed_pages(pieces: list[str]) -> None:
    text = "".join(pieces)
    reference = _Reference()
    reference.feed(text)
    reference.close()
    assert names(text.encode()) == reference.found


_SHARDS = (
    b"< > ' = / ! -- meta name script title & ; content a <meta/name=a> </script> <!-- rsl link/rel=license"
)
SHARDS = st.lists(st.sampled_from([*_SHARDS.split(), b'"', b" ", b"\0", b"\xff"]), max_size=40).map(b"".join)


@given(st.one_of(st.binary(max_size=200), SHARDS))
@settings(max_examples=300)
def test_any_bytes_are_read_and_what_is_found_stands_in_them(body: bytes) -> None:
    page = read_page(body)
    for raw in (
        [m.raw for m in page.metas] + [link.raw for link in page.links] + [s.raw for s in page.scripts]
    ):
        assert raw.startswith(b"<")
        assert raw in body or b"\0" in body or body[:2] in {b"\xff\xfe", b"\xfe\xff"}


@given(SHARDS)
@settings(max_examples=200)
def test_a_meta_after_closing_everything_is_always_found(body: bytes) -> None:
    closing = b"-->'>\">" + b"".join(
        b"</%s>" % name for name in (b"script", b"script", b"title", b"style", b"textarea")
    )
    page = read_page(b"<p>" + body + closing + META)
    assert ("tdm-reservation", "1") in [(meta.name, meta.content) for meta in page.metas]
