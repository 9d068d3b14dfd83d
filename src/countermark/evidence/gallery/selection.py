"""What of a run of pictures is shown: a bounded choice, whatever the size of the run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from countermark.errors import RunError
from countermark.evidence.gallery.conclusion import FILES
from countermark.evidence.gallery.picture_tables import ranked_pictures
from countermark.evidence.gallery.stored import work_prints, work_sizes
from countermark.evidence.summary import conclude, read_summary
from countermark.findings.table import read_findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.evidence.gallery.placement import Size
    from countermark.evidence.gallery.stored import Prints

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

WORKS_SHOWN = 50
PICTURES_OF_WORK = 3
PICTURES_SHOWN = 56
ALARMS_SHOWN = 4
PICTURES_LISTED = 500
MISSING_LISTED = 200
_CONSIDERED = 64
"""Findings of a work among which different files are looked for."""


@dataclass(frozen=True, slots=True)
class PictureFound:
    """One finding with what was made out of it: a row of the findings and its row of pictures.parquet."""

    number: int
    finding: dict[str, Any]
    judged: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkFound:
    """One work with the found pictures that are shown; `row` is its row of works.parquet."""

    number: int
    row: dict[str, Any]
    pictures: list[PictureFound]


@dataclass(frozen=True, slots=True)
class Gallery:
    """Everything that a report on pictures shows. `sizes` and `prints` are of the works' files, by digest."""

    run: Path
    summary: dict[str, Any]
    sizes: dict[str, Size]
    prints: Prints = field(default_factory=dict)
    works: list[WorkFound] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)
    unlisted: int = 0
    missing: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[PictureFound] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> PictureFound | None:
        """The first found picture that is shown; None when there is none."""
        return next((picture for work in self.works for picture in work.pictures), None)


def select_pictures(run: Path) -> Gallery:
    """Choose what is shown of a run of pictures, concluding it first if need be. Raises RunError, OutputError."""
    summary = _summary(run)
    works, pictures = _table(run / FILES["works"]), _table(run / FILES["pictures"])
    shown = ranked_pictures(works).slice(0, WORKS_SHOWN).to_pylist()
    mine = pictures.filter(pc.invert(pictures["is_control"]))
    chosen = _chosen(mine, [row["work_id"] for row in shown])
    groups = _grouped(
        _found(run, mine.take(pa.array([row for rows in chosen for row in rows], pa.int64()))), chosen
    )
    taken = {picture.finding["finding_id"] for group in groups for picture in group}
    rest = mine.filter(pc.invert(pc.is_in(mine["finding_id"], pa.array(sorted(taken), pa.string()))))
    rest = rest.sort_by([("place", "ascending"), ("work_id", "ascending"), ("finding_id", "ascending")])
    missing = works.filter(pc.equal(works["status"], "not-found"))
    listed = rest.slice(0, PICTURES_LISTED).to_pylist()
    return Gallery(
        run=run,
        summary=summary,
        sizes=work_sizes(run),
        prints=work_prints(run),
        works=[
            WorkFound(number, row, group)
            for number, (row, group) in enumerate(zip(shown, groups, strict=True), 1)
        ],
        listed=listed,
        unlisted=max(0, len(rest) - len(listed)),
        missing=missing.slice(0, MISSING_LISTED).to_pylist(),
        alarms=_found(run, _alarms(pictures)),
        titles=_titles(works, listed),
    )


def all_found(run: Path) -> Iterator[dict[str, Any]]:
    """Every finding of a run, by the files that receipts vouch for; each only once, as in pictures.parquet."""
    _summary(run)
    pictures = _table(run / FILES["pictures"])
    for name in pc.unique(pictures["findings_file"]).to_pylist():
        rows = pictures.filter(pc.equal(pictures["findings_file"], name))["findings_row"]
        table = read_findings(run / "findings" / f"{name}.parquet")
        for batch in table.take(rows.combine_chunks()).to_batches(max_chunksize=256):
            yield from batch.to_pylist()


def _summary(run: Path) -> dict[str, Any]:
    """The summary; made anew where an earlier version made it, that did not say of what sketches are."""
    summary = read_summary(run)
    return summary if {"sketches", "frames_skipped"} <= summary["searched"].keys() else conclude(run)


def _table(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: damaged: {error}; delete it, and it is made anew") from error


def _chosen(mine: pa.Table, works: list[str]) -> list[list[int]]:
    """Rows of the findings shown of each work: first the best of each, then the second, until there are enough.

    The same file, found in many places, is shown once.
    """
    candidates: dict[str, list[tuple[int, int]]] = {work: [] for work in works}
    near = pc.and_(
        pc.is_in(mine["work_id"], pa.array(works, pa.string())), pc.less(mine["place"], _CONSIDERED)
    )
    at = pc.indices_nonzero(near)
    digests = dict(zip(at.to_pylist(), mine["record_digest"].take(at).to_pylist(), strict=True))
    works_of: list[Any] = mine["work_id"].take(at).to_pylist()
    places: list[Any] = mine["place"].take(at).to_pylist()
    for row, work, place in zip(at.to_pylist(), works_of, places, strict=True):
        candidates[work].append((place, row))
    distinct = []
    for work in works:
        once: dict[str, int] = {}
        for _, row in sorted(candidates[work]):
            once.setdefault(digests[row], row)
        distinct.append(list(once.values())[:PICTURES_OF_WORK])
    chosen: list[list[int]] = [[] for _ in works]
    left = PICTURES_SHOWN
    for turn in range(PICTURES_OF_WORK):
        for number, rows in enumerate(distinct):
            if turn < len(rows) and left:
                chosen[number].append(rows[turn])
                left -= 1
    return chosen


def _found(run: Path, rows: pa.Table) -> list[PictureFound]:
    """The findings of some rows of pictures.parquet, in their order, numbered from 1."""
    judged: list[dict[str, Any]] = rows.to_pylist()
    findings: dict[int, dict[str, Any]] = {}
    for name in sorted({row["findings_file"] for row in judged}):
        places = [place for place, row in enumerate(judged) if row["findings_file"] == name]
        table = read_findings(run / "findings" / f"{name}.parquet")
        taken = table.take([judged[place]["findings_row"] for place in places]).to_pylist()
        findings |= zip(places, taken, strict=True)
    return [PictureFound(place + 1, findings[place], row) for place, row in enumerate(judged)]


def _grouped(found: list[PictureFound], chosen: list[list[int]]) -> list[list[PictureFound]]:
    """The same, work by work, numbered anew from 1 in each."""
    rest = iter(found)
    return [[replace(next(rest), number=number) for number in range(1, len(rows) + 1)] for rows in chosen]


def _alarms(pictures: pa.Table) -> pa.Table:
    """The strongest false alarms, one of each control."""
    seen = pc.is_in(pictures["grade"], pa.array(["identical", "copy"]))
    alarms = pictures.filter(pc.and_(pc.and_(pictures["is_control"], seen), pc.equal(pictures["place"], 0)))
    return alarms.sort_by([("share_of_work", "descending"), ("finding_id", "ascending")]).slice(
        0, ALARMS_SHOWN
    )


def _titles(works: pa.Table, rows: list[dict[str, Any]]) -> dict[str, str]:
    """The titles of the works that the table of further findings names."""
    wanted = pa.array(sorted({row["work_id"] for row in rows}), pa.string())
    mine = works.filter(pc.and_(pc.is_in(works["work_id"], wanted), pc.invert(works["is_control"])))
    return {row["work_id"]: row["work_title"] for row in mine.select(["work_id", "work_title"]).to_pylist()}
