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
    of_ids = finding.get("record_token_start") is not None
    return {
        # A command to read, not one that is run.
        "duckdb": f"duckdb -c \"SELECT * FROM '{file}' WHERE finding_id = '{identifier}'\"",  # noqa: S608
        "pandas": (
            f"import pandas\nrows = pandas.read_parquet({json.dumps(file)})\n"
            f"print(rows[rows.finding_id == {json.dumps(number)}].T)"
        ),
        "steps": [
            *(
                [_ids_step(passage, say)]
                if of_ids
                else [
                    _record_step(finding, say)
                    + (f" {say.say('check.part')}" if "#" in finding["shard"] else ""),
                    say.say("check.cut", **record),
                ]
            ),
            say.say("check.work", **work),
            say.say("check.work_cut", **asset),
            say.say("check.compare.sealed" if passage.sealed else "check.compare"),
        ],
        "python": _of_ids(finding) + f"print(work_text[{asset['start']}:{asset['end']}])"
        if of_ids
        else (
            "import hashlib\n"
            'print(hashlib.sha256(record_text.encode("utf-8")).hexdigest())\n'
            f"print(record_text[{record['start']}:{record['end']}])\n"
            f"print(work_text[{asset['start']}:{asset['end']}])"
        ),
    }


def _of_ids(finding: dict[str, Any]) -> str:
    """Python that shows the passage among the ids of its sequence."""
    return (
        f"print(tokenizer.decode(sequence[{finding['record_token_start']}:{finding['record_token_end']}]))\n"
    )


def _ids_step(passage: Passage, say: Language) -> str:
    """How to get at the token ids that hold the passage."""
    finding = passage.finding
    return say.say(
        "check.ids",
        start=str(finding["record_token_start"]),
        end=str(finding["record_token_end"]),
        sequence=str(finding["record_sequence"]),
        receipt=passage.judged["findings_file"],
        shard=isolated(one_line(finding["shard"])),
        digest=finding["record_digest"],
    )


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
