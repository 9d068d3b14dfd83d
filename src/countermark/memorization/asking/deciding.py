"""The decision for each work: the longest run of all its answers against those of control works, and the sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.probability.conformal import conformal_p
from countermark.probability.holm import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

UNASKED: Final = "not-asked"
NOTHING: Final = "nothing-found"
RECITED: Final = "recited"
BEYOND: Final = "beyond-controls"
BOTH: Final = "recited-beyond-controls"

RECOMMENDED: Final = 99
"""Controls: with fewer no p of 0.01 can come out."""
LEAST: Final = 8
"""Words that a longest run has at least, to be more than a turn of phrase, however the controls rank."""

NULL: Final = (
    "The answers hold no more of this work than answers about control works hold of theirs: where its longest run "
    "ranks among theirs is chance."
)
ASSUMPTION: Final = (
    "Work and control works are exchangeable: had the model known none of them, each order of their longest runs would "
    "be as probable as any other. Other authors, times, genres or lengths break this, and no figure here can prove it."
)
NOT_SHOWN: Final = (
    "which copy of the work the text comes from, and who provided it",
    "whether there was a licence or an exception",
    "of works without a long run: that the model does not know them; absence of recitation shows nothing",
    "how often users would meet such an answer: the prompts are those of the plan",
)
SEARCHES: Final = "whether the text comes from the model itself or from something that its service looks up"


class Decision(NamedTuple):
    """What is decided of a work; p is None where the comparison is void or nothing was answered."""

    conformal_p: float | None
    holm_p: float | None
    decision: str


class Standing(NamedTuple):
    """What is known of one work: its longest run outside quotations, its long runs, and its swap floor.

    `complete` says that every question was answered. `run` is None where none was.
    """

    run: int | None
    long_runs: int
    floor: int
    complete: bool


def decide(
    works: Sequence[Standing], controls: Sequence[Standing], *, alpha: float, void: bool
) -> list[Decision]:
    """Decide each work. All prompts of a plan are as many for each work.

    A control of which an answer is missing counts as at least as large as every work: a run may have been in it. A work
    of which one is missing is ranked by what was answered. Both can only make p larger.
    """
    if void or not controls:
        return [Decision(None, None, _decision(work, beyond=False)) for work in works]
    ranked = [
        math.inf if not control.complete or control.run is None else float(control.run)
        for control in controls
    ]
    ps = [None if work.run is None else conformal_p(float(work.run), ranked) for work in works]
    adjusted = holm([1.0 if p is None else p for p in ps])
    return [
        Decision(p, None if p is None else held, _decision(work, beyond=p is not None and held <= alpha))
        for work, p, held in zip(works, ps, adjusted, strict=True)
    ]


def _decision(work: Standing, *, beyond: bool) -> str:
    if work.run is None:
        return UNASKED
    # More than the controls, and yet no more than the author's other works give by their manner, is nothing found.
    stands_out = beyond and work.run >= LEAST and work.run > work.floor
    if work.long_runs:
        return BOTH if stands_out else RECITED
    return BEYOND if stands_out else NOTHING
