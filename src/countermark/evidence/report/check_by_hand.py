"""How to check one finding with public tools: exact commands, files, rows and offsets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from countermark.evidence.report.legible import isolated, one_line
from countermark.evidence.report.view import is_crawl

if TYPE_CHECKING:
    from countermark.evidence.report.selection import Passage
    from countermark.language import Language


def steps_for(passage: Passage, say: Language) -> dict[str, Any]:
    """Commands and steps for one finding. Names from outside stand in them quoted as each tool wants it."""
    finding = passage.finding
    file, number = f"findings/{passage.judged['findings_file']}.parquet", finding["finding_id"]
    asset, record = (
        {"start": str(finding[f"{side}_start"]), "end": str(finding[f"{side}_end"])}
        for side in ("asset", "record")
    )
    work = {"path": isolated(one_line(finding["asset_path"])), "digest": finding["asset_digest"]}
    identifier = number.replace("'", "''")
    return {
        # A command to read, not one that is run.
        "duckdb": f"duckdb -c \"SELECT * FROM '{file}' WHERE finding_id = '{identifier}'\"",  # noqa: S608
        "pandas": (
            f"import pandas\nrows = pandas.read_parquet({json.dumps(file)})\n"
            f"print(rows[rows.finding_id == {json.dumps(number)}].T)"
        ),
        "steps": [
            _record_step(finding, say) + (f" {say.say('check.part')}" if "#" in finding["shard"] else ""),
            say.say("check.cut", **record),
            say.say("check.work", **work),
            say.say("check.work_cut", **asset),
            say.say("check.compare.sealed" if passage.sealed else "check.compare"),
        ],
        "python": (
            "import hashlib\n"
            'print(hashlib.sha256(record_text.encode("utf-8")).hexdigest())\n'
            f"print(record_text[{record['start']}:{record['end']}])\n"
            f"print(work_text[{asset['start']}:{asset['end']}])"
        ),
    }


def _record_step(finding: dict[str, Any], say: Language) -> str:
    """How to get at the record. In WARC and WET files the row is the byte at which the record begins."""
    place = {
        "row": str(finding["row"]),
        "shard": isolated(one_line(finding["shard"])),
        "digest": finding["record_digest"],
    }
    if is_crawl(finding["shard"]):
        return say.say("check.warc", from_one=str(finding["row"] + 1), **place)
    return say.say("check.record", **place)
