"""The parts of a report on recordings that are figures and sentences, where they differ from those for texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits import sections as shared
from countermark.evidence.exhibits.sections import missing
from countermark.evidence.listening.recordings import RECORDINGS
from countermark.evidence.listening.said import OTHERS, SHAPES, duration
from countermark.evidence.report import sections as of_texts
from countermark.evidence.report.html import made
from countermark.matching.audio.composition.impostors import LEAST_WORKS
from countermark.scan.quick import MEASURED

if TYPE_CHECKING:
    from countermark.language import Language

LIMITS = ("listed", "first", "missed", "style")
"""What a report on recordings does not show, in this order."""

__all__ = [
    "alarm_rate",
    "amount",
    "files",
    "grades",
    "headline",
    "limits",
    "made",
    "missing",
    "outcomes",
    "searched",
    "warnings",
]


def warnings(summary: dict[str, Any], say: Language) -> list[str]:
    """What must be read first: an incomplete run, false alarms, nothing decoded."""
    told, facts = of_texts.warnings(summary, say), summary["searched"]
    if summary["complete"] and facts["records"] > 0 and facts["tracks"] == 0:
        told.append(say.say("nothing"))
    if facts["quick_passed"] is not None:
        told.append(say.say("quick", passed=facts["quick_passed"], **MEASURED._asdict()))
    return told + _too_few_works(summary, say)


def _too_few_works(summary: dict[str, Any], say: Language) -> list[str]:
    """That hints were asked for and none can be given, where the catalogue is too small to judge one."""
    works = summary["index"].get("works", 0)
    judged = works >= LEAST_WORKS and summary["hints_compared"] != 0
    if not summary.get("compositions") or judged:
        return []
    return [say.say("hints.few", least=LEAST_WORKS, works=works)]


def headline(summary: dict[str, Any], say: Language) -> list[str]:
    """The two lines that come first; the second says in how many tracks, and what that does not show."""
    first, second = of_texts.headline(summary, say)
    works, found, facts = summary["works"], summary["findings"], summary["searched"]
    if not works["in_data_set"]:
        return [first, second]
    key = "headline.tracks" if facts["tracks"] is not None else "headline.records"
    among = facts["tracks"] if facts["tracks"] is not None else facts["records"]
    return [first, f"{say.say(key, tracks=found['tracks'], searched=among)} {second}"]


def outcomes(summary: dict[str, Any], say: Language) -> list[dict[str, Any]]:
    """How many works came out as what; outcomes that no work has are left out."""
    return shared.outcomes(summary, RECORDINGS, say)


def amount(summary: dict[str, Any], say: Language) -> str:
    """How many recordings of the works were found."""
    works = summary["works"]
    counts = {
        "found": works["recordings_found"],
        "recordings": works["recordings"],
        "claimed": works["claimed"],
    }
    return say.say("amount", **counts)


def grades(summary: dict[str, Any], say: Language) -> list[dict[str, str]]:
    """The grades of recordings in plain words with how many findings have each."""
    return shared.grades(summary, SHAPES, OTHERS, say)


def searched(summary: dict[str, Any], say: Language) -> list[tuple[str, str]]:
    """What was searched: labels and figures."""
    facts, planned = summary["searched"], summary["searched"]["shards_planned"]
    shards = say.number(facts["shards"])
    if planned is not None:
        shards = say.say("searched.of", done=facts["shards"], planned=planned)
    rows = [(say.say("searched.shards"), shards), (say.say("searched.records"), say.number(facts["records"]))]
    rows.append((say.say("searched.tracks"), _known(facts["tracks"], say)))
    length = facts["seconds"]
    lasting = say.say("searched.unknown") if length is None else duration(1000 * length, say)
    rows += [(say.say("searched.length"), lasting), (say.say("searched.bytes"), _known(facts["bytes"], say))]
    if facts["in_part"]:
        rows.append((say.say("searched.in_part"), say.number(facts["in_part"])))
    rows.append((say.say("searched.comparisons"), say.number(summary["comparisons"])))
    if summary["hints_compared"]:
        rows.append((say.say("searched.hints"), say.number(summary["hints_compared"])))
    return [
        *rows,
        (say.say("searched.refused"), say.number(facts["refused_total"] - facts["in_part"])),
        (say.say("searched.quarantined"), say.number(len(facts["quarantined"]))),
        *of_texts.withheld(summary, say),
    ]


def alarm_rate(summary: dict[str, Any], say: Language) -> list[str]:
    """The false-alarm rate with its exact bounds, or why there is none; that of hints; what the figures are."""
    controls, hints = summary["controls"], summary["hints_compared"]
    told = of_texts.alarm_rate(summary, say)
    if controls["shared_only"]:
        told.append(say.say("alarms.shared", n=controls["shared_only"]))
    if controls["works"] and (hints or controls["resembles_only"]):
        told.append(
            say.say(
                "alarms.hints",
                alarms=controls["resembles_only"],
                n=controls["works"],
                confidence=say.share(controls["hints"]["confidence"], 0),
                lower=say.share(controls["hints"]["lower"], 2),
                upper=say.share(controls["hints"]["upper"], 2),
            )
        )
    told.append(say.say("alarms.chance", n=summary["comparisons"]))
    if hints:
        told.append(say.say("alarms.chance.hints", n=hints))
    return [*told, say.say("alarms.figures")]


def limits(say: Language) -> list[str]:
    """What the report does not show."""
    return [say.say(f"limits.{name}") for name in LIMITS]


def files(say: Language) -> list[tuple[str, str]]:
    """The files of the run folder and what they hold."""
    return [
        ("works.parquet", say.say("rest.works")),
        ("recordings.parquet", say.say("rest.recordings")),
        ("findings/*.parquet", say.say("rest.findings")),
        ("excerpts/*.flac", say.say("rest.excerpts")),
        ("works/", say.say("rest.kept")),
        ("receipts/*.json", say.say("rest.receipts")),
        ("runlog*.jsonl", say.say("rest.runlog")),
    ]


def _known(count: int | None, say: Language) -> str:
    return say.say("searched.unknown") if count is None else say.number(count)
