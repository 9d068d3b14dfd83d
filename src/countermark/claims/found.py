"""Step one: was the work found, and how surely? A name alone is never enough, a control never counts.

Nor does an element that many works share, such as a frame or a loop: it is told, and nobody is accused of it; nor a
sketch of a picture that agrees, until the picture itself was looked at; nor a recording that resembles the work's.
"""

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
    "sketch-only",
    "resembles-only",
    "shared-only",
    "name",
    "name-only",
    "too-short",
    "not-found",
)
"""Statuses of scans and of links, the one that says most first; any other (a control, a false alarm) never counts."""
_IN_RECORD: Final = ("found", "free-licence", "quotation-sized")
_LISTED: Final = ("identifier", "identifier-only")
_NAMED: Final = ("name", "name-only")
_HELPS: Final = {
    "not-found": "ask-for-the-data",
    "too-short": "ask-for-the-data",
    "sketch-only": "scan-the-pictures",
}
_SEEN_AS: Final = {"image": "found-as-picture", "audio": "found-as-recording"}
_SCAN: Final = {"image": "scan-the-pictures", "audio": "scan-the-recordings"}
COUNTED: Final = (*_IN_RECORD, *_LISTED)
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
    medium = finding.medium
    if finding.status in _NAMED:  # what a listing of pictures calls so is a short hash that agrees
        reason, saves = (
            ("hash-only", "scan-the-pictures") if medium == "image" else ("name-only", "give-identifier")
        )
        return Outcome("found", False, reason, facts, {"key": saves})
    if finding.status in _IN_RECORD:
        return _in_record(found, asked, facts, _SEEN_AS.get(medium, "found-as-text"))
    if finding.status in _LISTED:
        return _listed(asked, facts, _SCAN.get(medium, "scan-the-texts"))
    helps = _HELPS.get(finding.status)
    return Outcome("found", False, finding.status, facts, {"key": helps} if helps else {})


def _listed(asked: Mapping[str, Any], facts: dict[str, Any], saves: str) -> Outcome:
    if asked["least"] == "identifier":
        return Outcome("found", True, "listed-by-identifier", facts)
    return Outcome("found", False, "listed-only", facts, {"key": saves})


def _in_record(
    found: tuple[RunFinding, ...], asked: Mapping[str, Any], facts: dict[str, Any], reason: str
) -> Outcome:
    grades = {grade for finding in found for grade, count in finding.grades.items() if count}
    if asked["least"] == "identical" and "identical" not in grades:
        return Outcome("found", False, "copy-only", facts)
    return Outcome("found", True, reason, facts)
