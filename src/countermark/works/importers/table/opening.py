"""Which kind of table a file is, and its sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.works.importers.table.columnar import ParquetSheet
from countermark.works.importers.table.delimited import DelimitedSheet, looks_delimited
from countermark.works.importers.table.workbook import OLE, sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.works.importers.base import CatalogFile
    from countermark.works.importers.table.grid import Sheet

_TEXT: Final = (".csv", ".tsv", ".tab")
_BOOKS: Final = (".xlsx", ".xlsm", ".xltx", ".xls")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")


def is_table(file: CatalogFile) -> bool:
    """Whether name and first bytes are of a table; never raises."""
    name = file.name.lower().removesuffix(".gz").removesuffix(".zst")
    if file.head.startswith(b"PAR1"):
        return True
    if file.head.startswith((*_ZIP, OLE)):
        return name.endswith((*_BOOKS, ".ods")) or b"xl/workbook.xml" in file.head
    if name.endswith((*_TEXT, *_BOOKS, ".parquet", ".ods")):
        return True
    return name.endswith(".txt") and looks_delimited(file.head)


def sheets_of(file: CatalogFile, encoding: str = "", delimiter: str = "") -> Sequence[Sheet]:
    """The sheets of a file; raises CatalogError where it is no table, damaged, a bomb or encrypted."""
    name = file.name.lower()
    if not file.head:
        raise CatalogError(f"{file.name}: is empty; a table with a header and rows is accepted")
    if file.head.startswith(b"PAR1"):
        return [ParquetSheet(file)]
    if name.endswith(".ods"):
        raise CatalogError(f"{file.name}: OpenDocument sheets are not read; save it as XLSX or CSV")
    if file.head.startswith((*_ZIP, OLE)):
        return sheets(file)
    if name.endswith(_BOOKS):
        raise CatalogError(
            f"{file.name}: is named as a workbook and is none, or is cut off; XLSX is accepted"
        )
    if name.endswith(".parquet"):
        raise CatalogError(f"{file.name}: is named as Parquet and is not; such a file begins with PAR1")
    return [DelimitedSheet(file, encoding, delimiter)]
