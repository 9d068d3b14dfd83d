"""HTML: the text of a page as its reader folds it, with the place of each word in the source.

The tokens are those of the document reader, so that what is edited is what is read; no tag is ever written anew.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import escape
from typing import TYPE_CHECKING, Final

from countermark.documents import markup
from countermark.documents.charset import decode_text
from countermark.documents.markup import Dialect, declared_charset, dialect_of, unescape_references
from countermark.memorization.traps.planting.encoding import Encoded, encoded
from countermark.memorization.traps.planting.lines import licence_line
from countermark.memorization.traps.planting.mapping import (
    BEFORE_LICENCE,
    CAPTION,
    END,
    Edit,
    Mapping,
    Piece,
    Place,
    spliced,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD: Final = re.compile(r"[ \t\n\r\f\v]+|(&(?:#\w{1,101}|[A-Za-z][A-Za-z0-9]{1,31});?)|[^ \t\n\r\f\v&]+|&")
_PRE: Final = re.compile(r"<(?i:pre|textarea)(?=[\s>])(?:[^<]++|<(?!/(?i:pre|textarea)))*+")
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w:.-]*)")
_KEPT_NAMES: Final = "q blockquote code pre samp kbd cite textarea h1 h2 h3 h4 h5 h6 select button"
_KEPT: Final = frozenset(_KEPT_NAMES.split())
_HOLDER_NAMES: Final = "p div footer section small h1 h2 h3 h4 h5 h6"
_HOLDERS: Final = frozenset(_HOLDER_NAMES.split())  # before which a paragraph may stand


class Page:
    """The text of one page or chapter, and the way back. `text` counts from 0 whatever stands before the chapter."""

    def __init__(self, source: str, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect
        self.map = Mapping(source)
        self.protected: list[tuple[int, int]] = []
        self.captions: list[int] = []
        self._out: list[str] = []
        self._length = 0
        self._space: Piece | None = None  # white space that is written once a word follows on the line
        self._broken = True  # a line break since the last word, or no word yet
        self._kept: list[
            tuple[str, int]
        ] = []  # the open elements that no rule may touch, and where they begin
        self._holder = -1  # where the block begins whose first word is awaited
        self._holders: dict[int, int] = {}  # the first character of a line: where its block begins
        self._body_end = -1
        self._walk()
        self.text = "".join(self._out)
        self.protected += [(start, self._length) for _, start in self._kept]

    @property
    def places(self) -> list[Place]:
        """Where a line can be added."""
        return list(self._places())

    def changes(self, edits: Sequence[Edit]) -> list[tuple[int, int, str]]:
        """The edits in the source."""
        found = []
        for edit in edits:
            text = escape(edit.new, quote=False)
            if edit.place is not None and edit.place.source >= 0:
                found.append((edit.place.source, edit.place.source, f"<p>{text}</p>\n"))
                continue
            place = self.map.range_of(edit.start, edit.end)
            if place is None:
                raise ValueError("an edit without a place in the source")
            lead = edit.place.lead if edit.place else ""
            found.append((*place, lead + text))
        return found

    def can_take(self, edit: Edit) -> bool:
        """Whether no tag stands within the place."""
        if edit.place is not None and edit.place.source >= 0:
            return True
        place = self.map.range_of(edit.start, edit.end)
        return place is not None and "<" not in self.source[place[0] : place[1]]

    def _walk(self) -> None:
        raw = self.source.encode("utf-8")
        lines = [match.span() for match in _PRE.finditer(self.source)] if "<" in self.source else []
        at, byte = 0, 0
        for token in markup.TOKENS[self.dialect].finditer(raw):  # the reader's own tokens, in bytes
            start = at + len(raw[byte : token.start()].decode("utf-8"))
            self._text(at, start, lines)
            end = start + len(raw[token.start() : token.end()].decode("utf-8"))
            self._tag(start, token)
            at, byte = end, token.end()
        self._text(at, len(self.source), lines)

    def _tag(self, start: int, token: re.Match[bytes]) -> None:
        found = _TAG.match(self.source, start)
        if token[1] is None or found is None:
            return
        closing, name = bool(found[1]), found[2].lower()
        if name.encode() in markup.BREAKING:
            self._broken = True
            self._space = None
            self._holder = start if name in _HOLDERS and not closing else -1
        if name == "body" and closing:
            self._body_end = start
        if name == "figcaption" and closing and self._length:
            self.captions.append(self._length)
        if name in _KEPT:
            self._keep(name, closing=closing)

    def _keep(self, name: str, *, closing: bool) -> None:
        if not closing:
            self._kept.append((name, self._length))
        elif self._kept and self._kept[-1][0] == name:
            self.protected.append((self._kept.pop()[1], self._length))

    def _text(self, start: int, end: int, lines: Sequence[tuple[int, int]]) -> None:
        last = bisect_right(lines, (start, len(self.source))) - 1
        preformatted = last >= 0 and start < lines[last][1]
        for match in _WORD.finditer(self.source, start, end):
            if match[0][0] in " \t\n\r\f\v":
                if preformatted and "\n" in match[0]:
                    self._broken = True
                self._space = Piece(0, 1, match.start(), len(match[0]))
                continue
            word = unescape_references(match[0]) if match[1] else match[0]
            self._write(word, match.start(), len(match[0]))

    def _write(self, word: str, source: int, source_length: int) -> None:
        if self._broken:
            self._put("\n" if self._length else "", None)
            if self._holder >= 0:
                self._holders[self._length] = self._holder
        elif self._space is not None:
            self._put(" ", self._space)
        self._broken, self._space, self._holder = False, None, -1
        self._put(word, Piece(0, len(word), source, source_length))

    def _put(self, text: str, piece: Piece | None) -> None:
        if piece is not None and text:
            self.map.add(piece._replace(start=self._length))
        self._out.append(text)
        self._length += len(text)

    def _places(self) -> Iterator[Place]:
        last = self.map.pieces[-1].source if self.map.pieces else 0
        end = self._body_end if self._body_end > last else len(self.source)
        if self.text:
            yield Place(END, len(self.text), "\n", "", end)
        licence = licence_line(self.text)
        if licence is not None and licence in self._holders:
            yield Place(BEFORE_LICENCE, licence, "", "\n", self._holders[licence])
        for at in self.captions[:1]:
            if self.map.range_of(at, at) is not None:
                yield Place(CAPTION, at, " ", "")


class HtmlFlow:
    """A file that is one page."""

    def __init__(self, source: Encoded, dialect: Dialect) -> None:
        self._source = source
        self._page = Page(source.text, dialect)
        self.text = self._page.text
        self.protected = self._page.protected
        self.places = self._page.places

    def can_take(self, edit: Edit) -> bool:
        """Whether the edit has one place in the source, without a tag in it."""
        return self._page.can_take(edit)

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The page with its edits; what its encoding lacks is written as a character reference."""
        return self._source.bytes_of(
            spliced(self._source.text, self._page.changes(edits)), errors="xmlcharrefreplace"
        )


def html_flow(data: bytes) -> HtmlFlow:
    """Raises DocumentError `unplantable` where the encoding cannot be written back."""
    decoded = decode_text(data, declared_charset(data))
    return HtmlFlow(encoded(data, decoded.text, decoded.encoding), dialect_of(data))
