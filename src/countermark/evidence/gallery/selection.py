"""What of a run of pictures is shown: a bounded choice, whatever the size of the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits.selection import Bounds, every_finding, select_exhibits
from countermark.evidence.exhibits.selection import Found as PictureFound
from countermark.evidence.gallery.judged import PICTURES
from countermark.evidence.gallery.stored import work_prints, work_sizes
from countermark.evidence.summary import conclude, read_summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.evidence.gallery.placement import Size
    from countermark.evidence.gallery.stored import Prints

WORKS_SHOWN = 50
PICTURES_OF_WORK = 3
PICTURES_SHOWN = 56
ALARMS_SHOWN = 4
PICTURES_LISTED = 500
MISSING_LISTED = 200

__all__ = ["Gallery", "PictureFound", "WorkFound", "all_found", "select_pictures"]


@dataclass(frozen=True, slots=True)
class WorkFound:
    """One work with the found pictures that are shown; `row` is its row of works.parquet."""

    number: int
    row: dict[str, Any]
    pictures: list[PictureFound]


@dataclass(frozen=True, slots=True)
class Gallery:
    """Everything that a report on pictures shows. `sizes` and `prints` are of the works' files, by digest."""

    run: Path
    summary: dict[str, Any]
    sizes: dict[str, Size]
    prints: Prints = field(default_factory=dict)
    works: list[WorkFound] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)
    unlisted: int = 0
    missing: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[PictureFound] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> PictureFound | None:
        """The first found picture that is shown; None when there is none."""
        return next((picture for work in self.works for picture in work.pictures), None)


def select_pictures(run: Path) -> Gallery:
    """Choose what is shown of a run of pictures, concluding it first if need be. Raises RunError, OutputError."""
    summary = _summary(run)
    most = Bounds(
        works=WORKS_SHOWN,
        of_work=PICTURES_OF_WORK,
        shown=PICTURES_SHOWN,
        alarms=ALARMS_SHOWN,
        listed=PICTURES_LISTED,
        missing=MISSING_LISTED,
    )
    selected = select_exhibits(run, PICTURES, most)
    return Gallery(
        run=run,
        summary=summary,
        sizes=work_sizes(run),
        prints=work_prints(run),
        works=[WorkFound(number, row, found) for number, (row, found) in enumerate(selected.works, 1)],
        listed=selected.listed,
        unlisted=selected.unlisted,
        missing=selected.missing,
        alarms=selected.alarms,
        titles=selected.titles,
    )


def all_found(run: Path) -> Iterator[dict[str, Any]]:
    """Every finding of a run, by the files that receipts vouch for; each only once, as in pictures.parquet."""
    _summary(run)
    yield from every_finding(run, PICTURES)


def _summary(run: Path) -> dict[str, Any]:
    """The summary; made anew where an earlier version made it, that did not say of what sketches are."""
    summary = read_summary(run)
    return summary if {"sketches", "frames_skipped"} <= summary["searched"].keys() else conclude(run)
