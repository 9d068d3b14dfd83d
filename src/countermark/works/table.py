"""Catalogue files: CSV in any common dialect and encoding, TSV, and Parquet.

Columns are found by name, in English or French, whatever their case, accents and order; others are ignored.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Protocol

from countermark.documents import decode, read_bytes
from countermark.errors import CatalogError, DocumentError
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SUFFIXES: Final = frozenset({".csv", ".tsv", ".tab", ".parquet"})
MAX_ROWS: Final = 10_000_000
_MAX_FIELD: Final = 1 << 20  # characters

_NAMES: Final = {
    "path": ("path", "chemin", "file", "filename", "fichier"),
    "title": ("title", "titre"),
    "author": (
        *("author", "auteur", "authors", "auteurs", "autrice", "creator"),
        *("artist", "artiste", "photographer", "photographe"),
    ),
    "published": (
        "published",
        "date",
        "date_published",
        "date_de_publication",
        "publication_date",
        "year",
        "annee",
    ),
    "licence": ("licence", "license"),
    "work_id": ("work_id",),
}
_NUMBERS: Final = {
    **dict.fromkeys(("isbn", "isbn13", "isbn_13", "isbn10", "isbn_10"), "isbn"),
    **{scheme: scheme for scheme in ("ean", "isrc", "iswc", "doi", "url")},
}
"""Columns of identifiers → their scheme. Only importers of catalogues ask for them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its values without white space around them; what is not said is empty.

    `number` is the row as the user sees it: the line of a text file (the header is line 1), the row of a
    Parquet file counted from 1. `index` is the row counted from 0, without the header. `numbers` are pairs of scheme
    and text, where they were asked for.
    """

    table: str
    number: int
    index: int
    path: str
    title: str = ""
    author: str = ""
    published: str = ""
    licence: str = ""
    work_id: str = ""
    numbers: tuple[tuple[str, str], ...] = ()

    def refusal(self, column: str, reason: str, detail: str) -> Refusal:
        """A refusal that names file, row and column."""
        where = f"{self.table}, row {self.number}" + (f", column {column}" if column else "")
        return Refusal(self.table, self.index, reason, f"{where}: {detail}")


@dataclass(slots=True)
class Table:
    """The rows of one catalogue file in order, and what was refused of it."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def read_table(path: Path, name: str, *, numbers: bool = False) -> Table:
    """The catalogue in `path`; `name` is what messages call it. Raises CatalogError where nothing of it can be used.

    `numbers` asks for the columns isbn, ean, isrc, iswc, doi and url too.

    Refused, each with its row: `ragged-row` and `no-path` (not used), `encoding` (used, with U+FFFD in it); and
    `missing-column` for the whole file, where there is no title.
    """
    try:
        data = read_bytes(path)
        if data.startswith(b"PAR1"):
            return _collect(name, *_parquet(data, name, numbers=numbers), numbers=numbers)
        text, _ = decode(data)
    except DocumentError as error:
        raise CatalogError(f"{name}: {error}") from None
    if path.suffix.lower() == ".parquet":
        raise CatalogError(
            f"{name}: is named as Parquet and is not; a Parquet file begins with the letters PAR1"
        )
    return _collect(name, *_delimited(text, name), numbers=numbers)


class _Reader(Protocol):
    """What csv.reader gives."""

    line_num: int

    def __next__(self) -> list[str]: ...


Cells = tuple[int, list[str] | str]
"""A row's number, and its cells or what is wrong with it."""


def _collect(name: str, header: list[str], rows: Iterable[Cells], *, numbers: bool) -> Table:
    columns = _columns(header, name)
    numbered = _numbered(header) if numbers else []
    table = Table()
    if "title" not in columns:
        told = f"{name}: no column title; titles are taken from the files themselves"
        table.refused.append(Refusal(name, -1, "missing-column", told))
    for index, (number, cells) in enumerate(rows):
        if index >= MAX_ROWS:
            raise CatalogError(f"{name}: more than {MAX_ROWS:,} rows; divide it")
        if isinstance(cells, str):
            table.refused.append(Row(name, number, index, "").refusal("", "ragged-row", cells))
            continue
        said = {key: " ".join(cells[at].split()) for key, at in columns.items()}
        row = Row(name, number, index, **said)  # type: ignore[arg-type]
        row = replace(row, path=cells[columns["path"]].strip(), numbers=_numbers(cells, numbered))
        if not row.path:
            table.refused.append(
                row.refusal("path", "no-path", "is empty; the path of a file or folder is accepted")
            )
            continue
        if any("\ufffd" in cells[at] for at in columns.values()):
            table.refused.append(
                row.refusal("", "encoding", "some characters cannot be read; save the file as UTF-8")
            )
        table.rows.append(row)
    return table


