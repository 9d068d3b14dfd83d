"""Several tests at once: Holm's adjustment.

S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979) 65-70.
The chance that any true null is rejected stays at the level, whatever the dependence between the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm(ps: Sequence[float]) -> list[float]:
    """The adjusted p of each test, in the order given: reject where it is at most the level.

    Raises ValueError unless each p is more than 0 and at most 1.
    """
    if any(not 0 < p <= 1 for p in ps):
        raise ValueError("a p-value is more than 0 and at most 1")
    adjusted, highest = [0.0] * len(ps), 0.0
    for passed, place in enumerate(sorted(range(len(ps)), key=lambda place: ps[place])):
        highest = max(highest, min(1.0, ps[place] * (len(ps) - passed)))
        adjusted[place] = highest
    return adjusted
