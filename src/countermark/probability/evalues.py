"""Testing again: e-values, which can be put together where p-values cannot.

V. Vovk and R. Wang, "E-values: Calibration, combination and applications", Annals of Statistics 49 (2021) 1736-1754. An
e-value is at least 0 and has mean at most 1 under the null, so that P(e >= 1/a) <= a (Markov). A p-value is turned
into one by e = k p^(k-1), 0 < k < 1, whose integral over (0, 1) is 1.

The product is an e-value where each was valid given those before it, such as with draws that are independent; one may
then look at it after each test, and stop when one likes. The mean is one whatever the dependence, but of tests whose
number was not chosen by their outcome: who stops at the first mean that is large, or leaves a test out, has none.
Tests of later models with the same traps share the draws: for them only the mean holds, over all tests that were made.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

KAPPA: Final = 0.3


def e_value(p: float, kappa: float = KAPPA) -> float:
    """The e-value of a p-value. Raises ValueError unless 0 < p <= 1 and 0 < kappa < 1."""
    if not 0 < p <= 1 or not 0 < kappa < 1:
        raise ValueError(f"p {p}, kappa {kappa}; accepted: 0 < p <= 1 and 0 < kappa < 1")
    return kappa * math.exp((kappa - 1) * math.log(p))


def mean_of(values: Sequence[float]) -> float:
    """The e-value of several, however they depend on each other. Raises ValueError where there is none."""
    return math.fsum(_checked(values)) / len(values)


def product_of(values: Sequence[float]) -> float:
    """The e-value of several that rest on independent draws. Raises ValueError where there is none."""
    return math.prod(_checked(values))


def rejected(value: float, alpha: float) -> bool:
    """Whether an e-value rejects at the level alpha: at 1/alpha or more."""
    return value * alpha >= 1


def _checked(values: Sequence[float]) -> Sequence[float]:
    if not values or any(not value >= 0 for value in values):
        raise ValueError("e-values are numbers of at least 0, and one is needed")
    return values
