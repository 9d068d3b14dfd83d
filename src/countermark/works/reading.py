"""Works in: folders, files and catalogues, turned into works with their texts, pictures or recordings, file by file.

What is said of a work is taken, in this order, from: the row of the catalogue; the sidecar (`works.csv`,
`metadata.csv` or `catalog.csv`) in the file's folder or above it; the file itself; the file's name, for the
title. The date in an EPUB, DOCX, ODT or PDF is that of the file or of the edition, and is not taken: a work older
than its file would be counted among those that a corpus cannot hold. Of a recording, only the tag of its first
publication is taken.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.audio.recognition import recognised
from countermark.documents import extract, read_bytes
from countermark.errors import CatalogError, DocumentError, PictureError, SoundError
from countermark.images.sniffing import looks_like_picture
from countermark.media import Asset, Medium, Refusal
from countermark.works.folder import display, walk_folder
from countermark.works.identity import fold_name
from countermark.works.listing import NAMES, Listing, Listings, completed, locate
from countermark.works.pictures import (
    A_PICTURE,
    A_RECORDING,
    UNREAD,
    Said,
    read_picture,
    said_within,
    unread_format,
)
from countermark.works.published import parse_published
from countermark.works.recordings import read_recording
from countermark.works.sidecar import add_sidecars, said_first, sidecars_first, work_id_of
from countermark.works.table import SUFFIXES, Table, read_table
from countermark.works.work import Work, WorkFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

READ_ANYWAY: Final = frozenset({"date", "encoding", "missing-column", "conflict", "warning"})
"""Reasons of refusals that are remarks: what they concern is read all the same."""

_DATED: Final = frozenset({"html", "markdown"})  # formats whose own date is that of the text


def read_works(paths: Sequence[Path], medium: Medium = Medium.TEXT) -> Iterator[WorkFile | Refusal]:
    """The works in `paths`: folders (with their sidecars), files, and catalogues (.csv, .tsv, .tab, .parquet).

    Files of one `medium` are read: documents, whose assets carry the text, or pictures (JPEG, PNG, WebP, AVIF, GIF,
    TIFF, BMP, by their bytes and not their names), whose assets carry the bytes of the file, or recordings (sound and
    video files, by their bytes), whose assets carry the path of the file, to be streamed. A file of another medium is
    a Refusal `medium`.

    In the order given; a folder in the order of its names, a catalogue in that of its rows. Paths of assets are
    relative to the folder or to the catalogue's folder; with several paths, to the nearest folder that holds them all.
    What cannot be used is a Refusal where it stands, with the reasons of documents (`extract`), pictures
    (`read_picture`), recordings (`read_recording`), tables (`read_table`), folders (`walk_folder`), and `missing`,
    `outside`, `table`, `duplicate`, `date`, `conflict`, `warning`.
    Raises CatalogError, before anything is read, where a catalogue that is named cannot be used at all.
    """
    there = [path for path in paths if path.exists()]
    reading = _Reading(_base(there), medium)
    tables = [(path, read_table(path, reading.name_of(path))) for path in there if _is_catalog(path)]
    for path, table in tables:
        reading.add_catalog(path, table)
    for path in paths:
        yield from reading.read(path)


def _is_catalog(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.is_dir()


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links stay as they are, `..` goes


def _base(paths: Sequence[Path]) -> Path:
    """The nearest folder that holds all `paths`."""
    folders = [_absolute(path if path.is_dir() else path.parent) for path in paths]
    try:
        return Path(os.path.commonpath(folders)) if folders else Path.cwd()
    except ValueError:
        raise CatalogError("the works lie on different drives; give those of one drive at a time") from None


class _Content(NamedTuple):
    """What was read of a file: the text, the bytes of a picture, the path of a recording; and what the file says."""

    digest: str
    said: Said
    text: str = ""
    data: bytes = b""
    file: str = ""
    published: date | None = None
    warnings: tuple[str, ...] = ()


def _read_text(path: Path) -> _Content:
    """A document. Raises DocumentError, with the reason `medium` where the file is a picture or a recording."""
    try:
        data = read_bytes(path)
    except DocumentError as error:
        if error.reason == "too-large" and _sounds(path):
            raise DocumentError("medium", A_RECORDING) from None
        raise
    if unread := unread_format(data[:4096], path.name):
        raise DocumentError("medium", UNREAD.format(unread))
    try:
        document = extract(data, name=path.name)
    except DocumentError:
        if looks_like_picture(data[:4096]):
            raise DocumentError("medium", A_PICTURE) from None
        if recognised(data[:4096], path.name):
            raise DocumentError("medium", A_RECORDING) from None
        raise
    published = document.published if document.format in _DATED else None
    said = Said(document.title, document.author)
    digest = hashlib.sha256(data).hexdigest()
    return _Content(digest, said, document.text, published=published, warnings=document.warnings)


def _read_image(path: Path) -> _Content:
    """A picture. Raises PictureError."""
    data = read_picture(path)
    return _Content(hashlib.sha256(data).hexdigest(), said_within(data), data=data)


def _read_audio(path: Path) -> _Content:
    """A recording, which stays where it is. Raises SoundError."""
    recorded = read_recording(path)
    return _Content(recorded.digest, recorded.said, file=str(path), published=recorded.published)


def _sounds(path: Path) -> bool:
    """Whether a file is a recording by its first bytes."""
    with path.open("rb", buffering=0) as file:
        return bool(recognised(file.read(4096), path.name))


_READ: Final = {
    Medium.TEXT: (_read_text, "document"),
    Medium.IMAGE: (_read_image, "picture"),
    Medium.AUDIO: (_read_audio, "recording"),
}
"""How a file of each medium is read, and what it is called."""


class _Reading:
    """One pass over all that is given: what was read so far, and what the catalogues say."""

    def __init__(self, base: Path, medium: Medium) -> None:
        self._base = base
        self._medium = medium
        self._read, self._accepted = _READ[medium]
        self._seen: set[tuple[str, str]] = set()  # (work_id, digest)
        self._listed: dict[str, Work] = {}  # what catalogues first said of each work
        self._told: set[Refusal] = set()  # remarks on a row that speaks of several files
        self._catalogs: dict[Path, list[Listing | Refusal]] = {}
        self._listings = Listings()

    def name_of(self, path: Path) -> str:
        """The path as it is stored: relative to the base."""
        return display(os.path.relpath(_absolute(path), self._base))

    def add_catalog(self, path: Path, table: Table) -> None:
        """Take the rows of a catalogue, which hold for its files wherever they are met."""
        path = _absolute(path)
        located = [locate(row, path.parent, path.parent) for row in completed(table.rows)]
        self._catalogs[path] = [*table.refused, *located]
        for listing in located:
            if isinstance(listing, Listing):
                self._listings.add(listing)

    def read(self, given: Path) -> Iterator[WorkFile | Refusal]:
        """One path that was given."""
        path = _absolute(given)
        if path in self._catalogs:
            yield from self._catalog(path)
        elif path.is_dir():
            yield from self._folder(path, ())
        elif path.exists():
            yield from self._file(path, tuple(self._listings.of(path)))
        else:
            name = display(str(given))
            yield Refusal(
                name,
                -1,
                "missing",
                f"{name}: does not exist; a folder, a {self._accepted} or a catalogue is accepted",
            )

    def _catalog(self, path: Path) -> Iterator[WorkFile | Refusal]:
        for item in self._catalogs[path]:
            if isinstance(item, Refusal):
                yield item
            elif item.target.is_dir():
                yield from self._folder(item.target, (item,))
            else:
                yield from self._file(item.target, (item,))

    def _folder(self, root: Path, above: tuple[Listing, ...]) -> Iterator[WorkFile | Refusal]:
        """The files under `root`; `above` is the row of a catalogue that names the folder."""
        found = list(walk_folder(root, self.name_of))
        listings = Listings()
        sidecars = sidecars_first(p for p in found if isinstance(p, Path) and self._is_sidecar(p))
        yield from add_sidecars(listings, sidecars, root, self.name_of)
        for entry in found:
            if isinstance(entry, Refusal):
                yield entry
            elif entry.suffix.lower() not in SUFFIXES:
                yield from self._file(entry, (*(above or self._listings.of(entry)), *listings.of(entry)))
            elif not self._is_sidecar(entry) and entry not in self._catalogs:
                yield self._refuse(
                    entry, "table", f"is a table; name it as a catalogue, or call it {NAMES[0]}"
                )

    def _is_sidecar(self, path: Path) -> bool:
        return path.name.lower() in NAMES and path not in self._catalogs

    def _file(self, path: Path, listings: tuple[Listing, ...]) -> Iterator[WorkFile | Refusal]:
        """One file; `listings` are the rows that speak of it, the most telling first."""
        name = self.name_of(path)
        try:
            content = self._read(path)
        except (DocumentError, PictureError, SoundError) as error:
            yield self._refuse(path, error.reason, str(error))
            return
        yield from (self._refuse(path, "warning", warning) for warning in content.warnings)
        published, refused = _published(listings)
        if refused is not None and refused not in self._told:
            self._told.add(refused)
            yield refused
        listed = self._listed_work(listings, name, content, published)
        known = self._listed.setdefault(listed.work_id, listed)
        conflict = _conflict(known, listed, listings)
        if conflict:
            yield self._refuse(path, "conflict", f"work {known.work_id}: {conflict}; the first is kept")
        if (known.work_id, content.digest) in self._seen:
            yield self._refuse(
                path, "duplicate", f"the same bytes were read before for the work {known.title!r}"
            )
            return
        self._seen.add((known.work_id, content.digest))
        asset = Asset(
            known.work_id, name, self._medium, content.digest, content.text, content.data, content.file
        )
        yield WorkFile(known, asset)

    def _listed_work(
        self, listings: tuple[Listing, ...], name: str, content: _Content, published: date | None
    ) -> Work:
        """The work as the rows and the file describe it."""
        own = content.said
        title, author = said_first(listings, "title"), said_first(listings, "author")
        work_id = work_id_of(listings, name, (own.title, own.author), self.name_of)
        if published is None and not said_first(listings, "published"):
            published = content.published
        licence = said_first(listings, "licence") or own.licence
        return Work(work_id, title or own.title or Path(name).stem, author or own.author, published, licence)

    def _refuse(self, path: Path, reason: str, detail: str) -> Refusal:
        name = self.name_of(path)
        return Refusal(name, -1, reason, f"{name}: {detail}")


def _published(listings: tuple[Listing, ...]) -> tuple[date | None, Refusal | None]:
    """The date that the rows say, or what is wrong with it."""
    row = next((listing.row for listing in listings if listing.row.published), None)
    if row is None:
        return None, None
    try:
        return parse_published(row.published), None
    except ValueError as error:
        return None, row.refusal("published", "date", f"{error}; the work is read without a date")


def _conflict(known: Work, now: Work, listings: tuple[Listing, ...]) -> str:
    """In what two descriptions of one work differ, as far as rows say it, or nothing."""
    if now is known:
        return ""
    differing = [
        f"{column} {getattr(known, column)!s} and {getattr(now, column)!s}"
        for column in ("title", "author", "published", "licence")
        if said_first(listings, column)
        and fold_name(f"{getattr(known, column)}") != fold_name(f"{getattr(now, column)}")
    ]
    return "; ".join(differing)
