"""What a link looks for, as the run folder keeps it: one row a work, with all its titles, names and identifiers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.errors import RunError
from countermark.findings.table import write_table
from countermark.works.entry import WorkMedium

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from countermark.works.entry import CatalogWork, Contributor

_TEXTS = pa.list_(pa.string())
_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("work_id", pa.string()),
    ("work_title", pa.string()),
    ("work_author", pa.string()),
    ("work_published", pa.string()),
    ("work_licence", pa.string()),
    ("is_control", pa.bool_()),
    ("medium", pa.string()),
    ("titles", _TEXTS),
    ("names", _TEXTS),
    ("identifiers", _TEXTS),
]
SCHEMA = pa.schema(_COLUMNS)
"""The columns of `run/catalog.parquet` of a link."""
_MAKERS = {
    WorkMedium.TEXT: ("author", "editor"),
    WorkMedium.ARTICLE: ("author", "editor"),
    WorkMedium.RECORDING: ("performer",),
    WorkMedium.IMAGE: ("photographer", "illustrator", "author"),
    WorkMedium.AUDIOVISUAL: ("director", "author"),
}
"""Whose name a listing gives beside the title. A composition goes by all its people: its writers and its performers."""


class Sought(NamedTuple):
    """One work that is looked for. `names` read `Given Family`; `identifiers` read `scheme:value`."""

    work_id: str
    title: str
    author: str
    published: str
    licence: str
    is_control: bool
    medium: str
    titles: tuple[str, ...]
    names: tuple[str, ...]
    identifiers: tuple[str, ...]


def sought(work: CatalogWork, *, is_control: bool = False) -> Sought:
    """What a link needs to know of a work."""
    people = makers(work)
    identifiers = [*work.identifiers, *(one for edition in work.editions for one in edition.identifiers)]
    return Sought(
        work.work_id,
        work.title,
        ", ".join(dict.fromkeys(person.name for person in people)),
        work.published,
        work.licence,
        is_control,
        work.medium.value,
        tuple(_titles(work)),
        tuple(dict.fromkeys(name for person in people for name in (person.name, *person.known_as) if name)),
        tuple(sorted({str(one) for one in identifiers})),
    )


def makers(work: CatalogWork) -> list[Contributor]:
    """The contributors whose names a listing would give: of a recording its performers, of a book its authors."""
    people = [person for person in work.contributors if person.role != "publisher"]
    wanted = _MAKERS.get(work.medium, ())
    return [person for person in people if person.role in wanted] or people


def _titles(work: CatalogWork) -> Iterator[str]:
    """Every title of the work once, each also with its subtitle."""
    known: set[str] = set()
    pairs = [(work.title, work.subtitle), *((title, "") for title in work.other_titles)]
    pairs += [(edition.title, edition.subtitle) for edition in work.editions]
    for title, subtitle in pairs:
        for text in (title, f"{title}: {subtitle}" if title and subtitle else ""):
            if text and text not in known:
                known.add(text)
                yield text


def write_sought(
    path: Path,
    works: Iterable[CatalogWork],
    controls: Iterable[CatalogWork],
    snapshot: str | None,
    others: Iterable[Sought] = (),
) -> None:
    """Write works and controls, sorted; a work published after the snapshot date is a control. Raises OutputError.

    `others` are works that stand in no catalog: pictures of a folder, and sites.
    """
    rows = [
        work._replace(is_control=snapshot is not None and bool(work.published) and work.published > snapshot)
        for work in (*map(sought, works), *others)
    ]
    rows += [sought(work, is_control=True) for work in controls]
    rows.sort(key=lambda row: (row.is_control, row.work_id))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(SCHEMA)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)]
    write_table(pa.Table.from_arrays(arrays, schema=SCHEMA), path)


def read_sought(path: Path) -> list[Sought]:
    """Read what `write_sought` wrote. Raises RunError."""
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: cannot be read: {error}") from error
    if table.schema.names != SCHEMA.names:
        raise RunError(f"{path}: not the catalog of a link")
    columns: list[list[Any]] = [table.column(name).to_pylist() for name in SCHEMA.names]
    lists = {SCHEMA.get_field_index(name) for name in ("titles", "names", "identifiers")}
    columns = [
        [tuple(value) for value in column] if at in lists else column for at, column in enumerate(columns)
    ]
    return [Sought(*row) for row in zip(*columns, strict=True)]


def digest_sought(path: Path) -> str:
    """The SHA-256 of the file: what decides the result of a link, beside the listing."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
