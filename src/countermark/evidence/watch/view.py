"""What the page of a watch shows: a bounded choice, cut to size, safe to show, said in a language."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.report.difference import compare
from countermark.evidence.report.legible import isolated, legible, one_line
from countermark.evidence.report.token_ids import span_said
from countermark.evidence.report.view import is_crawl, reserved
from countermark.evidence.shapes import SHAPE_OF
from countermark.evidence.watch.changes import CHANGES, STATUSES
from countermark.evidence.watch.rows import OF_TOKENS
from countermark.evidence.watch.token_ids import doubts_of
from countermark.findings.table import iter_findings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.evidence.run_folder import RunFolder
    from countermark.evidence.watch.changes import Comparison
    from countermark.language import Language

WORKS_SHOWN: Final = 100
CHANGES_SHOWN: Final = 3
NAMED: Final = 5
EXCERPT: Final = 500
_WIDE: Final = 300

Excerpts = dict[str, tuple[str | None, str]]
"""finding → the excerpts of the work and of the record."""


def works_shown(comparison: Comparison) -> list[dict[str, Any]]:
    """The works that the page shows, each with the changes that it shows, in the order in which they are told."""
    works = comparison.facts["of_works"][:WORKS_SHOWN]
    wanted = {work["work_id"] for work in works}
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for batch in comparison.rows.to_batches(max_chunksize=4096):
        for row in batch.to_pylist():
            if row["work_id"] in wanted and len(rows[row["work_id"]]) < CHANGES_SHOWN:
                rows[row["work_id"]].append(row)
    return [work | {"changes": rows[work["work_id"]]} for work in works]


def excerpts(run: RunFolder, wanted: Mapping[str, str]) -> Excerpts:
    """The excerpts of some findings of a run, each given with its shard: only files of those shards are read."""
    shards = set(wanted.values())
    holding = [
        path
        for path, receipt in zip(run.findings_paths, run.receipts, strict=True)
        if receipt.shard["name"] in shards
    ]
    found: Excerpts = {}
    columns = ["finding_id", "asset_excerpt", "record_excerpt"]
    for batch in iter_findings(holding, columns):
        for name, work, record in zip(*(batch.column(i).to_pylist() for i in range(3)), strict=True):
            if name in wanted:
                found[name] = (work, record)
    return found


def work_view(
    work: dict[str, Any], number: int, last: Excerpts, now: Excerpts, say: Language
) -> dict[str, Any]:
    """One work: its head, the counts of its findings, and some of its changes."""
    counts = [say.say(f"work.count.{name}", n=work[name]) for name in (*STATUSES, "same") if work[name]]
    total = sum(work[name] for name in STATUSES)
    reserved_changed = work["reservations_changed"]
    return {
        "anchor": f"w{number}",
        "change": work["change"],
        "said": say.say(work["change"]),
        "title": one_line(work["work_title"]) or one_line(work["work_id"]),
        "author": isolated(one_line(work["work_author"])) if work["work_author"] else "",
        "counts": counts,
        "reserved": say.say("work.reserved", n=reserved_changed) if reserved_changed else "",
        "changes": [change_view(row, last, now, say) for row in work["changes"]],
        "rest": say.say("work.rest", n=total - len(work["changes"])) if total > len(work["changes"]) else "",
    }


def change_view(row: dict[str, Any], last: Excerpts, now: Excerpts, say: Language) -> dict[str, Any]:
    """One change: its words, both texts, and where each side stands."""
    sides = [side for side in ("last", "now") if row[f"{side}_finding_id"] is not None]
    shown = sides[-1]
    work, record = (now if shown == "now" else last).get(row[f"{shown}_finding_id"], (None, ""))
    grade = row[f"{shown}_grade"]
    parts = _sides(work, record) if row["unit"] == "char" else ([], [])
    return {
        "status": row["status"],
        "said": say.say(f"finding.{row['status']}"),
        "shape": SHAPE_OF.get(grade, ""),
        "grade": say.say(f"grade.{grade}"),
        "why": say.say(f"why.{row['status']}.{row['why']}") if row["why"] else "",
        "work": parts[0],
        "record": parts[1],
        "record_side": say.say(f"side.{shown}"),
        "withheld": row["unit"] == "char" and not record,
        "asset": f"{one_line(row['asset_path'], _WIDE)}{_span(row, shown, 'asset', say)}",
        "places": [_place(row, side, say, differing=len(sides) == 2) for side in sides],
    }


def _sides(work: str | None, record: str) -> tuple[list[Any], list[Any]]:
    left, right = legible((work or "")[:EXCERPT]), legible(record[:EXCERPT])
    sides = compare(left, right, cut=True)
    return (sides[0] if work else []), (sides[1] if record else [])


def _span(row: Mapping[str, Any], side: str, of: str, say: Language) -> str:
    if row["unit"] != "char":
        return ""
    told = {end: str(row[f"{side}_{of}_{end}"]) for end in ("start", "end")}
    return ", " + say.say("where.span", **told)


def _place(row: Mapping[str, Any], side: str, say: Language, *, differing: bool) -> dict[str, Any]:
    """Where a record stands in one version; where both are told, also what else differs."""
    told = [(say.say("where.shard"), _shard(row, side, say), "name")]
    for name, field in (("url", "record_url"), ("id", "record_id"), ("date", "record_date")):
        if value := row[f"{side}_{field}"]:
            told.append((say.say(f"where.{name}"), one_line(value, _WIDE), "name"))
    fields = set(row["fields"])
    if differing and "grade" in fields:
        told.append((say.say("where.grade"), say.say(f"grade.{row[f'{side}_grade']}"), ""))
    if differing and "matched" in fields and row["unit"] == "char":
        told.append((say.say("where.matched"), say.number(row[f"{side}_matched"]), ""))
    answers = {name.removeprefix(f"{side}_"): value for name, value in row.items() if name.startswith(side)}
    if words := reserved(answers, say):
        told.append((say.say("where.reserved"), words, ""))
    told.append((say.say("where.finding"), row[f"{side}_finding_id"], "digest"))
    return {"side": say.say(f"side.{side}"), "facts": told}


def _shard(row: Mapping[str, Any], side: str, say: Language) -> str:
    shard, number = row[f"{side}_shard"], row[f"{side}_row"]
    place = span_said({name: row[f"{side}_{name}"] for name in OF_TOKENS}, say)
    if not place and number >= 0:
        place = say.say("where.byte" if is_crawl(shard) else "where.row", row=str(number))
    place = place or say.say("where.row.unknown")
    return f"{isolated(one_line(shard, _WIDE))}, {place}{_span(row, side, 'record', say)}"


def warnings(facts: dict[str, Any], say: Language) -> list[str]:
    """What must be read before the headline."""
    told = []
    last, now = facts["last"], facts["now"]
    if not (last["complete"] and now["complete"]):
        told.append(say.say("warn.incomplete"))
    told += misread(facts, say)
    if now["unread"]:
        told.append(say.say("warn.unread", n=len(now["unread"]), names=_names(now["unread"], say)))
    if last["unread"]:
        told.append(say.say("warn.unread.last", n=len(last["unread"]), names=_names(last["unread"], say)))
    if now["rows_unread"]:
        told.append(say.say("warn.rows", n=now["rows_unread"]))
    return told


def misread(facts: dict[str, Any], say: Language) -> list[str]:
    """What of the two searches, and not of the data set, may be why something is new or gone."""
    names = ", ".join(say.say(f"setting.{name}") for name in facts["differing"])
    return [*([say.say("warn.differing", names=names)] if names else []), *doubts_of(facts["now"], say)]


def _names(unread: Mapping[str, str], say: Language) -> str:
    names = [isolated(one_line(name, 100)) for name in list(unread)[:NAMED]]
    rest = len(unread) - len(names)
    return ", ".join(names) + (" " + say.say("and.more", n=rest) if rest else "")


def headline(facts: dict[str, Any], say: Language) -> list[str]:
    """The two lines that come first."""
    works, said = facts["works"], facts["now"]
    new, gone = works["newly-found"], works["no-longer-found"]
    changed = any(count for name, count in works.items() if name != "same")
    first = say.say("headline.none")
    if changed:
        first = say.say(
            "headline.changed", new=say.say("headline.new", n=new), gone=say.say("headline.gone", n=gone)
        )
    corpus = isolated(one_line(said["corpus"] or "") or say.say("corpus.unnamed"))
    dates = {"now": snapshot(said, say), "last": snapshot(facts["last"], say)}
    return [first, say.say("second", n=said["works"], corpus=corpus, **dates)]


def snapshot(said: Mapping[str, Any], say: Language) -> str:
    """The version of a run, in words."""
    date = said["snapshot_date"]
    return say.say("snapshot", date=say.date(date)) if date else say.say("snapshot.unknown")


def counted(facts: dict[str, Any], say: Language) -> dict[str, Any]:
    """The three tables of counts, and the choices of the filter."""
    works = [(say.say(name), say.say(f"{name}.means"), say.number(facts["works"][name])) for name in CHANGES]
    return {
        "works_counts": works,
        "findings_counts": [
            (say.say(f"finding.{name}"), say.number(facts["findings"][name])) for name in (*STATUSES, "same")
        ],
        "shards_counts": [
            (say.say(f"shards.{name}"), say.number(count)) for name, count in facts["shards"].items()
        ],
        "choices": [
            (name, say.say(name), say.number(facts["works"][name]))
            for name in CHANGES
            if name != "same" and facts["works"][name]
        ],
    }
