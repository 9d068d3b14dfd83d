"""DOCX: the runs of the body and of its notes, edited in the XML as it stands.

No tree is built and written out again: what is not edited keeps its bytes. The parts are first read by the document
reader, which refuses entities and XML that is not well-formed.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.documents import word as reader
from countermark.documents.markup import unescape_references
from countermark.errors import DocumentError
from countermark.memorization.traps.planting.container import check_container, rewritten
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

_BODY: Final = "word/document.xml"
_NOTES: Final = ("word/footnotes.xml", "word/endnotes.xml")
_TOKEN: Final = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[|<(?P<close>/?)(?P<name>[\w:.-]+)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*+)>",
    re.DOTALL,
)
_CHUNK: Final = re.compile(r"(&[^;]{1,12};)|[^&]+")
_TYPE: Final = re.compile(r"\btype\s*=\s*[\"']([^\"']*)")
_CAPTION: Final = re.compile(r"\bval\s*=\s*[\"'](?:caption|l[ée]gende)", re.IGNORECASE)
# Headings, quotations and code, as Word names their styles in English and French.
_KEPT: Final = re.compile(
    r"\bval\s*=\s*[\"'](?:heading|titre|title|subtitle|sous-?titre|quote|intensequote|citation|code|html)",
    re.IGNORECASE,
)


class _Part:
    """One part: its text as the reader gathers it, before line ends at its two sides are taken off."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.map = Mapping(source)
        self.line_starts: dict[
            int, int
        ] = {}  # the first character of a paragraph of the body: where its tag begins
        self.captions: list[int] = []
        self.body_end = (
            -1
        )  # where a paragraph can be added: after the last one, before the settings of the section
        self.body_end_raw = 0  # the length of the text there
        self._pieces: list[str] = []
        self._length = 0
        self._open: list[str] = []
        self._skipped_from = 0  # the depth at which what is no text begins; 0 where nothing is skipped
        self._in_text = 0
        self._caption = False
        self._kept_from = -1
        self.protected: list[tuple[int, int]] = []  # of the raw text
        self.prefix = ""
        self._walk()
        self.raw = "".join(self._pieces)

    def _walk(self) -> None:
        at = 0
        for token in _TOKEN.finditer(self.source):
            if token[0].startswith("<![CDATA["):
                raise DocumentError("unplantable", "holds CDATA sections; save it anew with a word processor")
            self._data(at, token.start())
            at = token.end()
            if token["name"] is None:
                continue
            local = token["name"].rpartition(":")[2]
            empty = token["rest"].endswith("/")
            if not token["close"]:
                self._start(local, token)
            if token["close"] or empty:
                self._end(local, token)

    def _start(self, name: str, token: re.Match[str]) -> None:
        if name == "sectPr" and self._open[-1:] == ["body"]:
            self._ends_at(token.start())
        self._open.append(name)
        if name == "pStyle":
            self._caption = bool(_CAPTION.search(token["rest"]))
            self._kept_from = self._length if _KEPT.search(token["rest"]) else -1
        if self._skipped_from:
            return
        kind = _TYPE.search(token["rest"])
        separator = name in {"footnote", "endnote"} and kind is not None and kind[1] in reader.SEPARATORS
        if name in reader.SKIPPED or separator:
            self._skipped_from = len(self._open)
        elif name == "t":
            self._in_text += 1
        elif name in reader.SIGNS:
            self._put(reader.SIGNS[name])
        elif name == "p" and self._open[-2:-1] == ["body"]:
            self.line_starts[self._length] = token.start()
            self.prefix = token["name"].rpartition(":")[0]
            self._caption = False

    def _end(self, name: str, token: re.Match[str]) -> None:
        if name == "body" and self.body_end < 0:
            self._ends_at(token.start())
        if self._skipped_from:
            if len(self._open) == self._skipped_from:
                self._skipped_from = 0
        elif name == "t":
            self._in_text -= 1
        elif name == "p":
            if self._caption and self._open[-2:-1] == ["body"]:
                self.captions.append(self._length)
                self._caption = False
            if self._kept_from >= 0:
                self.protected.append((self._kept_from, self._length))
                self._kept_from = -1
            self._put("\n")
        self._open.pop()

    def _ends_at(self, source: int) -> None:
        self.body_end, self.body_end_raw = source, self._length

    def _data(self, start: int, end: int) -> None:
        if not self._in_text or self._skipped_from:
            return
        for match in _CHUNK.finditer(self.source, start, end):
            text = unescape_references(match[0]) if match[1] else match[0]
            self.map.add(Piece(self._length, len(text), match.start(), len(match[0])))
            self._put(text)

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)


