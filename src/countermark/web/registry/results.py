"""What was found of a member's works, in words: the grade with its shape, the share, what was and was not searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from countermark.web.registry.models import Result, Run

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from countermark.web.registry.models import Member, Work

SHAPES: Final = {"identical": "●", "copy": "◕", "identifier": "◑", "name": "○", "shared": "◌"}
GRADES: Final[dict[str, StrOrPromise]] = {
    "identical": _("word for word"),
    "copy": _("with differences"),
    "identifier": _("only an identifier"),
    "name": _("only the title or a name"),
    "shared": _("only a shared element"),
}
OF_PICTURES: Final[dict[str, StrOrPromise]] = {
    "identical": _("the same picture"),
    "copy": _("the picture, or a part of it"),
    "shared": GRADES["shared"],
}
PICTURE_STATUSES: Final[dict[str, StrOrPromise]] = {
    "found": _("A picture of this work, or a part of it, stands in this data set."),
    "free-licence": _(
        "A picture of this work, or a part of it, stands in this data set, and its licence lets anyone copy it."
    ),
    "shared-only": _(
        "Only an element that many pictures share, such as a frame, stands in this data set; it is not counted as this "
        "work’s, and nobody is accused."
    ),
    "sketch-only": _("Only a sketch of a picture agrees; the picture itself was not looked at."),
    "false-alarm": _(
        "A picture of this work seems to stand in this data set, though the work is younger than it: either the date "
        "of the work is wrong, or this finding is a false alarm."
    ),
}
"""What a run of pictures says otherwise than one of texts."""
STATUSES: Final[dict[str, StrOrPromise]] = {
    "found": _("Passages of this work stand in this data set."),
    "free-licence": _("Passages of this work stand in this data set, and its licence lets anyone copy it."),
    "quotation-sized": _("Only passages the size of a quotation stand in this data set."),
    "common-only": _(
        "Only passages that many texts share stand in this data set; they are not counted as this work’s."
    ),
    "identifier-only": _("An identifier of this work stands in this data set, and no text of it."),
    "name-only": _("A title or a name stands in this data set, and no text of this work."),
    "too-short": _("Not found in what was searched; the work is shorter than what is sure to be found."),
    "not-found": _("Not found in what was searched."),
    "control": _(
        "Not found in what was searched; the work is younger than the data set, which cannot hold it."
    ),
    "false-alarm": _(
        "A passage seems to stand in this data set, though the work is younger than it: either the date of the work is "
        "wrong, or this finding is a false alarm."
    ),
}
NOT_FOUND: Final = frozenset({"too-short", "not-found", "control"})
NEVER_FOUND: Final = NOT_FOUND | {"shared-only", "sketch-only"}
"""Statuses of works of which nothing counts as found; of some it is told what there is."""


@dataclass(frozen=True, slots=True)
class Found:
    """One work in one data set, ready for a page."""

    run: Run
    work: Work
    shape: str
    grade: StrOrPromise
    told: StrOrPromise
    is_found: bool
    percent: float
    longest: int
    passages_count: int
    passages: list[dict[str, Any]]
    of_pictures: bool = False


def found(result: Result, *, passages: bool = True) -> Found:
    """A result in words; without its passages where only a line of it is shown."""
    is_found = result.status not in NEVER_FOUND
    is_told = result.status not in NOT_FOUND
    pictures = is_of_pictures(result.run)
    grades, statuses = (OF_PICTURES, {**STATUSES, **PICTURE_STATUSES}) if pictures else (GRADES, STATUSES)
    return Found(
        run=result.run,
        work=result.work,
        shape=SHAPES.get(result.grade, "") if is_told else "",
        grade=grades.get(result.grade, "") if is_told else "",
        told=statuses.get(result.status, STATUSES["not-found"]),
        is_found=is_found,
        percent=100 * result.share,
        longest=result.longest,
        passages_count=result.passages_count,
        passages=[_passage(passage, grades) for passage in result.passages] if passages else [],
        of_pictures=pictures,
    )


def is_of_pictures(run: Run) -> bool:
    """Whether pictures were searched, and no texts."""
    return isinstance(run.summary, dict) and run.summary.get("medium") == "image"


def _passage(passage: dict[str, Any], grades: dict[str, StrOrPromise]) -> dict[str, Any]:
    grade = str(passage.get("grade", ""))
    return {**passage, "shape": SHAPES.get(grade, ""), "grade_name": grades.get(grade, "")}


@dataclass(frozen=True, slots=True)
class Searched:
    """One data set with what was found in it of a member's works, most first; and what was not read."""

    run: Run
    works: list[Found]
    found: int
    facts: dict[str, Any]


def searched_for(member: Member) -> list[Searched]:
    """Every data set that was searched for at least one work of this member, the newest first; without passages."""
    runs = Run.objects.filter(results__work__member=member).distinct().order_by("-imported_at", "-pk")
    results = Result.objects.filter(work__member=member).select_related("work", "run").defer("passages")
    return [_searched(run, [found(one, passages=False) for one in results.filter(run=run)]) for run in runs]


def searched_for_work(work: Work) -> list[Searched]:
    """Every data set that was searched for one work."""
    results = work.results.select_related("work", "run").order_by("-run__imported_at", "-run__pk")
    return [_searched(result.run, [found(result)]) for result in results]


def _searched(run: Run, works: list[Found]) -> Searched:
    ordered = sorted(works, key=lambda one: (-one.percent, one.work.title))
    return Searched(run, ordered, sum(one.is_found for one in works), facts_of(run))


def facts_of(run: Run) -> dict[str, Any]:
    """What was searched and what was not, from the run's aggregate; numbers that are not known are 0."""
    searched = run.summary.get("searched") or {}
    planned, done = searched.get("shards_planned") or 0, searched.get("shards") or 0
    return {
        "complete": bool(run.summary.get("complete")),
        "of_pictures": is_of_pictures(run),
        "guarantee": run.summary.get("guarantee_letters") or 0,
        "records": searched.get("records") or 0,
        "shards": done,
        "left": max(0, planned - done),
        "refused": searched.get("refused_total") or 0,
        "quarantined": searched.get("quarantined") or 0,
        "controls": run.summary.get("controls") or {},
    }