def _columns(header: list[str], name: str) -> dict[str, int]:
    """Where each known column stands; raises CatalogError where path is not among them."""
    folded = [_fold(cell) for cell in header]
    found = {
        key: folded.index(next(n for n in names if n in folded))
        for key, names in _NAMES.items()
        if any(n in folded for n in names)
    }
    if "path" not in found:
        there = ", ".join(cell.strip()[:40] or "(empty)" for cell in header[:20]) or "none"
        raise CatalogError(
            f"{name}, row 1: no column path; found: {there}; accepted: path, title, author, published, licence, work_id"
            " (chemin, titre, auteur, date, licence), separated by comma, semicolon, tab or |"
        )
    return found


def _numbered(header: list[str]) -> list[tuple[str, int]]:
    """The columns of identifiers: the scheme, and where the column stands."""
    folded = [_fold(cell) for cell in header]
    return [(_NUMBERS[name], at) for at, name in enumerate(folded) if name in _NUMBERS]


def _numbers(cells: list[str], columns: list[tuple[str, int]]) -> tuple[tuple[str, str], ...]:
    return tuple((scheme, text) for scheme, at in columns if (text := " ".join(cells[at].split())))


def _fold(cell: str) -> str:
    plain = (c for c in unicodedata.normalize("NFKD", cell.casefold()) if not unicodedata.combining(c))
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())


def _delimited(text: str, name: str) -> tuple[list[str], Iterator[Cells]]:
    """Header and rows of a CSV or TSV; the delimiter is the one that separates the most known columns of the header."""
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower() in {
        "sep=,",
        "sep=;",
        "sep=|",
        "sep=",
        "sep=\t",
    }:  # a line that spreadsheets write
        text, skipped = rest, 1
        first = rest.partition("\n")[0]
    known = {n for names in _NAMES.values() for n in names}

    def fitness(delimiter: str) -> int:
        return sum(_fold(cell) in known for cell in first.replace('"', "").split(delimiter))

    delimiter = max(",;\t|", key=fitness)
    csv.field_size_limit(_MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise CatalogError(f"{name}, row {1 + skipped}: {error}") from None
    while header and not header[-1].strip():
        header.pop()
    return header, _csv_rows(reader, header, name, skipped)


def _csv_rows(reader: _Reader, header: list[str], name: str, skipped: int) -> Iterator[Cells]:
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # What follows a quote that never closes cannot be told apart into rows.
            raise CatalogError(f"{name}, row {number}: {error}; check that each quote is closed") from None
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            told = (
                f"has {len(cells)} cells, the header has {len(header)}; quote cells that hold the separator"
            )
            yield number, told
        else:
            yield number, cells


def _parquet(data: bytes, name: str, *, numbers: bool) -> tuple[list[str], Iterator[Cells]]:
    import pyarrow as pa  # noqa: PLC0415 - slow to load
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        header = [str(column) for column in file.schema_arrow.names]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise CatalogError(f"{name}: the Parquet file is damaged ({str(error).splitlines()[0]})") from None
    known = {n for names in _NAMES.values() for n in names} | (set(_NUMBERS) if numbers else set())
    wanted = [column for column in header if _fold(column) in known]

    def rows() -> Iterator[Cells]:
        number = 0
        try:
            for batch in file.iter_batches(batch_size=4096, columns=wanted):
                columns = [batch.column(at).to_pylist() for at in range(len(wanted))]
                for values in zip(*columns, strict=True):
                    number += 1
                    yield number, [_cell(value) for value in values]
        except (pa.ArrowException, OSError, ValueError) as error:
            raise CatalogError(
                f"{name}, row {number + 1}: cannot be read ({str(error).splitlines()[0]})"
            ) from None

    return wanted or header, rows()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(_cell(one) for one in value)
    return str(value)
