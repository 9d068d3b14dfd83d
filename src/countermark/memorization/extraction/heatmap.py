"""The heat of a text: for each character the largest p_z of the windows whose continuation it lies in.

The prefix was given, so it does not count as covered. Coverage is the share of the characters asked about (in the
continuation of at least one window, dropped windows too) that lie in a window that counts with p_z >= the threshold.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from countermark.memorization.extraction.probability import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from countermark.memorization.extraction.windows import Window


class Heat(NamedTuple):
    """The runs of equal heat (first character, one after the last, log10 p_z or null for 0) and their coverage.

    Characters in no run were not asked about, or only in windows that were dropped.
    """

    runs: list[list[Any]]
    covered: int


def heat_of(windows: Sequence[Window], values: Sequence[float], length: int, least: float) -> Heat:
    """The heat of a text of `length` characters; `values` are the log10 p_z of the windows that count."""
    heat = np.full(length, -np.inf)
    told = np.zeros(length, dtype=bool)
    for window, value in zip(windows, values, strict=True):
        part = slice(window.border, window.end)
        np.maximum(heat[part], value, out=heat[part])
        told[part] = True
    return Heat(_runs(heat, told), int(np.count_nonzero(told & (heat >= least))))


def asked_characters(windows: Sequence[Window], length: int) -> int:
    """How many characters lie in the continuation of a window."""
    asked = np.zeros(length, dtype=bool)
    for window in windows:
        asked[window.border : window.end] = True
    return int(np.count_nonzero(asked))


def _runs(heat: npt.NDArray[np.float64], told: npt.NDArray[np.bool_]) -> list[list[Any]]:
    if not len(heat):
        return []
    changes = (heat[1:] != heat[:-1]) | (told[1:] != told[:-1])
    bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), len(heat)]
    return [
        [start, end, number(float(heat[start]))] for start, end in itertools.pairwise(bounds) if told[start]
    ]
