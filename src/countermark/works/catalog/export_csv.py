"""A catalog as CSV: a row for each edition in NAME.csv, a row for each rights fact in NAME.rights.csv.

A work without editions has one row with an empty `edition`. Both files are read back by `csv_back`. Sources, conflicts
and the evidence of merging are not in them: they are the catalog's own.
"""

from __future__ import annotations

import csv
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from countermark.atomic import temporary_beside
from countermark.errors import OutputError
from countermark.works.catalog.cells import guarded, identifier_text, pack
from countermark.works.catalog.evidence import author_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

    from countermark.works.entry import CatalogWork, Contributor, Edition, Relation, RightsFact
    from countermark.works.identifiers import Identifier

WORK_COLUMNS: Final = (
    *(
        "work_id",
        "title",
        "subtitle",
        "other_titles",
        "medium",
        "contributors",
        "identifiers",
        "published",
        "country",
    ),
    *("licence", "part_of"),
)
EDITION_COLUMNS: Final = (
    *("edition", "edition_identifiers", "edition_title", "edition_subtitle", "form", "publisher"),
    *("edition_published", "edition_country", "language", "edition_relations", "assets"),
)
RIGHTS_COLUMNS: Final = (
    *("work_id", "kind", "party", "party_identifiers", "grantor", "basis", "exclusive", "share", "territory"),
    *("begins", "ends", "number", "registered_as", "uses", "signed", "note"),
)
LIST_COLUMNS: Final = ("path", "title", "author", "published", "licence", "work_id")
_FLAGS: Final = {True: "yes", False: "no", None: ""}


def export_csv(works: Iterable[CatalogWork], path: Path) -> tuple[Path, int, int]:
    """Write `path` and the rights beside it; the rights' path, and the rows of both. Raises OutputError."""
    beside = rights_beside(path)
    editions = rights = 0
    with _table(path) as first, _table(beside) as second:
        one, other = csv.writer(first, quoting=csv.QUOTE_ALL), csv.writer(second, quoting=csv.QUOTE_ALL)
        one.writerow((*WORK_COLUMNS, *EDITION_COLUMNS))
        other.writerow(RIGHTS_COLUMNS)
        for work in works:
            for row in _rows(work):
                one.writerow(map(guarded, row))
                editions += 1
            for right in work.rights:
                other.writerow(map(guarded, _right(work.work_id, right)))
                rights += 1
    return beside, editions, rights


def rights_beside(path: Path) -> Path:
    """Where the rights of an export to `path` are written."""
    return path.with_name(f"{path.stem}.rights.csv")


def export_works_list(works: Iterable[CatalogWork], path: Path) -> tuple[int, int]:
    """Write the works list that `countermark index build` reads, a row for each asset; rows, and works without assets.

    Paths stand as they were imported: the list belongs into the folder that they are relative to. A cell that a
    spreadsheet could take for a formula begins with a space, which the index's reader takes away. Raises OutputError.
    """
    rows = without = 0
    with _table(path) as file:
        table = csv.writer(file, quoting=csv.QUOTE_ALL)
        table.writerow(LIST_COLUMNS)
        for work in works:
            assets = [asset for edition in work.editions for asset in edition.assets]
            without += not assets
            dates = [edition.published for edition in work.editions if edition.published]
            published = work.published or min(dates, default="")
            for asset in assets:
                row = (asset.path, work.title, author_of(work), published, work.licence, work.work_id)
                table.writerow(f" {cell}" if guarded(cell) != cell else cell for cell in row)
                rows += 1
    return rows, without


def _rows(work: CatalogWork) -> Iterator[tuple[str, ...]]:
    told = (
        *(
            work.work_id,
            work.title,
            work.subtitle,
            pack([title] for title in work.other_titles),
            work.medium.value,
        ),
        *(pack(map(_contributor, work.contributors)), _identifiers(work.identifiers)),
        *(work.published, work.country, work.licence, work.part_of),
    )
    for number, edition in enumerate(work.editions, 1):
        yield (*told, str(number), *_edition(edition))
    if not work.editions:
        yield (*told, *[""] * len(EDITION_COLUMNS))


def _edition(edition: Edition) -> tuple[str, ...]:
    assets = ((a.path, a.digest, a.mime, str(a.size), a.iscc) for a in edition.assets)
    return (
        *(
            _identifiers(edition.identifiers),
            edition.title,
            edition.subtitle,
            edition.form,
            edition.publisher,
        ),
        *(edition.published, edition.country, edition.language, _relations(edition.relations), pack(assets)),
    )


def _contributor(one: Contributor) -> list[str]:
    """`author | Ana Writer | isni:… | aka=A. W. | nationality=FR | died=1990`."""
    parts = [one.role, one.name, *(f"id={identifier_text(i)}" for i in one.identifiers)]
    parts += [f"aka={name}" for name in one.known_as]
    parts += [f"nationality={one.nationality}"] if one.nationality else []
    return parts + ([f"died={one.died}"] if one.died is not None else [])


def _identifiers(identifiers: Iterable[Identifier]) -> str:
    return pack([identifier_text(identifier)] for identifier in identifiers)


def _relations(relations: Iterable[Relation]) -> str:
    return pack((relation.kind, identifier_text(relation.other)) for relation in relations)


def _right(work_id: str, right: RightsFact) -> tuple[str, ...]:
    return (
        *(
            work_id,
            right.kind.value,
            right.party,
            _identifiers(right.party_identifiers),
            right.grantor,
            right.basis,
        ),
        *(
            _FLAGS[right.exclusive],
            "" if right.share is None else f"{right.share:f}",
            right.territory,
            right.begins,
        ),
        *(right.ends, right.number, right.registered_as, right.uses, _FLAGS[right.signed], right.note),
    )


@contextmanager
def _table(path: Path) -> Iterator[TextIO]:
    """A text file to write, there whole or not at all."""
    temporary = temporary_beside(path)
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            yield file
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
