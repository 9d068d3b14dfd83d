"""What a web page says in `<meta>`, `<link>` and `<script type="application/rsl+xml">`, wherever they stand in it.

Called for every page of a crawl, so most of a page is passed over by one compiled expression, and nothing is parsed
beyond the last tag that could matter (a tag that was met before is not parsed again):

    read_page
      ├── _tempting      where `<meta`, `<link` and scripts that name RSL begin, told apart from nothing else
      └── _Scan          the tokenizer of the HTML Standard (section 13.2.5) up to the last of them

A tag within a comment, a quoted value, a script, a style or a title is none. Every expression is possessive and takes
each byte once, so time is linear in any input. Source: HTML Standard, sections 13.2.5 (tokenization) and 13.2.6.4
(elements whose content is text); `<template>` and `<noscript>` are read as a program without scripting reads them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from html.entities import html5
from typing import Final

MAX_TAGS: Final = 20_000
"""Metas, links and scripts that are kept of one page; `Page.cut` tells that there were more."""

_SHORT: Final = 400  # bytes of a tag that is kept in mind
_NAMING: Final = ("name", "property", "http-equiv")
_TEMPTING: Final = re.compile(rb"<[mMlLsS][eEiIcC][tTnNrR]")  # `<met`, `<lin`, `<scr`, and few others
_ATTRIBUTE: Final = (
    rb"[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+"
    rb"(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+"
    rb"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\r\f>\"'][^ \t\n\r\f>]*+|(?=>)|\Z))?+"
)
_WITHIN: Final = rb"(?:[ \t\n\r\f/]++|" + _ATTRIBUTE + rb")*+"
_REST: Final = _WITHIN + rb"(?:>|\Z)"
_NAMED_VALUE: Final = re.compile(
    rb"([^ \t\n\r\f/>][^ \t\n\r\f/>=]*+)"
    rb"(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^ \t\n\r\f>\"'][^ \t\n\r\f>]*+)|(?=>)))?+"
)
_BLANK: Final = re.compile(rb"[\0 \t\r\n]*+")
_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:\s++|(?><!--.*?-->)|(?><\?xml\b.*?>))*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TEXTUAL: Final = (
    rb"script|style|title|textarea|xmp|iframe|noembed|noframes|plaintext"  # they hold text, not tags
)
_HALT: Final = re.compile(rb"<(?i:(meta|link|" + _TEXTUAL + rb")(?=[ \t\n\r\f/>])|(!--))")
_OTHER: Final = rb"(?=[a-zA-Z])(?!(?i:meta|link|" + _TEXTUAL + rb")[ \t\n\r\f/>])"
_PASSED: Final = re.compile(
    rb"(?:"
    + rb"|".join(
        (
            rb"[^<]++",
            rb"</?+" + _OTHER + rb"[^\"'>]*+(?:>|\Z)",  # a tag without quotes, by far the most
            rb"<" + _OTHER + rb"[^ \t\n\r\f/>]++" + _REST,
            rb"</[a-zA-Z][^ \t\n\r\f/>]*+" + _REST,
            rb"<[?/][^>]*+(?:>|\Z)",  # what the standard calls a bogus comment
            rb"<!(?!--)[^>]*+(?:>|\Z)",
            rb"<(?![a-zA-Z!?/])",
        )
    )
    + rb")*+"
)
_TAG: Final = re.compile(rb"<[^ \t\n\r\f/>]++" + _WITHIN + rb"(>)?+")  # without its end where the page ends
_COMMENT_END: Final = re.compile(rb"--!?>")
_SCRIPT_MARK: Final = re.compile(rb"(<!--(?!-*>))|(-->)|<(/?)script(?=[ \t\n\r\f/>])", re.IGNORECASE)
_ENDS: Final = {
    name: re.compile(rb"</" + name + rb"(?=[ \t\n\r\f/>])", re.IGNORECASE)
    for name in _TEXTUAL.split(b"|")
    if name not in {b"script", b"plaintext"}
}
_REFERENCE: Final = re.compile(r"&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+);?|([A-Za-z][A-Za-z0-9]*)(;?)(?==?))")


@dataclass(frozen=True, slots=True)
class Meta:
    """One name of a `<meta>`, in lower case, as its `attribute` (`name`, `property`, `http-equiv`) gives it."""

    name: str
    content: str
    raw: bytes
    attribute: str = "name"


@dataclass(frozen=True, slots=True)
class Link:
    """One `<link>`; `rel` holds its tokens and `type` the media type, in lower case."""

    rel: tuple[str, ...]
    type: str
    href: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Script:
    """One `<script>` whose type names RSL, in lower case, and the text in it."""

    type: str
    text: str
    raw: bytes


@dataclass(slots=True)
class Page:
    """The metas, links and RSL scripts of a page in the order in which they stand."""

    metas: tuple[Meta, ...] = ()
    links: tuple[Link, ...] = ()
    scripts: tuple[Script, ...] = ()
    cut: bool = False


def read_page(body: bytes) -> Page:
    """Read a page in any encoding that keeps ASCII, or in UTF-16. Never raises; time is linear in its length."""
    body = _narrow(body)
    last = _tempting(body)
    if last < 0:
        return Page()
    scan = _Scan(body, last)
    scan.run()
    return Page(tuple(scan.metas), tuple(scan.links), tuple(scan.scripts), scan.cut)


def looks_like_page(body: bytes) -> bool:
    """Whether a body begins as pages do, whatever it is called."""
    return _PAGE.match(_narrow(body[:4096])) is not None


def _narrow(body: bytes) -> bytes:
    """UTF-16 as UTF-8: by its mark, or by the zeros beside a `<` that only white space precedes; else as it is."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace").encode("utf-8", "replace")
    at = len(blank[0]) if (blank := _BLANK.match(body)) else 0
    for order, letter in (("utf-16-le", 0), ("utf-16-be", 1)):
        start = at - at % 2
        if (
            body[start + letter : start + letter + 1] == b"<"
            and body[start + 1 - letter : start + 4 : 2] == b"\0\0"
        ):
            return body.decode(order, "replace").encode("utf-8", "replace")
    return body


