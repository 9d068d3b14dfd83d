"""The decision for each work: its coverage against that of control works.

Windows overlap and depend on each other, so nothing is decided per window. The statistic of a work is its coverage,
and where that ties its largest log10 p_z; the larger counts as more. The p of a work is conformal (see
`probability.conformal`), then Holm over all works of the plan. A p without a hit decides nothing: there is then
nothing that the model reproduces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.probability.binomial import clopper_pearson
from countermark.probability.conformal import conformal_p
from countermark.probability.holm import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.extraction.windows import Window

NOTHING: Final = "no-hit"
REPRODUCED: Final = "reproduced"
BEYOND: Final = "reproduced-beyond-controls"
UNASKED: Final = "not-asked"

NULL: Final = (
    "The model holds no more of this work than of the control works: "
    "where its coverage ranks among theirs is chance."
)
ASSUMPTION: Final = (
    "Work and control works are exchangeable: had the model known none of them, each order of their coverages would "
    "be as probable as any other. Other authors, times, genres or lengths break this, and no figure here can prove it."
)
NOT_SHOWN: Final = (
    "which copy of the work the model learnt from, and who provided it",
    "whether there was a licence or an exception",
    "for a model behind an address: whether the model itself or something that its service looks up gave the text",
    "of works without a hit: that the model does not know them; absence of extraction shows nothing",
)


class Standing(NamedTuple):
    """What a work is ranked by; the order of tuples is the order of the statistic."""

    coverage: float
    highest: float


class Decision(NamedTuple):
    """What is decided of a work; both p are None where the comparison is void or the work was not asked about."""

    conformal_p: float | None
    holm_p: float | None
    decision: str


def decide(
    works: Sequence[Standing | None], controls: Sequence[Standing], *, alpha: float, void: bool
) -> list[Decision]:
    """Decide each work; None is one of which no window was asked, which stays in Holm's family."""
    if void or not controls:
        return [Decision(None, None, _without_p(work)) for work in works]
    places = {
        standing: float(place)
        for place, standing in enumerate(sorted({*controls, *(work for work in works if work)}))
    }
    ranked = [places[control] for control in controls]
    ps = [None if work is None else conformal_p(places[work], ranked) for work in works]
    adjusted = holm([1.0 if p is None else p for p in ps])
    return [
        Decision(p, None if p is None else held, _with_p(work, held, alpha))
        for work, p, held in zip(works, ps, adjusted, strict=True)
    ]


def _without_p(work: Standing | None) -> str:
    if work is None:
        return UNASKED
    return REPRODUCED if work.coverage else NOTHING


def _with_p(work: Standing | None, held: float, alpha: float) -> str:
    beyond = work is not None and work.coverage > 0 and held <= alpha
    return BEYOND if beyond else _without_p(work)


def bounds(hits: Sequence[tuple[Sequence[Window], Sequence[bool]]]) -> dict[str, Any]:
    """How often control works, and windows of them, are hit: with the one-sided upper 95 % limit of Clopper-Pearson.

    `hits` holds for each control its windows that count and whether each is hit. The limit on works takes the controls
    as drawn independently from the works of their kind. That on windows counts windows whose continuations do not
    overlap, and takes them as independent, which windows of one work need not be: it is then too low.
    """
    by_work = [any(hit) for _, hit in hits if len(hit)]
    apart = [hit for windows, hit_ones in hits for hit in _apart(windows, hit_ones)]
    return {"confidence": 0.95, "works": _bound(by_work), "windows_apart": _bound(apart)}


def _bound(hits: Sequence[bool]) -> dict[str, Any]:
    # The two-sided interval at 90 % leaves 5 % above it.
    upper = clopper_pearson(sum(hits), len(hits), 0.90)[1]
    return {"hits": sum(hits), "of": len(hits), "upper": round(upper, 9)}


def _apart(windows: Sequence[Window], hits: Sequence[bool]) -> list[bool]:
    chosen, reached = [], 0
    for window, hit in zip(windows, hits, strict=True):
        if window.border >= reached:
            chosen.append(hit)
            reached = window.end
    return chosen
