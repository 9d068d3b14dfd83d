"""The parts of a report on pictures that are figures and sentences, where they differ from those for texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits import sections as shared
from countermark.evidence.exhibits.sections import missing
from countermark.evidence.gallery.judged import PICTURES
from countermark.evidence.gallery.said import SHAPES
from countermark.evidence.gallery.unseen import of_sketches
from countermark.evidence.report import sections as of_texts
from countermark.evidence.report.html import made
from countermark.evidence.report.view import SHAPES as SHAPES_OF_TEXTS
from countermark.images.limits import MOST_FRAMES

if TYPE_CHECKING:
    from countermark.language import Language

LIMITS = ("listed", "first", "missed", "style")
"""What a report on pictures does not show, in this order."""

__all__ = [
    "alarm_rate",
    "amount",
    "files",
    "grades",
    "headline",
    "is_unconfirmed",
    "limits",
    "made",
    "missing",
    "outcomes",
    "searched",
    "sketches",
    "warnings",
]


def warnings(summary: dict[str, Any], say: Language) -> list[str]:
    """What must be read first: sketches instead of pictures, an incomplete run, false alarms, no picture decoded."""
    told, facts = [*sketches(summary, say), *of_texts.warnings(summary, say)], summary["searched"]
    if summary["complete"] and facts["records"] > 0 and facts["frames"] == 0:
        told.append(say.say("nothing"))
    return told


def sketches(summary: dict[str, Any], say: Language) -> list[str]:
    """That only sketches were looked at, or in part, and what they cannot find; nothing of any other run."""
    how, facts = of_sketches(summary), summary["searched"]
    return [say.say(f"sketches.{how}", done=facts["sketches"], shards=facts["shards"])] if how else []


def is_unconfirmed(summary: dict[str, Any]) -> bool:
    """Whether no work was found, and of some a sketch or an identifier agrees: one sentence says both."""
    works = summary["works"]
    return not works["in_data_set"] and works["by_status"]["identifier-only"] > 0


def headline(summary: dict[str, Any], say: Language) -> list[str]:
    """The two lines that come first."""
    if not is_unconfirmed(summary):
        return of_texts.headline(summary, say)
    works, corpus = summary["works"], of_texts.corpus_of(summary, say)
    agreeing = works["by_status"]["identifier-only"]
    return [
        say.say("headline.unconfirmed", n=works["total"], agreeing=agreeing, **corpus),
        say.say("unconfirmed.look"),
    ]


def outcomes(summary: dict[str, Any], say: Language) -> list[dict[str, Any]]:
    """How many works came out as what; outcomes that no work has are left out."""
    return shared.outcomes(summary, PICTURES, say)


def amount(summary: dict[str, Any], say: Language) -> str:
    """How many pictures of the works were found."""
    works = summary["works"]
    counts = {"found": works["pictures_found"], "pictures": works["pictures"], "claimed": works["claimed"]}
    return say.say("amount", **counts)


def grades(summary: dict[str, Any], say: Language) -> list[dict[str, str]]:
    """The grades of pictures in plain words with how many findings have each; those of listings where there are any."""
    others = {name: shape for name, shape in SHAPES_OF_TEXTS.items() if name not in SHAPES}
    return shared.grades(summary, SHAPES, others, say)


def searched(summary: dict[str, Any], say: Language) -> list[tuple[str, str]]:
    """What was searched: labels and figures."""
    facts, planned = summary["searched"], summary["searched"]["shards_planned"]
    shards = say.number(facts["shards"])
    if planned is not None:
        shards = say.say("searched.of", done=facts["shards"], planned=planned)
    rows = [
        (say.say("searched.shards"), shards),
        (say.say("searched.records"), say.number(facts["records"])),
    ]
    if facts["frames"] is not None:
        rows.append((say.say("searched.frames"), say.number(facts["frames"])))
    skipped = facts.get("frames_skipped")
    rows.append((say.say("searched.skipped", most=MOST_FRAMES), _known(skipped, say)))
    if facts["bytes"] is not None and of_sketches(summary) != "all":
        rows.append((say.say("searched.bytes"), say.number(facts["bytes"])))
    if facts["in_part"]:
        rows.append((say.say("searched.in_part"), say.number(facts["in_part"])))
    return [
        *rows,
        (say.say("searched.refused"), say.number(facts["refused_total"] - facts["in_part"])),
        (say.say("searched.quarantined"), say.number(len(facts["quarantined"]))),
        *of_texts.withheld(summary, say),
    ]


def alarm_rate(summary: dict[str, Any], say: Language) -> list[str]:
    """The false-alarm rate with its exact bounds, or why there is none, and what else was found of controls."""
    shared = summary["controls"]["shared_only"]
    told = of_texts.alarm_rate(summary, say)
    if shared:
        told.append(say.say("alarms.shared", n=shared))
    return [*told, say.say("alarms.figures")]


def _known(count: int | None, say: Language) -> str:
    return say.say("searched.unknown") if count is None else say.number(count)


def limits(say: Language) -> list[str]:
    """What the report does not show."""
    return [say.say(f"limits.{name}") for name in LIMITS]


def files(say: Language) -> list[tuple[str, str]]:
    """The files of the run folder and what they hold."""
    return [
        ("works.parquet", say.say("rest.works")),
        ("pictures.parquet", say.say("rest.pictures")),
        ("findings/*.parquet", say.say("rest.findings")),
        ("pictures/", say.say("rest.kept")),
        ("evidence/*.jpg", say.say("rest.evidence")),
        ("receipts/*.json", say.say("rest.receipts")),
        ("runlog*.jsonl", say.say("rest.runlog")),
    ]
