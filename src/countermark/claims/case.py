"""What a claim is made on: the day, the parties, when the act began, and what the runs found of a work."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.claims.spans import Span, span_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from countermark.claims.parties import Claimant, Respondent
    from countermark.works.entry import CatalogWork


def first_publication(work: CatalogWork) -> Span | None:
    """The day of first publication; None where it is not known, or where sources contradict one another."""
    if any(conflict.field == "published" for conflict in work.conflicts):
        return None
    return span_of(work.published)


@dataclass(frozen=True, slots=True)
class RunFinding:
    """What one run says of one work.

    `share` is a fraction of the work (of a picture, of its area; of a recording, of its length), `longest_run` counts
    letters without a difference, `rows` the records of the data set that hold something of it, `hosts` the web hosts of
    those records; 0 where the run does not say. `captures` are the earliest and the latest day of capture that its
    findings state, empty where they state none. `joined_by` says how the work was recognised, `medium` what was
    searched: `text`, `image` or `audio`.
    """

    run: str
    corpus: str
    snapshot: str
    status: str
    grades: Mapping[str, int] = field(default_factory=dict)
    share: float = 0.0
    licence_status: str = "unknown"
    examples: tuple[str, ...] = ()
    captures: tuple[str, str] = ("", "")
    joined_by: str = "work-id"
    longest_run: int = 0
    rows: int = 0
    hosts: int = 0
    medium: str = "text"

    def as_json(self) -> dict[str, Any]:
        """The finding as it stands in works.jsonl."""
        written: dict[str, Any] = {
            "run": self.run,
            "corpus": self.corpus,
            "snapshot": self.snapshot,
            "status": self.status,
            "grades": dict(self.grades),
            "share": round(self.share, 6),
            "examples": list(self.examples),
            "joined_by": self.joined_by,
        }
        for name in ("longest_run", "rows", "hosts"):
            if count := getattr(self, name):
                written[name] = count
        if self.medium != "text":
            written["medium"] = self.medium
        if any(self.captures):
            written["captures"] = list(self.captures)
        return written


class Began(NamedTuple):
    """When the act is taken to have begun, and how that is known.

    `known_from` is `stated`, `respondent`, `capture`, `snapshot` or `unknown`; then `span` is None.
    """

    span: Span | None
    known_from: str


@dataclass(frozen=True, slots=True)
class Case:
    """The facts of the case. `began` and `snapshot` are the user's, in the form of `works.dates`, or empty."""

    on: date
    claimant: Claimant | None = None
    respondent: Respondent | None = None
    began: str = ""
    snapshot: str = ""

    def snapshot_of(self, finding: RunFinding) -> str:
        """The day of the copy that was searched: what the run says, else what the user says."""
        return finding.snapshot or self.snapshot

    def act(self, found: tuple[RunFinding, ...]) -> Began:
        """When the act began: as stated, else the earliest capture, else the earliest snapshot."""
        stated = (self.began, self.respondent.began if self.respondent else "")
        captures = tuple([finding.captures[0] for finding in found])
        return _act(stated, captures, tuple([self.snapshot_of(finding) for finding in found]))

    def captures(self, found: tuple[RunFinding, ...]) -> list[Span]:
        """The days of capture that a reservation is held against, latest first: of records, else of snapshots."""
        days = {day for finding in found for day in finding.captures if day}
        days = days or {day for finding in found if (day := self.snapshot_of(finding))}
        return sorted((span for day in days if (span := span_of(day))), reverse=True)


@lru_cache(maxsize=1 << 14)
def _act(stated: tuple[str, str], captures: tuple[str, ...], snapshots: tuple[str, ...]) -> Began:
    for written, known_from in zip(stated, ("stated", "respondent"), strict=True):
        if span := span_of(written):
            return Began(span, known_from)
    for days, known_from in ((captures, "capture"), (snapshots, "snapshot")):
        if spans := [span for day in days if (span := span_of(day))]:
            return Began(min(spans), known_from)
    return Began(None, "unknown")
