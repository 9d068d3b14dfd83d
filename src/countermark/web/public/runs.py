"""What a published scan says in the aggregate: a run's summary, read with care, as pages and the API show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.web.registry.models import Run
from countermark.web.registry.runs import smallest_cell

if TYPE_CHECKING:
    from datetime import datetime

GRADES: Final = ("identical", "copy", "identifier", "name")
OF_PICTURES: Final = ("identical", "copy", "shared")
"""What is published of a run of pictures; sketches that agree are not, as nothing was confirmed by them."""


@dataclass(frozen=True, slots=True)
class PublishedRun:
    """One data set that was searched. Counts are of works, but `grades`, which counts findings; None is not known.

    Where fewer works are listed than the smallest count that is shown, `works_listed` is None, `fewer_than` says so and
    `grades` are left out.
    """

    digest: str
    data_set: str
    snapshot: str
    published_at: datetime
    complete: bool
    works_searched: int | None
    works_listed: int | None
    fewer_than: int | None
    records_searched: int | None
    grades: tuple[tuple[str, int], ...]
    of_pictures: bool = False


def published_runs(most: int) -> list[PublishedRun]:
    """The newest `most` published runs."""
    rows = Run.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")[:most]
    smallest = smallest_cell()
    return [_read(run, smallest) for run in rows]


def _read(run: Run, smallest: int) -> PublishedRun:
    summary: dict[str, Any] = run.summary if isinstance(run.summary, dict) else {}
    works, searched, findings = (_part(summary, name) for name in ("works", "searched", "findings"))
    by_grade = _part(findings, "by_grade")
    listed = _count(works, "in_data_set")
    few = listed is not None and 0 < listed < smallest
    grades = OF_PICTURES if summary.get("medium") == "image" else GRADES
    assert run.published_at is not None  # noqa: S101 - only published ones are read
    return PublishedRun(
        digest=run.digest,
        data_set=run.data_set,
        snapshot=run.snapshot,
        published_at=run.published_at,
        complete=summary.get("complete") is True,
        works_searched=_count(works, "total"),
        works_listed=None if few else listed,
        fewer_than=smallest if few else None,
        records_searched=_count(searched, "records"),
        grades=tuple((grade, _count(by_grade, grade) or 0) for grade in grades if not few),
        of_pictures=grades is OF_PICTURES,
    )


def _part(content: dict[str, Any], name: str) -> dict[str, Any]:
    part = content.get(name)
    return part if isinstance(part, dict) else {}


def _count(content: dict[str, Any], name: str) -> int | None:
    value = content.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
