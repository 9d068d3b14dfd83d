"""The parts of a report that are figures and sentences, the same for HTML and text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.report.legible import isolated, one_line
from countermark.evidence.report.token_ids import doubts, guaranteed, is_doubted, of_ids
from countermark.evidence.report.view import SHAPES
from countermark.evidence.summary import is_sealed
from countermark.evidence.works_table import IN_DATA_SET, STATUSES

if TYPE_CHECKING:
    from countermark.language import Language

_OWN_STATUSES = tuple(name for name in STATUSES if name not in {"control", "false-alarm"})


def corpus_of(summary: dict[str, Any], say: Language) -> dict[str, str]:
    """The data set's name, isolated, and its snapshot, both ready for a sentence."""
    corpus = summary["corpus"]
    date = corpus.get("snapshot_date")
    name = one_line(corpus.get("name") or "") or say.say("corpus.unnamed")
    return {
        "corpus": isolated(name),
        "snapshot": say.say("snapshot", date=say.date(date)) if date else say.say("snapshot.unknown"),
    }


def headline(summary: dict[str, Any], say: Language) -> list[str]:
    """The two lines that come first."""
    works, corpus = summary["works"], corpus_of(summary, say)
    if not works["total"]:
        return [say.say("headline.no_works", **corpus), say.say("listed.none")]
    if not works["in_data_set"]:
        return [say.say("headline.none", n=works["total"], **corpus), say.say("listed.none")]
    return [
        say.say("headline", n=works["total"], found=works["in_data_set"], **corpus),
        say.say("listed"),
    ]


def warnings(summary: dict[str, Any], say: Language) -> list[str]:
    """What must be read before the two lines: an incomplete run, false alarms, token ids that were perhaps misread."""
    told = []
    searched, controls = summary["searched"], summary["controls"]
    if not summary["complete"]:
        planned = searched["shards_planned"]
        known = planned is not None
        values = {"done": searched["shards"], "planned": planned} if known else {}
        told.append(say.say("incomplete" if known else "incomplete.unknown", **values))
    if summary["complete"] and not searched["records"]:
        told.append(say.say("nothing"))
    if controls["false_alarms"]:
        told.append(say.say("alarm", n=controls["false_alarms"], controls=controls["works"]))
    return told + doubts(summary, say)


def outcomes(summary: dict[str, Any], say: Language) -> list[dict[str, Any]]:
    """How many works came out as what; outcomes that no work has are left out."""
    works = summary["works"]
    return [
        {
            "label": say.say(f"status.{name}"),
            "count": say.number(works["by_status"][name]),
            "share": say.share(works["by_status"][name] / works["total"]),
            "found": name in IN_DATA_SET,
        }
        for name in _OWN_STATUSES
        if works["by_status"][name]
    ]


def amount(summary: dict[str, Any], say: Language) -> str:
    """How much of all works together stands in the data set; with a sealed index, at least."""
    works = summary["works"]
    letters = max(works["letters"], 1)
    share = say.share(works["matched"] / letters)
    told = say.say(
        "amount",
        matched=works["matched"],
        letters=works["letters"],
        share=share,
        claimed=works["claimed"],
        claimed_share=say.share(works["claimed"] / letters),
    )
    if is_sealed(summary) and works["in_data_set"]:
        told += " " + say.say("amount.sealed", share=share)
    return told


def searched(summary: dict[str, Any], say: Language) -> list[tuple[str, str]]:
    """What was searched: labels and figures."""
    facts = summary["searched"]
    planned = facts["shards_planned"]
    shards = say.number(facts["shards"])
    if planned is not None:
        shards = say.say("searched.of", done=facts["shards"], planned=planned)
    return [
        (say.say("searched.shards"), shards),
        (say.say("searched.records"), say.number(facts["records"])),
        (say.say("searched.characters"), say.number(facts["characters"])),
        (say.say("searched.bytes"), say.number(facts["text_bytes"])),
        (say.say("searched.refused"), say.number(facts["refused_total"])),
        (say.say("searched.quarantined"), say.number(len(facts["quarantined"]))),
        *_sampled(summary, say),
        *withheld(summary, say),
    ]


def _sampled(summary: dict[str, Any], say: Language) -> list[tuple[str, str]]:
    """That places are not exact to the letter, where the index was sealed."""
    if not is_sealed(summary):
        return []
    return [(say.say("searched.places"), say.say("searched.places.sampled"))]


def withheld(summary: dict[str, Any], say: Language) -> list[tuple[str, str]]:
    """That nothing of the data set's records was kept, where it was not."""
    if "excerpts" not in summary["searched"]:
        return []
    return [(say.say("searched.excerpts"), say.say("searched.excerpts.withheld"))]


