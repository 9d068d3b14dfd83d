"""Small catalogs and listings for the tests of linkage; all of it invented."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.linkage import LinkOutcome, LinkSettings, conclude, run_link
from countermark.linkage.catalog import sought
from countermark.linkage.linker import Linker
from countermark.linkage.rows import ListingBatch
from countermark.probability.binomial import clopper_pearson
from countermark.works.entry import CatalogWork, Contributor, WorkMedium
from countermark.works.identifiers import Identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def recording(work_id: str, title: str, *performers: str, known_as: str = "", **more: Any) -> CatalogWork:
    """A recording; `known_as` is another name of the first performer."""
    people = [
        Contributor(name, "performer", known_as=(known_as,) if known_as and at == 0 else ())
        for at, name in enumerate(performers)
    ]
    return CatalogWork(work_id, title, medium=WorkMedium.RECORDING, contributors=tuple(people), **more)


def book(work_id: str, title: str, *authors: str, **more: Any) -> CatalogWork:
    """A book."""
    return CatalogWork(work_id, title, contributors=tuple(Contributor(name) for name in authors), **more)


def identified(work_id: str, *identifiers: tuple[str, str]) -> CatalogWork:
    """A work that only has identifiers."""
    return CatalogWork(work_id, f"Work {work_id}", identifiers=tuple(Identifier(*one) for one in identifiers))


def links(
    works: Iterable[CatalogWork], *rows: Sequence[str], roles: Sequence[str] = ("title", "name")
) -> list[Any]:
    """The links of some rows with a catalog, as (row, work id, evidence)."""
    held = [sought(work) for work in works]
    linker = Linker(held, tuple((role, role) for role in roles))
    columns = tuple(pa.array(column, pa.large_string()) for column in zip(*rows, strict=True))
    batch = ListingBatch(np.arange(len(rows), dtype=np.int64), columns)
    return [(link.row, held[link.work].work_id, link.evidence) for link in linker.links(batch)]


def write_listing(path: Path, rows: Sequence[tuple[str, str, list[str]]], group: int = 2) -> Path:
    """A Parquet file in the shape of LAION-DISCO-12M: (song id, title, artists)."""
    ids, titles, names = zip(*rows, strict=True)
    table = pa.table(
        {
            "song_id": ids,
            "title": titles,
            "artist_names": pa.array(names, pa.list_(pa.string())),
            "views": ids,
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=group)
    return path


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A CSV file; the first row is the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def link(
    out: Path, works: Iterable[CatalogWork], *listings: Path, **more: Any
) -> tuple[LinkOutcome, dict[str, Any]]:
    """Run a link and conclude it."""
    controls = more.pop("controls", ())
    outcome = run_link(LinkSettings(listings, out, **{"workers": 1, **more}), works, controls)
    return outcome, conclude(outcome.run, clopper_pearson)


def contents(run: Path) -> dict[str, bytes]:
    """All files of a run but logs and locks, by name."""
    return {
        path.relative_to(run).as_posix(): path.read_bytes()
        for path in sorted(run.rglob("*"))
        if path.is_file() and path.name != "runlog.jsonl" and not path.name.startswith(".")
    }
