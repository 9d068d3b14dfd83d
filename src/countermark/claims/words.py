"""A claim in words: steps, dates, amounts and warnings in one language, from the facts of claim.json alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.claims import messages_en, messages_fr
from countermark.language import WIDE, languages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.language import Language

LANGUAGES = languages(messages_en.MESSAGES, messages_fr.MESSAGES)
_SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£"}
COLON: Final = {"en": ":", "fr": f"{WIDE}:"}
_NOT_WRITTEN: Final = {"en": "not stated", "fr": "non indiqué"}


def money(say: Language, amount: str, currency: str) -> str:
    """An amount (decimal text, never a float) in the manner of the language: `$3,077,550,000`, `1 250,50 €`."""
    whole, _, cents = amount.partition(".")
    cents = cents.rstrip("0")
    written = say.number(int(whole)) + (say.decimal + cents.ljust(2, "0") if cents else "")
    sign = _SIGNS.get(currency, currency)
    if say.code == "fr":
        return f"{written}{WIDE}{sign}"
    return f"{sign}{written}" if len(sign) == 1 else f"{sign}{WIDE}{written}"


def dates(say: Language, written: object) -> str:
    """A date, a partial date, or two days of a span `first/last`, in words."""
    parts = [say.date(part) for part in str(written).split("/")]
    return f"{parts[0]} – {parts[-1]}" if len(parts) > 1 else parts[0]


def filled(say: Language, key: str, facts: Mapping[str, Any]) -> str:
    """A sentence with facts of a step: dates in words, lists joined, and what is not known told as such."""
    return say.say(key, **_Values(say, facts))


class _Values(dict[str, Any]):
    """Values of a sentence, as the language writes them."""

    def __init__(self, say: Language, facts: Mapping[str, Any]) -> None:
        names = ("by", "published", "effective", "act", "window_ended", "begins", "capture", "closed")
        lacking = dict.fromkeys(
            (*names, "owner", "owners", "territory", "share", "protocol", "months", "needs"), ""
        )
        super().__init__(
            {
                name: self._told(say, name, value)
                for name, value in {**lacking, **facts}.items()
                if name != "key"
            }
        )

    @staticmethod
    def _told(say: Language, name: str, value: object) -> object:
        if value in ("", None, []):
            return _NOT_WRITTEN[say.code]
        if name == "needs" and isinstance(value, list):
            return ", ".join(say.say(f"need.{need}") for need in value)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return value if isinstance(value, int) else dates(say, value)


def reason(say: Language, step: Mapping[str, Any]) -> str:
    """Why a work passed or dropped at a step, with its facts where there is a sentence for them."""
    key = f"detail.{step['reason']}"
    return filled(say, key if key in say.messages else f"reason.{step['reason']}", step["facts"])


def saves(say: Language, said: Mapping[str, Any]) -> str:
    """What would save a work; empty where nothing is known that would."""
    return filled(say, f"saves.{said['key']}", said) if said else ""


def works(say: Language, count: int) -> str:
    """So many works."""
    return say.say("works", n=count)


def warnings(say: Language, claim: Mapping[str, Any]) -> list[str]:
    """Of what a reader must be warned: stale and pending rules, runs that did not end, works joined by name."""
    lines = []
    for rule in claim["rules"]:
        facts = {
            "rule": rule["title"][say.code],
            "checked": say.date(rule["last_checked"]),
            "days": rule["stale_after_days"],
        }
        lines += [say.say(f"warning.{key}", **facts) for key in rule["warnings"]]
    lines += [say.say("run.incomplete", run=run["run"]) for run in claim["runs"] if not run["complete"]]
    if any(run["joined_by"].get("title-and-author") for run in claim["runs"]):
        lines.append(say.say("run.byname"))
    return lines


def found_count(claim: Mapping[str, Any]) -> int:
    """Works that stand in what was searched, at any grade that a rule counts."""
    passed = [
        step["passed"]
        for rule in claim["rules"]
        for step in rule["funnel"]["steps"]
        if step["step"] == "found"
    ]
    return max(passed, default=0)


def amounts(say: Language, rule: Mapping[str, Any]) -> list[str]:
    """What a rule comes to, in sentences: minimum and maximum together, with the works left out; or why nothing."""
    told = rule["amounts"]
    left_out = works(say, told["excluded_works"])
    if told["status"] != "range":
        lines = [say.say(f"amounts.{told['status']}", excluded=left_out)]
        return lines + [
            _each(say, "amounts.each-violation", one, told["currency"]) for one in told.get("each", [])
        ]
    currency = told["currency"]
    low, high = (money(say, told["range"][end], currency) for end in ("minimum", "maximum"))
    if told.get("higher_than"):
        tariff = told["tariff"]
        priced = works(say, told["works"] - told["without_price"])
        facts = {"tariff": tariff["title"], "source": tariff["source"], "date": say.date(tariff["date"])}
        lines = [
            say.say("amounts.higher", minimum=low, maximum=high, count=priced, excluded=left_out, **facts)
        ]
        if told["without_price"]:
            lines.append(say.say("amounts.unpriced", count=works(say, told["without_price"])))
        return lines
    counted = works(say, told["works"])
    lines = [
        say.say(
            "amounts.range", count=counted, units=told["units"], minimum=low, maximum=high, excluded=left_out
        )
    ]
    if told["separate_parts"]:
        lines.append(say.say("amounts.separate", count=told["separate_parts"]))
    return lines + [_each(say, "amounts.each", one, currency) for one in told["conditions"]]


def _each(say: Language, key: str, bracket: Mapping[str, str], currency: str) -> str:
    ends = ("minimum_each", "maximum_each", "minimum", "maximum")
    values = {end: money(say, bracket[end], currency) for end in ends if end in bracket}
    name = f"amounts.{bracket['name']}"
    label = say.say(name) if name in say.messages else bracket["name"]
    mark = f" ({say.say('unverified')})" if bracket["quality"] in "wm" else ""
    return f"{label}{COLON[say.code]} {say.say(key, **values)}{mark}"


def savings(say: Language, claim: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How many works each remedy would help, the most first. Those that depend on a work's dates stand by the work."""
    counts = sorted(claim["savings"].items(), key=lambda one: (-one[1], one[0]))
    return [(say.number(count), say.say(f"saves.{key}")) for key, count in counts if _is_general(say, key)]


def _is_general(say: Language, key: str) -> bool:
    return key != "later-acts-only" and "{" not in say.messages[f"saves.{key}"]


def beginning(say: Language, claim: Mapping[str, Any]) -> str:
    """When the act is taken to have begun, and what follows from not knowing it."""
    assumed = claim["assumptions"]
    known = assumed["act_known_from"]
    source = max(known, key=lambda name: (known[name], name), default="unknown")
    stated = assumed["infringement_began"] or (claim["respondent"] or {}).get("began", "")
    return say.say(f"act.{source}", date=say.date(stated))
