"""How many works a combined rank test needs: told before a model is asked.

The effect d is the mean standard score of a published candidate among its alternates (0: the model knows nothing). The
sum over m works then lies m d above its null, whose standard deviation is sqrt(m):

    power = Phi(d sqrt(m) - z_alpha),    m = ((z_alpha + z_power) / d)^2.

With few works the spread of the effect between works is not known but estimated from as many; the cautious number
adds z_alpha^2 / 2 works, W. C. Guenther's correction of the normal formula to that of the t-test ("Sample size formulas
for normal theory t tests", The American Statistician 35 (1981) 243-244). Besides, m works of N candidates cannot give a
p below N^-m, nor a Monte Carlo one below 1 / (1 + draws).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from countermark.probability.ranks import combine

if TYPE_CHECKING:
    from collections.abc import Sequence

_NORMAL = NormalDist()


def power_of(effect: float, works: int, alpha: float, *, cautious: bool = False) -> float:
    """The probability that the combined p is at most alpha. Raises ValueError as `works_needed` does."""
    _check(alpha)
    z = _NORMAL.inv_cdf(1 - alpha)
    counted = max(0.0, works - z * z / 2) if cautious else works
    return _NORMAL.cdf(effect * math.sqrt(counted) - z)


def works_needed(effect: float, alpha: float, power: float = 0.9, *, cautious: bool = False) -> int:
    """How many works a test of this power needs. Raises ValueError unless effect > 0 and 0 < alpha, power < 1."""
    _check(alpha)
    _check(power)
    if not effect > 0:
        raise ValueError(f"effect is {effect}; accepted: more than 0")
    z = _NORMAL.inv_cdf(1 - alpha)
    needed = ((z + _NORMAL.inv_cdf(power)) / effect) ** 2 + (z * z / 2 if cautious else 0.0)
    return max(1, math.ceil(needed))


def smallest_p(candidates: Sequence[int], draws: int) -> float:
    """The smallest p that a combined test of works with so many candidates each can give."""
    every = math.prod(candidates)
    return 1 / every if every <= draws else 1 / (1 + draws)


def simulated_power(  # the works, and how exactly to simulate
    effect: float,
    candidates: Sequence[int],
    alpha: float,
    *,
    seed: int,
    trials: int = 200,
    draws: int = 20_000,
) -> float:
    """The share of simulated tests whose p is at most alpha: scores are normal, the published one's raised by `effect`.

    Costs trials x draws x works steps. Raises ValueError where alpha is none, or `draws` too few to reach it.
    """
    _check(alpha)
    if smallest_p(candidates, draws) > alpha:
        return 0.0
    generator = np.random.Generator(np.random.PCG64(seed))
    hits = 0
    for trial in range(trials):
        works = [generator.standard_normal(count) for count in candidates]
        for scores in works:
            scores[0] += effect
        hits += combine(works, [0] * len(works), seed=seed + 1 + trial, draws=draws).p <= alpha
    return hits / trials


def _check(share: float) -> None:
    if not 0 < share < 1:
        raise ValueError(f"{share} is no level and no power; accepted: more than 0 and less than 1")
