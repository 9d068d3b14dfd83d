"""Two runs compared: `watch/changes.parquet` with every finding that is not as it was, `watch/changes.json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.atomic import make_folder, write_bytes
from countermark.errors import InputError
from countermark.evidence.run_folder import open_run
from countermark.evidence.summary import FILES, read_summary
from countermark.evidence.watch.pairing import pair
from countermark.evidence.watch.rows import KEPT, listed, rows_by_work
from countermark.evidence.watch.token_ids import read_otherwise, tokenizers_of
from countermark.evidence.watch.unread import Why, looked_at, not_read, shards_compared
from countermark.evidence.works_table import IN_DATA_SET
from countermark.findings.finding import SCHEMA
from countermark.findings.table import write_table
from countermark.scan.receipt import json_bytes
from countermark.scan.tokenizers import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.evidence.run_folder import RunFolder
    from countermark.evidence.watch.pairing import Paired
    from countermark.evidence.watch.rows import Row
    from countermark.evidence.watch.unread import LookedAt

FORMAT: Final = "countermark.watch/1"
FOLDER: Final = "watch"
STATUSES: Final = ("new", "gone", "not-looked-at", "changed", "moved")
"""What can be said of a finding that is not the same; what is the same is only counted."""

CHANGES: Final = (
    "newly-found",
    "first-looked-for",
    "no-longer-found",
    "not-looked-at",
    "changed",
    "moved",
    "same",
)
"""What can be said of a work, in the order in which it is told; the first that fits counts."""

HELD: Final = 4096
"""Rows of changes that are held as rows; those of one work at the least."""

_UNKNOWN: Final = frozenset({Why.UNREAD, Why.NOT_SOUGHT, Why.CONTROL})
_TEXTS: Final = ("work_id", "work_title", "work_author", "asset_path", "unit")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs say of one data set: the facts of changes.json, and the rows of changes.parquet."""

    last: RunFolder
    now: RunFolder
    facts: dict[str, Any]
    rows: pa.Table


def compare(last: Path, now: Path) -> Comparison:
    """Compare two finished runs. Raises RunError where one is damaged, InputError where they have two media."""
    runs = open_run(last), open_run(now)
    if runs[0].settings.get("medium") != runs[1].settings.get("medium"):
        raise InputError(f"{last} and {now}: one of texts, one of another medium: nothing can be compared")
    statuses = _statuses(last), _statuses(now)
    seen = looked_at(runs[0]), looked_at(runs[1])
    found = rows_by_work(runs[0]), rows_by_work(runs[1])
    held: list[dict[str, Any]] = []
    rows = [CHANGES_SCHEMA.empty_table()]
    works: list[dict[str, Any]] = []
    for work in sorted({*found[0], *found[1]}):
        paired = pair(listed(found[0].get(work)), listed(found[1].get(work)))
        changes = _changes(paired, *seen)
        held += changes
        if len(held) >= HELD:  # as columns they take a tenth of the room
            rows.append(pa.Table.from_pylist(held, schema=CHANGES_SCHEMA))
            held = []
        sought = work in seen[0].sought
        works.append(_work(work, paired, changes, (statuses[0].get(work), statuses[1].get(work)), sought))
    works.sort(key=lambda said: (CHANGES.index(said["change"]), -said["new"] - said["gone"], said["work_id"]))
    rows.append(pa.Table.from_pylist(held, schema=CHANGES_SCHEMA))
    return Comparison(*runs, _facts(runs, seen, works), pa.concat_tables(rows))


def write_changes(comparison: Comparison) -> Path:
    """Write both files into the folder `watch` of the new run; return the folder. Raises OutputError."""
    folder = comparison.now.path / FOLDER
    make_folder(folder)
    write_table(comparison.rows, folder / "changes.parquet")
    write_bytes(folder / "changes.json", json_bytes(comparison.facts))
    return folder


def _statuses(run: Path) -> dict[str, dict[str, Any]]:
    """What each work came out as, with its names."""
    read_summary(run)  # concludes the run where it was not
    columns = ["work_id", "work_title", "work_author", "status"]
    table = pq.read_table(run / FILES["works"], columns=columns)
    return {row["work_id"]: row for row in table.to_pylist()}


