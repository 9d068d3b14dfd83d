"""Metas and a licence link in the pages of a site: in one piece, between two comments of ours.

Only that piece is touched; the page keeps its encoding, its line ends and every other byte, and is as it was when the
piece is taken out. It has a line of its own where one begins at its place. What is inserted is ASCII. It stands at the
end of the head, so that a declaration of the encoding stays within the first 1,024 bytes.
"""

from __future__ import annotations

import codecs
import re
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGIN: Final = "<!-- countermark reserve -->"
END: Final = "<!-- /countermark reserve -->"
SUFFIXES: Final = (".html", ".htm", ".xhtml")
MAX_PAGE: Final = 16 << 20
_PIECE: Final = rf"{re.escape(BEGIN)}[^\r\n]{{0,4000}}?{re.escape(END)}"
_OURS: Final = re.compile(rf"(?:\A|(?<=[\r\n]))[ \t]*{_PIECE}[ \t]*(?:\r\n|\r|\n)|{_PIECE}")


def metas_for(fields: Mapping[str, str], terms: str = "") -> str:
    """The tags that say in a page what header fields say of it; "" for none. `terms` is the address of RSL terms."""
    tags = []
    for name, meta in (("tdm-reservation",) * 2, ("tdm-policy",) * 2, ("X-Robots-Tag", "robots")):
        if name in fields:
            tags.append(f'<meta name="{meta}" content="{_ascii(fields[name])}" />')
    if terms:
        tags.append(f'<link rel="license" type="application/rsl+xml" href="{_ascii(terms)}" />')
    return "".join(tags)


def with_metas(page: bytes, tags: str) -> bytes | None:
    """The page with these tags in the place of older ones of ours, without any if `tags` is "".

    None where the page cannot be touched: its encoding does not keep ASCII and is not plain UTF-16, or it is too long.
    """
    read = _read(page)
    if read is None:
        return None
    text, encoding, mark = read
    plain = _OURS.sub("", text)
    if tags:
        at, newline = _place(plain), _newline(plain)
        if plain.startswith(newline, at):
            at += len(newline)
        own_line = at == 0 or plain[at - 1] in "\r\n"
        plain = f"{plain[:at]}{BEGIN}{tags}{END}{newline if own_line else ''}{plain[at:]}"
    return mark + plain.encode(encoding)


def _read(page: bytes) -> tuple[str, str, bytes] | None:
    """Text, encoding and mark. Latin-1 stands for every encoding that keeps ASCII: it gives every byte back."""
    if len(page) > MAX_PAGE:
        return None
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if page.startswith(mark):
            try:
                return page[2:].decode(name), name, mark
            except UnicodeDecodeError:
                return None
    if b"\0" in page[:64]:
        return None
    mark = codecs.BOM_UTF8 if page.startswith(codecs.BOM_UTF8) else b""
    return page[len(mark) :].decode("latin-1"), "latin-1", mark


class _Places(HTMLParser):
    """Notes where the tags stand that bound the head, outside of comments, scripts and quoted values."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = text
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.found: dict[str, int] = {}
        self.after: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self._note(tag)

    def handle_endtag(self, tag: str) -> None:
        self._note("/" + tag)

    def handle_decl(self, decl: str) -> None:
        self._note("!", len(decl) + 3)

    def _note(self, tag: str, length: int = 0) -> None:
        line, column = self.getpos()
        start = self.lines[line - 1] + column
        if tag not in self.found:
            self.found[tag] = start
            self.after[tag] = start + (length or len(self.get_starttag_text() or ""))


def _place(text: str) -> int:
    """Where to insert: before the end of the head or the beginning of the body, else after what opens the page."""
    places = _Places(text[:MAX_PAGE])
    places.feed(places.text)
    for tag in ("/head", "body"):
        if tag in places.found:
            return _line_start(text, places.found[tag])
    for tag in ("head", "html", "!"):
        if tag in places.after:
            return places.after[tag]
    return 0


def _line_start(text: str, at: int) -> int:
    """The beginning of the line, where only white space stands between it and a place."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    return at if text[start:at].strip(" \t") else start


def _newline(text: str) -> str:
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"


def _ascii(value: str) -> str:
    return escape(value).encode("ascii", "xmlcharrefreplace").decode("ascii")
