"""Rank tests by randomisation: exact for any model, because the draw was ours.

One of N candidates was drawn uniformly and published. If what is scored knows nothing of the draw, the published one is
exchangeable with the others, and p = (1 + #{j != J: s_j >= s_J}) / N has P(p <= a) <= a for every a, whatever the
scores are and however they hang together (E. J. G. Pitman, "Significance tests which may be applied to samples from any
populations", JRSS Supplement 4 (1937) 119-130; M. Dwass, Annals of Mathematical Statistics 28 (1957) 181-187). Ties
count against the one who tests.

Over several works the statistic is the sum of the published candidates' standard scores within their works. Its null
is the draw itself, made again in each work independently. Where that gives no more combinations than draws are asked
for, all are counted; else p = (1 + #{T* >= T}) / (1 + draws), which is valid too (B. Phipson and G. K. Smyth,
"Permutation p-values should never be zero", SAGMB 9 (2010), art. 39).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS: Final = 200_000
_TIE: Final = 1e-9  # of the spread: what rounding may part is a tie
_BLOCK: Final = 65_536  # draws at a time: memory does not grow with their number


class Combined(NamedTuple):
    """A combined test: the sum of standard scores, its p, and how that was counted.

    `at_least` of `draws` draws reached the sum; where `all_counted`, the draws are all combinations there are.
    """

    statistic: float
    p: float
    draws: int
    at_least: int
    all_counted: bool


def rank_p(scores: Sequence[float] | Floats, published: int) -> float:
    """The p of one work: the share of its candidates that score at least as high as the published one.

    Raises ValueError unless there are two scores at least, all finite, and `published` is the place of one.
    """
    values = _checked(scores, published)
    return int(np.count_nonzero(values >= values[published] - _slack(values))) / len(values)


def standard_scores(scores: Sequence[float] | Floats) -> Floats:
    """Scores with mean 0 and standard deviation 1 over all candidates alike; all 0 where none differs."""
    values = _checked(scores, 0)
    centred = values - values.mean()
    spread = float(np.sqrt(np.mean(centred**2)))
    if spread <= _slack(values):
        return np.zeros_like(values)
    standard: Floats = centred / spread
    return standard


def combine(
    works: Sequence[Sequence[float] | Floats], published: Sequence[int], *, seed: int, draws: int = DRAWS
) -> Combined:
    """The combined test over works: their candidates' scores, the places of the published ones.

    `seed` is that of PCG64, and `draws` at least 1. Raises ValueError where there is no work, or as `rank_p` does.
    """
    if not works or len(works) != len(published) or draws < 1:
        raise ValueError(
            f"{len(works)} works, {len(published)} published, {draws} draws; accepted: one each at least"
        )
    standard = [standard_scores(scores) for scores in works]
    for scores, place in zip(standard, published, strict=True):
        _checked(scores, place)
    # Works are added in the same order here as in every draw: the draw that hits them all gives the same bits.
    total = float(_added(standard, [np.array([place]) for place in published])[0])
    slack = _TIE * len(works)
    count = math.prod(len(scores) for scores in standard)
    if count <= draws:
        return _count_all(standard, total, slack, count)
    at_least = _count_drawn(standard, total - slack, seed, draws)
    return Combined(total, (1 + at_least) / (1 + draws), draws, at_least, all_counted=False)


def _count_all(standard: Sequence[Floats], total: float, slack: float, count: int) -> Combined:
    sums = np.zeros(1)
    for scores in standard:
        sums = np.add.outer(sums, scores).reshape(-1)
    at_least = int(np.count_nonzero(sums >= total - slack))
    return Combined(total, at_least / count, count, at_least, all_counted=True)


def _count_drawn(standard: Sequence[Floats], least: float, seed: int, draws: int) -> int:
    generator = np.random.Generator(np.random.PCG64(seed))
    reached = 0
    for start in range(0, draws, _BLOCK):
        size = min(_BLOCK, draws - start)
        places = [generator.integers(0, len(scores), size) for scores in standard]
        reached += int(np.count_nonzero(_added(standard, places) >= least))
    return reached


def _added(standard: Sequence[Floats], places: Sequence[NDArray[np.int64]]) -> Floats:
    total = np.zeros(len(places[0]))
    for scores, drawn in zip(standard, places, strict=True):
        total += scores[drawn]
    return total


def _slack(values: Floats) -> float:
    return _TIE * max(float(values.max() - values.min()), float(np.abs(values).max()) * 1e-3)


def _checked(scores: Sequence[float] | Floats, published: int) -> Floats:
    values = np.asarray(scores, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError("a rank needs the scores of two candidates at least")
    if not np.isfinite(values).all():
        raise ValueError("a score is not a finite number")
    if not 0 <= published < len(values):
        raise ValueError(f"published is candidate {published}; there are {len(values)}, counted from 0")
    return values
