"""The visible text of HTML and XML, by tokens and not by a tree.

Algorithm: one regular expression walks over the bytes as the tokenizer of the HTML standard does (a tag ends at the
first `>` outside a quoted attribute value, a script at `</script`, a comment at `-->`). Each token becomes a line
break, nothing, or, with its content, nothing. In what is left, white space is folded as a browser shows
it, and character references are decoded last.

A tree parser is quadratic in the depth of nesting (measured with lexbor: 12 s for 40,000 open list items) or gives
up at a fixed depth. The walk is linear, needs no stack, and text in order needs no tree.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from html import unescape
from typing import Final

from countermark.documents.charset import decode_lenient, without_surrogates

_BREAK: Final = b"\x00"  # a line break, until white space is folded; NULs of the input are gone by then
_ATTRIBUTES: Final = rb"[^>=]*+(?:=[ \t\n\r\f]*+(?:\"[^\"]*+\"?|'[^']*+'?)?+[^>=]*+)*+"
_DROPPED: Final = rb"script|style|title|noscript|template|iframe|noframes|noembed"
BREAKING: Final = frozenset(
    b"address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    b"figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol optgroup "
    b"option p pre search section select summary table tbody td textarea tfoot th thead tr ul video "
    b"ab cell docauthor doctitle epigraph floatingtext item l lb lg line list note opener closer row sp speaker "
    b"stage stanza subtitle titlepage v verse".split()  # of TEI, FictionBook and other XML
)


def _tokens(dropped: bytes, *, xml: bool) -> re.Pattern[bytes]:
    """One token: a tag (its name is group 1), a dropped element (group 2), a comment or a declaration.

    Every part is possessive, so a token that does not close is read once, to the end, and never again.
    """
    content = rb"(?:[^<]++|<(?!/(?i:\2)[\s/>]))*+(?:</(?i:\2)[^>]*+>?|\Z)"
    opened = rb"(?:(?<=/)>|>" + content + rb"|\Z)" if xml else rb"(?:>" + content + rb"|\Z)"
    return re.compile(
        rb"<(?:(?!(?i:" + dropped + rb")[\s/>])/?([a-zA-Z][\w:.-]*+)(?:>|" + _ATTRIBUTES + rb"(?:>|\Z))"
        rb"|((?i:"
        + dropped
        + rb"))(?=[\s/>])"
        + _ATTRIBUTES
        + opened
        + rb"|!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))"
        rb"|[!?/][^>]*+(?:>|\Z))"
    )


_HTML: Final = _tokens(_DROPPED, xml=False)
_XHTML: Final = _tokens(_DROPPED, xml=True)
_XML: Final = _tokens(rb"script|style|binary|teiheader", xml=True)  # here a title is part of the text
TOKENS: Final = {"html": _HTML, "xhtml": _XHTML, "xml": _XML}
"""What a token is, in each dialect."""
_PREFORMATTED: Final = re.compile(rb"<(?i:pre|textarea)(?=[\s>])(?:[^<]++|<(?!/(?i:pre|textarea)))*+")
_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,100};?|#[xX][0-9a-fA-F]{1,100};?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_DECLARED: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w:.-]{1,40})|<\?xml[^>]{0,100}?encoding=["']([\w:.-]{1,40})""",
    re.IGNORECASE,
)


class Dialect(StrEnum):
    """What kind of markup it is: the three differ in what has no content and in what is not part of the text."""

    HTML = "html"
    XHTML = "xhtml"
    XML = "xml"


def html_text(data: bytes, charset: str | None = None) -> str:
    """The visible text of a page: one line per block, no empty lines; scripts, styles, templates and the title dropped.

    `charset` is what the transport declares, if anything; `<meta charset>` is read here. Any bytes give a text, without
    an error and without lone surrogates, in time linear in their number.
    """
    return visible_text(decode_lenient(data, charset or declared_charset(data)).text, dialect_of(data))


def declared_charset(data: bytes) -> str | None:
    """The label that a page declares for itself in its first 4,096 bytes, or None."""
    declared = _DECLARED.search(data[:4096])
    return None if declared is None else (declared[1] or declared[2]).decode("ascii", "replace")


def dialect_of(data: bytes) -> Dialect:
    """XML begins with `<?xml`; it is XHTML where its first 4,096 bytes name `html`."""
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return Dialect.HTML
    return Dialect.XHTML if re.search(rb"(?i)<(?:!doctype\s+)?html[\s>]", data[:4096]) else Dialect.XML


def visible_text(source: str, dialect: Dialect) -> str:
    """The visible text of the markup `source`, as `html_text` gives it."""
    markup = source.encode("utf-8")
    if b"\0" in markup:
        markup = markup.replace(b"\0", b"\xef\xbf\xbd")
    if b"<pre" in markup or b"<textarea" in markup or b"<PRE" in markup:
        markup = _PREFORMATTED.sub(_keep_lines, markup)
    if dialect is not Dialect.HTML and b"<![CDATA[" in markup:
        markup = re.sub(rb"<!\[CDATA\[((?:[^\]]++|\](?!\]>))*+)(?:\]\]>|\Z)", _escape_cdata, markup)
    marked = TOKENS[dialect].sub(_replace, markup)
    lines = (b" ".join(line.split()) for line in marked.split(_BREAK))
    text = b"\n".join(line for line in lines if line).decode("utf-8", "replace")
    return unescape_references(text)


def unescape_references(text: str) -> str:
    """`text` with its character references decoded; numbers that name no character become U+FFFD."""
    if "&" not in text:
        return text
    return without_surrogates(_REFERENCE.sub(_unescape, text))


def looks_like_html(head: bytes) -> bool:
    """Whether the beginning of a file (after white space, comments and an XML prologue) is that of a page."""
    return (
        re.match(
            rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+|<!--(?:[^-]++|-(?!->))*+-->\s*+)*+"
            rb"<(?:!doctype\s+html|html|head|body|title|meta)[\s>]",
            head,
            re.IGNORECASE,
        )
        is not None
    )


def _replace(token: re.Match[bytes]) -> bytes:
    name = token[1]
    return _BREAK if name is not None and name.lower() in BREAKING else b""


def _keep_lines(match: re.Match[bytes]) -> bytes:
    return match[0].replace(b"\n", b"<br>")


def _escape_cdata(match: re.Match[bytes]) -> bytes:
    return match[1].replace(b"&", b"&amp;").replace(b"<", b"&lt;")


@lru_cache(maxsize=4096)
def _decode_reference(reference: str) -> str:
    return unescape(reference)


def _unescape(match: re.Match[str]) -> str:
    return _decode_reference(match[0])
