"""What was heard in one finding and where it stands, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.exhibits.places import WIDE, shard_facts
from countermark.evidence.report.legible import one_line
from countermark.evidence.report.view import reserved
from countermark.evidence.shapes import SHAPE_OF
from countermark.findings.finding import Grade
from countermark.language import WIDE as FIXED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.evidence.exhibits.places import Facts
    from countermark.language import Language

SHAPES: Final = {name: SHAPE_OF[name] for name in ("identical", "copy", "shared", "resembles")}
"""The grades of recordings and their shapes."""
OTHERS: Final = {name: SHAPE_OF[name] for name in ("identifier", "name")}

_SAME_PITCH: Final = 0.05
"""Semitones: a pitch that is no further apart is told as unchanged; it would read as 0.0."""
_SAME_TEMPO: Final = 0.0005
_ONE_SPEED: Final = 0.15
"""Semitones by which pitch and tempo may miss each other and still be told as one change of speed."""
_LEAST: Final = 1e-6
_MOST_COMPARED: Final = 1 << 62


def shape_of(grade: str) -> str:
    """The shape of a grade."""
    return SHAPE_OF.get(grade, "")


def duration(milliseconds: float, say: Language) -> str:
    """How long something lasts: 12.4 s, 3 min 04 s, 1 h 02 min 05 s."""
    if milliseconds < 59_950:
        return f"{milliseconds / 1000:.1f}".replace(".", say.decimal) + f"{FIXED}s"
    seconds = round(milliseconds / 1000)
    minutes, hours = seconds // 60, seconds // 3600
    if not hours:
        return f"{minutes}{FIXED}min{FIXED}{seconds % 60:02d}{FIXED}s"
    return f"{say.number(hours)}{FIXED}h{FIXED}{minutes % 60:02d}{FIXED}min{FIXED}{seconds % 60:02d}{FIXED}s"


def clock(milliseconds: float, decimal: str = ".") -> str:
    """A place in a recording, with a language's own decimal sign: 1:02.5, or 1:02:05.5."""
    tenths = round(milliseconds / 100)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 10:02d}{decimal}{rest % 10}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"


def in_words(finding: Mapping[str, Any], say: Language) -> list[str]:
    """How much of the work is heard, at which pitch and tempo."""
    if finding["grade"] in OTHERS:
        return [say.say("unheard"), say.say("unheard.unconfirmed")]
    told = [_matched(finding, say)]
    told += [_pitch(finding, say), _tempo(finding, say)]
    if is_one_speed(finding):
        told.append(say.say("heard.speed"))
    return [sentence for sentence in told if sentence]


def _matched(finding: Mapping[str, Any], say: Language) -> str:
    matched, whole = finding["matched"], finding.get("asset_duration")
    key = "hint.matched" if finding["grade"] == "resembles" else "heard.matched"
    if not whole:
        return say.say(f"{key}.of_unknown", matched=duration(matched, say))
    share = say.share(finding["share_of_work"], 0)
    return say.say(key, matched=duration(matched, say), whole=duration(whole, say), share=share)


def _pitch(finding: Mapping[str, Any], say: Language) -> str:
    shift = finding.get("pitch_shift")
    if shift is None:
        return ""
    if abs(shift) < _SAME_PITCH:
        return say.say("heard.pitch.same")
    written = f"{abs(shift):.1f}".replace(".", say.decimal)
    return say.say("heard.pitch", shift=("+" if shift > 0 else "−") + written)


def _tempo(finding: Mapping[str, Any], say: Language) -> str:
    tempo = finding.get("tempo")
    if tempo is None:
        return ""
    if abs(tempo - 1) < _SAME_TEMPO:
        return say.say("heard.tempo.same")
    return say.say(
        "heard.tempo.faster" if tempo > 1 else "heard.tempo.slower", share=say.share(abs(tempo - 1))
    )


def is_changed(finding: Mapping[str, Any]) -> bool:
    """Whether pitch or tempo are others than those of the work."""
    shift, tempo = finding.get("pitch_shift") or 0.0, finding.get("tempo") or 1.0
    return bool(abs(shift) >= _SAME_PITCH or abs(tempo - 1) >= _SAME_TEMPO)


