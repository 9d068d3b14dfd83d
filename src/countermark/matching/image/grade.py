"""What a confirmed placement amounts to: which blocks agree, how much that says, which part is seen, and the grade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countermark.matching.image._area_kernel import (
    AGREES,
    DIFFERS,
    OUT,
    PLAIN,
    UNSURE,
    best_rectangle,
    judge_blocks,
)
from countermark.matching.image.geometry import CORNERS, area, clipped, mirrored, moved
from countermark.matching.image.pixels import R

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.matching.image.pixels import Look

CONTRADICTION = 0.2
"""What differs outside the rectangle counts so much of what it would count inside."""

WHOLE = 0.015
"""Corners may lie so far apart, as a share of the side, where a picture is there as a whole."""
SAME, MOSTLY = 0.84, 0.97
"""In the same picture so large a share of the blocks correlates at least so well."""
SMALL_PART = 0.25
"""What agrees is small where it is less than this among the textured blocks of the overlap."""
BORDER = 0.2
"""The part of a side that counts as its border."""
HOLLOW = 0.6
"""So much of the inside differs at least where only the border agrees."""
COMMON = 0.7
"""What agrees is explained by other works where so many of its features stand in them too."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The blocks of a look, judged: `kinds` int8[rows, columns], and `weights` float64, how much is in each (0 to 1).

    `bits` is the sum of the rectangle where the blocks say the most, less a part of what is against it elsewhere.
    `rows` and `columns` (half-open) are those of the part that is seen: the rectangle where agreement prevails.
    """

    look: Look
    kinds: npt.NDArray[np.int8]
    weights: npt.NDArray[np.float64]
    rows: tuple[int, int]
    columns: tuple[int, int]
    bits: float

    def box(self) -> npt.NDArray[np.float64]:
        """The part of the work that is seen: left, top, right, bottom in its unit square."""
        left, top, right, bottom = self.look.window
        rows, columns = self.kinds.shape
        x = left + (right - left) * np.array(self.columns) / columns
        y = top + (bottom - top) * np.array(self.rows) / rows
        return np.array([x[0], y[0], x[1], y[1]])

    def agreement(self) -> float:
        """How well the pixels of the rectangle agree, from 0 to 1: the mean correlation of its textured blocks."""
        part = slice(*self.rows), slice(*self.columns)
        kinds, weights = self.kinds[part], self.weights[part]
        weights = np.where((kinds == OUT) | (kinds == PLAIN), 0.0, weights)
        r = np.clip(self.look.blocks[part][:, :, R], 0.0, 1.0)
        total = float(weights.sum())
        return float((r * weights).sum()) / total if total > 0.0 else 0.0

    def shares(self) -> tuple[float, float]:
        """The areas that are seen: of the work, and of the frame, from 0 to 1."""
        left, top, right, bottom = self.box()
        if right <= left or bottom <= top:
            return 0.0, 0.0
        size = np.array([right - left, bottom - top])
        polygon = clipped((self.look.visible - (left, top)) / size) * size + (left, top)
        kinds = self.kinds[slice(*self.rows), slice(*self.columns)]
        seen = max(1, int((kinds != OUT).sum()))
        share = 1.0 - int((kinds == DIFFERS).sum()) / seen
        there = area(moved(self.look.placement, polygon)) if len(polygon) else 0.0
        return min(1.0, area(polygon) * share), min(1.0, there * share)


def judge(look: Look) -> Verdict:
    """Judge each block, and find the rectangle where the most agrees."""
    kinds, weights = np.zeros(look.crossings.shape, dtype=np.int8), np.zeros(look.crossings.shape)
    values, extents = np.zeros_like(kinds, dtype=np.int64), np.zeros_like(kinds, dtype=np.int64)
    judge_blocks(look.blocks, look.crossings, kinds, weights, values, extents)
    rectangle = np.zeros(4, dtype=np.int64)
    total = best_rectangle(values, rectangle)
    top, left, bottom, right = rectangle.tolist()
    values[top:bottom, left:right] = 0
    against = int(values[kinds == DIFFERS].sum())
    best_rectangle(extents, rectangle)
    top, left, bottom, right = rectangle.tolist()
    return Verdict(
        look, kinds, weights, (top, bottom), (left, right), (total + CONTRADICTION * against) / 100.0
    )


def grade(verdict: Verdict, turn: float, common: float) -> str:
    """The grade of what was confirmed: `identical`, `copy` or `shared`.

    `turn` is the rotation in degrees, `common` the share of the features that agree which other works have too.
    """
    if _as_a_whole(verdict, turn):
        return "identical"
    return "shared" if _only_an_element(verdict, common) else "copy"


def _as_a_whole(verdict: Verdict, turn: float) -> bool:
    """Whether both sides are the same picture, all of it, with nothing put on and nothing moved."""
    there = moved(verdict.look.placement, CORNERS)
    if abs(turn) > 1.0 or mirrored(verdict.look.placement) or np.abs(there - CORNERS).max() > WHOLE:
        return False
    textured = (verdict.kinds != PLAIN) & (verdict.kinds != OUT)
    count = int(textured.sum())
    if not count:
        return False
    differ = int((verdict.kinds == DIFFERS).sum())
    full = verdict.look.blocks[:, :, R][textured & (verdict.weights >= 1.0)]
    alike = int((full >= SAME).sum())
    return differ <= 0.005 * count and alike >= MOSTLY * len(full)


def _only_an_element(verdict: Verdict, common: float) -> bool:
    """Whether what agrees is a border, or a small part among much that differs, or what other works have too."""
    kinds = verdict.kinds
    agree, differ = int((kinds == AGREES).sum()), int((kinds == DIFFERS).sum())
    if agree < SMALL_PART * (agree + differ) or _only_the_border(kinds):
        return True
    whole = verdict.shares()[0] >= 0.9 and differ <= 0.1 * (agree + differ)
    return common >= COMMON and not whole


def _only_the_border(kinds: npt.NDArray[np.int8]) -> bool:
    """Whether the border agrees and the inside, which is textured on both sides or on one, does not."""
    rows, columns = kinds.shape
    edge_y, edge_x = max(1, round(rows * BORDER)), max(1, round(columns * BORDER))
    inner = kinds[edge_y : rows - edge_y, edge_x : columns - edge_x]
    agree, differ, unsure = (int((inner == kind).sum()) for kind in (AGREES, DIFFERS, UNSURE))
    outer_agree = int((kinds == AGREES).sum()) - agree
    outer_differ = int((kinds == DIFFERS).sum()) - differ
    hollow = differ >= HOLLOW * (agree + differ + unsure) and differ >= 6
    return hollow and outer_agree > outer_differ and differ > agree
