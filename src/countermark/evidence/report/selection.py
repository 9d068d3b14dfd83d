"""What of a run is shown: a bounded choice, whatever the size of the run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from countermark.errors import RunError
from countermark.evidence.columns import integers
from countermark.evidence.named_findings import findings_named
from countermark.evidence.ranking import ranked
from countermark.evidence.report.strip import Stretch, lit
from countermark.evidence.run_folder import open_run
from countermark.evidence.summary import FILES, is_sealed, read_summary

if TYPE_CHECKING:
    from pathlib import Path

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

WORKS_SHOWN = 50
PASSAGES_SHOWN = 3
WORKS_LISTED = 500
MISSING_LISTED = 200
COMMON_SHOWN = 10
ALARMS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Passage:
    """One finding with what was made out of it: a row of the findings and its row of passages.parquet.

    `sealed` says that a sealed index found it; the work's side may stand there all the same, put back in.
    """

    number: int
    finding: dict[str, Any]
    judged: dict[str, Any]
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class WorkShown:
    """One work with its strip and its longest passages; `row` is its row of works.parquet."""

    number: int
    row: dict[str, Any]
    stretches: list[Stretch]
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Selection:
    """Everything that a report shows."""

    summary: dict[str, Any]
    works: list[WorkShown] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)
    unlisted: int = 0
    missing: list[dict[str, Any]] = field(default_factory=list)
    common: list[Passage] = field(default_factory=list)
    alarms: list[Passage] = field(default_factory=list)


def select(run: Path) -> Selection:
    """Choose what is shown of a run, concluding it first if need be. Raises RunError, OutputError."""
    summary = read_summary(run)
    works = _table(run / FILES["works"])
    passages = _table(run / FILES["passages"])
    found = ranked(works)
    with_text = pc.greater(found["matched"], 0)  # works of which only a name stands there have no passage
    shown = found.filter(with_text).slice(0, WORKS_SHOWN)
    missing = works.filter(pc.is_in(works["status"], pa.array(["not-found", "too-short"])))
    rest = pa.concat_tables([found.filter(with_text).slice(WORKS_SHOWN), found.filter(pc.invert(with_text))])
    reader = _Reader(run, sealed=is_sealed(summary))
    return Selection(
        summary=summary,
        works=_shown(run, shown, passages, reader),
        listed=rest.slice(0, WORKS_LISTED).to_pylist(),
        unlisted=max(0, len(rest) - WORKS_LISTED),
        missing=missing.slice(0, MISSING_LISTED).to_pylist(),
        common=reader.passages(_most_common(passages)),
        alarms=reader.passages(_longest_alarms(passages)),
    )


def _table(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: damaged: {error}; delete it, and it is made anew") from error


class _Reader:
    """Fetches whole findings rows by the file and row that passages.parquet names."""

    def __init__(self, run: Path, *, sealed: bool) -> None:
        self._run = run
        self._sealed = sealed

    def passages(self, rows: pa.Table) -> list[Passage]:
        """The findings of some rows of passages.parquet, in their order, numbered from 1."""
        judged = rows.to_pylist()
        findings = findings_named(self._run, judged)
        return [Passage(place + 1, findings[place], row, self._sealed) for place, row in enumerate(judged)]


def _shown(run: Path, shown: pa.Table, passages: pa.Table, reader: _Reader) -> list[WorkShown]:
    if not len(shown):
        return []
    assets = _asset_starts(run, shown)
    mine = passages.filter(
        pc.and_(pc.is_in(passages["work_id"], shown["work_id"]), pc.invert(passages["is_control"]))
    )
    rows: list[dict[str, Any]] = shown.to_pylist()
    chosen, strips = [], []
    for row in rows:
        of_work = mine.filter(pc.equal(mine["work_id"], row["work_id"]))
        base = np.array([assets[row["work_id"], str(path)] for path in of_work["asset_path"].to_pylist()])
        start, end = base + integers(of_work["asset_start"]), base + integers(of_work["asset_end"])
        best = _longest_apart(of_work, start, end)
        text = np.asarray(pc.is_in(of_work["grade"], pa.array(["identical", "copy"])))
        claimed = np.asarray(of_work["claimed"])
        place = np.cumsum(text) - 1
        shown_here = [int(place[at]) for at in best]
        strips.append(lit(start[text], end[text], claimed[text], shown_here, row["code_points"]))
        chosen.append(of_work.take(pa.array(best, pa.int64())))
    together = reader.passages(pa.concat_tables(chosen))
    works, at = [], 0
    for number, (row, stretches, table) in enumerate(zip(rows, strips, chosen, strict=True), 1):
        own = [
            replace(passage, number=place) for place, passage in enumerate(together[at : at + len(table)], 1)
        ]
        works.append(WorkShown(number, row, stretches, own))
        at += len(table)
    return works


def _asset_starts(run: Path, shown: pa.Table) -> dict[tuple[str, str], int]:
    """Where each file of the shown works begins when the files of a work are laid end to end."""
    catalog = open_run(run).catalog
    mine = catalog.filter(
        pc.and_(pc.is_in(catalog["work_id"], shown["work_id"]), pc.invert(catalog["is_control"]))
    )
    starts: dict[tuple[str, str], int] = {}
    reach: dict[str, int] = {}
    for row in mine.select(["work_id", "asset_path", "code_points"]).to_pylist():
        work = row["work_id"]
        starts[work, row["asset_path"]] = reach.get(work, 0)
        reach[work] = reach.get(work, 0) + row["code_points"]
    return starts


def _longest_apart(rows: pa.Table, start: np.ndarray[Any, Any], end: np.ndarray[Any, Any]) -> list[int]:
    """The longest findings of a work, claimed ones first, none lying mostly where a longer one lies."""
    text = np.asarray(pc.is_in(rows["grade"], pa.array(["identical", "copy"])))
    claimed, matched = np.asarray(rows["claimed"]), integers(rows["matched"])
    chosen: list[int] = []
    left = text.copy()
    order = np.lexsort((np.arange(len(rows)), -matched, ~claimed))
    for at in order:
        if not left[at]:
            continue
        chosen.append(int(at))
        if len(chosen) == PASSAGES_SHOWN:
            break
        overlap = np.minimum(end, end[at]) - np.maximum(start, start[at])
        left &= 2 * overlap <= end - start
    return chosen


def _most_common(passages: pa.Table) -> pa.Table:
    """The common passages that stand in most places, each text once."""
    common = passages.filter(pc.is_in(passages["kind"], pa.array(["common-catalog", "common-corpus"])))
    order = np.lexsort(
        (
            np.arange(len(common)),
            -integers(common["matched"]),
            -integers(common["works"]),
            -integers(common["records"]),
        )
    )
    seen: set[tuple[str, str, int]] = set()
    rows: list[int] = []
    # The same passage stands in many records; the first thousand are enough to find ten different ones.
    head = common.take(order[:1000])
    for place, row in enumerate(head.select(["work_id", "asset_path", "asset_start"]).to_pylist()):
        key = (row["work_id"], row["asset_path"], row["asset_start"] // 100)
        if key not in seen and len(rows) < COMMON_SHOWN:
            seen.add(key)
            rows.append(place)
    return head.take(pa.array(rows, pa.int64()))


def _longest_alarms(passages: pa.Table) -> pa.Table:
    alarms = passages.filter(pc.equal(passages["kind"], "control"))
    order = np.lexsort((np.arange(len(alarms)), -integers(alarms["matched"])))
    return alarms.take(order[:ALARMS_SHOWN])
