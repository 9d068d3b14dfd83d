"""Where a record stands in its data set, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from countermark.evidence.report.legible import isolated, one_line
from countermark.evidence.report.view import is_crawl, row_said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.language import Language

WIDE = 300
"""Letters of a caption or an address that are shown."""

_OF_FOLDER = re.compile(r"(^|/)#[0-9]+-[0-9]+$")
"""Shards that are no file: some of the files of a folder, by their places in its listing."""

Facts = list[tuple[str, str, str]]
"""Label, value and class: `text`, `name` (from outside, to be isolated) or `digest`."""


def is_of_folder(shard: str) -> bool:
    """Whether a shard is some of the files of a folder: then the record's id is the name of its file."""
    return _OF_FOLDER.search(shard) is not None


def place_said(shard: str, row: int, record_id: str | None, say: Language) -> tuple[str, str]:
    """Where a record stands, in two: the file, and where in it ("" where the file is the record)."""
    if is_of_folder(shard) and record_id:
        return one_line(record_id, WIDE), ""
    return one_line(shard, WIDE), row_said(shard, row, say)


def shard_facts(finding: Mapping[str, Any], say: Language) -> Facts:
    """File, row and name of a record; of one in a folder, its file and the folder."""
    shard, row, record_id = finding["shard"], finding["row"], finding["record_id"]
    if is_of_folder(shard) and record_id:
        return [
            (say.say("passage.file"), one_line(record_id, WIDE), "name"),
            (say.say("place.folder"), _folder(finding), "name"),
        ]
    return [
        (say.say("passage.shard"), one_line(shard, WIDE), "name"),
        ("", row_said(shard, row, say), "text"),
        (say.say("passage.id"), one_line(record_id, WIDE), "name"),
    ]


def record_step(finding: Mapping[str, Any], say: Language) -> str:
    """Where to take the record from: its file, where the data set is a folder; else a row or a byte of a file."""
    place = {
        "row": str(finding["row"]),
        "shard": isolated(one_line(finding["shard"])),
        "digest": one_line(finding["record_digest"]),
    }
    if is_of_folder(finding["shard"]) and finding["record_id"]:
        names = {"file": isolated(one_line(finding["record_id"])), "folder": isolated(_folder(finding))}
        return say.say("check.file", **names, **place)
    if is_crawl(finding["shard"]):
        return say.say("check.warc", from_one=str(finding["row"] + 1), **place)
    return say.say("check.record", **place)


def _folder(finding: Mapping[str, Any]) -> str:
    """The folder of a file: the one that was given, whose name is the data set's, or one of several."""
    named = _OF_FOLDER.sub("", finding["shard"])
    return one_line(finding["corpus"] if named in {"", "."} else named, WIDE)
