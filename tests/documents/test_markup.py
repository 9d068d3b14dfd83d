"""HTML to text: what is kept, what is dropped, and hostile pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.documents import html_text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One <b>bo</b>ld</p><p>two</p>", "One bold\ntwo"),
        ("<h1>T</h1>a<br>b<BR/>c<div>d</div>e", "T\na\nb\nc\nd\ne"),
        ("<p>d&eacute;j&agrave; &amp; &#233;&#xE9; &notit; &lt;b&gt;</p>", "déjà & éé ¬it; <b>"),
        ("<p>&#xD800; &#0; &#99999999999999999999; &#x110000;</p>", "\ufffd \ufffd \ufffd \ufffd"),
        ("<head><title>T</title><style>p{}</style></head><p>a<script>if(a<b)x='</p>'</SCRIPT >b", "ab"),
        ("<noscript>no</noscript><template>no</template><iframe>no</iframe>yes", "yes"),
        ("a<!-- <p>no --->b<!-->c<!--->d<!doctype x>e<?pi?>f", "abcdef"),
        ('<a title="a > b <script>">kept</a>', "kept"),
        ("<p don't>it's <p isn't>kept", "it's\nkept"),
        ("1 < 2 <3 > 2", "1 < 2 <3 > 2"),
        ("line\nbreaks  and\tspaces\r\nfold", "line breaks and spaces fold"),
        ("<pre>keep\nlines</pre>", "keep\nlines"),
        ("<scripty>kept</scripty>", "kept"),
        ("open <script>never closed", "open"),
        ("a\0b", "a\ufffdb"),
        ("", ""),
    ],
)
def test_the_visible_text_is_kept(page: str, text: str) -> None:
    """Blocks make lines, inline tags nothing; what a browser does not show is dropped."""
    assert html_text(page.encode()) == text


def test_xhtml_has_empty_elements_and_xml_has_cdata() -> None:
    """`<script/>` swallows a page of HTML, but not one of XHTML; a title is text in XML and not in a page."""
    page = b'<?xml version="1.0"?><html><head><title/><script src="x"/></head><p>in<![CDATA[ <x>&amp;]]></p></html>'
    assert html_text(page) == "in <x>&amp;"
    assert html_text(
        b"<?xml version='1.0'?><TEI><teiHeader>no</teiHeader><title>A</title><l>b</l><l>c</l></TEI>"
    ) == ("A\nb\nc")


@pytest.mark.parametrize("where", ["header", "meta", "http-equiv", "xml"])
def test_the_charset_is_found(where: str) -> None:
    """From the transport, from either form of meta, from the XML prologue."""
    heads = {
        "header": "",
        "meta": "<meta charset=windows-1251>",
        "http-equiv": '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        "xml": '<?xml version="1.0" encoding="windows-1251"?><html>',
    }
    page = (heads[where] + "<p>Ружа</p>").encode("cp1251")
    assert html_text(page, "windows-1251" if where == "header" else None) == "Ружа"


MILLION = 1_000_000
MANY = 200_000


@pytest.mark.parametrize(
    ("page", "length"),
    [
        (b"<div>" * MILLION + b"x" + b"</div>" * MILLION, 1),
        (b"<ul><li>" * (MANY) + b"x", 1),
        (b"<script>" * MANY, 0),
        (b"<script " * MANY, 0),
        (b"<!--" * MANY, 0),
        (b'<a b="' * MANY, 0),
        (b"<a =" * MANY, 0),
        (b"<pre>" * MANY, 0),
        (b"<" * MANY, MANY),
        (b"&" * MANY, MANY),
    ],
    ids=lambda value: value[:8].decode() if isinstance(value, bytes) else str(value),
)
def test_a_million_tags_are_read_in_linear_time(page: bytes, length: int) -> None:
    """No recursion, no tree, nothing read twice: a quadratic reader would not end here."""
    assert len(html_text(page)) == length


@given(st.binary(max_size=400))
def test_any_bytes_give_a_text(data: bytes) -> None:
    """No page raises, and none makes a lone surrogate."""
    html_text(data).encode("utf-8")


_PIECES = st.lists(
    st.sampled_from(
        ["<p", "<script", "</script>", ">", "<!--", "-->", '"', "'", "=", "/", "<", "&", ";", "a", " ", "\0"]
    ),
    max_size=40,
)


@given(_PIECES)
def test_broken_markup_gives_a_text(pieces: list[str]) -> None:
    """Any heap of fragments is read, with no NUL left in it."""
    assert "\0" not in html_text("".join(pieces).encode())


@given(st.lists(st.text("abcé ", min_size=1, max_size=20), max_size=8))
def test_paragraphs_come_back_as_lines(paragraphs: list[str]) -> None:
    """What is put into paragraphs is what is read, in order."""
    words = [" ".join(p.split()) for p in paragraphs]
    page = "".join(f"<p class='x'>{p}</p>" for p in words)
    assert html_text(page.encode()) == "\n".join(w for w in words if w)