class _Placed(NamedTuple):
    """A part, where its text begins in the document's, and how much of it was taken off in front."""

    name: str
    start: int
    cut: int
    source: Encoded
    part: _Part

    @property
    def end(self) -> int:
        return self.start + len(self.part.raw.strip("\n"))


class DocxFlow:
    """The body, then the notes."""

    def __init__(self, data: bytes, parts: Sequence[_Placed]) -> None:
        self._data = data
        self._parts = parts
        self.text = "\n".join(placed.part.raw.strip("\n") for placed in parts)
        self.protected = [
            (start - placed.cut + placed.start, end - placed.cut + placed.start)
            for placed in parts
            for start, end in placed.part.protected
        ]
        self.places = list(self._places())

    def can_take(self, edit: Edit) -> bool:
        """Whether the edit stands within one run."""
        if edit.place is not None and edit.place.source >= 0:
            return True
        placed = self._of(edit)
        return placed is not None and _range(edit, placed) is not None

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The container with the parts that change."""
        parts = {}
        for placed in self._parts:
            own = [edit for edit in edits if self._of(edit) is placed]
            if own:
                changed = spliced(placed.source.text, [_change(edit, placed) for edit in own])
                parts[placed.name] = placed.source.bytes_of(changed, errors="xmlcharrefreplace")
        return rewritten(self._data, parts)

    def _of(self, edit: Edit) -> _Placed | None:
        return next((one for one in self._parts if one.start <= edit.start and edit.end <= one.end), None)

    def _places(self) -> Iterator[Place]:
        body = self._parts[0] if self._parts and self._parts[0].name == _BODY else None
        if body is None or body.part.body_end < 0 or not body.part.prefix:
            return
        # What stands between the last text and where a paragraph is added: the ends of paragraphs, none of them empty
        # by accident.
        yield Place(
            END, body.end, body.part.raw[body.cut + body.end : body.part.body_end_raw], "", body.part.body_end
        )
        licence = licence_line(self.text[: body.end])
        if licence is not None and licence + body.cut in body.part.line_starts:
            yield Place(BEFORE_LICENCE, licence, "", "\n", body.part.line_starts[licence + body.cut])
        for at in body.part.captions[:1]:
            if at > body.cut and body.part.map.range_of(at, at) is not None:
                yield Place(CAPTION, at - body.cut, " ", "")


def docx_flow(data: bytes) -> DocxFlow:
    """Raises DocumentError: those of the reader, and `unplantable`."""
    archive = check_container(data)
    placed: list[_Placed] = []
    start = 0
    for name in (_BODY, *(name for name in _NOTES if name in archive)):
        content = archive.read(name)
        source = encoded(content, *_decoded(content))
        part = _Part(source.text)
        if not part.raw.strip():
            continue
        cut = len(part.raw) - len(part.raw.lstrip("\n"))
        placed.append(_Placed(name, start, cut, source, part))
        start = placed[-1].end + 1
    return DocxFlow(data, placed)


def _decoded(content: bytes) -> tuple[str, str]:
    """Word writes UTF-8, and UTF-16 with a mark is XML too."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if content.startswith(b"\xff\xfe") else "utf-16-be"
        return content[2:].decode(encoding, "replace"), encoding
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"), "utf-8"


def _range(edit: Edit, placed: _Placed) -> tuple[int, int] | None:
    shift = placed.cut - placed.start
    found = placed.part.map.range_of(edit.start + shift, edit.end + shift)
    return found if found is not None and "<" not in placed.source.text[found[0] : found[1]] else None


def _change(edit: Edit, placed: _Placed) -> tuple[int, int, str]:
    text = escape(edit.new, quote=False)
    if edit.place is not None and edit.place.source >= 0:
        w = placed.part.prefix
        run = f'<{w}:p><{w}:r><{w}:t xml:space="preserve">{text}</{w}:t></{w}:r></{w}:p>'
        return edit.place.source, edit.place.source, run
    found = _range(edit, placed)
    if found is None:
        raise ValueError("an edit without a place in the source")
    return (*found, (edit.place.lead if edit.place else "") + text)
