"""One row seen through its mapping: the cells of each field, and what was wrong with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from countermark.works.identifiers import Identifier, IdentifierError, parse_identifier, repaired_isbn
from countermark.works.importers.base import refused
from countermark.works.importers.names import one_line
from countermark.works.importers.table.mapping import Column  # noqa: TC001 - a type of values kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.media import Refusal
    from countermark.works.entry import Source

Read = TypeVar("Read")
_SEVERAL: Final = re.compile(r"[;|\n]")


class Cells:
    """The cells of one row by field. What cannot be read is noted, with its column, and left out."""

    def __init__(self, source: Source, columns: dict[str, list[Column]], cells: list[str]) -> None:
        """`columns` are those of the mapping, by field."""
        self.source = source
        self.noted: list[Refusal] = []
        self._columns = columns
        self._cells = cells

    def has(self, fields: frozenset[str]) -> bool:
        """Whether any of these fields is mapped at all."""
        return not fields.isdisjoint(self._columns)

    def mapped(self, fields: tuple[str, ...]) -> list[str]:
        """Those of the fields that are mapped: most tables have few."""
        return [field for field in fields if field in self._columns]

    def all(self, field: str) -> list[tuple[Column, str]]:
        """The cells of a field that are not empty, with their columns."""
        columns = self._columns.get(field)
        if columns is None:
            return []
        cells = self._cells
        width = len(cells)
        return [
            (column, text) for column in columns if column.at < width and (text := cells[column.at].strip())
        ]

    def text(self, field: str) -> str:
        """The first cell of a field, on one line."""
        if field not in self._columns:
            return ""
        given = self.all(field)
        return one_line(given[0][1]) if given else ""

    def read(self, field: str, reader: Callable[[str], Read]) -> Read | None:
        """What `reader` makes of the first cell of a field; None where it is empty, or noted as not read."""
        given = self.all(field)
        if not given:
            return None
        column, text = given[0]
        try:
            return reader(text)
        except ValueError as error:
            self.note(column, field.replace("_", "-"), f"{error}; the rest of the row is used")
            return None

    def note(self, column: Column | None, reason: str, detail: str) -> None:
        """Remember what was wrong."""
        self.noted.append(refused(self.source, column.place if column else "", reason, detail))

    def identifiers(self, field: str) -> list[tuple[Column, Identifier]]:
        """The identifiers of a field, several in one cell divided at `;`, `|` and line ends."""
        if field not in self._columns:
            return []
        return [
            (column, one)
            for column, cell in self.all(field)
            for part in ([cell] if field == "url" else _SEVERAL.split(cell))
            if part.strip() and (one := self._identifier(column, field, part.strip()))
        ]

    def _identifier(self, column: Column, field: str, text: str) -> Identifier | None:
        scheme = "isbn" if field == "isbn10" else field
        head, dot, zeros = text.partition(".")
        if dot and not zeros.strip("0") and head.isdigit():  # a number that was stored as a decimal one
            text = head
        try:
            return parse_identifier(scheme, text)
        except IdentifierError as error:
            repaired = repaired_isbn(text) if scheme == "isbn" else None
            if repaired is not None:
                self.note(column, "repaired", repaired[1])
                return Identifier("isbn", repaired[0])
            told = str(error)
            if "E+" in text.upper():
                told += "; set the column's format to text in the first file, and export it anew"
            self.note(column, scheme, f"{told}; the rest of the row is used")
            return None