def _tempting(body: bytes) -> int:
    """Where the last tag begins that could matter, -1 if there is none.

    A script matters if its tag names RSL, in letters. One that begins within what would be the tag of another is not
    looked into again, which keeps the time linear: it is taken to matter, and the tokenizer finds out.
    """
    last, looked = -1, 0
    for found in _TEMPTING.finditer(body):
        start = found.start()
        if body[start + 1] not in b"sS" or start < looked:
            last = start
        elif tag := _TAG.match(body, start):
            looked = tag.end()
            if b"rsl" in tag.group().lower():
                last = start
    return last


@dataclass(slots=True)
class _Scan:
    """The tokenizer at work."""

    body: bytes
    last: int
    metas: list[Meta] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    cut: bool = False
    xml: bool = False

    def __post_init__(self) -> None:
        """See whether the page declares itself as XML, where `<script/>` is a whole element."""
        self.xml = self.body[:64].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<?xml")

    def run(self) -> None:
        """Go from one tag or comment that has to be looked at to the next."""
        body, at = self.body, 0
        while True:
            passed = _PASSED.match(body, at)
            at = passed.end() if passed else at
            halt = _HALT.match(body, at)
            if halt is None or at > self.last:
                return
            if halt.group(2):
                at = _after_comment(body, at)
                continue
            tag = _TAG.match(body, at)
            if tag is None or not tag.group(1):
                return  # the page ends within the tag, which is then none
            if len(self.metas) + len(self.links) + len(self.scripts) >= MAX_TAGS:
                self.cut = True
                return
            at = self._take(halt.group(1).lower(), tag.group(), tag.end())

    def _take(self, name: bytes, raw: bytes, at: int) -> int:
        """Keep a tag that ends at `at`; where to go on."""
        known = len(raw) <= _SHORT
        if name == b"meta":
            self.metas += _known_metas(raw) if known else _metas(raw)
        elif name == b"link":
            self.links += _known_links(raw) if known else _links(raw)
        elif self.xml and raw.endswith(b"/>"):
            return at
        elif name == b"script":
            end = _script_end(self.body, at)
            if b"rsl" in raw.lower():
                self.scripts += _scripts(raw, self.body[at:end])
            return end
        elif name == b"plaintext":
            return len(self.body)
        else:
            end_tag = _ENDS[name].search(self.body, at)
            return end_tag.start() if end_tag else len(self.body)
        return at


def _after_comment(body: bytes, start: int) -> int:
    """Where the comment ends that begins at `start`; `<!-->` and `<!--->` are whole ones."""
    for short in (b">", b"->"):
        if body.startswith(short, start + 4):
            return start + 4 + len(short)
    end = _COMMENT_END.search(body, start + 4)
    return end.end() if end else len(body)


def _script_end(body: bytes, at: int) -> int:
    """Where the end tag of a script begins. Within `<!--`, a `<script>` hides one `</script>` (section 13.2.5.27)."""
    commented = nested = False
    for mark in _SCRIPT_MARK.finditer(body, at):
        if mark.group(1):
            commented = True
        elif mark.group(2):
            commented = nested = False
        elif not mark.group(3):
            nested = commented
        elif nested:
            nested = False
        else:
            return mark.start()
    return len(body)


def _attributes(raw: bytes) -> dict[str, str]:
    """The attributes of a tag by name in lower case; of two with one name the first counts."""
    said: dict[str, str] = {}
    start = len(raw) - len(raw.lstrip(b"<abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    for name, double, single, bare in _NAMED_VALUE.findall(raw, start):
        said.setdefault(_text(name).lower(), _value(double or single or bare))
    return said


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _value(data: bytes) -> str:
    text = _text(data)
    return _REFERENCE.sub(_referred, text) if "&" in text else text


def _referred(found: re.Match[str]) -> str:
    """The character that is referred to; in a value `&copy=1` and `&copyright` are no references (13.2.5.73)."""
    name, closed = found.groups()
    if name is None or closed:
        return unescape(found.group()) if name is None or f"{name};" in html5 else found.group()
    follows = found.string[found.end() : found.end() + 1]
    return html5[name] if name in html5 and follows != "=" else found.group()


def _metas(raw: bytes) -> tuple[Meta, ...]:
    said = _attributes(raw)
    content = said.get("content", "").strip()
    named = ((attribute, said.get(attribute, "").strip().lower()) for attribute in _NAMING)
    return tuple(Meta(name, content, raw, attribute) for attribute, name in named if name)


def _links(raw: bytes) -> tuple[Link, ...]:
    said = _attributes(raw)
    rel = tuple(said.get("rel", "").lower().split())
    link = Link(rel, said.get("type", "").strip().lower(), said.get("href", "").strip(), raw)
    return (link,) if rel else ()


def _scripts(raw: bytes, content: bytes) -> tuple[Script, ...]:
    kind = _attributes(raw).get("type", "").strip().lower()
    return (Script(kind, _text(content), raw + content),) if "rsl" in kind else ()


_known_metas = lru_cache(maxsize=4096)(_metas)  # the pages of a site repeat their tags
_known_links = lru_cache(maxsize=4096)(_links)
