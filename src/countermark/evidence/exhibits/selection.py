"""What of a run is shown: a bounded choice, whatever the size of the run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from countermark.errors import RunError
from countermark.evidence.columns import integers
from countermark.evidence.exhibits.exhibit import NOT_FOUND
from countermark.evidence.exhibits.tables import ranked_works
from countermark.evidence.named_findings import findings_named, rows_named
from countermark.findings.finding import Grade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from countermark.evidence.exhibits.exhibit import Exhibit
    from countermark.evidence.intervals import Ints

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

_CONSIDERED = 64
"""Findings of a work among which different files are looked for; and as many altered ones."""


@dataclass(frozen=True, slots=True)
class Found:
    """One finding with what was made out of it: a row of the findings and its row of the table of the finds."""

    number: int
    finding: dict[str, Any]
    judged: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is shown at most: works, finds of each, finds in all, false alarms, lines, works not found.

    `apart` is how many finds are shown at most of the kind that has a section of its own.
    """

    works: int
    of_work: int
    shown: int
    alarms: int
    listed: int
    missing: int
    apart: int = 0


@dataclass(frozen=True, slots=True)
class Selected:
    """What is shown of a run. `works` are rows of works.parquet, each with its finds; `apart` finds shown elsewhere."""

    works: list[tuple[dict[str, Any], list[Found]]]
    listed: list[dict[str, Any]]
    unlisted: int
    missing: list[dict[str, Any]]
    alarms: list[Found]
    titles: dict[str, str]
    apart: list[Found]
    all_apart: int


def select_exhibits(run: Path, what: Exhibit, most: Bounds, apart: str = "") -> Selected:
    """Choose what is shown of a run that is concluded. Raises RunError.

    Finds of the grade `apart` are not shown with their works but by themselves, the least likely by chance first.
    """
    works, finds = read_made(run / what.files["works"]), read_made(run / what.files[what.name])
    shown = ranked_works(works, what).slice(0, most.works).to_pylist()
    mine = finds.filter(pc.invert(finds["is_control"]))
    others, hints = _parted(mine, apart)
    chosen = _chosen(others, [row["work_id"] for row in shown], most)
    rows = pa.array([row for rows in chosen for row in rows], pa.int64())
    groups = _grouped(found_rows(run, others.take(rows)), chosen)
    beside = found_rows(run, hints.slice(0, most.apart))
    taken = {find.finding["finding_id"] for group in [*groups, beside] for find in group}
    rest = mine.filter(pc.invert(pc.is_in(mine["finding_id"], pa.array(sorted(taken), pa.string()))))
    rest = rest.sort_by([("place", "ascending"), ("work_id", "ascending"), ("finding_id", "ascending")])
    listed = rest.slice(0, most.listed).to_pylist()
    missing = works.filter(pc.equal(works["status"], NOT_FOUND))
    return Selected(
        works=list(zip(shown, groups, strict=True)),
        listed=listed,
        unlisted=max(0, len(rest) - len(listed)),
        missing=missing.slice(0, most.missing).to_pylist(),
        alarms=found_rows(run, _alarms(finds, most.alarms)),
        titles=_titles(works, listed),
        apart=beside,
        all_apart=len(hints),
    )


def every_finding(run: Path, what: Exhibit) -> Iterator[dict[str, Any]]:
    """Every finding of a concluded run, by the files that receipts vouch for; each only once, as in the table."""
    finds = read_made(run / what.files[what.name])
    for name in pc.unique(finds["findings_file"]).to_pylist():
        rows = finds.filter(pc.equal(finds["findings_file"], name))["findings_row"]
        table = rows_named(run, name, rows.combine_chunks())
        for batch in table.to_batches(max_chunksize=256):
            yield from batch.to_pylist()


def read_made(path: Path) -> pa.Table:
    """A table that the conclusion made. Raises RunError where it is damaged."""
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: damaged: {error}; delete it, and it is made anew") from error


def found_rows(run: Path, rows: pa.Table) -> list[Found]:
    """The findings of some rows of the table of the finds, in their order, numbered from 1."""
    judged: list[dict[str, Any]] = rows.to_pylist()
    findings = findings_named(run, judged)
    return [Found(place + 1, findings[place], row) for place, row in enumerate(judged)]


