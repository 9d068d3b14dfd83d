"""A mapping proposed from what a table says of itself: its headers, and the values of its columns.

A check digit is better evidence than a header: a column of ISBN is one whatever its name. A title is known by its
header alone.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.works.entry import WorkMedium
from countermark.works.identifiers import IdentifierError, guess_identifier, parse_identifier, repaired_isbn
from countermark.works.importers.table.days import SLASHED, date_order
from countermark.works.importers.table.fields import DATES, NUMBERS, PARTY_NUMBERS, PEOPLE, fold
from countermark.works.importers.table.grid import Line
from countermark.works.importers.table.header import LOOKED_AT, find_header, header_of
from countermark.works.importers.table.mapping import Column, Mapping, SheetMapping
from countermark.works.importers.table.opening import sheets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.works.importers.base import CatalogFile
    from countermark.works.importers.table.grid import Sheet

_SAMPLE: Final = 400  # rows whose values are looked at
_REPEATED: Final = frozenset({*PEOPLE, *NUMBERS, *PARTY_NUMBERS, "other_title", "note", "pen_name"})
_GUESSED: Final = {
    **{
        name: name
        for name in ("isbn", "issn", "ismn", "isrc", "iswc", "doi", "asin", "isni", "orcid", "ipi", "url")
    },
    "gtin": "ean",
}
_ISBN: Final = re.compile(r"\be?isbn(?:10|13)?\b")
_NO_FIELD: Final = "no field is known by this header"


def propose_mapping(file: CatalogFile) -> Mapping:
    """The mapping that the file itself suggests: every column is in it, those without a field too.

    Raises CatalogError where the file cannot be read as a table.
    """
    return Mapping(tuple(_propose(sheet) for sheet in sheets_of(file)))


def _propose(sheet: Sheet) -> SheetMapping:
    head = list(islice((line for line in readable(sheet) if not line.problem), LOOKED_AT + _SAMPLE))
    header = find_header(head[:1] if sheet.headed else head[:LOOKED_AT])
    body = [line.cells for line in head if not header.lines or line.number > header.lines[-1]][:_SAMPLE]
    values = [
        [cells[at].strip() for cells in body if at < len(cells) and cells[at].strip()]
        for at in range(len(header.levels))
    ]
    columns = _without_doubles(
        [
            _column(at, name, field, values[at])
            for at, (name, field) in enumerate(zip(header.names, header.fields, strict=True))
            if name or values[at]
        ]
    )
    columns = decided(sheet, header.lines, columns, _slashed(columns, values))
    medium = _medium({column.field for column in columns})
    return SheetMapping(
        sheet.name,
        header.lines,
        tuple(columns),
        medium,
        sheet.said.get("encoding", ""),
        sheet.said.get("delimiter", ""),
    )


def _column(at: int, header: str, field: str, values: list[str]) -> Column:
    scheme, share = _scheme(values)
    guessed = _GUESSED.get(scheme, "")
    numbers = f"{share} of the first {len(values)} values are {scheme.upper()}"
    if guessed and (not field or (field in NUMBERS and guessed not in {field, "url"})):
        return Column(at, header, guessed, numbers)
    if not field and _ISBN.search(fold(header)) and values:
        # `ISBN partition`, `ISBN13 relié`: fewer need to be right than where only the values speak.
        valid = sum(_is_valid("isbn", value) for value in values)
        if valid * 2 >= len(values):
            return Column(at, header, "isbn", f"header; {valid} of the first {len(values)} values are valid")
    if not field:
        return Column(at, header, "", _NO_FIELD if header else "has no header")
    if field in NUMBERS and values:
        valid = sum(_is_valid(field, value) for value in values)
        return Column(at, header, field, f"header; {valid} of the first {len(values)} values are valid")
    return Column(at, header, field, "header")


def _scheme(values: list[str]) -> tuple[str, int]:
    """The scheme of which at least four values in five are, with their number."""
    schemes = Counter(found.scheme for value in values if (found := guess_identifier(value)))
    if not schemes:
        return "", 0
    scheme, count = schemes.most_common(1)[0]
    return (scheme, count) if count * 5 >= len(values) * 4 else ("", 0)


def _is_valid(field: str, value: str) -> bool:
    try:
        parse_identifier("isbn" if field == "isbn10" else field, value)
    except IdentifierError:
        return field in {"isbn", "isbn10"} and repaired_isbn(value) is not None
    return True


def _without_doubles(columns: list[Column]) -> list[Column]:
    """A field that can be said once keeps its first column."""
    taken: dict[str, Column] = {}
    kept = []
    for column in columns:
        first = taken.setdefault(column.field, column)
        if column.field and first is not column and column.field not in _REPEATED:
            kept.append(replace(column, field="", why=f"{column.field} is in {first.place} already"))
        else:
            kept.append(column)
    return kept


def _slashed(columns: list[Column], values: list[list[str]]) -> list[Column]:
    """The date columns in which days and months stand as two numbers."""
    return [
        column
        for column in columns
        if column.field in DATES and any(SLASHED.fullmatch(value) for value in values[column.at])
    ]


def decided(
    sheet: Sheet, header: tuple[int, ...], columns: list[Column], asked: list[Column]
) -> list[Column]:
    """`columns`, with the order of day and month in those `asked`, from all their values."""
    if not asked:
        return columns
    shown: dict[int, set[str]] = {column.at: set() for column in asked}
    for line in readable(sheet):
        if header and line.number <= header[-1]:
            continue
        for at, orders in shown.items():
            if at < len(line.cells) and (order := date_order({line.cells[at]})):
                orders.add(order)
    told = {at: next(iter(orders)) if len(orders) == 1 else "" for at, orders in shown.items()}
    return [
        replace(column, dates=told[column.at], why=f"{column.why}; {_why_order(shown[column.at])}")
        if column.at in told
        else column
        for column in columns
    ]


def _why_order(orders: set[str]) -> str:
    if len(orders) > 1:
        return "both day/month and month/day occur: only dates that can be read in one way are"
    if not orders:
        return (
            "no value shows whether day or month stands first: dates that can be read in two ways are refused"
        )
    return (
        "the column shows that the day stands first"
        if "dmy" in orders
        else "the column shows that the month stands first"
    )


def _medium(fields: set[str]) -> WorkMedium:
    if fields & {"iswc", "composer", "lyricist"}:
        return WorkMedium.MUSIC
    if fields & {"isrc", "performer", "label"}:
        return WorkMedium.RECORDING
    if "photographer" in fields:
        return WorkMedium.IMAGE
    if "issn" in fields and not fields & {"isbn", "isbn10"}:
        return WorkMedium.ARTICLE
    return WorkMedium.TEXT


def readable(sheet: Sheet) -> Iterator[Line]:
    """The lines of a sheet up to where it is damaged; raises CatalogError where not even the first can be read."""
    lines = sheet.lines()
    yield next(lines, Line(0, []))
    with suppress(CatalogError):
        yield from lines


def header_names(sheet: Sheet, lines: tuple[int, ...]) -> list[str]:
    """What a sheet calls its columns, given the numbers of its header lines."""
    last = max(lines, default=-1)
    before = takewhile(lambda line: line.number <= last, readable(sheet))
    return header_of([line for line in before if line.number in lines]).names
