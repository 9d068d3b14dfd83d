"""EPUB: each chapter is a page, and the text is that of the chapters in the order of the spine."""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from countermark.documents import epub as reader
from countermark.documents.charset import decode_lenient
from countermark.documents.markup import Dialect, declared_charset
from countermark.documents.xml_events import walk
from countermark.errors import DocumentError
from countermark.memorization.traps.planting.container import check_container, rewritten
from countermark.memorization.traps.planting.encoding import Encoded, encoded
from countermark.memorization.traps.planting.html import Page
from countermark.memorization.traps.planting.mapping import BEFORE_LICENCE, CAPTION, END, Edit, Place, spliced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.documents.archive import Archive

_BETWEEN: Final = "\n\n"


class _Chapter(NamedTuple):
    name: str
    start: int
    source: Encoded
    page: Page

    @property
    def end(self) -> int:
        return self.start + len(self.page.text)


class EpubFlow:
    """The chapters that hold text."""

    def __init__(self, data: bytes, chapters: Sequence[_Chapter]) -> None:
        self._data = data
        self._chapters = chapters
        self._starts = [chapter.start for chapter in chapters]
        self.text = _BETWEEN.join(chapter.page.text for chapter in chapters)
        self.protected = [
            (chapter.start + start, chapter.start + end)
            for chapter in chapters
            for start, end in chapter.page.protected
        ]
        self.places = list(self._places())

    def can_take(self, edit: Edit) -> bool:
        """Whether the edit stands within one chapter, without a tag in it."""
        number = self._number(edit)
        if number < 0:
            return False
        chapter = self._chapters[number]
        return chapter.page.can_take(_moved(edit, chapter))

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The container with the chapters that change."""
        of_chapter: dict[int, list[Edit]] = {}
        for edit in edits:
            of_chapter.setdefault(self._number(edit), []).append(edit)
        parts = {}
        for number, chapter in enumerate(self._chapters):
            own = [_moved(edit, chapter) for edit in of_chapter.get(number, ())]
            if own:
                changed = spliced(chapter.source.text, chapter.page.changes(own))
                parts[chapter.name] = chapter.source.bytes_of(changed, errors="xmlcharrefreplace")
                _well_formed(parts[chapter.name], chapter)
        return rewritten(self._data, parts)

    def _number(self, edit: Edit) -> int:
        """Which chapter an edit stands in, or -1."""
        number = bisect_right(self._starts, edit.start) - 1
        return number if number >= 0 and edit.end <= self._chapters[number].end else -1

    def _places(self) -> Iterator[Place]:
        """The end of the last chapter; the last licence line; the first caption."""
        found = [
            place._replace(at=chapter.start + place.at)
            for chapter in self._chapters
            for place in chapter.page.places
        ]
        for name in (END, BEFORE_LICENCE, CAPTION):
            of_name = [place for place in found if place.name == name]
            if of_name:
                yield of_name[0 if name == CAPTION else -1]


def epub_flow(data: bytes) -> EpubFlow:
    """Raises DocumentError: those of the reader, and `unplantable`."""
    archive = check_container(data)
    container = reader.Container()
    walk(archive.read(reader.CONTAINER), container, reader.CONTAINER)
    package = reader.Package()
    walk(archive.read(container.package), package, container.package)
    chapters: list[_Chapter] = []
    start = 0
    for name in _names(package, posixpath.dirname(container.package)):
        chapter = _chapter(archive, name, start)
        if chapter is not None:
            chapters.append(chapter)
            start = chapter.end + len(_BETWEEN)
    return EpubFlow(data, chapters)


def _names(package: reader.Package, folder: str) -> Iterator[str]:
    """The parts of the spine, each once."""
    told: set[str] = set()
    for reference in package.spine:
        href, media_type = package.manifest.get(reference, ("", ""))
        name = posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
        if media_type in reader.CHAPTERS and name not in told:
            told.add(name)
            yield name


def _chapter(archive: Archive, name: str, start: int) -> _Chapter | None:
    """A chapter, or None for what the reader leaves out: a part that is absent, damaged, or holds no text."""
    try:
        data = archive.read(name)
    except DocumentError as error:
        if error.reason == "bomb":
            raise
        return None
    if b"\0" in data[:1024] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    decoded = decode_lenient(data, declared_charset(data))
    source = encoded(data, decoded.text, decoded.encoding)
    page = Page(decoded.text, Dialect.XHTML)
    return _Chapter(name, start, source, page) if page.text else None


def _well_formed(data: bytes, chapter: _Chapter) -> None:
    """Refuse a chapter that was XML and would be none; one that was none before is the reader's to judge."""
    before = chapter.source.bytes_of(chapter.source.text)
    if _is_xml(before) and not _is_xml(data):
        raise DocumentError("unplantable", f"the part {chapter.name!r} would not be well-formed")


def _is_xml(data: bytes) -> bool:
    try:
        walk(data, _Nothing(), "")
    except DocumentError:
        return False
    return True


class _Nothing:
    """Takes the events of a parser."""

    def start(self, name: str, attributes: object) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Some text."""


def _moved(edit: Edit, chapter: _Chapter) -> Edit:
    return edit._replace(start=edit.start - chapter.start, end=edit.end - chapter.start)
