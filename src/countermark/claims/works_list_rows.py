"""The rows of the works list: what one line of works.jsonl says of a work, column by column.

Cells are texts or whole numbers. What is not known is empty; nothing is derived that the claim does not state.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.claims.found import BEST_FIRST
from countermark.claims.words import COLON, DAYS, SEMICOLON, protocol, status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.language import Language

Cell = str | int
GRADES: Final = ("identical", "copy", "identifier", "name")
"""Grades, the one that says most first."""
TOLD: Final = ("sketch", "resembles", "shared")
"""What is told and never counted: a sketch that agrees, a recording that resembles, what many works share."""

_COLUMNS: Final = (
    ("number", 6),
    ("work_id", 14),
    ("title_of_work", 34),
    ("authors", 24),
    ("isbn", 16),
    ("isrc", 15),
    ("iswc", 13),
    ("other", 20),
    ("isni", 18),
    ("ipi", 13),
    ("publisher", 18),
    ("published", 12),
    ("country", 10),
    ("registration", 16),
    ("office", 14),
    ("effective", 12),
    ("registered_as", 11),
    ("owner", 22),
    ("basis", 13),
    ("owner_share", 9),
    ("found", 30),
    ("grade", 16),
    ("amount", 11),
    ("run", 10),
    ("rows", 9),
    ("hosts", 8),
)
HELD: Final = tuple(name for name, _ in _COLUMNS)
"""What the columns before those of the rules hold, in order."""

_ONE_DAY: Final = r"\d{4}(?:-\d{2}){0,2}"
_DAYS: Final = re.compile(rf"{_ONE_DAY}(?:/{_ONE_DAY})?", re.ASCII)
_OF_MEDIA: Final = {"image": ("pictures", 12), "audio": ("recordings", 12)}
_AFTER: Final = (("exclusions", 30), ("conflicts", 30))
_RULE_WIDTH: Final = 26


class Heading(NamedTuple):
    """One column: what heads it, and its width in characters."""

    text: str
    width: int


def media_of(claim: Mapping[str, Any]) -> tuple[str, ...]:
    """What the runs of a claim were of beside texts, `image` and `audio`: for each the works have a column more."""
    searched = {run.get("medium") for run in claim.get("runs", ())}
    return tuple(medium for medium in _OF_MEDIA if medium in searched)


def held_with(media: Iterable[str]) -> tuple[str, ...]:
    """What the columns before those of the rules hold, with those of these media."""
    return tuple(name for name, _ in _columns(media))


def headings(
    rules: Iterable[Mapping[str, Any]], language: Language, *, media: Sequence[str] = ()
) -> list[Heading]:
    """The columns; one for each rule of claim.json, and one for what only each of these media has."""
    before = [Heading(head_of(name, language, media), width) for name, width in _columns(media)]
    after = [Heading(language.say(f"list.{name}"), width) for name, width in _AFTER]
    ruled = [Heading(language.say("list.rule", title=title(rule, language)), _RULE_WIDTH) for rule in rules]
    return [*before, *ruled, *after]


def _columns(media: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return (*_COLUMNS, *(_OF_MEDIA[medium] for medium in media))


def head_of(name: str, language: Language, media: Sequence[str], room: str = "list") -> str:
    """The head of a column; where pictures or recordings are among the works, it says of what it speaks."""
    of_all = f"{room}.{name}.{'media' if 'audio' in media else 'both'}"
    return language.say(of_all if media and of_all in language.messages else f"{room}.{name}")


def title(rule: Mapping[str, Any], language: Language) -> str:
    """What a rule is called in a language, else its name."""
    titles = rule.get("title") or {}
    return str(titles.get(language.code) or rule["id"]) if isinstance(titles, dict) else str(titles)


def row(
    number: int,
    line: Mapping[str, Any],
    rules: Iterable[str],
    language: Language,
    *,
    media: Sequence[str] = (),
) -> list[Cell]:
    """One work: `line` is that of works.jsonl, `rules` the names of the rules in the order of the columns."""
    facts = line.get("facts", {})
    found = line.get("found", ())
    cells: list[Cell] = [
        number,
        str(line["work_id"]),
        _title(line, facts, language),
        SEMICOLON[language.code].join(_author(one, language) for one in facts.get("contributors", ())),
        *_numbers(facts),
        _several(edition.get("publisher") for edition in facts.get("editions", ())),
        day(facts.get("published", ""), language),
        str(facts.get("country", "")),
        *_registration(facts, language),
        *_owner(facts, language),
        *_found(found, language),
        *(_records(found, medium) for medium in media),
        *(_under(line.get("rules", {}).get(rule), language) for rule in rules),
        _exclusions(facts, language),
        "\n".join(_conflict(one, language) for one in facts.get("conflicts", ())),
    ]
    return [cell if isinstance(cell, int) else _whole(cell) for cell in cells]


def day(written: object, language: Language) -> str:
    """A date as the language writes it in tables: DD/MM/YYYY or MM/YYYY in French, as the claim has it in English."""
    text = str(written or "")
    if language.code != "fr" or not _DAYS.fullmatch(text):
        return text
    return " – ".join("/".join(reversed(part.split("-"))) for part in text.split("/"))


def _whole(text: str) -> str:
    """`text` without halves of surrogate pairs, which no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _several(values: Iterable[object]) -> str:
    """Each value once, in order, on lines of their own."""
    return "\n".join(dict.fromkeys(str(value) for value in values if value))


