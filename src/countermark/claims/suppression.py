"""Counts that may be shown: none under a smallest one, and none from which a hidden one could be reckoned back.

Cells exclude one another and together make a total that the reader may know, be it from another table. A cell under
`smallest` is hidden; then, as long as hidden cells could be told from their sum, the smallest that is still shown is
hidden too (complementary suppression). With m = smallest - 1, small cells are safe when each of them can be anything
from 0 to m, given the sum S of all hidden ones: with k small cells alone, when m <= S <= m * (k - 1); with c larger
cells among them, when S >= m + c * smallest. Where no cells are left for that, the whole table is hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Shown(NamedTuple):
    """A table that may be shown. A cell is its count; "small" where it is under the smallest; "hidden" to cover one.

    `total` is None where the whole table is hidden.
    """

    cells: dict[str, int | str]
    total: int | None


SMALL, HIDDEN = "small", "hidden"


def suppressed(cells: Mapping[str, int], smallest: int) -> Shown:
    """The table with what must not be shown struck out; with a `smallest` of 0 nothing is."""
    small = {name for name, count in cells.items() if count < smallest}
    cover: set[str] = set()
    by_size = sorted((count, name) for name, count in cells.items() if name not in small)
    for _, name in by_size:
        if _is_safe(cells, small, cover, smallest):
            break
        cover.add(name)
    if not _is_safe(cells, small, cover, smallest):
        return Shown(dict.fromkeys(cells, HIDDEN), None)
    marks = dict.fromkeys(small, SMALL) | dict.fromkeys(cover, HIDDEN)
    return Shown({name: marks.get(name, count) for name, count in cells.items()}, sum(cells.values()))


def _is_safe(cells: Mapping[str, int], small: set[str], cover: set[str], smallest: int) -> bool:
    """Whether each small cell can still be anything from 0 to smallest - 1, given the sum of all hidden ones."""
    if not small:
        return True
    total, largest = sum(cells[name] for name in small | cover), smallest - 1
    if cover:
        return total >= largest + smallest * len(cover)
    return largest <= total <= largest * (len(small) - 1)
