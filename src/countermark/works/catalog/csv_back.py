"""The CSV files of `export_csv` as an input: each work with its editions, each rights fact with its work.

Told by their headers, whatever the order of columns and the separator. Rows of one work stand together, as exported;
where they do not, they are joined by their work_id all the same.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import CatalogError
from countermark.works.catalog.cells import read_identifier_text, unguarded, unpack
from countermark.works.catalog.export_csv import EDITION_COLUMNS, RIGHTS_COLUMNS, WORK_COLUMNS
from countermark.works.entry import (
    AssetFile,
    Contributor,
    Edition,
    Entry,
    Relation,
    RightsFact,
    RightsKind,
    Source,
    WorkMedium,
)
from countermark.works.importers.base import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.identifiers import Identifier
    from countermark.works.importers.base import CatalogFile, Importer

Row = tuple[int, dict[str, str]]
_FLAGS: Final = {"yes": True, "no": False, "": None}
_WORKS: Final = frozenset({*WORK_COLUMNS, *EDITION_COLUMNS})
_RIGHTS: Final = frozenset(RIGHTS_COLUMNS)
_DATES: Final = ("published", "country", "licence", "part_of")


class ExportedTables:
    """Reads what `countermark catalog export --format csv` wrote."""

    format = "catalog-csv"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether all our columns are there."""
        head = file.head[:8192]
        if b"work_id" not in head:
            return False
        names = {
            name.strip().strip('"') for name in _split(head.decode("utf-8-sig", "replace").partition("\n")[0])
        }
        return names >= _WORKS or names >= _RIGHTS

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """A work with the editions of its rows, or a rights fact with its work_id."""
        csv.field_size_limit(16 << 20)
        with io.TextIOWrapper(file.open(), encoding="utf-8-sig", newline="") as text:
            try:
                yield from self._read(file.name, text)
            except (UnicodeDecodeError, csv.Error) as error:
                raise CatalogError(
                    f"{file.name}: cannot be read on ({error}); CSV in UTF-8 is accepted"
                ) from None

    def _read(self, name: str, text: io.TextIOWrapper) -> Iterator[Entry | Refusal]:
        first = text.readline(1 << 16)
        header = [cell.strip() for cell in _split(first.strip("\r\n"))]
        reader = csv.reader(text, delimiter=_delimiter(first))
        rows = _rows(reader, header)
        if set(header) >= _WORKS:
            for _, group in groupby(rows, key=lambda row: row[1].get("work_id", "")):
                yield from _tried(name, list(group), _entry)
        else:
            for row in rows:
                yield from _tried(name, [row], _rights_entry)


def _split(line: str) -> list[str]:
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _rows(reader: Any, header: list[str]) -> Iterator[Row]:
    while True:
        line = reader.line_num + 2
        cells = next(reader, None)
        if cells is None:
            return
        if any(cells):
            yield line, {name: unguarded(cell) for name, cell in zip(header, cells, strict=False)}


def _tried(name: str, rows: list[Row], make: Any) -> Iterator[Entry | Refusal]:
    line, row = rows[0]
    source = Source(name, line, row.get("work_id", ""))
    if not source.record:
        yield refused(source, "work_id", "row", "is empty; the one that was exported is accepted")
        return
    try:
        yield make(source, rows)
    except (ValueError, InvalidOperation, KeyError) as error:
        yield refused(source, "", "row", f"{error}")


def _entry(source: Source, rows: list[Row]) -> Entry:
    row = rows[0][1]
    told: dict[str, Any] = {name: row[name] for name in _DATES}
    return Entry(
        source=source,
        title=row["title"],
        subtitle=row["subtitle"],
        other_titles=tuple(parts[0] for parts in unpack(row["other_titles"])),
        medium=WorkMedium(row["medium"] or "text"),
        contributors=tuple(map(_contributor, unpack(row["contributors"]))),
        identifiers=_identifiers(row["identifiers"]),
        **told,
        editions=tuple(
            _edition(Source(source.file, line, source.record), row) for line, row in rows if row["edition"]
        ),
        work_id=source.record,
    )


def _edition(source: Source, row: dict[str, str]) -> Edition:
    return Edition(
        identifiers=_identifiers(row["edition_identifiers"]),
        title=row["edition_title"],
        subtitle=row["edition_subtitle"],
        form=row["form"],
        publisher=row["publisher"],
        published=row["edition_published"],
        country=row["edition_country"],
        language=row["language"],
        relations=tuple(
            Relation(kind, read_identifier_text(other)) for kind, other in unpack(row["edition_relations"])
        ),
        assets=tuple(AssetFile(p, d, m, int(s or 0), i) for p, d, m, s, i in unpack(row["assets"])),
        source=source,
    )


def _contributor(parts: list[str]) -> Contributor:
    if len(parts) < 2:
        raise ValueError(f"contributors: {parts[0][:60]!r} has no role; ROLE | NAME is accepted")
    told: dict[str, list[str]] = {"id": [], "aka": [], "nationality": [], "died": []}
    for part in parts[2:]:
        key, _, value = part.partition("=")
        if key not in told:
            raise ValueError(f"contributors: {part[:60]!r} begins with none of {', '.join(told)} and =")
        told[key].append(value)
    return Contributor(
        name=parts[1],
        role=parts[0],
        identifiers=tuple(map(read_identifier_text, told["id"])),
        known_as=tuple(told["aka"]),
        nationality="".join(told["nationality"][:1]),
        died=int(told["died"][0]) if told["died"] else None,
    )


def _identifiers(cell: str) -> tuple[Identifier, ...]:
    return tuple(read_identifier_text(parts[0]) for parts in unpack(cell))


def _rights_entry(source: Source, rows: list[Row]) -> Entry:
    row = rows[0][1]
    share = Decimal(row["share"]) if row["share"] else None
    if share is not None and not share.is_finite():
        raise ValueError(f"share: {row['share'][:40]!r} is no number of per cent")
    right = RightsFact(
        kind=RightsKind(row["kind"]),
        party_identifiers=_identifiers(row["party_identifiers"]),
        exclusive=_FLAGS[row["exclusive"]],
        share=share,
        signed=_FLAGS[row["signed"]],
        source=source,
        **{
            n: row[n]
            for n in ("party", "grantor", "basis", "territory", "begins", "ends", "number", "registered_as")
        },
        **{n: row[n] for n in ("uses", "note")},
    )
    return Entry(source=source, title="", medium=WorkMedium.OTHER, rights=(right,), work_id=source.record)


IMPORTER: Final[Importer] = ExportedTables()
