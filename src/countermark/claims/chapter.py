"""The claim as a chapter of a dossier's report, from claim.json alone.

The report is read by a court: facts and counts as on the claim's page, but nothing of what would save a work, and no
deadline, which advise the claimant alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.claims import words
from countermark.claims.court_words import LANGUAGES
from countermark.claims.folder import read_claim
from countermark.claims.text import basis, by_count
from countermark.paper.blocks import Block, bars, facts, heading, items, paragraph, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from countermark.language import Language


def chapter(folder: Path, language: str) -> list[Block]:
    """The blocks of the claim in `folder`. Raises InputError where it is no whole claim."""
    say, claim = LANGUAGES[language], read_claim(folder)
    blocks = [heading(say.say("title")), paragraph(say.say("disclaimer"), "faded")]
    blocks += [paragraph(warning, "remark") for warning in words.warnings(say, claim)]
    blocks.append(facts(basis(say, claim)))
    for group in words.groups(claim):
        blocks += _group(group, say)
    blocks += _good(claim, say)
    return [*blocks, heading(say.say("rules"), 2), _sources(claim, say)]


def claimant_of(folder: Path) -> str:
    """On whose behalf the claim is made, as it states; empty where it does not."""
    claimant = read_claim(folder).get("claimant")
    return ", ".join(claimant["names"]) if claimant else ""


def _group(group: list[Mapping[str, Any]], say: Language) -> list[Block]:
    """One funnel, with the rules under which it is the same."""
    funnel = group[0]["funnel"]
    total = funnel["total"]
    rows = [
        (
            say.say(f"step.{step['step']}"),
            step["passed"],
            total,
            say.say("of", count=step["passed"], total=step["entered"]),
        )
        for step in funnel["steps"]
    ]
    blocks = [heading(words.named(say, group[0]) if len(group) > 1 else group[0]["title"][say.code], 2)]
    if len(group) > 1:
        others = " · ".join(words.named(say, rule) for rule in group[1:])
        blocks.append(paragraph(say.say("rule.same", rules=others), "faded"))
    blocks.append(bars(rows))
    reasons = _reasons(funnel, say)
    blocks += [items(reasons)] if reasons else []
    return blocks + [paragraph(line) for line in words.group_amounts(say, group)]


def _reasons(funnel: Mapping[str, Any], say: Language) -> list[str]:
    return [
        f"{say.number(count)} · {say.say('step.' + step['step'])}{words.COLON[say.code]} {say.say('reason.' + reason)}"
        for step in funnel["steps"]
        for reason, count in by_count(step["reasons"])
    ]


def _good(claim: Mapping[str, Any], say: Language) -> list[Block]:
    news = by_count(claim["good_news"])
    blocks = [heading(say.say("good"), 2)]
    if not news:
        return [*blocks, paragraph(say.say("good.none"))]
    rows = [f"{say.number(count)} · {say.say(f'reason.{reason}')}" for reason, count in news]
    return [*blocks, paragraph(say.say("good.lead")), items(rows)]


def _sources(claim: Mapping[str, Any], say: Language) -> Block:
    rows = []
    for rule in claim["rules"]:
        valid = say.date(rule["valid_from"]) if rule["valid_from"] else "–"
        if "valid_from" in rule["not_verified"]:
            valid += f" ({say.say('unverified')})"
        cited = words.SEMICOLON[say.code].join(
            f"{words.cited(say, one)} ({say.say('quality.' + one['quality'])})" for one in rule["sources"]
        )
        status = say.say(f"rule.status.{rule['status']}")
        cited = ". ".join(part for part in (cited, words.unverified(say, rule)) if part)
        rows.append((rule["title"][say.code], status, valid, say.date(rule["last_checked"]), cited))
    titles = ("rules", "rule.status", "rule.valid", "rule.checked", "rule.sources")
    widths = ("3", "1.6", "1.6", "1.6", "4")
    return table([(say.say(title), "left", width) for title, width in zip(titles, widths, strict=True)], rows)
