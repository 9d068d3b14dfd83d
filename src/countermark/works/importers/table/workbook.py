"""XLSX workbooks (ECMA-376), read row by row through openpyxl after a look at the container.

Only values are read: of a formula the value that was stored with it, of a macro nothing. Merged cells repeat their
value, so that a header over three columns heads all three. The container is refused where it inflates too far, where
a part declares a document type (entity bombs), and where it is encrypted.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from countermark.errors import CatalogError
from countermark.works.importers.table.columnar import as_text
from countermark.works.importers.table.grid import MAX_CELL, MAX_COLUMNS, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.works.importers.base import CatalogFile

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_PARTS: Final = 10_000
_MAX_BYTES: Final = 4 << 30  # of the file itself
_MAX_STRINGS: Final = 256 << 20  # inflated: openpyxl keeps all shared strings in memory
_MAX_STYLES: Final = 64 << 20
_MAX_SHEET: Final = 8 << 30  # inflated; sheets are streamed
_MAX_RATIO: Final = 400  # repetitive sheets reach about 60
_RATIO_FROM: Final = 8 << 20
_MAX_ROWS: Final = 1 << 20  # of a sheet, by the format
_MAX_MERGED: Final = 100_000
_PIECE: Final = 1 << 20
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, OSError, EOFError),
    *(IndexError, SyntaxError, NotImplementedError, RuntimeError, AssertionError, OverflowError),
)


@dataclass(slots=True)
class _Facts:
    """What the bytes of a sheet say before it is read."""

    formulas: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, row, column, column


class WorkbookSheet:
    """One sheet of a workbook."""

    headed = False
    padded = True

    def __init__(self, file: CatalogFile, name: str, facts: _Facts) -> None:
        """`facts` come from the look at the container."""
        self.name = name
        self.said: dict[str, str] = {}
        self._file = file
        self._facts = facts

    def lines(self) -> Iterator[Line]:
        """Every row that is not blank; what a formula or an error leaves unknown is a flaw of its cell."""
        with _seekable(self._file) as stream:
            values = self._rows(stream, values=True)
            formulas = self._rows(stream, values=False) if self._facts.formulas else None
            merges = _Merges(self._facts.merged)
            number = 0
            try:
                for number, row in enumerate(values, 1):
                    if number > _MAX_ROWS:  # openpyxl fills the gap before a row that claims to be far below
                        raise ValueError(f"more than {_MAX_ROWS:,} rows")
                    said = next(formulas, ()) if formulas is not None else ()
                    line = merges.filled(_line(number, row, said))
                    if line.problem or line.flaws or any(line.cells):
                        yield line
            except _DAMAGED as error:
                raise CatalogError(
                    f"{self._file.name}, sheet {self.name}, row {number + 1}: the rest cannot be read ({_short(error)})"
                ) from None

    def _rows(self, stream: BinaryIO, *, values: bool) -> Iterator[tuple[Any, ...]]:
        book = _load(stream, self._file.name, values=values)
        sheet = book[self.name]
        sheet.reset_dimensions()  # the range that is written down may be wrong: every row is read
        return iter(sheet.iter_rows())


def sheets(file: CatalogFile) -> list[WorkbookSheet]:
    """The visible sheets of a workbook; raises CatalogError where it is none, damaged, a bomb or encrypted."""
    if file.head.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in file.head or _is_encrypted(file):
            raise CatalogError(f"{file.name}: is encrypted; remove the password and save it anew")
        raise CatalogError(f"{file.name}: is a workbook of Excel before 2007; save it as XLSX or CSV")
    with _seekable(file) as stream:
        _guard(stream, file.name)
        book = _load(stream, file.name, values=True)
        with closing(book), zipfile.ZipFile(stream) as archive:
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            return [
                WorkbookSheet(file, sheet.title, _look(archive, sheet._worksheet_path, file.name))
                for sheet in visible
            ]


def _load(stream: BinaryIO, name: str, *, values: bool) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load, and of an extra

    stream.seek(0)
    try:
        return load_workbook(stream, read_only=True, data_only=values, keep_links=False)
    except _DAMAGED as error:
        raise CatalogError(f"{name}: the workbook is damaged or is no XLSX ({_short(error)})") from None


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


@contextmanager
def _seekable(file: CatalogFile) -> Iterator[BinaryIO]:
    with file.open() as stream:
        if stream.seekable():
            yield stream
            return
        with tempfile.TemporaryFile() as copy:
            while piece := stream.read(_PIECE):
                copy.write(piece)
                if copy.tell() > _MAX_BYTES:
                    raise CatalogError(f"{file.name}: more than {_MAX_BYTES:,} bytes; save it as CSV")
            copy.seek(0)
            yield copy


def _is_encrypted(file: CatalogFile) -> bool:
    with file.open() as stream:
        return "EncryptedPackage".encode("utf-16-le") in stream.read(64 << 20)


def _guard(stream: BinaryIO, name: str) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            if len(parts) > _MAX_PARTS:
                raise CatalogError(f"{name}: {len(parts):,} parts; at most {_MAX_PARTS:,} are accepted")
            for part in parts:
                _guard_part(archive, part, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise CatalogError(f"{name}: the workbook is damaged or cut off ({_short(error)})") from None


def _guard_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    if part.flag_bits & 1:
        raise CatalogError(f"{name}: the part {part.filename} is encrypted; remove the password first")
    if not part.filename.lower().endswith((".xml", ".rels")):
        return
    lower = part.filename.lower()
    limit = _MAX_SHEET if "/worksheets/" in lower else _MAX_STRINGS if "string" in lower else _MAX_STYLES
    if part.file_size > limit:
        raise CatalogError(
            f"{name}: the part {part.filename} has {part.file_size:,} bytes, at most {limit:,} are accepted; "
            "save the sheet as CSV"
        )
    if part.file_size > _RATIO_FROM and part.file_size > _MAX_RATIO * max(part.compress_size, 1):
        raise CatalogError(f"{name}: the part {part.filename} inflates more than {_MAX_RATIO} times")
    with archive.open(part) as stream:
        head = stream.read(4096).replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise CatalogError(
            f"{name}: the part {part.filename} declares a document type, which no workbook does"
        )


def _look(archive: zipfile.ZipFile, path: str, name: str) -> _Facts:
    """Whether the sheet holds formulas, and what is merged, from its bytes. Raises CatalogError at too many merges."""
    facts = _Facts()
    with archive.open(path.lstrip("/")) as stream:
        tail = b""
        while piece := stream.read(_PIECE):
            text = tail + piece
            facts.formulas = facts.formulas or _FORMULA.search(text) is not None
            end = 0
            for found in _MERGED.finditer(text):
                end = found.end()
                left, top, right, bottom = (found[at] for at in (1, 2, 3, 4))
                facts.merged.append((int(top), int(bottom), _index(left), _index(right)))
                if len(facts.merged) > _MAX_MERGED:
                    raise CatalogError(
                        f"{name}: the part {path} merges more than {_MAX_MERGED:,} ranges; save the sheet as CSV"
                    )
            tail = text[max(end, len(text) - 100) :]
    facts.merged.sort()
    return facts


def _index(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1


class _Merges:
    """Repeats the value of a merged range in each of its cells, from the first row to the last.

    Ranges that overlap stand in no sheet that a spreadsheet wrote: the later one is passed over, so that a row is
    filled once at most, however many ranges cross it.
    """

    def __init__(self, ranges: list[tuple[int, int, int, int]]) -> None:
        self._waiting = list(reversed(ranges))
        self._open: list[tuple[int, int, int, str]] = []

    def filled(self, line: Line) -> Line:
        """`line`, with the values of the ranges that cross it."""
        if line.problem:
            return line
        if self._open:
            self._open = [one for one in self._open if one[0] >= line.number]
        taken = sum(_columns(left, right) for _, left, right, _ in self._open)
        while self._waiting and self._waiting[-1][0] <= line.number:
            _, bottom, left, right = self._waiting.pop()
            right = min(right, MAX_COLUMNS - 1)
            if bottom < line.number or left > right or taken & _columns(left, right):
                continue
            taken |= _columns(left, right)
            value = line.cells[left] if left < len(line.cells) else ""
            self._open.append((bottom, left, right, value))
        for _, left, right, value in self._open:
            line.cells.extend([""] * (right + 1 - len(line.cells)))
            line.cells[left : right + 1] = [value] * (right + 1 - left)
        return line


def _columns(left: int, right: int) -> int:
    """Columns as the bits of a number."""
    return (1 << right + 1) - (1 << left)


def _line(number: int, row: tuple[Any, ...], formulas: tuple[Any, ...]) -> Line:
    cells = [_value(cell) for cell in row]
    flaws = []
    for at, cell in enumerate(row):
        if cell.data_type == "e":
            cells[at] = ""
            flaws.append((at, "formula", f"holds the error {str(cell.value)[:20]}; correct it and save anew"))
    for at, cell in enumerate(formulas[: len(row)]):
        if cell.data_type == "f" and row[at].value is None:
            flaws.append(
                (at, "formula", "is a formula without a stored value; open the file, and save it anew")
            )
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        return Line(
            number, [], ("columns", f"has {len(cells):,} cells; at most {MAX_COLUMNS:,} are accepted")
        )
    return Line(number, cells, None, tuple(flaws))


def _value(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:MAX_CELL].replace("\0", "").strip()
    if isinstance(value, datetime | date):
        return as_text(value)
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, int | float) and "%" in (cell.number_format or ""):
        return f"{round(value * 100, 9)} %" if abs(value) < 1e6 else as_text(value)
    return as_text(value)