def _title(line: Mapping[str, Any], facts: Mapping[str, Any], language: Language) -> str:
    main, subtitle = str(line.get("title", "")), facts.get("subtitle")
    return language.say("list.subtitled", title=main, subtitle=subtitle) if subtitle else main


def _author(one: Mapping[str, Any], language: Language) -> str:
    role = str(one.get("role", "author"))
    return str(one["name"]) + (f" ({_word('role', role, language)})" if role != "author" else "")


def _word(kind: str, value: str, language: Language) -> str:
    """A word of the catalog in the language of the list, else as it stands there."""
    return language.messages.get(f"{kind}.{value}", value)


def _numbers(facts: Mapping[str, Any]) -> list[str]:
    """ISBN, ISRC, ISWC, other identifiers, then ISNI and IPI of people and owners."""
    pairs = [tuple(pair) for pair in facts.get("identifiers", ())]
    pairs += [tuple(pair) for edition in facts.get("editions", ()) for pair in edition.get("identifiers", ())]
    # The composition that a recording is of: its ISWC stands with the edition.
    pairs += [
        tuple(relation["other"])
        for edition in facts.get("editions", ())
        for relation in edition.get("relations", ())
        if relation.get("kind") == "recording-of"
    ]
    people = [tuple(pair) for one in facts.get("contributors", ()) for pair in one.get("identifiers", ())]
    people += [tuple(pair) for fact in facts.get("rights", ()) for pair in fact.get("party_identifiers", ())]
    own = ("isbn", "isrc", "iswc")
    of_work = [_several(value for scheme, value in pairs if scheme == name) for name in own]
    others = _several(f"{scheme} {value}" for scheme, value in pairs if scheme not in own)
    of_people = [_several(value for scheme, value in people if scheme == name) for name in ("isni", "ipi")]
    return [*of_work, others, *of_people]


