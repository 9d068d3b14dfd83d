"""ODT: the body of an OpenDocument text, then its notes.

Tracked deletions and comments are no part of the text. Notes stand at the end, so that a footnote does not cut the
sentence that refers to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.documents.archive import Archive
from countermark.documents.document import Document
from countermark.documents.word import Properties
from countermark.documents.xml_events import walk
from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SKIPPED: Final = frozenset({"tracked-changes", "annotation", "note-citation", "desc", "forms", "scripts"})
_PARAGRAPHS: Final = frozenset({"p", "h"})
_MAX_SPACES: Final = 1000  # <text:s text:c="1000000000"/> stands for as many spaces


class _Body:
    """Collects the text of content.xml: `pieces` of the body and `notes`."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.notes: list[str] = []
        self._skipping: list[str] = []
        self._paragraphs = 0
        self._notes_open = 0

    def _add(self, text: str) -> None:
        (self.notes if self._notes_open else self.pieces).append(text)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _SKIPPED or self._skipping:
            self._skipping.append(name)
        elif name in _PARAGRAPHS:
            self._paragraphs += 1
        elif name == "note-body":
            self._notes_open += 1
        elif name == "s":
            count = attributes.get("c", "1")
            self._add(
                " "
                * min(
                    int(count) if count.isascii() and count.isdigit() and len(count) < 9 else 1, _MAX_SPACES
                )
            )
        elif name == "tab":
            self._add("\t")
        elif name == "line-break":
            self._add("\n")

    def end(self, name: str) -> None:
        if self._skipping:
            self._skipping.pop()
        elif name in _PARAGRAPHS:
            self._paragraphs -= 1
            self._add("\n")
        elif name == "note-body":
            self._notes_open -= 1

    def data(self, text: str) -> None:
        if self._paragraphs and not self._skipping:
            self._add(text)


def read_odt(data: bytes) -> Document:
    """An ODT; raises DocumentError `damaged`, `missing-part`, `encrypted`, `bomb` or `no-text`."""
    archive = Archive(data)
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise DocumentError("encrypted", "the document is encrypted; save it without a password")
    body = _Body()
    walk(archive.read("content.xml"), body, "content.xml")
    text = "".join([*body.pieces, *body.notes]).strip("\n")
    if not text.strip():
        raise DocumentError("no-text", "the document holds no text")
    properties = Properties()
    if "meta.xml" in archive:
        walk(archive.read("meta.xml"), properties, "meta.xml")
    return Document(
        text,
        title=properties.values.get("title", ""),
        author=properties.values.get("initial-creator") or properties.values.get("creator", ""),
        language=properties.values.get("language", ""),
        format="odt",
    )