def _parted(mine: pa.Table, apart: str) -> tuple[pa.Table, pa.Table]:
    """The finds without those of the grade `apart`, and these, the least likely by chance first."""
    theirs = pc.equal(mine["grade"], apart)
    hints = mine.filter(theirs)
    if len(hints):
        hints = hints.sort_by([("chance", "ascending"), ("finding_id", "ascending")])
    return mine.filter(pc.invert(theirs)), hints


def _chosen(mine: pa.Table, works: list[str], most: Bounds) -> list[list[int]]:
    """Rows of the findings shown of each work, the strongest first.

    Rooms are dealt out in turns, one to each work, until there are enough. The same file, found in many places, is
    shown once.
    """
    preferred = [_preferred(rows, most.of_work) for rows in _candidates(mine, works)]
    chosen: list[list[tuple[int, int]]] = [[] for _ in works]
    left = most.shown
    for turn in range(most.of_work):
        for number, rows in enumerate(preferred):
            if turn < len(rows) and left:
                chosen[number].append(rows[turn])
                left -= 1
    return [[row for _, row in sorted(rows)] for rows in chosen]


def _candidates(mine: pa.Table, works: list[str]) -> list[list[tuple[int, int, str]]]:
    """Of each work the strongest finding of each file, as place, row and grade; of altered ones as many as of all."""
    place = integers(mine["place"])
    work = integers(pc.fill_null(pc.index_in(mine["work_id"], pa.array(works, pa.string())), -1))
    altered = np.asarray(pc.equal(mine["grade"], Grade.COPY))
    near = (work >= 0) & ((place < _CONSIDERED) | _first(work, place, altered))
    at = np.flatnonzero(near)
    digests: list[Any] = mine["record_digest"].take(at).to_pylist()
    grades: list[Any] = mine["grade"].take(at).to_pylist()
    found = zip(work[near].tolist(), place[near].tolist(), at.tolist(), grades, digests, strict=True)
    once: list[dict[str, tuple[int, int, str]]] = [{} for _ in works]
    for number, *rest, digest in sorted(found):
        once[number].setdefault(digest, tuple(rest))
    return [list(each.values()) for each in once]


def _first(work: Ints, place: Ints, which: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Of some findings, the strongest of each work."""
    rows = np.flatnonzero(which)
    rows = rows[np.lexsort((place[rows], work[rows]))]
    ordered = work[rows]
    first = np.zeros(len(work), bool)
    first[rows[np.arange(len(rows)) - np.searchsorted(ordered, ordered) < _CONSIDERED]] = True
    return first


def _preferred(candidates: list[tuple[int, int, str]], most: int) -> list[tuple[int, int]]:
    """Places and rows of one work, by how much they are wanted.

    The strongest comes first, the strongest altered one next: where many files hold a work as it is, that it was also
    found altered would be seen nowhere.
    """
    altered = [one for one in candidates[1:] if one[2] == Grade.COPY][:1]
    wanted = [*candidates[:1], *altered, *(one for one in candidates[1:] if one not in altered)]
    return [(place, row) for place, row, _ in wanted[:most]]


def _grouped(found: list[Found], chosen: list[list[int]]) -> list[list[Found]]:
    """The same, work by work, numbered anew from 1 in each."""
    rest = iter(found)
    return [[replace(next(rest), number=number) for number in range(1, len(rows) + 1)] for rows in chosen]


def _alarms(finds: pa.Table, most: int) -> pa.Table:
    """The strongest false alarms, one of each control."""
    seen = pc.is_in(finds["grade"], pa.array(["identical", "copy"]))
    alarms = finds.filter(pc.and_(pc.and_(finds["is_control"], seen), pc.equal(finds["place"], 0)))
    return alarms.sort_by([("share_of_work", "descending"), ("finding_id", "ascending")]).slice(0, most)


def _titles(works: pa.Table, rows: list[dict[str, Any]]) -> dict[str, str]:
    """The titles of the works that the table of further findings names."""
    wanted = pa.array(sorted({row["work_id"] for row in rows}), pa.string())
    mine = works.filter(pc.and_(pc.is_in(works["work_id"], wanted), pc.invert(works["is_control"])))
    return {row["work_id"]: row["work_title"] for row in mine.select(["work_id", "work_title"]).to_pylist()}
