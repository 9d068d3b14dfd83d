"""What the template needs of one found recording and one work: safe to show, said in a language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.exhibits.places import place_said
from countermark.evidence.listening.plot import plot
from countermark.evidence.listening.said import (
    OTHERS,
    chance_said,
    clock,
    duration,
    in_words,
    measured,
    record_facts,
    shape_of,
    work_facts,
)
from countermark.evidence.listening.sounds import Heard, heard
from countermark.evidence.listening.strip import strip
from countermark.evidence.report.legible import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.evidence.exhibits.selection import Found
    from countermark.evidence.listening.selection import Listening, WorkHeard
    from countermark.language import Language

MOST: Final = 36_000_000
"""Characters of all sounds and spectrograms of a page together, at most."""

_UNCLAIMED: Final = frozenset(
    {"control", "name", "identifier", "shared", "resembles", "public-domain", "licensed"}
)


@dataclass(slots=True)
class Maker:
    """Makes the parts of a page that can be heard and seen, until there are MOST characters of them."""

    listening: Listening
    say: Language
    used: int = field(default=0)

    def shown(self, found: Found, anchor: str) -> dict[str, Any]:
        """One found recording: facts as sentences, both sounds, both spectrograms, and where each side stands."""
        finding, judged, say = found.finding, found.judged, self.say
        sound, pair = self._heard(finding)
        words = in_words(finding, say)
        bars = strip(finding)
        return {
            "anchor": anchor,
            "number": found.number,
            "shape": shape_of(finding["grade"]),
            "grade": say.say(f"grade.{finding['grade']}"),
            "tag": say.say(f"kind.{judged['kind']}") if judged["kind"] in _UNCLAIMED else "",
            "hint": finding["grade"] == "resembles",
            "words": [words[0][:1].upper() + words[0][1:], *words[1:]],
            "measured": measured(finding, judged, say),
            "chance": chance_said(finding, self.listening.summary, say),
            "bars": bars,
            "bars_said": _lengths(finding, say),
            "sounds": sound.sounds,
            "can_step": {"work", "record"} <= sound.sounds.keys(),
            "absent": _absent(sound, say) if finding["grade"] not in OTHERS else [],
            "tempo": f"{sound.window.tempo:.6f}" if sound.window else "1",
            "seconds": f"{sound.window.seconds:.3f}" if sound.window else "0",
            "plot": pair,
            "from_start": clock(0, say.decimal),
            "facts": {"work": work_facts(finding, say), "record": record_facts(finding, say)},
            "work_title": one_line(finding["work_title"]) or one_line(finding["work_id"]),
        }

    def _heard(self, finding: Mapping[str, Any]) -> tuple[Heard, dict[str, Any] | None]:
        if finding["grade"] in OTHERS:
            return Heard(None, {}, {}, {}), None
        if self.used >= MOST:
            return Heard(None, {}, {}, {"record": "full", "work": "full"}), None
        sound = heard(self.listening.run, finding, self.listening.copies)
        pair = plot(sound, self.say)
        added = sum(map(len, sound.sounds.values()))
        added += sum(len(picture["src"]) for picture in pair["pictures"]) if pair else 0
        if self.used + added > MOST:
            self.used = MOST
            return Heard(None, {}, {}, {"record": "full", "work": "full"}), None
        self.used += added
        return sound, pair


def work_view(shown: WorkHeard, maker: Maker) -> dict[str, Any]:
    """One work: its head and its found recordings."""
    row, number, say = shown.row, shown.number, maker.say
    rest = row["findings"] - row["grade_resembles"] - len(shown.found)
    hosts = " " + say.say("work.hosts", n=row["hosts"]) if row["hosts"] else ""
    facts = [say.say("work.findings", n=row["findings"])]
    if row["records"]:
        facts[0] += " " + say.say("work.records", n=row["records"]) + hosts
    if row["assets"] > 1:
        facts.append(say.say("work.assets", found=row["assets_found"], n=row["assets"]))
    return {
        "anchor": f"w{number}",
        "title": one_line(row["work_title"]) or one_line(row["work_id"]),
        "author": one_line(row["work_author"]),
        "status": say.say(f"status.{row['status']}"),
        "best": say.say("work.best", share=say.share(row["share"], 0)) if row["records"] else "",
        "facts": facts,
        "licence": say.say("work.licence", licence=one_line(row["work_licence"]))
        if row["work_licence"]
        else "",
        "good": say.say("work.good") if row["status"] == "free-licence" else "",
        "quiet": say.say("work.shared") if row["status"] == "shared-only" else "",
        "found": [maker.shown(found, f"w{number}r{found.number}") for found in shown.found],
        "rest": say.say("work.rest", n=rest, work=one_line(row["work_id"])) if rest > 0 else "",
        "rest_anchor": f"w{number}rest",
    }


def listed_view(listening: Listening, say: Language) -> list[dict[str, str]]:
    """The lines of the table of further findings."""
    lines = []
    for row in listening.listed:
        shard, within = place_said(row["shard"], row["row"], row["record_id"], say)
        unheard = row["grade"] in OTHERS
        line = {
            "title": one_line(listening.titles.get(row["work_id"]), 100) or one_line(row["work_id"], 100),
            "shape": shape_of(row["grade"]),
            "grade": say.say(f"grade.{row['grade']}"),
            "share": "–" if unheard else say.share(row["share_of_work"], 0),
            "shard": one_line(shard, 160),
            "row": within,
            "finding_id": one_line(row["finding_id"], 64),
        }
        lines.append(line)
    return lines


def _lengths(finding: Mapping[str, Any], say: Language) -> dict[str, str]:
    """What each bar of the strip is, and what the whole of it shows."""
    words = in_words(finding, say)
    told = {}
    for side in ("asset", "record"):
        whole = finding.get(f"{side}_duration")
        told[side] = (
            say.say(f"strip.{side}", whole=duration(whole, say)) if whole else say.say(f"strip.{side}.plain")
        )
    return told | {"label": say.say("strip.label", words=", ".join(words))}


def _absent(sound: Heard, say: Language) -> list[str]:
    """Why a side cannot be heard; each reason once."""
    said = [
        say.say("sound.full") if why == "full" else say.say(f"sound.{why}.{side}")
        for side, why in sorted(sound.absent.items())
    ]
    return list(dict.fromkeys(said))
