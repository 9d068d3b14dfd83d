"""Rows to entries: one work with its editions for each row, and a refusal for all that could not be used."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from countermark.works.entry import AssetFile, Edition, Entry, Relation, Source, WorkMedium
from countermark.works.importers.base import refused
from countermark.works.importers.names import one_line
from countermark.works.importers.table.cells import Cells
from countermark.works.importers.table.codes import form_in, read_country, read_form, read_language
from countermark.works.importers.table.fields import fold
from countermark.works.importers.table.people import contributors
from countermark.works.importers.table.rights import date_in, rights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.identifiers import Identifier
    from countermark.works.importers.table.grid import Line
    from countermark.works.importers.table.mapping import Column, SheetMapping

_OF_EDITION = ("isbn", "isbn10", "ean", "isrc", "asin", "ismn", "doi", "url")
_OTHER_TITLES = frozenset({"other_title"})
_IMPLIED_FORM = {"isrc": "recording", "ismn": "score"}
_RECORDED = frozenset({WorkMedium.TEXT, WorkMedium.MUSIC, WorkMedium.RECORDING})
"""Kinds of sheets in which a row with an ISRC is a recording; that of a film may have one too."""
_MARKED = re.compile(r"'[=+\-@\d＝＋－＠]")
_NOT_VALUES = frozenset({"", "n/a", "n.a.", "#n/a", "none", "null", "nan", "<na>"})


class RowReader:
    """Reads the rows of one sheet by its mapping."""

    def __init__(self, file: str, sheet: SheetMapping, record: str, width: int) -> None:
        """`record` is what sources call the sheet; `width` how many cells a line has, 0 where it may lack any."""
        self._file = file
        self._medium = sheet.medium
        self._record = record
        self._columns: dict[str, list[Column]] = {}
        for column in sheet.columns:
            if column.field:
                self._columns.setdefault(column.field, []).append(column)
        self._used = {column.at: column for column in sheet.columns if column.field}
        self._width = width

    def read(self, line: Line) -> Iterator[Entry | Refusal]:
        """The entry of a line, then what was wrong with single cells; or the refusal of the line."""
        source = Source(self._file, line.number, self._record)
        if problem := line.problem or self._ragged(line):
            yield refused(source, "", *problem)
            return
        cells = Cells(source, self._columns, [_meant(cell) for cell in line.cells])
        for at, reason, detail in line.flaws:
            if at in self._used:
                cells.note(self._used[at], reason, detail)
        entry = self._entry(cells)
        if entry is None:
            told = "has neither a title nor a valid identifier; one of them is needed"
            yield refused(source, "", "no-title", told)
        else:
            yield entry
        yield from cells.noted

    def _ragged(self, line: Line) -> tuple[str, str] | None:
        if not self._width:
            return None
        beyond = any(cell.strip() for cell in line.cells[self._width :])
        if len(line.cells) < self._width or beyond:
            told = f"has {len(line.cells)} cells, the header has {self._width}; quote cells that hold the separator"
            return "ragged-row", told
        return None

    def _entry(self, cells: Cells) -> Entry | None:
        title = cells.text("title")
        people = contributors(cells)
        work_numbers = tuple(dict.fromkeys(number for _, number in cells.identifiers("iswc")))
        editions = _editions(cells)
        key = cells.text("work_id")
        if not title and not work_numbers and not key and not any(one.identifiers for one in editions):
            return None
        medium = cells.read("medium", _medium) or self._medium_of(editions)
        if medium is WorkMedium.RECORDING and any(_has_isrc(one) for one in editions):
            # The ISWC is that of the composition, another work; it is said of the edition, as in DDEX messages.
            told = tuple(Relation("recording-of", number) for number in work_numbers)
            editions[0] = replace(editions[0], relations=(*editions[0].relations, *told))
            work_numbers = ()
        first = date_in(cells, "first_published")
        if not first and not any(one.identifiers or one.publisher for one in editions):
            first = next((one.published for one in editions), "")
        return Entry(
            source=cells.source,
            title=title,
            subtitle=cells.text("subtitle"),
            other_titles=_titles(cells),
            medium=medium,
            contributors=people,
            identifiers=work_numbers,
            published=first,
            country=_country(cells, editions),
            licence=cells.text("licence"),
            part_of=cells.text("part_of"),
            editions=tuple(one for one in editions if _says_something(one)),
            rights=rights(cells),
            work_id=key,
        )

    def _medium_of(self, editions: list[Edition]) -> WorkMedium:
        """A row with an ISRC is a recording, whatever else the sheet holds: so it meets the audio file of that ISRC."""
        if self._medium in _RECORDED and any(_has_isrc(one) for one in editions):
            return WorkMedium.RECORDING
        return self._medium


def _has_isrc(edition: Edition) -> bool:
    return any(number.scheme == "isrc" for number in edition.identifiers)


def _meant(cell: str) -> str:
    """The cell, empty where it holds what programs write for nothing, without the apostrophe that marks a text."""
    if len(cell) < 6 and cell.lower() in _NOT_VALUES:
        return ""
    return cell[1:] if cell.startswith("'") and _MARKED.match(cell) else cell


def _medium(text: str) -> WorkMedium:
    try:
        return WorkMedium(fold(text))
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no kind of work; accepted: {', '.join(WorkMedium)}") from None


def _titles(cells: Cells) -> tuple[str, ...]:
    if not cells.has(_OTHER_TITLES):
        return ()
    return tuple(
        dict.fromkeys(
            one_line(title)
            for _, cell in cells.all("other_title")
            for title in cell.split(";")
            if title.strip()
        )
    )


def _country(cells: Cells, editions: list[Edition]) -> str:
    """The country of first publication: said for the row, where no edition takes it."""
    return "" if any(one.country for one in editions) else cells.read("country", read_country) or ""


def _editions(cells: Cells) -> list[Edition]:
    """The edition of the row; further ISBN of other forms (`ISBN papier`, `ISBN numérique`) make further editions."""
    numbers: list[tuple[Column, Identifier]] = [
        found for field in cells.mapped(_OF_EDITION) for found in cells.identifiers(field)
    ]
    books = {number: column for column, number in reversed(numbers) if number.scheme == "isbn"}
    isbns = list(reversed(books))
    rest = tuple(dict.fromkeys(number for _, number in numbers if number.scheme != "isbn"))
    form = cells.read("form", read_form) or ""
    if not form:
        form = next((_IMPLIED_FORM[n.scheme] for n in rest if n.scheme in _IMPLIED_FORM), "")
    has_form = bool(rest or isbns or cells.text("publisher") or cells.text("label"))
    first = Edition(
        identifiers=(*isbns[:1], *rest),
        form=form or (form_in(books[isbns[0]].header) if isbns else ""),
        publisher=cells.text("publisher") or cells.text("label"),
        published=date_in(cells, "published"),
        country=(cells.read("country", read_country) or "") if has_form else "",
        language=cells.read("language", read_language) or "",
        relations=tuple(Relation("part-of", number) for _, number in cells.identifiers("issn")),
        assets=_assets(cells),
        source=cells.source,
    )
    others = [
        replace(
            first,
            identifiers=(number,),
            form=form_in(books[number].header),
            published="",
            relations=(),
            assets=(),
        )
        for number in isbns[1:]
    ]
    return [first, *others]


def _says_something(edition: Edition) -> bool:
    """Whether there is an edition at all: a date alone is the work's."""
    return bool(
        edition.identifiers
        or edition.publisher
        or edition.form
        or edition.assets
        or edition.language
        or edition.relations
    )


def _assets(cells: Cells) -> tuple[AssetFile, ...]:
    assets = []
    for column, text in cells.all("path"):
        path = text.replace("\\", "/")
        outside = ".." in path.split("/") or PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive
        if outside or not path.isprintable():
            told = f"{text[:80]!r} leads out of the catalogue's folder; a path relative to the catalogue is accepted"
            cells.note(column, "outside", told)
        else:
            assets.append(AssetFile(path, ""))
    return tuple(assets)
