"""DOCX: the body of a WordprocessingML document, then its footnotes and endnotes.

Read from the XML itself: python-docx gives neither notes nor text boxes, and builds a tree.
Deleted text, field codes, comments, running heads and the second copy of a text box are no part of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.documents.archive import Archive
from countermark.documents.document import Document
from countermark.documents.xml_events import walk
from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

SKIPPED: Final = frozenset({"moveFrom", "del", "Fallback", "rPr", "pPr", "sectPr", "tblPr"})
SIGNS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
SEPARATORS: Final = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class _Body:
    """Collects the text of one part."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._skipping: list[str] = []
        self._in_text = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        separator = name in {"footnote", "endnote"} and attributes.get("type") in SEPARATORS
        if name in SKIPPED or separator or self._skipping:
            self._skipping.append(name)
        elif name == "t":
            self._in_text += 1
        elif name in SIGNS:
            self.pieces.append(SIGNS[name])

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping.pop()
        elif name == "t":
            self._in_text -= 1
        elif name == "p":
            self.pieces.append("\n")

    def data(self, text: str) -> None:
        if self._in_text and not self._skipping:
            self.pieces.append(text)


class Properties:
    """Collects the Dublin Core metadata of DOCX and ODT."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._open = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the protocol's signature
        """Open a property."""
        self._open = name

    def end(self, name: str) -> None:  # noqa: ARG002 - the protocol's signature
        """Close a property."""
        self._open = ""

    def data(self, text: str) -> None:
        """Add to the property that is open."""
        if self._open:
            self.values[self._open] = self.values.get(self._open, "") + text


def read_docx(data: bytes) -> Document:
    """A DOCX; raises DocumentError `damaged`, `missing-part`, `encrypted`, `bomb` or `no-text`."""
    archive = Archive(data)
    notes = [name for name in ("word/footnotes.xml", "word/endnotes.xml") if name in archive]
    texts = [_part_text(archive, name) for name in ("word/document.xml", *notes)]
    text = "\n".join(part.strip("\n") for part in texts if part.strip())
    if not text:
        raise DocumentError("no-text", "the document holds no text")
    properties = Properties()
    if "docProps/core.xml" in archive:
        walk(archive.read("docProps/core.xml"), properties, "docProps/core.xml")
    return Document(
        text,
        title=properties.values.get("title", ""),
        author=properties.values.get("creator", ""),
        language=properties.values.get("language", ""),
        format="docx",
    )


def _part_text(archive: Archive, name: str) -> str:
    body = _Body()
    walk(archive.read(name), body, name)
    return "".join(body.pieces)
