"""EPUB 2 and 3: the chapters in the order of the spine, the metadata of the package document."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from countermark.documents.archive import Archive
from countermark.documents.charset import decode_lenient
from countermark.documents.document import Document, stated_date
from countermark.documents.markup import Dialect, declared_charset, visible_text
from countermark.documents.xml_events import walk
from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTAINER: Final = "META-INF/container.xml"
CHAPTERS: Final = frozenset(
    {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
)
"""Media types of what is read as text."""


class Container:
    """Finds the first package document that container.xml names."""

    def __init__(self) -> None:
        self.package = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "rootfile" and not self.package:
            self.package = attributes.get("full-path", "")

    def end(self, name: str) -> None:
        """Nothing to do: rootfile is empty."""

    def data(self, text: str) -> None:
        """Nothing to do: container.xml holds no text."""


class Package:
    """Collects metadata, manifest and spine of a package document."""

    def __init__(self) -> None:
        self.metadata: dict[str, list[str]] = {"title": [], "creator": [], "language": [], "date": []}
        self.manifest: dict[str, tuple[str, str]] = {}  # id: (href, media type)
        self.spine: list[str] = []
        self._inside = False
        self._open = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "metadata":
            self._inside = True
        elif name == "item":
            media_type = attributes.get("media-type", "").lower()
            self.manifest[attributes.get("id", "")] = (attributes.get("href", ""), media_type)
        elif name == "itemref":
            self.spine.append(attributes.get("idref", ""))
        elif self._inside and name in self.metadata:
            modified = name == "date" and attributes.get("event", "publication") != "publication"
            self._open = "" if modified else name
            if self._open:
                self.metadata[name].append("")

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "metadata":
            self._inside = False
        if name == self._open:
            self._open = ""

    def data(self, text: str) -> None:
        """Text of an element."""
        if self._open:
            self.metadata[self._open][-1] += text

    def first(self, name: str) -> str:
        """The first entry of that name that says anything, or nothing."""
        return next((value.strip() for value in self.metadata[name] if value.strip()), "")


def read_epub(data: bytes) -> Document:
    """An EPUB; raises DocumentError `damaged`, `missing-part`, `encrypted`, `bomb` or `no-text`."""
    archive = Archive(data)
    container = Container()
    walk(archive.read(CONTAINER), container, CONTAINER)
    package = Package()
    walk(archive.read(container.package), package, container.package)
    warnings: list[str] = []
    parts = _chapters(archive, package, posixpath.dirname(container.package), warnings)
    if not parts:
        encrypted = "META-INF/encryption.xml" in archive
        if encrypted:
            raise DocumentError("encrypted", "the chapters are encrypted (DRM); the text cannot be read")
        raise DocumentError("no-text", "no chapter of the EPUB holds text")
    return Document(
        "\n\n".join(parts),
        title=package.first("title"),
        author="; ".join(" ".join(c.split()) for c in package.metadata["creator"] if c.strip()),
        language=package.first("language"),
        published=stated_date(package.first("date")),
        format="epub",
        warnings=tuple(warnings),
    )


def _chapters(archive: Archive, package: Package, folder: str, warnings: list[str]) -> list[str]:
    """The texts of the spine, in order; a chapter that is absent or damaged is a warning."""
    parts: list[str] = []
    read: set[str] = set()
    for reference in package.spine:
        href, media_type = package.manifest.get(reference, ("", ""))
        name = posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
        if media_type not in CHAPTERS or name in read:
            continue
        read.add(name)
        try:
            chapter = archive.read(name)
        except DocumentError as error:
            if error.reason == "bomb":
                raise
            warnings.append(f"a chapter was not read: {error}")
            continue
        if b"\0" in chapter[:1024] and not chapter.startswith((b"\xff\xfe", b"\xfe\xff")):
            warnings.append(f"a chapter was not read: {name!r} is encrypted or binary")
            continue
        text = visible_text(decode_lenient(chapter, declared_charset(chapter)).text, Dialect.XHTML)
        if text:
            parts.append(text)
    return parts
