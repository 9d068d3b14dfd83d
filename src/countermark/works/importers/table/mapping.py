"""Which column of a table holds which field: a mapping, saved as TOML and loaded again.

format = "countermark.mapping/1"

[[sheet]]
name = "Titres"          # empty for CSV and Parquet
medium = "text"
header = [3, 4]          # the lines of the header, from 1; none where there is no header

[[sheet.column]]
header = "Date de parution"
at = 4                   # from 1; the header decides where columns have moved
field = "published"      # empty: not used
dates = "dmy"            # how 03/04/2005 is read: "dmy", "mdy", or "" where such dates are refused
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import CatalogError, OutputError
from countermark.works.entry import WorkMedium
from countermark.works.importers.table.fields import IDENTIFYING, NAMES, fold
from countermark.works.importers.table.grid import MAX_COLUMNS, column_name

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: Final = "countermark.mapping/1"
DATE_ORDERS: Final = frozenset({"", "dmy", "mdy"})
_MAX_BYTES: Final = 4 << 20
_MEDIA: Final = tuple(medium.value for medium in WorkMedium)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, its header, the field that it holds (empty: none), and why this was proposed."""

    at: int
    header: str
    field: str = ""
    why: str = ""
    dates: str = ""

    @property
    def place(self) -> str:
        """How messages name it: `column C (ISBN)`."""
        return f"column {column_name(self.at)}" + (f" ({self.header[:40]})" if self.header else "")


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """How one sheet is read. `header` holds the numbers of its header lines."""

    name: str
    header: tuple[int, ...]
    columns: tuple[Column, ...]
    medium: WorkMedium = WorkMedium.TEXT
    encoding: str = ""
    delimiter: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether rows can be told apart: a title, or any identifier, is mapped."""
        return any(column.field in {"title", *IDENTIFYING} for column in self.columns)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file is read: one mapping for each sheet that is used."""

    sheets: tuple[SheetMapping, ...]

    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """The mapping as a table: sheet, column, header, field (`-` where it is not used), why."""
        return [
            (sheet.name, column_name(column.at), column.header, column.field or "-", column.why)
            for sheet in self.sheets
            for column in sheet.columns
        ]

    def require_usable(self, name: str) -> None:
        """Raises CatalogError, which says how to map, where no sheet has a title or an identifier."""
        if any(sheet.is_usable for sheet in self.sheets):
            return
        there = "; ".join(
            f"{column_name(column.at)} {column.header[:40]!r}"
            for sheet in self.sheets[:3]
            for column in sheet.columns[:20]
        )
        raise CatalogError(
            f"{name}: no column is known to hold a title or an identifier (ISBN, ISRC, ISWC, DOI, URL, …); "
            f'found: {there or "none"}; save the proposed mapping, set field = "title" (or isbn, isrc, work_id, …) '
            "for the column that holds it, and import with that mapping"
        )


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Write a mapping for the user to correct; the same mapping gives the same bytes. Raises OutputError."""
    lines = [f"format = {_quoted(FORMAT)}", f"# fields: {', '.join(sorted(NAMES))}"]
    for sheet in mapping.sheets:
        lines += ["", "[[sheet]]", f"name = {_quoted(sheet.name)}", f"medium = {_quoted(sheet.medium.value)}"]
        lines += [f"header = {list(sheet.header)}"]
        lines += [
            f"{key} = {_quoted(value)}"
            for key, value in (("encoding", sheet.encoding), ("delimiter", sheet.delimiter))
            if value
        ]
        for column in sheet.columns:
            lines += ["", "[[sheet.column]]", f"header = {_quoted(column.header)}", f"at = {column.at + 1}"]
            lines += [f"field = {_quoted(column.field)}"]
            lines += [f"dates = {_quoted(column.dates)}"] if column.dates else []
            lines += [f"why = {_quoted(column.why)}"] if column.why else []
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from None


def _quoted(text: str) -> str:
    # A JSON string is a basic string of TOML, but for DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def load_mapping(path: Path) -> Mapping:
    """Read what `save_mapping` wrote, and people changed; raises CatalogError, which names the sheet and the column."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise CatalogError(f"{path}: more than {_MAX_BYTES:,} bytes; a mapping is a small TOML file")
        said = tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise CatalogError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:  # TOML and UTF-8 errors are ValueErrors
        raise CatalogError(f"{path}: is no TOML ({error})") from None
    if said.get("format") != FORMAT:
        raise CatalogError(f'{path}: no mapping; it begins with format = "{FORMAT}"')
    sheets = _list(said, "sheet", str(path))
    if not sheets:
        raise CatalogError(f"{path}: has no [[sheet]]; one for each sheet to read is accepted")
    return Mapping(tuple(_sheet(one, f"{path}, sheet {at}") for at, one in enumerate(sheets, 1)))


