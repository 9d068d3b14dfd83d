"""The conclusion of a run: works.parquet, passages.parquet and summary.json, from the findings and receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute

from countermark.atomic import write_bytes
from countermark.evidence.columns import GRADES, axis_of, read_columns
from countermark.evidence.commonness import RULES
from countermark.evidence.passages import COMMON_AS, KINDS, judge, works_of
from countermark.evidence.ranking import ranked
from countermark.evidence.run_folder import open_run, read_json
from countermark.evidence.token_ids import token_facts
from countermark.evidence.works_table import IN_DATA_SET, STATUSES, passages_table, works_table
from countermark.findings.table import write_table
from countermark.probability.binomial import clopper_pearson
from countermark.scan.receipt import EXAMPLES_PER_REASON, WITHHELD, json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pyarrow as pa

    from countermark.evidence.columns import Column
    from countermark.evidence.run_folder import RunFolder

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

FORMAT = "countermark.summary/1"
CONFIDENCE = 0.95
TOP_WORKS = 10
_TABLES = {"image": "pictures.parquet", "audio": "recordings.parquet"}
FILES = {"works": "works.parquet", "passages": "passages.parquet", "findings": "findings/"}


def conclude(run: Path) -> dict[str, Any]:
    """Write works.parquet, passages.parquet and summary.json into the run folder; return the summary.

    A run of pictures has pictures.parquet in the place of passages.parquet (see evidence/gallery/conclusion.py), one of
    recordings recordings.parquet (see evidence/listening/conclusion.py).
    The same run folder gives the same bytes. An incomplete run is concluded from what there is, with `complete`
    false. Raises RunError when the folder is damaged, OutputError when it cannot be written.
    """
    folder = open_run(run)
    if is_of_pictures(folder.settings):
        from countermark.evidence.gallery.conclusion import conclude_pictures  # noqa: PLC0415  it needs this module

        return conclude_pictures(folder)
    if is_of_recordings(folder.settings):
        from countermark.evidence.listening.conclusion import conclude_recordings  # noqa: PLC0415  the same

        return conclude_recordings(folder)
    axis = axis_of(folder.catalog)
    works = works_of(folder, axis)
    found = read_columns(folder, axis)
    judged = judge(found, axis, works)
    passages = passages_table(folder, found, judged)
    table = works_table(folder, axis, works, found, judged, guarantee_letters(folder.settings))
    write_table(table, run / FILES["works"])
    write_table(passages, run / FILES["passages"])
    summary = _summary(folder, table, passages, found.repeated)
    write_bytes(run / "summary.json", json_bytes(summary))
    return summary


def read_summary(run: Path) -> dict[str, Any]:
    """The summary of a run as it stands; concluded anew when it is missing or older than the receipts.

    Raises as `conclude` does.
    """
    if (run / "summary.json").exists():
        summary = read_json(run / "summary.json")
        current = summary.get("format") == FORMAT and summary.get("run_digest") == open_run(run).digest
        tables = FILES["works"], _TABLES.get(str(summary.get("medium")), FILES["passages"])
        if current and all((run / name).exists() for name in tables):
            return summary
    return conclude(run)


def is_of_pictures(said: Mapping[str, Any]) -> bool:
    """Whether the settings of a run, or its summary, are those of pictures."""
    return said.get("medium") == "image"


def is_of_recordings(said: Mapping[str, Any]) -> bool:
    """The same of recordings."""
    return said.get("medium") == "audio"


def is_sealed(summary: Mapping[str, Any]) -> bool:
    """Whether the works were looked for with a sealed index, which holds no letters to compare."""
    return bool(summary.get("index", {}).get("form") == "sealed")


def guarantee_letters(settings: Mapping[str, Any]) -> int:
    """N of the guarantee: any N unchanged letters in a row, after folding, are found; 0 where not stated."""
    stated = settings.get("index", {}).get("guarantee_letters", 0)
    return stated if isinstance(stated, int) else 0


def _summary(run: RunFolder, works: pa.Table, passages: pa.Table, repeated: int) -> dict[str, Any]:

    settings = run.settings
    return {
        "format": FORMAT,
        "complete": run.complete,
        "run_digest": run.digest,
        "engine": settings.get("engine"),
        "corpus": {"name": settings.get("corpus"), "snapshot_date": settings.get("snapshot_date")},
        "index": settings.get("index", {}),
        "guarantee_letters": guarantee_letters(settings),
        "works": _work_counts(works),
        "findings": _finding_counts(passages, repeated),
        "controls": _controls(works),
        "searched": searched_facts(run),
        "top_works": _top(works),
        "rules": RULES,
        "files": FILES,
    }


def _work_counts(works: pa.Table) -> dict[str, Any]:

    mine = works.filter(pc.invert(works["is_control"]))
    by_status = counts_of(
        mine["status"], [name for name in STATUSES if name not in {"control", "false-alarm"}]
    )
    return {
        "total": len(mine),
        "in_data_set": sum(by_status[name] for name in IN_DATA_SET),
        "by_status": by_status,
        "letters": pc.sum(mine["letters"]).as_py() or 0,
        "matched": pc.sum(mine["matched"]).as_py() or 0,
        "claimed": pc.sum(mine["claimed"]).as_py() or 0,
    }


def _finding_counts(passages: pa.Table, repeated: int) -> dict[str, Any]:

    return {
        "total": len(passages),
        "by_grade": counts_of(passages["grade"], GRADES),
        "by_kind": counts_of(passages["kind"], KINDS),
        "common_as": counts_of(passages["common_as"], COMMON_AS),
        "repeated": repeated,
    }


def counts_of(column: Column, names: Iterable[str]) -> dict[str, int]:
    """How often each of these names stands in the column."""
    counted = {entry["values"]: entry["counts"] for entry in pc.value_counts(column).to_pylist()}
    return {str(name): counted.get(str(name), 0) for name in names}


def _controls(works: pa.Table) -> dict[str, Any]:

    controls = works.filter(works["is_control"])
    alarms = controls.filter(pc.equal(controls["status"], "false-alarm"))
    lower, upper = clopper_pearson(len(alarms), len(controls), CONFIDENCE)
    return {
        "works": len(controls),
        "letters": pc.sum(controls["letters"]).as_py() or 0,
        "false_alarms": len(alarms),
        "false_alarm_works": alarms["work_id"].to_pylist()[:EXAMPLES_PER_REASON],
        "confidence": CONFIDENCE,
        # Outward to six places: rounding must not make the interval narrower.
        "lower": max(0.0, round(lower - 5e-7, 6)),
        "upper": min(1.0, round(upper + 5e-7, 6)),
    }


def searched_facts(run: RunFolder) -> dict[str, Any]:
    """What was read and what was not, added up over the receipts."""
    refused: dict[str, dict[str, Any]] = {}
    for counts in [run.settings.get("refused", {}), *(receipt.refused for receipt in run.receipts)]:
        for reason, entry in counts.items():
            total = refused.setdefault(reason, {"count": 0, "examples": []})
            total["count"] += entry["count"]
            room = EXAMPLES_PER_REASON - len(total["examples"])
            total["examples"] += entry["examples"][:room]
    return {
        "shards": len(run.receipts),
        "shards_planned": run.shards_planned,
        "records": sum(receipt.records for receipt in run.receipts),
        "characters": sum(receipt.characters for receipt in run.receipts),
        "text_bytes": sum(receipt.text_bytes for receipt in run.receipts),
        "refused": dict(sorted(refused.items())),
        "refused_total": sum(entry["count"] for entry in refused.values()),
        "quarantined": list(run.quarantine),
        **({"excerpts": WITHHELD} if run.settings.get("excerpts") == WITHHELD else {}),
        **({"tokens": tokens} if (tokens := token_facts(run)) else {}),
    }


def _top(works: pa.Table) -> list[dict[str, Any]]:

    names = ["work_id", "work_title", "work_author", "status", "letters", "matched", "share", "claimed_share"]
    return [
        {**row, "share": round(row["share"], 6), "claimed_share": round(row["claimed_share"], 6)}
        for row in ranked(works).slice(0, TOP_WORKS).select(names).to_pylist()
    ]
