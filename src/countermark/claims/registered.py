"""Step five: was the work registered in time? Before the act began, or soon enough after first publication.

Dates that are only a year or a month give an earliest and a latest day. Where the answer depends on the day, it is
"give the day", never a guess. Of several registrations the best counts: one more never makes it worse.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.claims.case import first_publication
from countermark.claims.outcome import Outcome
from countermark.claims.parties import same_name
from countermark.claims.spans import Span, before, plus_months, span_of, sure, window
from countermark.works.entry import RightsKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.claims.case import Case, RunFinding
    from countermark.works.entry import CatalogWork, RightsFact


_NUMBER: Final = re.compile(r"([A-Za-z][A-Za-z -]*)\d")  # what a number begins with: TX, PAu, SR …


class _Answer(NamedTuple):
    """Whether one registration is in time, and by what."""

    in_time: bool | None
    reason: str
    fact: RightsFact


def step_registered(
    work: CatalogWork, found: tuple[RunFinding, ...], case: Case, asked: Mapping[str, Any]
) -> Outcome:
    """Whether one registration at the rule's offices is in time."""
    if asked["identifiers"] and not _schemes(work) & set(asked["identifiers"]):
        return Outcome(
            "registered", False, "identifier-needed", {"schemes": asked["identifiers"]}, {"key": "give-isbn"}
        )
    act = span_of(asked["act"]) or case.act(found).span
    published = first_publication(work)
    ours = [fact for fact in work.rights if is_registration(fact, asked)]
    early = _published_after(work, published, act)
    if not ours:
        others = [fact for fact in work.rights if fact.kind is RightsKind.REGISTRATION]
        if unnamed := next((fact for fact in others if not fact.party.strip()), None):
            told = {"number": unnamed.number, "effective": unnamed.begins}
            return Outcome("registered", False, "office-unknown", told, {"key": "give-office"})
        return early or _not_registered(work, act, case, asked["months"], sorted({f.party for f in others}))
    answers = [_answer(fact, published, act, asked) for fact in ours]
    if early and not any(answer.in_time for answer in answers):
        return early
    order: dict[bool | None, int] = {True: 0, None: 1, False: 2}
    best = min(answers, key=lambda one: (order[one.in_time], one.fact.begins, one.fact.number))
    return _told(
        best,
        work,
        act,
        published,
        asked["months"],
        known_from="rule" if asked["act"] else case.act(found).known_from,
    )


def is_registration(fact: RightsFact, asked: Mapping[str, Any]) -> bool:
    """Whether a fact is a registration at one of the rule's offices; where no office is said, its number tells."""
    if fact.kind is not RightsKind.REGISTRATION:
        return False
    if fact.party.strip():
        return _squeezed(fact.party) in _offices(tuple(asked["offices"]))
    found = _NUMBER.match(fact.number.strip())
    return found is not None and _squeezed(found[1]).upper() in asked["numbers"]


@lru_cache(maxsize=1024)
def _squeezed(name: str) -> str:
    """A name without case, accents, signs and blanks: `U.S. Copyright Office` and `US Copyright Office` are one."""
    return same_name(name).removeprefix("the ").replace(" ", "")


@lru_cache(maxsize=16)
def _offices(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_squeezed, names))


def _schemes(work: CatalogWork) -> set[str]:
    own = {one.scheme for one in work.identifiers}
    return own | {one.scheme for edition in work.editions for one in edition.identifiers}


def _answer(fact: RightsFact, published: Span | None, act: Span | None, asked: Mapping[str, Any]) -> _Answer:
    effective = span_of(fact.begins)
    if effective is None:
        return _Answer(None, "registration-day-unknown", fact)
    in_window = before(effective, window(published, asked["months"])) if published else None
    if in_window and published and act:
        # The window is for what began after first publication (17 USC 412(2)), not for an unpublished work (412(1)).
        in_window = before(published, act)
    before_act = before(effective, act) if act else None
    if asked["within_years"]:
        soon = before(effective, window(published, 12 * asked["within_years"])) if published else None
        before_act = False if False in (soon, before_act) else None if None in (soon, before_act) else True
    if before_act:
        return _Answer(True, "registered-before-act", fact)
    if in_window:
        return _Answer(True, "registered-in-window", fact)
    if sure(in_window, before_act) is None:
        missing = (
            "publication-unknown" if published is None else "act-unknown" if act is None else "day-decides"
        )
        return _Answer(None, missing, fact)
    return _Answer(False, "registered-late", fact)


def _published_after(work: CatalogWork, published: Span | None, act: Span | None) -> Outcome | None:
    """A work that was surely published only after the act: one of the two days is wrong, or a draft was copied."""
    if published is None or act is None or act.last >= published.first:
        return None
    facts = {"published": work.published, "act": act.written}
    return Outcome("registered", False, "published-after-act", facts, {"key": "check-days"})


def _told(
    best: _Answer, work: CatalogWork, act: Span | None, published: Span | None, months: int, known_from: str
) -> Outcome:
    facts: dict[str, Any] = {
        "number": best.fact.number,
        "effective": best.fact.begins,
        "registered_as": best.fact.registered_as,
        "published": work.published,
        "window_ended": window(published, months).written if published else "",
        "act": act.written if act else "",
        "act_known_from": known_from,
    }
    if best.in_time:
        return Outcome("registered", True, best.reason, facts)
    if best.in_time is None:
        needed = {
            "registration-day-unknown": "give-registration-day",
            "publication-unknown": "give-publication",
            "act-unknown": "give-act",
        }.get(best.reason, "give-day")
        return Outcome("registered", False, best.reason, facts, {"key": needed})
    return Outcome("registered", False, best.reason, facts, {"key": "later-acts-only"})


def _not_registered(
    work: CatalogWork, act: Span | None, case: Case, months: int, others: list[str]
) -> Outcome:
    """No registration: until when one would still be in time, if it would."""
    published = first_publication(work)
    facts: dict[str, Any] = {
        "published": work.published,
        "act": act.written if act else "",
        "other_offices": others,
    }
    if published is None:
        return Outcome("registered", False, "not-registered", facts, {"key": "register", "months": months})
    # The day that surely is in time: counted from the first day that the publication can have been.
    last = plus_months(published.first, months)
    if last >= case.on:
        saves = {"key": "register-by", "by": last.isoformat(), "published": work.published, "months": months}
        return Outcome("registered", False, "not-registered", facts, {**saves, "days": (last - case.on).days})
    ended = {"key": "register-for-later", "window_ended": last.isoformat()}
    return Outcome("registered", False, "not-registered", facts, ended)
