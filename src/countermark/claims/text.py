"""The claim for a terminal: the funnel as aligned bars, ten works at most, deadlines, amounts, where the rest is."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from countermark.claims import words
from countermark.claims.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.claims.claim import Claim
    from countermark.language import Language

COLUMNS = 96
SHOWN = 10
_BAR = 24
_LABEL = 20
_TITLE = 34


def render_text(claim: Claim, code: str) -> str:
    """The claim in one language, as lines of plain text."""
    say, facts = LANGUAGES[code], claim.facts
    lines = [*_wrapped(say.say("disclaimer")), ""]
    for warning in words.warnings(say, facts):
        lines += [*_wrapped(f"! {warning}"), ""]
    lines += _headline(say, facts)
    lines += _basis(say, facts)
    for group in words.groups(facts):
        lines += _funnel(say, group)
    lines += _good(say, facts)
    lines += _deadlines(say, facts)
    lines += _savings(say, facts)
    lines += _shown(say, claim)
    lines += _files(say)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _headline(say: Language, claim: Mapping[str, Any]) -> list[str]:
    total = claim["catalog"]["works"]
    if not total:
        return _wrapped(say.say("headline.none"))
    lines = _wrapped(say.say("headline", n=total, found=words.found_count(claim)))
    for rule in claim["rules"]:
        count = rule["funnel"]["claimable"]
        lines.append(f"  {rule['id']:<18}{say.say('rule.claimable', count=count, total=total)}")
    return [*lines, *_wrapped(say.say("seen"))]


def basis(say: Language, claim: Mapping[str, Any]) -> list[tuple[str, str]]:
    """On what the claim is made, as pairs of label and value."""
    pairs = [(say.say("date"), say.date(claim["date"]))]
    pairs.append(
        (
            say.say("catalog"),
            f"{words.works(say, claim['catalog']['works'])}, {claim['catalog']['digest'][:16]}",
        )
    )
    pairs += [(say.say("runs"), run_line(say, run)) for run in claim["runs"]]
    claimant = claim["claimant"]
    pairs.append(
        (say.say("claimant"), ", ".join(claimant["names"]) if claimant else say.say("claimant.none"))
    )
    if respondent := claim["respondent"]:
        name = ", ".join(part for part in (respondent["name"], respondent.get("product", "")) if part)
        quoted = {key: respondent[key] for key in ("sentence", "document")} | {
            "date": say.date(respondent["date"])
        }
        pairs.append((say.say("respondent"), f"{name}. {say.say('respondent.source', **quoted)}"))
    return [*pairs, (say.say("act"), words.beginning(say, claim))]


def run_line(say: Language, run: Mapping[str, Any]) -> str:
    """One run: which data set, of which day, how many works, and how many were recognised in the catalog."""
    snapshot = (
        say.say("snapshot", date=say.date(run["snapshot"]))
        if run["snapshot"]
        else say.say("snapshot.unknown")
    )
    joined = sum(run["joined_by"].values())
    line = say.say(
        "run.line",
        corpus=run["corpus"] or run["run"],
        snapshot=snapshot,
        works=words.works(say, run["works"]),
        joined=joined,
    )
    if run["unjoined"]:
        line += words.SEMICOLON[say.code] + say.say("run.unjoined", count=run["unjoined"])
    if run["controls"]:
        line += words.SEMICOLON[say.code] + say.say("run.controls", count=run["controls"])
    return line


def _basis(say: Language, claim: Mapping[str, Any]) -> list[str]:
    lines = [""]
    for label, value in basis(say, claim):
        first, *more = textwrap.wrap(value, COLUMNS - _LABEL - 2) or [""]
        lines += [f"{label:<{_LABEL}}  {first}", *(" " * (_LABEL + 2) + line for line in more)]
    return lines


def _funnel(say: Language, group: list[Mapping[str, Any]]) -> list[str]:
    """One funnel, with the rules under which it is the same."""
    rule = group[0]
    funnel = rule["funnel"]
    lines = _heading(f"{rule['id']}  {rule['title'][say.code]}")
    if len(group) > 1:
        lines += _wrapped(say.say("rule.same", rules=", ".join(one["id"] for one in group[1:])))
    total = max(funnel["total"], 1)
    width = len(say.number(funnel["total"]))
    for step in funnel["steps"]:
        length = -(-step["passed"] * _BAR // total)
        bar = "█" * length + "·" * (_BAR - length)
        count = say.say("of", count=f"{say.number(step['passed']):>{width}}", total=step["entered"])
        lines.append(f"{say.say('step.' + step['step']):<{_LABEL}}  {bar}  {count}")
        for reason, dropped in by_count(step["reasons"]):
            lines += _wrapped(f"− {say.number(dropped)}  {say.say(f'reason.{reason}')}", _LABEL + 2)
    for line in words.group_amounts(say, group):
        lines += _wrapped(line)
    if any(rule["amounts"]["status"] == "tariff-missing" for rule in group):
        lines += _wrapped(say.say("amounts.tariff-hint"))
    for names, told in words.group_unverified(say, group):
        lines += _wrapped(f"{', '.join(names)}{words.COLON[say.code]} {told}")
    return lines


def _savings(say: Language, claim: Mapping[str, Any]) -> list[str]:
    """What would save works, the most works first."""
    lines = _heading(say.say("savings"))
    told = words.savings(say, claim)
    if not told:
        return lines + _wrapped(say.say("savings.none"))
    return lines + [part for count, line in told for part in _counted(count, line)]


def by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The largest first, then by name."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _good(say: Language, claim: Mapping[str, Any]) -> list[str]:
    lines = _heading(say.say("good"))
    if not claim["good_news"]:
        return lines + _wrapped(say.say("good.none"))
    lines += _wrapped(say.say("good.lead"))
    return lines + [
        part
        for reason, count in by_count(claim["good_news"])
        for part in _counted(say.number(count), say.say("reason." + reason))
    ]


def _deadlines(say: Language, claim: Mapping[str, Any]) -> list[str]:
    lines = _heading(say.say("deadlines"))
    first = claim["deadlines"]["first"][:SHOWN]
    if not first:
        return lines + _wrapped(say.say("deadlines.none"))
    for one in first:
        lines += textwrap.wrap(
            words.saves(say, one),
            COLUMNS,
            initial_indent=f"{_fit(one['title'] or one['work_id'], _TITLE)}  ",
            subsequent_indent=" " * (_TITLE + 2),
        )
    rest = sum(day["works"] for day in claim["deadlines"]["by_date"]) - len(first)
    return [*lines, say.say("deadlines.rest", count=rest)] if rest else lines


def _shown(say: Language, claim: Claim) -> list[str]:
    lines = _heading(say.say("shown"))
    if not claim.shown:
        return lines + _wrapped(say.say("shown.none"))
    for work in claim.shown[:SHOWN]:
        passed = [rule for rule, way in work["rules"].items() if way["claimable"]]
        lines.append(f"{_fit(work['title'] or work['work_id'], _TITLE)}  {', '.join(passed) or '–'}")
    rest = words.found_count(claim.facts) - min(len(claim.shown), SHOWN)
    return [*lines, say.say("shown.rest", count=rest)] if rest > 0 else lines


def _files(say: Language) -> list[str]:
    sheet = "works-list" if say.code == "en" else f"works-list.{say.code}"
    names = {
        f"claim.{say.code}.html": "page",
        f"works-list.{say.code}.pdf": "paper",
        f"{sheet}.xlsx": "book",
        f"{sheet}.csv": "list",
        "works.jsonl": "works",
        "claim.json": "claim",
        "figures.json": "figures",
    }
    return [
        *_heading(say.say("files")),
        *(f"{name:<{_LABEL}}  {say.say('files.' + key)}" for name, key in names.items()),
    ]


def _heading(text: str) -> list[str]:
    return ["", *_wrapped(text), "─" * min(len(text), COLUMNS)]


def _counted(count: str, line: str) -> list[str]:
    """A count and a sentence, whose further lines stand under its first."""
    return textwrap.wrap(line, COLUMNS, initial_indent=f"{count:>8}  ", subsequent_indent=" " * 10) or [count]


def _fit(text: str, width: int) -> str:
    plain = " ".join(text.split())
    return plain.ljust(width) if len(plain) <= width else plain[: width - 1] + "…"


def _wrapped(text: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(
        text,
        COLUMNS,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_on_hyphens=False,
    ) or [""]
