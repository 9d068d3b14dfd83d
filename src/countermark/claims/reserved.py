"""Step four: whether rights were reserved, in a form that counts, on the day on which the copy was taken."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.outcome import Outcome
from countermark.claims.parties import same_name
from countermark.claims.spans import before, span_of
from countermark.claims.uses import covers
from countermark.works.entry import RightsKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.claims.case import Case, RunFinding
    from countermark.claims.spans import Span
    from countermark.works.entry import CatalogWork, RightsFact

IN_WORDS: Final = (
    *(
        "agb",
        "cgu",
        "cgv",
        "conditionsdutilisation",
        "conditionsgenerales",
        "courriel",
        "courrier",
        "declaration",
    ),
    *("email", "impressum", "imprint", "inwords", "legalnotice", "letter", "lettre", "mentionslegales"),
    *("naturallanguage", "nutzungsbedingungen", "terms", "termesdutilisation", "tos", "enmots", "clause"),
)
"""How protocols begin that are sentences: whether a machine can read them is contested."""
MACHINE_READABLE: Final = (
    *("aipref", "aitxt", "c2pa", "cawg", "contentcredentials", "contentsignal", "contentusage", "htmlmeta"),
    *("httpheader", "iptc", "metadata", "metatag", "noai", "noimageai", "onix", "plus", "robots", "rsl"),
    *("tdmai", "tdmpolicy", "tdmrep", "tdmreservation", "trusttxt", "xrobots", "xmp"),
)
"""How protocols begin that machines read; `TDMRep`, `robots.txt`, `iptc-plus`, `RSL 1.0` are all known."""


def step_reserved(
    work: CatalogWork, found: tuple[RunFinding, ...], case: Case, asked: Mapping[str, Any]
) -> Outcome:
    """Whether a reservation that counts was in force at one of the captures, the latest looked at first."""
    facts = [fact for fact in work.rights if fact.kind is RightsKind.RESERVATION and covers(fact.uses)]
    if not facts:
        return Outcome("reserved", False, "not-reserved", {}, {"key": "reserve-now"})
    captures = case.captures(found)
    if not captures:
        told = {"protocols": _protocols(facts)}
        return Outcome("reserved", False, "capture-unknown", told, {"key": "give-snapshot"})
    machine = [fact for fact in facts if _kind(fact) == "machine"]
    held, fact, capture = _held(machine, captures)
    if held and fact and capture:
        return Outcome("reserved", True, "reserved", _told(fact, capture))
    return _otherwise(facts, machine, captures, held, asked["in_words"])


def _otherwise(
    facts: Sequence[RightsFact],
    machine: Sequence[RightsFact],
    captures: Sequence[Span],
    held: bool | None,
    in_words: str,
) -> Outcome:
    """No machine-readable reservation surely held: words, a day that is not known, or one that came later."""
    if held is None and machine:
        told = {"protocols": _protocols(machine), "capture": captures[0].written, "begins": machine[0].begins}
        return Outcome("reserved", False, "reservation-day-unknown", told, {"key": "give-reservation-day"})
    others = [fact for fact in facts if fact not in machine]
    worded, fact, capture = _held(others, captures)
    if worded and fact and capture:
        told = _told(fact, capture)
        if _kind(fact) == "words" and in_words == "accepted":
            return Outcome("reserved", True, "reserved-in-words", told)
        reason = "words-only" if _kind(fact) == "words" else "protocol-unknown"
        return Outcome("reserved", False, reason, told, {"key": "reserve-for-machines"})
    told = {"protocols": _protocols(facts), "capture": captures[0].written}
    begun = sorted(fact.begins for fact in facts if fact.begins)
    if worded is None:
        return Outcome("reserved", False, "reservation-day-unknown", told, {"key": "give-reservation-day"})
    return Outcome("reserved", False, "reserved-later", {**told, "begins": begun[0] if begun else ""})


def _held(
    facts: Sequence[RightsFact], captures: Sequence[Span]
) -> tuple[bool | None, RightsFact | None, Span | None]:
    """Whether one reservation surely held at one capture, and which; None where a day that is not known decides."""
    unknown = False
    for capture in captures:
        for fact in facts:
            answer = _at(fact, capture)
            if answer:
                return True, fact, capture
            unknown = unknown or answer is None
    return (None if unknown else False), None, None


def _at(fact: RightsFact, capture: Span) -> bool | None:
    start, end = span_of(fact.begins), span_of(fact.ends)
    begun = before(start, capture) if start else None
    not_over = before(capture, end) if end else True
    if begun is False or not_over is False:
        return False
    return None if begun is None or not_over is None else True


def _kind(fact: RightsFact) -> str:
    """`machine`, `words`, or `unknown` where the protocol is not said or not one of those known."""
    return _kind_of(fact.basis)


@lru_cache(maxsize=1024)
def _kind_of(basis: str) -> str:
    protocol = same_name(basis).replace(" ", "")
    if protocol.startswith(IN_WORDS):
        return "words"
    return "machine" if protocol == "tdm" or protocol.startswith(MACHINE_READABLE) else "unknown"


def _protocols(facts: Sequence[RightsFact]) -> list[str]:
    return sorted({fact.basis or "not-said" for fact in facts})


def _told(fact: RightsFact, capture: Span) -> dict[str, Any]:
    return {"protocol": fact.basis, "begins": fact.begins, "where": fact.number, "capture": capture.written}