def _changes(paired: Paired, last: LookedAt, now: LookedAt) -> list[dict[str, Any]]:
    told = [_change("new", None, row, last.why(row, gone=False, other=now), []) for row in paired.new]
    for row in paired.gone:
        why = now.why(row, gone=True, other=last)
        told.append(_change("not-looked-at" if why in _UNKNOWN else "gone", row, None, why, []))
    told += [_change("changed", was, row, None, fields) for was, row, fields in paired.changed]
    told += [_change("moved", was, row, None, fields) for was, row, fields in paired.moved]
    return sorted(told, key=lambda change: STATUSES.index(change["status"]))


def _change(
    status: str, was: Row | None, row: Row | None, why: Why | None, fields: list[str]
) -> dict[str, Any]:
    of = row or was or {}
    return {
        "status": status,
        "why": why.value if why else None,
        "fields": fields,
        **{name: of[name] for name in _TEXTS},
        **{f"last_{name}": was[name] if was else None for name in KEPT},
        **{f"now_{name}": row[name] if row else None for name in KEPT},
    }


def _work(
    work: str,
    paired: Paired,
    changes: list[dict[str, Any]],
    sides: tuple[dict[str, Any] | None, dict[str, Any] | None],
    sought: bool,
) -> dict[str, Any]:
    was, now = sides
    counts = {name: sum(change["status"] == name for change in changes) for name in STATUSES}
    before, after = (bool(side and side["status"] in IN_DATA_SET) for side in sides)
    named = now or was or {}
    return {
        "work_id": work,
        "work_title": named.get("work_title", work),
        "work_author": named.get("work_author", ""),
        "last_status": was["status"] if was else None,
        "now_status": now["status"] if now else None,
        "change": _said(counts, sought, before=before, after=after),
        "same": len(paired.same),
        **counts,
        "reservations_changed": sum(
            any(name.startswith("reservation_") for name in change["fields"]) for change in changes
        ),
    }


def _said(counts: dict[str, int], sought: bool, *, before: bool, after: bool) -> str:
    if counts["new"] and not sought:  # what nobody looked for before is no news of the data set
        return "first-looked-for"
    if after and not before:
        return "newly-found"
    if before and not after:
        return "not-looked-at" if counts["not-looked-at"] else "no-longer-found"
    if counts["new"] or counts["gone"] or counts["changed"] or counts["not-looked-at"]:
        return "changed"
    return "moved" if counts["moved"] else "same"


def _facts(
    runs: tuple[RunFolder, RunFolder], seen: tuple[LookedAt, LookedAt], works: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "last": _run_facts(runs[0], *seen),
        "now": _run_facts(runs[1], *reversed(seen)),
        "medium": runs[1].settings.get("medium", "text"),
        "differing": _differing(*runs),
        "shards": shards_compared(*seen),
        "findings": {name: sum(work[name] for work in works) for name in (*STATUSES, "same")},
        "works": {name: sum(work["change"] == name for work in works) for name in CHANGES},
        "of_works": [work for work in works if work["change"] != "same"],
    }


def _run_facts(run: RunFolder, seen: LookedAt, other: LookedAt) -> dict[str, Any]:
    settings = run.settings
    return {
        "run_digest": run.digest,
        "complete": run.complete,
        "corpus": settings.get("corpus"),
        "snapshot_date": settings.get("snapshot_date"),
        "engine": settings.get("engine"),
        "index": settings.get("index", {}).get("identity"),
        "works": len(seen.sought),
        "shards": run.shards_planned,
        "tokenizers": tokenizers_of(run),
        "unread": dict(sorted(not_read(seen, other).items())),
        "rows_unread": sum(receipt.refused_rows for receipt in run.receipts),
    }


def _differing(last: RunFolder, now: RunFolder) -> list[str]:
    """Settings that differ beside the data set itself: what is new may then be new because of them."""
    names = ("index", "controls", "engine", "reader", "reservations", "listening", "embedding", "excerpts")
    told = [name for name in names if last.settings.get(name) != now.settings.get(name)]
    return [*told, *([TABLES] if read_otherwise(last, now) else [])]


def _sides() -> list[pa.Field[Any]]:
    return [pa.field(f"{side}_{name}", SCHEMA.field(name).type) for side in ("last", "now") for name in KEPT]


CHANGES_SCHEMA: Final = pa.schema(
    [
        pa.field("status", pa.string(), nullable=False),
        pa.field("why", pa.string()),
        pa.field("fields", pa.list_(pa.string()), nullable=False),
        *(pa.field(name, pa.string(), nullable=False) for name in _TEXTS),
        *_sides(),
    ],
    metadata={"countermark.watch": "1"},
)
"""The columns of changes.parquet: what stands under `last_` is of the last run, under `now_` of this one."""
