"""How to check one found picture with public tools: exact commands, files, rows and corners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits.places import record_step
from countermark.evidence.gallery.said import box_said, corners_said
from countermark.evidence.gallery.unseen import is_sketch
from countermark.evidence.report.legible import isolated, one_line

if TYPE_CHECKING:
    from countermark.evidence.gallery.selection import PictureFound
    from countermark.language import Language

Step = dict[str, str]


def steps_for(found: PictureFound, say: Language) -> list[Step]:
    """Steps, each with its command ("" where there is none). Names from outside are quoted as each tool wants it."""
    finding = found.finding
    file = f"findings/{found.judged['findings_file']}.parquet"
    identifier, digest = finding["finding_id"].replace("'", "''"), one_line(finding["record_digest"])
    place = {
        "row": str(finding["row"]),
        "shard": isolated(one_line(finding["shard"])),
        "digest": digest,
    }
    record = record_step(finding, say)
    work = {"path": isolated(one_line(finding["asset_path"])), "digest": finding["asset_digest"]}
    # A command to read, not one that is run.
    duckdb = f"duckdb -c \"SELECT * FROM '{file}' WHERE finding_id = '{identifier}'\""  # noqa: S608
    kept = [_step(record), _step(say.say("check.kept"), f"sha256sum pictures/{digest[:2]}/{digest}")]
    if is_sketch(finding):
        kept = [_step(say.say("check.sketch", **place))]
    return [
        _step(say.say("check.row"), duckdb),
        *kept,
        _step(say.say("check.work", **work)),
        *_look(finding, say),
        _step(say.say("check.compare.sketch" if is_sketch(finding) else "check.compare")),
        _step(say.say("check.again"), "countermark report . --pictures"),
    ]


def _look(finding: dict[str, Any], say: Language) -> list[Step]:
    if not finding["asset_box"] or not finding["record_outline"]:
        return []
    start, end = box_said(finding["asset_box"])
    corners = corners_said(finding["record_outline"])
    return [_step(say.say("check.look", start=start, end=end, corners=corners))]


def _step(text: str, code: str = "") -> Step:
    return {"text": text, "code": code}