def _of_kind(facts: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [fact for fact in facts.get("rights", ()) if fact.get("kind") == kind]


def _lines(facts: Sequence[Mapping[str, Any]], *fields: str) -> list[str]:
    """One cell for each field, with as many lines as there are facts, so that the lines of the cells agree."""
    return ["\n".join(str(fact.get(field, "")) or "–" for fact in facts) for field in fields]


def _registration(facts: Mapping[str, Any], language: Language) -> list[str]:
    told = [
        {
            **fact,
            "begins": day(fact.get("begins", ""), language),
            "registered_as": _word("registered", str(fact.get("registered_as", "")), language),
        }
        for fact in _of_kind(facts, "registration")
    ]
    return _lines(told, "number", "party", "begins", "registered_as")


def _owner(facts: Mapping[str, Any], language: Language) -> list[str]:
    told = [
        {**fact, "basis": _word("basis", str(fact.get("basis", "")), language)}
        for fact in _of_kind(facts, "owner")
    ]
    return _lines(told, "party", "basis", "share")


def _found(found: Iterable[Mapping[str, Any]], language: Language) -> list[Cell]:
    """Where it was seen, the best grade in words, the share of the work in per cent, the longest run, the findings.

    A picture or a recording has no longest run; the share is that of its area, or of its length.
    """
    seen = seen_in(found)
    share = max((float(one.get("share") or 0) for one in seen), default=0.0)
    texts = [one for one in seen if one.get("medium", "text") == "text"]
    longest = max((int(one.get("longest_run") or 0) for one in texts), default=0)
    findings = sum(map(counted, seen))
    hosts = max((int(one.get("hosts") or 0) for one in seen), default=0)
    return [
        _several(_run(one, language) for one in seen),
        _graded(seen, language),
        f"{share * 100:.1f}".replace(".", language.decimal) if share else "",
        longest or "",
        findings or "",
        hosts or "",
    ]


def seen_in(found: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What the runs saw of a work, without controls and false alarms: those are never counted."""
    counted = (one for one in found if one.get("status") in BEST_FIRST)
    return [one for one in counted if any(one.get("grades", {}).values())]


def counted(found: Mapping[str, Any]) -> int:
    """How many findings of a run count: all but those that are only told."""
    return int(sum(count for grade, count in found["grades"].items() if grade not in TOLD))


def best_grade(found: Iterable[Mapping[str, Any]]) -> str:
    """The best grade of a work's findings, empty where there is none; those of `TOLD` are the last."""
    grades = {grade for one in found for grade, count in one.get("grades", {}).items() if count}
    return next((grade for grade in (*GRADES, *TOLD) if grade in grades), "")


def _graded(seen: Sequence[Mapping[str, Any]], language: Language) -> str:
    """The best grade in words: those of texts, or of pictures or recordings where nothing else has it."""
    best = best_grade(seen)
    if not best:
        return ""
    mediums = {str(one.get("medium", "text")) for one in seen if one["grades"].get(best)}
    key = f"grade.{best}.{min(mediums, default='')}"
    return language.say(key if len(mediums) == 1 and key in language.messages else f"grade.{best}")


def _records(found: Iterable[Mapping[str, Any]], medium: str) -> Cell:
    """In how many pictures or recordings of the data sets the work's, or a part of it, is seen or heard."""
    seen = [one for one in seen_in(found) if one.get("medium") == medium and counted(one)]
    return sum(int(one.get("rows") or 0) for one in seen) or ""


def _run(one: Mapping[str, Any], language: Language) -> str:
    snapshot = one.get("snapshot", "")
    told = (
        language.say("snapshot", date=day(snapshot, language))
        if snapshot
        else language.say("snapshot.unknown")
    )
    said = status(language, one)
    return language.say("list.in_run", corpus=one.get("corpus", ""), snapshot=told, status=said)


def _under(way: Mapping[str, Any] | None, language: Language) -> str:
    """`yes`, or the step at which the work drops, and why."""
    if way is None:
        return language.say("list.not_asked")
    if way["claimable"]:
        return language.say("list.yes")
    last: Mapping[str, Any] = next((step for step in way.get("steps", ()) if not step["passed"]), {})
    name = str(way.get("dropped_at") or last.get("step", ""))
    step = f"step.{name}"
    said = language.say(step) if step in language.messages else name
    return language.say("list.dropped", step=said, reason=_reason(last, language))


def dropped(ways: Mapping[str, Mapping[str, Any] | None], language: Language) -> str:
    """Why a work drops, in few words: each reason once, with the rules where they do not all say the same."""
    reasons: dict[str, list[str]] = {}
    for name, way in ways.items():
        if way and not way["claimable"]:
            last: Mapping[str, Any] = next((step for step in way.get("steps", ()) if not step["passed"]), {})
            key = str(last.get("reason", ""))
            reasons.setdefault(language.messages.get(f"reason.{key}", key), []).append(name)
    if len(reasons) == 1 and len(next(iter(reasons.values()))) == len(ways):
        return next(iter(reasons))
    colon = COLON[language.code]
    return "\n".join(f"{', '.join(names)}{colon} {told}" for told, names in reasons.items())


def _reason(step: Mapping[str, Any], language: Language) -> str:
    key = str(step.get("reason", ""))
    facts = {name: _told(name, value, language) for name, value in step.get("facts", {}).items()}
    try:
        told = language.messages[f"detail.{key}"].format(**facts)
    except (KeyError, IndexError):
        told = language.messages.get(f"reason.{key}", key)
    return f"{told} ({language.say('unverified')})" if step.get("facts", {}).get("not_verified") else told


def _told(name: str, value: Any, language: Language) -> str:  # a JSON value
    if isinstance(value, list):
        return ", ".join(_told(name, one, language) for one in value)
    if name == "protocol":
        return protocol(str(value))
    if name in DAYS:
        return day(value, language)
    need = f"need.{value}"
    return language.messages[need] if name == "needs" and need in language.messages else str(value)


def _exclusions(facts: Mapping[str, Any], language: Language) -> str:
    """What a claim must leave out or count once: licences granted, an open licence, the whole that it is a part of."""
    told = []
    for fact in _of_kind(facts, "licence"):
        uses = fact.get("uses") or language.say("list.any_use")
        said = language.say("list.licensed", party=fact.get("party", ""), uses=uses)
        if fact.get("begins") or fact.get("ends"):
            begins, ends = (day(fact.get(end), language) or "…" for end in ("begins", "ends"))
            said += language.say("list.licensed_dates", begins=begins, ends=ends)
        told.append(said)
    if facts.get("licence"):
        told.append(language.say("list.open_licence", licence=facts["licence"]))
    if facts.get("part_of"):
        told.append(language.say("list.part_of", whole=facts["part_of"]))
    return "\n".join(told)


def _conflict(conflict: Mapping[str, Any], language: Language) -> str:
    said = " / ".join(day(one.get("value", ""), language) for one in conflict.get("said", ()))
    return language.say("list.conflict", field=conflict.get("field", ""), said=said)
