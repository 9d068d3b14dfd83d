"""The claim as one HTML page: the funnel as a picture, the works, deadlines, good news, rules with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.claims import words
from countermark.claims.text import basis, by_count
from countermark.claims.words import LANGUAGES
from countermark.paper.pages import environment, style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.claims.claim import Claim
    from countermark.language import Language

_WIDTH = 240
_MARKED = ("w", "m")


def render_html(claim: Claim, code: str) -> str:
    """The page in one language: a whole document, no network, no script, escaped throughout."""
    templates = environment("countermark.claims")
    say, facts = LANGUAGES[code], claim.facts
    return templates.get_template("claim.html.j2").render(
        lang=code,
        t=say.say,
        colon=words.COLON[code],
        css=style(templates, "claim.css"),
        warnings=words.warnings(say, facts),
        headline=_headline(say, facts),
        leads=[(rule["title"][code], _claimable(say, rule)) for rule in facts["rules"]],
        basis=basis(say, facts),
        groups=[_group(say, group) for group in words.groups(facts)],
        rules=[_rule(say, rule) for rule in facts["rules"]],
        good=[(say.number(n), say.say(f"reason.{key}")) for key, n in by_count(facts["good_news"])],
        deadlines=[
            (one["title"] or one["work_id"], words.saves(say, one)) for one in facts["deadlines"]["first"]
        ],
        deadlines_rest=sum(one["works"] for one in facts["deadlines"]["by_date"])
        - len(facts["deadlines"]["first"]),
        savings=words.savings(say, facts),
        works=[_work(say, work) for work in claim.shown],
        works_rest=max(words.found_count(facts) - len(claim.shown), 0),
        shown=len(claim.shown),
        software=facts["software"].capitalize(),
        digest=facts["works_sha256"],
    )


def _headline(say: Language, claim: Mapping[str, Any]) -> str:
    total = claim["catalog"]["works"]
    return say.say("headline", n=total, found=words.found_count(claim)) if total else say.say("headline.none")


def _claimable(say: Language, rule: Mapping[str, Any]) -> str:
    return say.say("rule.claimable", count=rule["funnel"]["claimable"], total=rule["funnel"]["total"])


def _group(say: Language, group: list[Mapping[str, Any]]) -> dict[str, Any]:
    """One funnel, with the rules under which it is the same."""
    funnel = group[0]["funnel"]
    return {
        "id": group[0]["id"],
        "title": group[0]["title"][say.code],
        "others": [words.named(say, rule) for rule in group[1:]],
        "steps": [_step(say, step, funnel["total"]) for step in funnel["steps"]],
        "amounts": words.group_amounts(say, group),
    }


def _rule(say: Language, rule: Mapping[str, Any]) -> dict[str, Any]:
    verified = "" if "valid_from" not in rule["not_verified"] else f" ({say.say('unverified')})"
    return {
        "id": rule["id"],
        "title": rule["title"][say.code],
        "unverified": words.unverified(say, rule),
        "status": say.say(f"rule.status.{rule['status']}"),
        "valid": say.date(rule["valid_from"]) + verified if rule["valid_from"] else "–",
        "checked": say.date(rule["last_checked"]),
        "sources": [
            {
                "citation": words.cited(say, one),
                "url": one["url"],
                "quality": say.say(f"quality.{one['quality']}"),
            }
            for one in rule["sources"]
        ],
        "notes": [_note(say, one) for one in rule["notes"] if not one["ask"]],
        "asks": [_note(say, one) for one in rule["notes"] if one["ask"]],
        "digest": rule["digest"],
        "file": rule["file"],
    }


def _note(say: Language, note: Mapping[str, Any]) -> str:
    mark = f" ({say.say('unverified')})" if note["quality"] in _MARKED else ""
    return f"{note[say.code]}{mark}"


def _step(say: Language, step: Mapping[str, Any], total: int) -> dict[str, Any]:
    """One bar of the picture, in the middle of its row; some works are never drawn as none."""
    total = max(total, 1)
    wide = {
        name: max(_WIDTH * step[name] / total, 1.0 if step[name] else 0.0) for name in ("passed", "entered")
    }
    return {
        "name": say.say(f"step.{step['step']}"),
        "count": say.say("of", count=step["passed"], total=step["entered"]),
        "entered": f"M{(_WIDTH - wide['entered']) / 2:.2f} 0h{wide['entered']:.2f}v10h-{wide['entered']:.2f}z",
        "passed": f"M{(_WIDTH - wide['passed']) / 2:.2f} 0h{wide['passed']:.2f}v10h-{wide['passed']:.2f}z",
        "reasons": [(say.number(n), say.say(f"reason.{key}")) for key, n in by_count(step["reasons"])],
    }


def _work(say: Language, work: Mapping[str, Any]) -> dict[str, Any]:
    """One row of the table: what each run and each rule says of the work."""
    told: dict[tuple[str, str], list[str]] = {}
    helps: list[str] = []
    needs: list[str] = []
    for rule_id, way in work["rules"].items():
        last = way["steps"][-1]
        mark = "●" if way["claimable"] else "○"
        line = words.reason(say, _decisive(way["steps"]) if way["claimable"] else last)
        told.setdefault((mark, line), []).append(rule_id)
        if way["saves"].get("key") == "state-facts":
            needs += [need for need in way["saves"]["needs"] if need not in needs]
        elif (said := words.saves(say, way["saves"])) and said not in helps:
            helps.append(said)
    if needs:
        helps.append(words.saves(say, {"key": "state-facts", "needs": needs}))
    return {
        "title": work["title"] or work["work_id"],
        "id": work["work_id"],
        "found": [
            f"{one['corpus'] or one['run']}{words.COLON[say.code]} {words.status(say, one)}"
            for one in work["found"]
        ],
        "rules": [(mark, ", ".join(names), line) for (mark, line), names in told.items()],
        "saves": helps,
    }


def _decisive(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Of a work that passes, the step that says most: its registration or reservation, else the last."""
    named = [step for step in steps if step["step"] in ("registered", "reserved")]
    return named[-1] if named else steps[-1]