def refused(summary: dict[str, Any], say: Language) -> list[dict[str, str]]:
    """What was not read: reason, count and one example, the most frequent first."""
    reasons = summary["searched"]["refused"]
    rows = []
    for reason, entry in sorted(reasons.items(), key=lambda item: (-item[1]["count"], item[0])):
        example = ""
        if entry["examples"]:
            first = entry["examples"][0]
            where, detail = one_line(first["where"], 120), one_line(first["detail"], 160)
            key = "refused.file" if first["row"] < 0 else "refused.row"
            example = say.say(key, where=isolated(where), row=str(first["row"]), detail=isolated(detail))
        rows.append({"reason": one_line(reason, 60), "count": say.number(entry["count"]), "example": example})
    return rows


def refused_none(summary: dict[str, Any], say: Language) -> str:
    """What is said where nothing was refused."""
    if not summary["searched"]["records"]:
        return say.say("refused.empty")
    return say.say("refused.none.doubt" if any(map(is_doubted, of_ids(summary))) else "refused.none")


def quarantined(summary: dict[str, Any]) -> list[str]:
    """Shards set aside, each with its reasons; twenty at most."""
    lines = []
    for entry in summary["searched"]["quarantined"][:20]:
        reasons = "; ".join(one_line(str(reason), 160) for reason in entry.get("reasons", []))
        name = one_line(str(entry.get("shard", {}).get("name", entry.get("name", ""))), 160)
        lines.append(f"{isolated(name)} — {reasons}" if reasons else isolated(name))
    return lines


def alarm_rate(summary: dict[str, Any], say: Language) -> list[str]:
    """The false-alarm rate with its exact bounds, or why there is none."""
    controls = summary["controls"]
    if not controls["works"]:
        return [say.say("alarms.none")]
    # Bounds are rounded outward, so that what is printed still covers.
    rate = say.say(
        "alarms.rate",
        alarms=controls["false_alarms"],
        n=controls["works"],
        rate=say.share(controls["false_alarms"] / controls["works"], 2),
        confidence=say.share(controls["confidence"], 0),
        lower=say.share(_floor(controls["lower"]), 2),
        upper=say.share(_ceiling(controls["upper"]), 2),
    )
    return [rate, say.say("alarms.meaning")]


def guarantee(summary: dict[str, Any], say: Language) -> str:
    """The guarantee, with what it stands on where token ids were read."""
    letters = summary["guarantee_letters"]
    if not letters:
        return say.say("guarantee.none")
    return " ".join([say.say("guarantee.text", n=letters), *guaranteed(summary, say)])


def grades(summary: dict[str, Any], say: Language) -> list[dict[str, str]]:
    """The four grades in plain words, with how many findings have each."""
    means = {name: f"grade.{name}.means" for name in SHAPES}
    if is_sealed(summary):
        means["copy"] = "grade.copy.means.sealed"
    return [
        {
            "shape": shape,
            "name": say.say(f"grade.{name}"),
            "means": say.say(means[name]),
            "count": say.number(summary["findings"]["by_grade"][name]),
        }
        for name, shape in SHAPES.items()
    ]


def common(summary: dict[str, Any], say: Language) -> list[str]:
    """How many findings are common passages, and the rule."""
    kinds, rules = summary["findings"]["by_kind"], summary["rules"]
    number = kinds["common-catalog"] + kinds["common-corpus"]
    rule = say.say(
        "common.rule",
        works=rules["catalog_works"],
        records=rules["corpus_records"],
        times=rules["corpus_times_median_depth"],
    )
    return [say.say("common.lead", n=number) if number else say.say("common.none"), rule]


def missing(summary: dict[str, Any], say: Language) -> list[str]:
    """How many works were not found, and how many of them are too short for the guarantee."""
    by_status = summary["works"]["by_status"]
    short = by_status["too-short"]
    number = by_status["not-found"] + short
    if not number:
        return [say.say("missing.none")]
    told = [say.say("missing.lead", n=number)]
    if short:
        told.append(say.say("missing.short", n=short, letters=summary["guarantee_letters"]))
    return told


def _floor(value: float) -> float:
    """A fraction rounded down to a hundredth of a per cent."""
    return max(0.0, round(value * 1e6) // 100 / 1e4)


def _ceiling(value: float) -> float:
    """A fraction rounded up to a hundredth of a per cent."""
    return min(1.0, -(-round(value * 1e6) // 100) / 1e4)
