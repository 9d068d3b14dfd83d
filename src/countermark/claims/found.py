"""Step one: was the work found, and how surely? A name alone is never enough, a control never counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.claims.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.claims.case import RunFinding

BEST_FIRST: Final = (
    "found",
    "free-licence",
    "quotation-sized",
    "identifier",
    "identifier-only",
    "common-only",
    "name",
    "name-only",
    "too-short",
    "not-found",
)
"""Statuses of scans and of links, the one that says most first; any other (a control, a false alarm) never counts."""
_AS_TEXT: Final = ("found", "free-licence", "quotation-sized")
_LISTED: Final = ("identifier", "identifier-only")
_NAMED: Final = ("name", "name-only")
COUNTED: Final = (*_AS_TEXT, *_LISTED)
"""Statuses that a rule may take for found."""


def best(found: tuple[RunFinding, ...]) -> RunFinding | None:
    """The run that says most of the work; the first by name where several say the same."""
    counted = [finding for finding in found if finding.status in BEST_FIRST]
    return min(counted, key=lambda one: (BEST_FIRST.index(one.status), one.run), default=None)


def step_found(found: tuple[RunFinding, ...], asked: Mapping[str, Any]) -> Outcome:
    """Whether the work was found at the grade that the rule asks for, or better."""
    finding = best(found)
    if finding is None:
        return Outcome("found", passed=False, reason="control" if found else "not-searched")
    facts = {"run": finding.run, "corpus": finding.corpus, "grades": dict(finding.grades)}
    if finding.status in _NAMED:
        return Outcome("found", False, "name-only", facts, {"key": "give-identifier"})
    if finding.status in _AS_TEXT:
        return _as_text(found, asked, facts)
    if finding.status in _LISTED:
        if asked["least"] == "identifier":
            return Outcome("found", True, "listed-by-identifier", facts)
        return Outcome("found", False, "listed-only", facts, {"key": "scan-the-texts"})
    saves = {"key": "ask-for-the-data"} if finding.status in ("not-found", "too-short") else {}
    return Outcome("found", False, finding.status, facts, saves)


def _as_text(found: tuple[RunFinding, ...], asked: Mapping[str, Any], facts: dict[str, Any]) -> Outcome:
    grades = {grade for finding in found for grade, count in finding.grades.items() if count}
    if asked["least"] == "identical" and "identical" not in grades:
        return Outcome("found", False, "copy-only", facts)
    return Outcome("found", True, "found-as-text", facts)
