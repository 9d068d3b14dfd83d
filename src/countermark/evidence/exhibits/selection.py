"""What of a run is shown: a bounded choice, whatever the size of the run."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from countermark.errors import RunError
from countermark.evidence.exhibits.exhibit import NOT_FOUND
from countermark.evidence.exhibits.tables import ranked_works
from countermark.findings.table import read_findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.evidence.exhibits.exhibit import Exhibit

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

_CONSIDERED = 64
"""Findings of a work among which different files are looked for."""
_NAME: Final = re.compile(r"[0-9A-Za-z]{1,64}")
"""Names of findings and of their files: they stand in paths, and in commands that a reader may copy."""


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
        table = _rows_of(run, name, rows.combine_chunks())
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
    findings: dict[int, dict[str, Any]] = {}
    for name in sorted({row["findings_file"] for row in judged}):
        places = [place for place, row in enumerate(judged) if row["findings_file"] == name]
        taken = _rows_of(run, name, pa.array([judged[place]["findings_row"] for place in places])).to_pylist()
        findings |= zip(places, taken, strict=True)
    for finding in findings.values():
        _require_sound(run, finding)
    return [Found(place + 1, findings[place], row) for place, row in enumerate(judged)]


def _rows_of(run: Path, name: Any, rows: pa.Array[Any]) -> pa.Table:
    """Rows of one file of findings. Raises RunError: name and rows stand in a table that anybody may have written."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RunError(f"{run}: a table names the findings file {name!r:.80}, which no search writes")
    path = run / "findings" / f"{name}.parquet"
    table = read_findings(path)
    lowest, highest = (pc.min_max(rows)[end].as_py() for end in ("min", "max"))
    if rows.null_count or (len(rows) and not 0 <= lowest <= highest < len(table)):
        raise RunError(
            f"{path}: a table names a row that it does not have; delete the table, and it is made anew"
        )
    return table.take(rows)


def _require_sound(run: Path, finding: dict[str, Any]) -> None:
    """Raise RunError where a finding that is to be shown has a name or a number that no search writes."""
    wrong = [] if _NAME.fullmatch(finding["finding_id"] or "") else ["finding_id"]
    wrong += [
        name for name, value in finding.items() if isinstance(value, float) and not math.isfinite(value)
    ]
    if wrong:
        raise RunError(
            f"{run}: a finding has the {wrong[0]} {finding[wrong[0]]!r:.80}, which no search writes"
        )


def _parted(mine: pa.Table, apart: str) -> tuple[pa.Table, pa.Table]:
    """The finds without those of the grade `apart`, and these, the least likely by chance first."""
    theirs = pc.equal(mine["grade"], apart)
    hints = mine.filter(theirs)
    if len(hints):
        hints = hints.sort_by([("chance", "ascending"), ("finding_id", "ascending")])
    return mine.filter(pc.invert(theirs)), hints


def _chosen(mine: pa.Table, works: list[str], most: Bounds) -> list[list[int]]:
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
        distinct.append(list(once.values())[: most.of_work])
    chosen: list[list[int]] = [[] for _ in works]
    left = most.shown
    for turn in range(most.of_work):
        for number, rows in enumerate(distinct):
            if turn < len(rows) and left:
                chosen[number].append(rows[turn])
                left -= 1
    return chosen


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
