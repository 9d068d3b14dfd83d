"""The importer of tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.importers.table.mapping import (
    Column,
    Mapping,
    SheetMapping,
    load_mapping,
    placed,
)
from countermark.works.importers.table.opening import is_table, sheets_of
from countermark.works.importers.table.proposing import header_names, propose_mapping
from countermark.works.importers.table.rows import RowReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile
    from countermark.works.importers.table.grid import Sheet


class TableImporter:
    """CSV, TSV, XLSX and Parquet in any layout. Options: `mapping` (a saved one), `sheet` (the one to read)."""

    format = "table"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether name and first bytes are of a table."""
        return is_table(file)

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The rows of each mapped sheet, in order. Raises CatalogError where nothing of the file can be used."""
        mapping = _mapping(file)
        mapping.require_usable(file.name)
        first = mapping.sheets[0]
        sheets = sheets_of(file, first.encoding, first.delimiter)
        return _read(file.name, list(_paired(sheets, mapping, file.name)))


def _mapping(file: CatalogFile) -> Mapping:
    """The user's mapping, or the proposed one; of one sheet only where the user chose it."""
    saved = file.options.get("mapping", "")
    mapping = load_mapping(Path(saved)) if saved else propose_mapping(file)
    chosen = file.options.get("sheet", "")
    if not chosen:
        return mapping
    kept = tuple(one for one in mapping.sheets if one.name == chosen)
    if not kept:
        there = ", ".join(repr(one.name) for one in mapping.sheets)
        raise CatalogError(f"{file.name}: no sheet {chosen!r}; there are: {there}")
    return Mapping(kept)


_SHOWN = 10
_Job = tuple["Sheet", SheetMapping, int]
"""A sheet, its mapping, and how many cells each of its lines has, 0 where that is not known."""


def _paired(sheets: Sequence[Sheet], mapping: Mapping, name: str) -> Iterator[_Job]:
    """Each sheet that the mapping names, with its columns where the file has them."""
    by_name = {sheet.name: sheet for sheet in sheets}
    for one in mapping.sheets:
        sheet = by_name.get(one.name) or (sheets[0] if len(sheets) == len(mapping.sheets) == 1 else None)
        if sheet is None:
            there = ", ".join(repr(found) for found in by_name)
            raise CatalogError(
                f"{name}: the mapping names a sheet {one.name!r}, which is not there; there are: {there}"
            )
        if not one.is_usable:
            yield sheet, one, 0
            continue
        headers = header_names(sheet, one.header)
        yield sheet, placed(one, headers, name), 0 if sheet.padded else len(headers)


def _read(name: str, jobs: list[_Job]) -> Iterator[Entry | Refusal]:
    for sheet, mapping, width in jobs:
        if not mapping.is_usable:
            told = f"{name}, sheet {sheet.name}: no title and no identifier is mapped; the sheet is not read"
            yield Refusal(name, -1, "sheet-not-mapped", told)
            continue
        if unused := [column for column in mapping.columns if not column.field and column.header]:
            yield _not_used(name, unused)
        reader = RowReader(name, mapping, sheet.name, width)
        last = max(mapping.header, default=-1)
        try:
            for line in sheet.lines():
                if line.number > last:
                    yield from reader.read(line)
        except CatalogError as error:
            # What was read stands; what could not be is one refusal, which says from which row on.
            yield Refusal(name, 0, "unreadable", str(error))


def _not_used(name: str, columns: list[Column]) -> Refusal:
    shown = ", ".join(column.place for column in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    told = f"{name}: not used: {shown}{more}; `countermark catalog mapping` proposes what to map them to"
    return Refusal(name, -1, "unused-column", told)


IMPORTER = TableImporter()