def _sheet(said: dict[str, Any], where: str) -> SheetMapping:
    medium = _text(said, "medium", where) or "text"
    if medium not in _MEDIA:
        raise CatalogError(f"{where}: medium is {medium!r}; accepted: {', '.join(_MEDIA)}")
    header = said.get("header", [1])
    if not isinstance(header, list) or not all(isinstance(n, int) and n >= 0 for n in header):
        raise CatalogError(f"{where}: header is {header!r}; the lines of the header are accepted, as in [1]")
    delimiter = _text(said, "delimiter", where)
    if len(delimiter) > 1 or delimiter in {"\n", "\r", '"', "\0"}:
        raise CatalogError(f"{where}: delimiter is {delimiter!r}; one character is accepted")
    columns = [
        _column(one, f"{where}, column {at}") for at, one in enumerate(_list(said, "column", where), 1)
    ]
    encoding = _text(said, "encoding", where)
    _check_encoding(encoding, where)
    name = _text(said, "name", where)
    return SheetMapping(
        name, tuple(sorted(set(header))), tuple(columns), WorkMedium(medium), encoding, delimiter
    )


def _check_encoding(encoding: str, where: str) -> None:
    if encoding:
        try:
            "".encode(encoding)
        except (LookupError, ValueError):
            raise CatalogError(
                f"{where}: encoding {encoding!r} is not known; utf-8, cp1252, … are accepted"
            ) from None


def _column(said: dict[str, Any], where: str) -> Column:
    name = _text(said, "field", where)
    if name and name not in NAMES:
        raise CatalogError(f"{where}: {name!r} is no field; accepted: {', '.join(sorted(NAMES))}")
    dates = _text(said, "dates", where)
    if dates not in DATE_ORDERS:
        raise CatalogError(f'{where}: dates is {dates!r}; accepted: "dmy", "mdy", ""')
    at = said.get("at", 0)
    header = _text(said, "header", where)
    if not isinstance(at, int) or not 0 <= at <= MAX_COLUMNS or not (at or header):
        raise CatalogError(f"{where}: needs its header, or its place from 1 on (at = 3)")
    return Column(at - 1, header, name, _text(said, "why", where), dates)


def _list(said: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    value = said.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise CatalogError(f"{where}: {key} is written [[{key}]]")
    return value


def _text(said: dict[str, Any], key: str, where: str) -> str:
    value = said.get(key, "")
    if not isinstance(value, str):
        raise CatalogError(f"{where}: {key} is {value!r}; a text in quotation marks is accepted")
    return value


def placed(mapping: SheetMapping, headers: list[str], name: str) -> SheetMapping:
    """`mapping` with each used column where `headers` has it; raises CatalogError where a column is missing."""
    if not mapping.header:
        return mapping
    folded = [fold(header) for header in headers]
    columns = []
    for column in mapping.columns:
        wanted = fold(column.header)
        at = column.at
        if wanted and not (0 <= at < len(folded) and folded[at] == wanted):
            at = folded.index(wanted) if wanted in folded else -1
        elif not wanted and at >= max(len(headers), 1):
            at = -1
        if at >= 0:
            columns.append(replace(column, at=at))
        elif column.field:
            there = ", ".join(repr(header[:40]) for header in headers[:20]) or "none"
            raise CatalogError(
                f"{name}: the mapping names a column {column.header or column.at + 1!r} for {column.field}, "
                f"which the file lacks; found: {there}"
            )
    return replace(mapping, columns=tuple(columns))
