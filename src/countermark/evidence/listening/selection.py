"""What of a run of recordings is shown: a bounded choice, whatever the size of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.exhibits.selection import Bounds, select_exhibits
from countermark.evidence.listening.conclusion import recordings_summary
from countermark.evidence.listening.recordings import RECORDINGS
from countermark.evidence.listening.sounds import copy_digests

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from countermark.evidence.exhibits.selection import Found

MOST: Final = Bounds(works=50, of_work=3, shown=56, alarms=4, listed=500, missing=200, apart=12)
"""How much of a run stands on the page at most; the rest is counted, and in the tables."""


@dataclass(frozen=True, slots=True)
class WorkHeard:
    """One work with the found recordings that are shown; `row` is its row of works.parquet."""

    number: int
    row: dict[str, Any]
    found: list[Found]


@dataclass(frozen=True, slots=True)
class Listening:
    """Everything that a report on recordings shows. `hints` are resemblances, of which there are `all_hints`.

    `copies` are the digests that copies of the works may have, by that of the work's file.
    """

    run: Path
    copies: Mapping[str, frozenset[str]]
    summary: dict[str, Any]
    works: list[WorkHeard]
    hints: list[Found]
    all_hints: int
    listed: list[dict[str, Any]]
    unlisted: int
    missing: list[dict[str, Any]]
    alarms: list[Found]
    titles: dict[str, str]

    @property
    def first(self) -> Found | None:
        """The first found recording that is shown, before any hint; None when there is none."""
        return next((found for work in self.works for found in work.found), None)


def select_recordings(run: Path) -> Listening:
    """Choose what is shown of a run of recordings, concluding it first if need be. Raises RunError, OutputError."""
    summary = recordings_summary(run)
    selected = select_exhibits(run, RECORDINGS, MOST, apart="resembles")
    works = [WorkHeard(number, row, found) for number, (row, found) in enumerate(selected.works, 1)]
    return Listening(
        run=run,
        copies=copy_digests(run),
        summary=summary,
        works=[work for work in works if work.found],
        hints=selected.apart,
        all_hints=selected.all_apart,
        listed=selected.listed,
        unlisted=selected.unlisted,
        missing=selected.missing,
        alarms=selected.alarms,
        titles=selected.titles,
    )
