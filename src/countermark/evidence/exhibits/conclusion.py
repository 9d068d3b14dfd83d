"""The conclusion of a run whose finds are shown: works.parquet, the table of the finds, and summary.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute

from countermark.atomic import write_bytes
from countermark.evidence.exhibits.exhibit import CONTROL, FALSE_ALARM, FOUND, IN_DATA_SET
from countermark.evidence.exhibits.tables import exhibit_works_table, finds_table, ranked_works
from countermark.evidence.summary import CONFIDENCE, FORMAT, TOP_WORKS, counts_of
from countermark.findings.table import write_table
from countermark.probability.binomial import clopper_pearson
from countermark.scan.receipt import EXAMPLES_PER_REASON, json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from countermark.evidence.exhibits.exhibit import Exhibit
    from countermark.evidence.exhibits.judged import Judged
    from countermark.evidence.run_folder import RunFolder

    Parts = Callable[[pa.Table, pa.Table], dict[str, Any]]

pc: Any = pyarrow.compute  # its overloads are too many for a type checker


def conclude_exhibits(
    run: RunFolder, judged: Judged, searched: dict[str, Any], parts: Parts
) -> dict[str, Any]:
    """Write the tables and summary.json into a run folder; return the summary.

    `parts` makes of both tables (works, finds) what only this medium has to say: the keys `findings` and `controls`
    are added to those of the summary, others stand by themselves. The same run folder gives the same bytes. Raises
    RunError when the folder is damaged, OutputError when it cannot be written.
    """
    what = judged.what
    finds, works = finds_table(run, judged), exhibit_works_table(run, judged)
    write_table(works, run.path / what.files["works"])
    write_table(finds, run.path / what.files[what.name])
    more = parts(works, finds)
    summary = {
        "format": FORMAT,
        "medium": str(what.medium),
        "complete": run.complete,
        "run_digest": run.digest,
        "engine": run.settings.get("engine"),
        "corpus": {"name": run.settings.get("corpus"), "snapshot_date": run.settings.get("snapshot_date")},
        "index": run.settings.get("index", {}),
        "works": _work_counts(works, what),
        "findings": {
            "total": len(finds),
            "by_grade": counts_of(finds["grade"], what.grades),
            "by_kind": counts_of(finds["kind"], what.kinds),
            **more.pop("findings", {}),
            "repeated": judged.found.repeated,
        },
        "controls": _controls(works, what) | more.pop("controls", {}),
        "searched": searched,
        "top_works": _top(works, what),
        "files": what.files,
        **more,
    }
    write_bytes(run.path / "summary.json", json_bytes(summary))
    return summary


def bounds(alarms: int, trials: int) -> dict[str, float]:
    """The exact interval of a rate, rounded outward to six places: rounding must not make it narrower."""
    lower, upper = clopper_pearson(alarms, trials, CONFIDENCE)
    return {
        "confidence": CONFIDENCE,
        "lower": max(0.0, round(lower - 5e-7, 6)),
        "upper": min(1.0, round(upper + 5e-7, 6)),
    }


def controls_with(works: pa.Table, grade: str) -> int:
    """Of how many controls, that are no false alarms, something of a grade was found."""
    quiet = works.filter(pc.and_(works["is_control"], pc.equal(works["status"], CONTROL)))
    return pc.sum(pc.greater(quiet[f"grade_{grade}"], 0)).as_py() or 0


def _work_counts(works: pa.Table, what: Exhibit) -> dict[str, Any]:
    mine = works.filter(pc.invert(works["is_control"]))
    own = [name for name in what.statuses if name not in {CONTROL, FALSE_ALARM}]
    by_status = counts_of(mine["status"], own)
    return {
        "total": len(mine),
        "in_data_set": sum(by_status[name] for name in IN_DATA_SET),
        "by_status": by_status,
        what.name: pc.sum(mine["assets"]).as_py() or 0,
        f"{what.name}_found": pc.sum(mine["assets_found"]).as_py() or 0,
        "claimed": by_status[FOUND],
    }


def _controls(works: pa.Table, what: Exhibit) -> dict[str, Any]:
    controls = works.filter(works["is_control"])
    alarms = controls.filter(pc.equal(controls["status"], FALSE_ALARM))
    return {
        "works": len(controls),
        what.name: pc.sum(controls["assets"]).as_py() or 0,
        "false_alarms": len(alarms),
        "false_alarm_works": alarms["work_id"].to_pylist()[:EXAMPLES_PER_REASON],
        **bounds(len(alarms), len(controls)),
        "shared_only": controls_with(works, "shared"),
    }


def _top(works: pa.Table, what: Exhibit) -> list[dict[str, Any]]:
    names = [
        *("work_id", "work_title", "work_author", "status", "matched", "share", "findings", "records"),
        "best_grade",
    ]
    return [
        {**row, "share": round(row["share"], 6)}
        for row in ranked_works(works, what).slice(0, TOP_WORKS).select(names).to_pylist()
    ]
