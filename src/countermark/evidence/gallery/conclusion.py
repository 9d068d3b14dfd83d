"""The conclusion of a run of pictures: works.parquet, pictures.parquet and summary.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute

from countermark.atomic import write_bytes
from countermark.evidence.binomial import clopper_pearson
from countermark.evidence.gallery.judged import PICTURE_GRADES, PICTURE_KINDS, judge_pictures
from countermark.evidence.gallery.picture_tables import (
    IN_DATA_SET,
    STATUSES,
    picture_works_table,
    pictures_table,
    ranked_pictures,
)
from countermark.evidence.gallery.unseen import FORMAT as FORMAT_OF_SKETCHES
from countermark.evidence.summary import CONFIDENCE, FORMAT, TOP_WORKS, counts_of, searched_facts
from countermark.findings.table import write_table
from countermark.scan.receipt import EXAMPLES_PER_REASON, json_bytes

if TYPE_CHECKING:
    import pyarrow as pa

    from countermark.evidence.run_folder import RunFolder

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

IN_PART = "damaged"
"""The reason of the refusals that say that a picture was searched in part."""

FILES = {"works": "works.parquet", "pictures": "pictures.parquet", "findings": "findings/"}


def conclude_pictures(run: RunFolder) -> dict[str, Any]:
    """Write works.parquet, pictures.parquet and summary.json into the folder of a run of pictures.

    Returns the summary. The same run folder gives the same bytes. Raises RunError when the folder is damaged,
    OutputError when it cannot be written.
    """
    judged = judge_pictures(run)
    pictures = pictures_table(run, judged)
    works = picture_works_table(run, judged)
    write_table(works, run.path / FILES["works"])
    write_table(pictures, run.path / FILES["pictures"])
    summary = {
        "format": FORMAT,
        "medium": "image",
        "complete": run.complete,
        "run_digest": run.digest,
        "engine": run.settings.get("engine"),
        "corpus": {"name": run.settings.get("corpus"), "snapshot_date": run.settings.get("snapshot_date")},
        "index": run.settings.get("index", {}),
        "works": _work_counts(works),
        "findings": {
            "total": len(pictures),
            "by_grade": counts_of(pictures["grade"], PICTURE_GRADES),
            "by_kind": counts_of(pictures["kind"], PICTURE_KINDS),
            "mirrored": int(pc.sum(pictures["mirrored"]).as_py() or 0),
            "repeated": judged.found.repeated,
        },
        "controls": _controls(works),
        "searched": _searched(run),
        "top_works": _top(works),
        "files": FILES,
    }
    write_bytes(run.path / "summary.json", json_bytes(summary))
    return summary


def _work_counts(works: pa.Table) -> dict[str, Any]:
    mine = works.filter(pc.invert(works["is_control"]))
    own = [name for name in STATUSES if name not in {"control", "false-alarm"}]
    by_status = counts_of(mine["status"], own)
    return {
        "total": len(mine),
        "in_data_set": sum(by_status[name] for name in IN_DATA_SET),
        "by_status": by_status,
        "pictures": pc.sum(mine["assets"]).as_py() or 0,
        "pictures_found": pc.sum(mine["assets_found"]).as_py() or 0,
        "claimed": by_status["found"],
    }


def _controls(works: pa.Table) -> dict[str, Any]:
    controls = works.filter(works["is_control"])
    alarms = controls.filter(pc.equal(controls["status"], "false-alarm"))
    quiet = controls.filter(pc.equal(controls["status"], "control"))
    lower, upper = clopper_pearson(len(alarms), len(controls), CONFIDENCE)
    return {
        "works": len(controls),
        "pictures": pc.sum(controls["assets"]).as_py() or 0,
        "false_alarms": len(alarms),
        "shared_only": pc.sum(pc.greater(quiet["grade_shared"], 0)).as_py() or 0,
        "false_alarm_works": alarms["work_id"].to_pylist()[:EXAMPLES_PER_REASON],
        "confidence": CONFIDENCE,
        # Outward to six places: rounding must not make the interval narrower.
        "lower": max(0.0, round(lower - 5e-7, 6)),
        "upper": min(1.0, round(upper + 5e-7, 6)),
    }


def _searched(run: RunFolder) -> dict[str, Any]:
    """As for texts, of pictures.

    `records` are the pictures met, those that could not be decoded among them; `frames` what was searched of them, and
    `bytes` their files, both null where a receipt does not say; `in_part` the pictures of which only a part could be
    decoded, and was searched: they are among the refused. `frames_skipped` are frames of animations and pages of
    documents beyond those that are looked at, null where a receipt does not say; `sketches` the shards that were
    sketches of an earlier scan: of their records no picture was looked at.
    """
    facts = searched_facts(run)
    del facts["characters"], facts["text_bytes"]
    for name in ("frames", "bytes", "frames_skipped"):
        counted = [(receipt.pictures or {}).get(name) for receipt in run.receipts]
        facts[name] = sum(counted) if counted and all(isinstance(count, int) for count in counted) else None
    sketches = sum(receipt.shard.get("format") == FORMAT_OF_SKETCHES for receipt in run.receipts)
    in_part = facts["refused"].get(IN_PART, {}).get("count", 0)
    return facts | {"in_part": in_part, "sketches": sketches}


def _top(works: pa.Table) -> list[dict[str, Any]]:
    names = [
        *("work_id", "work_title", "work_author", "status", "matched", "share", "findings", "records"),
        "best_grade",
    ]
    return [
        {**row, "share": round(row["share"], 6)}
        for row in ranked_pictures(works).slice(0, TOP_WORKS).select(names).to_pylist()
    ]
