"""What the HTML template needs of one passage and one work: cut to size, safe to show, said in a language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from countermark.evidence.report.difference import Level, Piece, compare
from countermark.evidence.report.legible import legible, one_line
from countermark.evidence.report.token_ids import span_said
from countermark.evidence.shapes import SHAPE_OF
from countermark.reservations.use import USES
from countermark.reservations.words import room_languages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.evidence.report.selection import Passage, WorkShown
    from countermark.language import Language

EXCERPT = 700
"""Code points of each side of a passage that are shown."""

SHAPES = {name: SHAPE_OF[name] for name in ("identical", "copy", "identifier", "name")}
"""The grades of texts and of listings and their shapes, from strongest to weakest."""
_WIDE_URL = 300
_CRAWL = re.compile(r"\.(warc|wet)(\.[a-z0-9]+)?(#[0-9-]*)?$", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n\s*\n")


def passage_view(passage: Passage, say: Language, anchor: str) -> dict[str, Any]:
    """One passage: facts as sentences, both sides in pieces, and where each side stands."""
    finding, judged = passage.finding, passage.judged
    left, right = finding["asset_excerpt"], finding["record_excerpt"] or ""
    spans = {side: finding[f"{side}_end"] - finding[f"{side}_start"] for side in ("asset", "record")}
    withheld = not right and spans["record"] > 0
    cut = (
        any(spans[side] > EXCERPT for side in spans)
        or (len(right) < spans["record"] and not withheld)
        or (left is not None and len(left) < spans["asset"])
    )
    asset, record = compare(_shortened(left or ""), _shortened(right), cut=cut or withheld)
    if left is None:
        record = [Piece("".join(piece.text for piece in record), Level.NONE)]
    return {
        "anchor": anchor,
        "number": passage.number,
        "shape": SHAPES.get(finding["grade"], ""),
        "grade": say.say(f"grade.{finding['grade']}"),
        "kind": judged["kind"],
        "kind_said": say.say(f"kind.{judged['kind']}"),
        "common_as": say.say(f"common.{judged['common_as']}") if judged["common_as"] else "",
        "facts": _facts(finding, judged, say, sealed=passage.sealed),
        "common_facts": _common_facts(judged, say),
        "one_sided": left is None,
        "withheld": withheld,
        "cut": cut and not (withheld and left is None),
        "asset": asset,
        "record": record,
        "record_plain": "".join(piece.text for piece in record),
        "work_title": one_line(finding["work_title"]) or finding["work_id"],
        "asset_path": one_line(finding["asset_path"], _WIDE_URL),
        "asset_offsets": _offsets(finding, "asset", say),
        "asset_digest": finding["asset_digest"],
        "shard": one_line(finding["shard"], _WIDE_URL),
        "row": span_said(finding, say) or row_said(finding["shard"], finding["row"], say),
        "record_id": one_line(finding["record_id"], _WIDE_URL),
        "record_url": one_line(finding["record_url"], _WIDE_URL),
        "record_date": one_line(finding["record_date"], 40),
        "reserved": reserved(finding, say),
        "record_offsets": _offsets(finding, "record", say),
        "record_digest": finding["record_digest"],
        "finding_id": finding["finding_id"],
    }


def reserved(finding: Mapping[str, Any], say: Language) -> str:
    """What was said of each use at the capture, and where; "" where the data set carries no capture."""
    answers = {use: finding.get(f"reservation_{use}") for use in USES}
    if all(answer is None for answer in answers.values()):
        return ""
    words = room_languages()[say.code]
    told = [
        f"{words.say(f'use.{use}')}{words.say('colon')}{words.say(f'answer.{answer}')}"
        for use, answer in answers.items()
        if answer not in {None, "unknown"}
    ]
    if not told:
        return say.say("passage.reserved.unknown")
    basis = one_line(finding.get("reservation_basis"), _WIDE_URL)
    return words.say("semicolon").join(told) + (f" ({basis})" if basis else "")


def work_view(shown: WorkShown, say: Language, *, sealed: bool) -> dict[str, Any]:
    """One work: its head, its strip and its passages."""
    row, number = shown.row, shown.number
    rest = row["findings"] - len(shown.passages)
    best = row["best_shard"] is not None
    free = row["status"] == "free-licence"
    return {
        "anchor": f"w{number}",
        "title": one_line(row["work_title"]) or row["work_id"],
        "author": one_line(row["work_author"]),
        "status": say.say(f"status.{row['status']}"),
        "share": say.say(
            "work.share", share=say.share(row["share"]), matched=row["matched"], letters=row["letters"]
        ),
        "claimed": say.say("work.claimed", claimed=row["claimed"], share=say.share(row["claimed_share"])),
        "facts": _work_facts(row, say, sealed=sealed),
        "licence": say.say("work.licence", licence=one_line(row["work_licence"]))
        if row["work_licence"]
        else "",
        "good": say.say("work.good") if free else "",
        "best": say.say("work.best", share=say.share(row["best_share"])) if best else "",
        "best_shard": one_line(row["best_shard"], _WIDE_URL),
        "best_row": row_said(row["best_shard"], row["best_row"], say) if best else "",
        "best_url": one_line(row["best_record_url"] or row["best_record_id"], _WIDE_URL),
        "strip_label": say.say("strip.label", share=say.share(row["share"])),
        "stretches": _stretches(shown, say),
        "passages": [passage_view(passage, say, f"w{number}p{passage.number}") for passage in shown.passages],
        "rest": say.say("work.rest", n=rest, work=one_line(row["work_id"])) if rest > 0 else "",
        "rest_anchor": f"w{number}rest",
    }


def listed_view(row: dict[str, Any], say: Language) -> dict[str, str]:
    """One line of the compact table."""
    return {
        "title": one_line(row["work_title"], 100) or row["work_id"],
        "author": one_line(row["work_author"], 60),
        "status": say.say(f"status.{row['status']}"),
        "share": say.share(row["share"]),
        "claimed": say.share(row["claimed_share"]),
        "findings": say.number(row["findings"]),
        "longest": say.number(row["longest_run"]),
    }


def _shortened(excerpt: str) -> str:
    """The beginning of an excerpt; empty lines are left out, as white space is not compared."""
    return _EMPTY_LINES.sub("\n", legible(excerpt[:EXCERPT]))


def _stretches(shown: WorkShown, say: Language) -> list[dict[str, Any]]:
    """The lit parts of the strip by what they lead to: each passage shown, then all the rest."""
    groups: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    for stretch in shown.stretches:
        groups.setdefault((stretch.passage, stretch.claimed), []).append(
            (stretch.start, stretch.end - stretch.start)
        )
    views = []
    for (passage, claimed), cells in sorted(groups.items()):
        own = passage >= 0
        views.append(
            {
                "href": f"w{shown.number}p{passage + 1}" if own else f"w{shown.number}rest",
                "label": say.say("strip.passage", n=passage + 1) if own else say.say("strip.rest"),
                "path": "".join(f"M{start} 0h{width}v10h-{width}z" for start, width in cells),
                "claimed": claimed,
                "own": own,
            }
        )
    return views


def _facts(finding: dict[str, Any], judged: dict[str, Any], say: Language, *, sealed: bool) -> list[str]:
    edits, form = finding["edits"], ".sealed" if sealed else ""
    same = "none" if sealed or finding["grade"] == "identical" else "apart"
    return [
        say.say(f"passage.matched{form}", n=finding["matched"]),
        say.say(f"passage.edits{form}", n=edits) if edits else say.say(f"passage.edits{form}.{same}"),
        say.say("passage.records", n=judged["records"]) + _on_hosts("passage.hosts", judged, say),
    ]


def _common_facts(judged: dict[str, Any], say: Language) -> list[str]:
    return [
        say.say("common.works", n=judged["works"]),
        say.say("common.records", n=judged["records"]) + _on_hosts("passage.hosts", judged, say),
    ]


def _work_facts(row: dict[str, Any], say: Language, *, sealed: bool) -> list[str]:
    places = say.say("work.records", n=row["records"]) + _on_hosts("work.hosts", row, say)
    return [
        say.say("work.findings", n=row["findings"]) + " " + places,
        say.say("work.longest.sealed" if sealed else "work.longest", n=row["longest_run"]),
    ]


def _on_hosts(key: str, counts: dict[str, Any], say: Language) -> str:
    return " " + say.say(key, n=counts["hosts"]) if counts["hosts"] else ""


def _offsets(finding: dict[str, Any], side: str, say: Language) -> str:
    return say.say("passage.offsets", start=str(finding[f"{side}_start"]), end=str(finding[f"{side}_end"]))


def is_crawl(shard: str) -> bool:
    """Whether a shard is a WARC or WET file, where the row of a finding is the byte at which the record begins."""
    return _CRAWL.search(shard) is not None


def row_said(shard: str, row: int, say: Language) -> str:
    """Where in its shard a record stands, as it is said."""
    if row < 0:
        return say.say("passage.row.unknown")
    return say.say("passage.byte" if is_crawl(shard) else "passage.row", row=str(row))
