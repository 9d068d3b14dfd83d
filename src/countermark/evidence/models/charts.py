"""The pictures of a page as points in a box: where a rank lies, how scores are spread, how hits grow with tries.

All are drawn as SVG in the page itself. Nothing is told by colour alone, and each has a sentence that says the same.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE: Final = 240.0
TALL: Final = 60.0
_HIGHEST: Final = 5


def rank_bar(rank: int, candidates: int) -> dict[str, float]:
    """The candidates as one bar, the most familiar at the left; the lit part, up to the published one, is p."""
    at = WIDE * rank / candidates
    middle = min(max(WIDE * (rank - 0.5) / candidates, 1.5), WIDE - 1.5)
    return {"lit": round(max(at, 0.6), 2), "at": round(middle, 2), "percent": round(100 * middle / WIDE)}


def histogram(told: dict[str, Any] | None, z: float) -> dict[str, Any] | None:
    """How many candidates have which standard score, and where the published one lies; None where that is not told."""
    if told is None or not told["counts"]:
        return None
    counts, least, width = told["counts"], told["least"], told["width"]
    most, step = max(counts), WIDE / len(counts)
    bars = [
        {"x": round(place * step, 2), "w": round(step * 0.92, 2), "h": round(TALL * number / most, 2)}
        for place, number in enumerate(counts)
        if number
    ]
    at = (z - least) / (width * len(counts))
    return {"bars": bars, "at": round(WIDE * min(max(at, 0.004), 0.996), 2)}


def curve(rows: Sequence[Sequence[int]], tries: Sequence[int], counted: int) -> list[str]:
    """For each probability a line: the share of windows that come out within so many tries (logarithmic)."""
    if not counted or len(tries) < 2 or tries[0] < 1:
        return []
    reach = math.log10(tries[-1] / tries[0]) or 1.0
    xs = [round(WIDE * math.log10(n / tries[0]) / reach, 2) for n in tries]
    return [
        "M"
        + "L".join(
            f"{x},{round(TALL * (1 - value / counted), 2):g}" for x, value in zip(xs, row, strict=True)
        )
        for row in rows
    ]


class Pile(NamedTuple):
    """Dots at one place of a line: where, how many, and the heights at which they are drawn."""

    x: float
    number: int
    heights: list[float]


def piles(shares: Sequence[float]) -> list[Pile]:
    """Shares of one along a line. Those at one place are piled up, and a high pile is told by its number."""
    places = Counter(round(4 + (WIDE - 8) * share, 0) for share in shares)
    return [
        Pile(x, number, [round(4.4 * height, 1) for height in range(1, 1 + min(number, _HIGHEST))])
        for x, number in sorted(places.items())
    ]