def is_one_speed(finding: Mapping[str, Any]) -> bool:
    """Whether pitch and tempo changed together, as when a tape runs faster."""
    shift, tempo = finding.get("pitch_shift"), finding.get("tempo")
    if shift is None or not tempo or tempo <= 0 or abs(shift) < _SAME_PITCH:
        return False
    return bool(abs(tempo - 1) >= _SAME_TEMPO and abs(12 * math.log2(tempo) - shift) <= _ONE_SPEED)


def measured(finding: Mapping[str, Any], judged: Mapping[str, Any], say: Language) -> list[str]:
    """The figures of the match."""
    told = []
    if finding.get("share_of_record") is not None and finding["grade"] not in OTHERS:
        told.append(say.say("heard.fills", share=say.share(finding["share_of_record"], 0)))
    if finding.get("inliers"):
        told.append(say.say("heard.inliers", n=finding["inliers"]))
    if finding.get("agreement") is not None:
        told.append(say.say("heard.agreement", value=f"{finding['agreement']:.2f}".replace(".", say.decimal)))
    if finding["grade"] not in OTHERS and finding["grade"] != Grade.RESEMBLES:  # of hints nobody counted it
        told.append(say.say("heard.commonness", n=finding["commonness"]))
    if judged["copies"] > 1:
        told.append(say.say("heard.copies", n=judged["copies"]))
    return told


def chance_said(finding: Mapping[str, Any], summary: Mapping[str, Any], say: Language) -> str:
    """How many findings as strong as this are to be expected by chance in the whole scan.

    Of a hint it is not known where the run does not say how much was compared for hints: they are compared stretch by
    stretch, more often than recordings are.
    """
    if finding["grade"] in OTHERS:
        return ""
    chance = finding.get("chance")
    compared = summary.get("hints_compared" if finding["grade"] == Grade.RESEMBLES else "comparisons")
    if chance is None or not 0 <= chance <= 1 or not compared:  # a run folder may say anything
        return say.say("chance.unknown")
    expected = chance * min(compared, _MOST_COMPARED)
    if expected < _LEAST:
        return say.say("chance.least", expected=decimal(_LEAST, say))
    return say.say("chance.few" if expected < 2 else "chance.many", expected=decimal(expected, say))


def decimal(value: float, say: Language) -> str:
    """A positive number with one figure that counts, rounded up; from 10 on, whole."""
    if value >= 10:
        return say.number(math.ceil(value))
    places = max(1 if value >= 1 else 0, -math.floor(math.log10(value)))
    raised = math.ceil(value * 10**places - 1e-6) / 10**places
    return f"{raised:.{places}f}".rstrip("0").rstrip(".").replace(".", say.decimal)


def work_facts(finding: Mapping[str, Any], say: Language) -> Facts:
    """The work's side: file, the part, digest."""
    facts: Facts = [(say.say("passage.file"), one_line(finding["asset_path"], WIDE), "name")]
    if finding["asset_end"]:
        facts.append((say.say("heard.place"), _span(finding, "asset", say), "text"))
    facts.append((say.say("passage.digest"), finding["asset_digest"], "digest"))
    return facts


def record_facts(finding: Mapping[str, Any], say: Language) -> Facts:
    """The data set's side: shard, row, record, track, address, date, place, what stands beside it, reservation."""
    facts: Facts = shard_facts(finding, say)
    facts += [
        (say.say("passage.url"), one_line(finding["record_url"], WIDE), "name"),
        (say.say("passage.date"), one_line(finding["record_date"], 40), "name"),
        (say.say("heard.caption"), one_line(finding["record_excerpt"], WIDE), "name"),
    ]
    if finding.get("record_track"):
        facts.append(
            (say.say("heard.track"), say.say("heard.track.said", track=str(finding["record_track"])), "text")
        )
    if finding["record_end"]:
        facts.append((say.say("heard.place"), _span(finding, "record", say), "text"))
    facts += [
        (say.say("passage.reserved"), reserved(finding, say), "text"),
        (say.say("passage.digest"), finding["record_digest"], "digest"),
        (say.say("passage.finding"), one_line(finding["finding_id"], 64), "digest"),
    ]
    return [fact for fact in facts if fact[1]]


def _span(finding: Mapping[str, Any], side: str, say: Language) -> str:
    """From and to, and of how much."""
    start, end = (clock(finding[f"{side}_{limit}"], say.decimal) for limit in ("start", "end"))
    whole = finding.get(f"{side}_duration")
    said = say.say("heard.place.said", start=start, end=end)
    return said + say.say("heard.place.of", whole=duration(whole, say)) if whole else said
