"""A claim in words: steps, dates, amounts and warnings in one language, from the facts of claim.json alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.claims import messages_en, messages_fr
from countermark.language import NARROW, WIDE, languages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.language import Language

LANGUAGES = languages(messages_en.MESSAGES, messages_fr.MESSAGES)
_SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£"}
COLON: Final = {"en": ":", "fr": f"{WIDE}:"}
SEMICOLON: Final = {"en": "; ", "fr": f"{NARROW}; "}
_PROTOCOLS: Final = {
    "tdmrep": "TDM Reservation Protocol",
    "robots": "Robots Exclusion Protocol",
    "rsl": "Really Simple Licensing",
}
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


DAYS: Final = ("by", "published", "effective", "act", "window_ended", "begins", "capture", "closed")
_TEXTS: Final = ("owner", "owners", "others", "territory", "share", "protocol", "months", "needs")


class _Values(dict[str, Any]):
    """Values of a sentence, as the language writes them."""

    def __init__(self, say: Language, facts: Mapping[str, Any]) -> None:
        all_facts = {**dict.fromkeys((*DAYS, *_TEXTS), ""), **facts}
        super().__init__({n: self._told(say, n, value) for n, value in all_facts.items() if n != "key"})

    @staticmethod
    def _told(say: Language, name: str, value: object) -> object:
        if value in ("", None, []):
            return _NOT_WRITTEN[say.code]
        if name == "needs" and isinstance(value, list):
            return ", ".join(say.say(f"need.{need}") for need in value)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if name == "protocol":
            return protocol(str(value))
        return dates(say, value) if name in DAYS else value


def reason(say: Language, step: Mapping[str, Any]) -> str:
    """Why a work passed or dropped at a step, with its facts where there is a sentence for them."""
    key = f"detail.{step['reason']}"
    told = filled(say, key if key in say.messages else f"reason.{step['reason']}", step["facts"])
    return f"{told} ({say.say('unverified')})" if step["facts"].get("not_verified") else told


def unverified(say: Language, rule: Mapping[str, Any]) -> str:
    """What of a rule rests on no source that was read; empty where there is nothing."""
    keys = [f"unverified.{key}" for key in rule.get("not_verified", ())]
    named = [say.say(key) if key in say.messages else key.removeprefix("unverified.") for key in keys]
    return say.say("unverified.line", what=", ".join(named)) if named else ""


def cited(say: Language, source: Mapping[str, Any]) -> str:
    """A source of a rule, with what stands there, in the language."""
    reference = (source.get("citation_fr") if say.code == "fr" else "") or source.get("citation", "")
    says = (source.get("says") or {}).get(say.code, "")
    return f"{reference}{COLON[say.code]} {says}" if says else str(reference)


def group_unverified(say: Language, group: Sequence[Mapping[str, Any]]) -> list[tuple[list[str], str]]:
    """The same for the rules of a group, each sentence once, with the rules that it is about."""
    told: dict[str, list[str]] = {}
    for rule in group:
        if line := unverified(say, rule):
            told.setdefault(line, []).append(rule["id"])
    return [(names, line) for line, names in told.items()]


def saves(say: Language, said: Mapping[str, Any]) -> str:
    """What would save a work; empty where nothing is known that would."""
    return filled(say, f"saves.{said['key']}", said) if said else ""


def protocol(name: str) -> str:
    """The name of a protocol as the catalog has it, with what it stands for: `tdmrep (TDM Reservation Protocol)`."""
    gloss = next((told for begins, told in _PROTOCOLS.items() if name.casefold().startswith(begins)), "")
    return f"{name} ({gloss})" if gloss and gloss.casefold() not in name.casefold() else name


def status(say: Language, found: Mapping[str, Any]) -> str:
    """What a run says of a work, in words; of a run of pictures in its own, where there are some."""
    name = f"status.{found.get('status', '')}"
    of_medium = f"{name}.{found.get('medium', 'text')}"
    key = of_medium if of_medium in say.messages else name
    return say.say(key) if key in say.messages else str(found.get("status", ""))


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


def named(say: Language, rule: Mapping[str, Any]) -> str:
    """A rule by its title, with the name by which amounts and works speak of it."""
    return f"{rule['title'][say.code]} [{rule['id']}]"


def groups(claim: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    """The rules whose funnels say the same, together, in the order of the claim: each funnel is shown once."""
    found: list[list[Mapping[str, Any]]] = []
    for rule in claim["rules"]:
        same = (one for one in found if one[0]["funnel"]["steps"] == rule["funnel"]["steps"])
        group = next(same, None)
        if group is None:
            found.append([rule])
        else:
            group.append(rule)
    return found


def group_amounts(say: Language, group: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the rules of a group come to; a sentence that holds for several of them stands once, with their names."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for rule in group:
        lines.setdefault(tuple(amounts(say, rule)), []).append(rule["id"])
    if len(lines) == 1:
        return list(next(iter(lines)))
    return [
        f"{', '.join(names)}{COLON[say.code]} {line}" if at == 0 else line
        for told, names in lines.items()
        for at, line in enumerate(told)
    ]


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
