"""Counts by group that give nobody away: small ones are put together, and so that no subtraction brings them back.

Primary and secondary suppression, as statistical offices do it (Eurostat, Handbook on Statistical Disclosure Control,
chapter 4): a hidden group alone could be had from the total by subtracting the others, so that at least two are hidden,
and what they have together is no small count itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Cells:
    """What may be shown: `shown` as (group, count), largest first; `merged_groups` groups have `merged` together.

    `shown` and `merged` are empty where even the sum of all is a small count.
    """

    shown: tuple[tuple[str, int], ...]
    merged: int
    merged_groups: int

    def as_json(self) -> dict[str, object]:
        """As JSON values."""
        return {
            "shown": [list(cell) for cell in self.shown],
            "merged": self.merged,
            "merged_groups": self.merged_groups,
        }


def shown_cells(counts: Mapping[str, int], smallest: int) -> Cells:
    """Show every group of `smallest` or more, the others together; more go with them where they would stand out."""
    ordered = sorted(
        ((group, n) for group, n in counts.items() if n > 0), key=lambda cell: (-cell[1], cell[0])
    )
    hidden = sum(1 for _, n in ordered if n < smallest)
    if not hidden:
        return Cells(tuple(ordered), 0, 0)
    while hidden < len(ordered) and (hidden < 2 or _sum(ordered, hidden) < smallest):
        hidden += 1
    merged = _sum(ordered, hidden)
    if merged < smallest:
        return Cells((), 0, 0)
    return Cells(tuple(ordered[: len(ordered) - hidden]), merged, hidden)


def _sum(ordered: list[tuple[str, int]], last: int) -> int:
    return sum(n for _, n in ordered[len(ordered) - last :])
