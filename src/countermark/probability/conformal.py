"""A work held against control works: the conformal p-value.

V. Vovk, A. Gammerman and G. Shafer, "Algorithmic Learning in a Random World", Springer 2005, chapter 2. With n controls
p = (1 + #{controls >= the work}) / (1 + n), and P(p <= a) <= a where the work and the controls are exchangeable. That
is an assumption about the works, which nothing in the figures can prove; it stands beside every such p.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def conformal_p(value: float, controls: Sequence[float]) -> float:
    """The p of a value among controls; ties count against it. Raises ValueError where one is no number."""
    if math.isnan(value) or any(math.isnan(control) for control in controls):
        raise ValueError("a value to be ranked is not a number")
    return (1 + sum(control >= value for control in controls)) / (1 + len(controls))


def controls_needed(alpha: float) -> int:
    """How many controls a p of alpha needs: 19 for 0.05, 99 for 0.01, 999 for 0.001."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is {alpha}; accepted: more than 0 and less than 1")
    # 0.05 is meant as it is written, not as the nearest binary fraction, which is a little more.
    return math.ceil(1 / Fraction(str(alpha))) - 1
