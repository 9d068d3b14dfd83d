"""The strip of a work: the whole work as one bar, the matched passages lit in it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

WIDTH = 240
"""Cells of a strip. A passage lights at least one, so that nothing found is invisible."""


class Stretch(NamedTuple):
    """Lit cells `[start, end)` of a strip; `passage` is the number of the passage shown, -1 for the rest."""

    start: int
    end: int
    claimed: bool
    passage: int


def lit(
    start: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
    claimed: npt.NDArray[np.bool_],
    shown: Sequence[int],
    length: int,
) -> list[Stretch]:
    """The lit stretches of a work of `length` code points with n findings `[start, end)`.

    Claimed findings cover others, and the findings numbered in `shown` cover all. Disjoint and in order.
    """
    cells = np.zeros(WIDTH, np.int64)  # 0 dark, 1 not claimed, 2 claimed, 3… a passage shown
    first = np.minimum(start * WIDTH // max(length, 1), WIDTH - 1)
    last = np.minimum(np.maximum(-(-end * WIDTH // max(length, 1)), first + 1), WIDTH)
    for value, which in ((1, ~claimed), (2, claimed)):
        edge = np.zeros(WIDTH + 1, np.int64)
        np.add.at(edge, first[which], 1)
        np.add.at(edge, last[which], -1)
        cells[np.cumsum(edge)[:WIDTH] > 0] = value
    for number, finding in reversed(list(enumerate(shown))):
        cells[first[finding] : last[finding]] = 3 + number
    edges = [0, *(np.flatnonzero(np.diff(cells)) + 1).tolist(), WIDTH]
    stretches = []
    for left, right in pairwise(edges):
        value = int(cells[left])
        if value:
            passage = value - 3 if value >= 3 else -1
            owned = bool(claimed[shown[passage]]) if passage >= 0 else value == 2
            stretches.append(Stretch(left, right, owned, passage))
    return stretches
