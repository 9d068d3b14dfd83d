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
    best_rectangle,
    judge_blocks,
    widen,
)
from countermark.matching.image.geometry import area, clipped, moved
from countermark.matching.image.pixels import R

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.matching.image.pixels import Look

CONTRADICTION = 0.2
"""What differs outside the rectangle counts so much of what it would count inside."""

SMALL_PART = 0.25
"""What agrees is small where it is less than this among the textured blocks of the overlap …"""
SPECK = 0.2
"""… or where it is less than this of the work and of the frame: a crop fills the frame, a tile shows the whole work."""
HOLE, HOLE_AGREES = 0.18, 0.15
"""A frame goes around something else: a rectangle, so much of the work at least, where so few blocks agree …"""
RIM, RIM_COMMON = 0.1, 0.5
"""… and which lies so far inside, or so many of the features around which other works have too."""
COMMON = 0.7
"""What agrees is explained by other works where so many of its features stand in them too."""

CONTRADICTS = np.array([-5, 0, 5, 10, -15])
"""What a block of each kind says for a hole: OUT, PLAIN, UNSURE, DIFFERS, AGREES."""


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

    def contradiction(self) -> float:
        """The part of the textured blocks within the placement that differ, from 0 to 1."""
        agree, differ = int((self.kinds == AGREES).sum()), int((self.kinds == DIFFERS).sum())
        return differ / max(1, agree + differ)

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
        part = slice(*self.rows), slice(*self.columns)
        kinds = self.kinds[part]
        seen = max(1, int((kinds != OUT).sum()))
        share = 1.0 - int(((kinds == DIFFERS) & (self.weights[part] >= 1.0)).sum()) / seen
        there = area(moved(self.look.placement, polygon)) if len(polygon) else 0.0
        return min(1.0, area(polygon) * share), min(1.0, there * share)


def judge(look: Look) -> Verdict:
    """Judge each block, and find the rectangle where the most agrees."""
    kinds, weights = np.zeros(look.telling.shape, dtype=np.int8), np.zeros(look.telling.shape)
    values, extents = np.zeros_like(kinds, dtype=np.int64), np.zeros_like(kinds, dtype=np.int64)
    judge_blocks(look.blocks, look.telling, kinds, weights, values, extents)
    rectangle = np.zeros(4, dtype=np.int64)
    total = best_rectangle(values, rectangle)
    top, left, bottom, right = rectangle.tolist()
    values[top:bottom, left:right] = 0
    against = int(values[kinds == DIFFERS].sum())
    if best_rectangle(extents, rectangle):
        widen(kinds, weights, rectangle)
    top, left, bottom, right = rectangle.tolist()
    return Verdict(
        look, kinds, weights, (top, bottom), (left, right), (total + CONTRADICTION * against) / 100.0
    )


def grade(verdict: Verdict, common: float) -> str:
    """The grade of what was confirmed: `copy` or `shared`; `same.settled` says what is more, identical.

    `common` is the share of the features that agree which other works have too.
    """
    return "shared" if _only_an_element(verdict, common) else "copy"


def _only_an_element(verdict: Verdict, common: float) -> bool:
    """Whether what agrees is a small part of both, or a frame around what differs, or what other works have too."""
    agree, differ = int((verdict.kinds == AGREES).sum()), int((verdict.kinds == DIFFERS).sum())
    of_work, of_record = verdict.shares()
    if (
        agree < SMALL_PART * (agree + differ)
        or max(of_work, of_record) < SPECK
        or _only_a_frame(verdict, common)
    ):
        return True
    return common >= COMMON and not (of_work >= 0.9 and differ <= 0.1 * (agree + differ))


def _only_a_frame(verdict: Verdict, common: float) -> bool:
    """Whether what agrees goes around a part of the work that is there in the frame too, and differs."""
    values = CONTRADICTS[verdict.kinds]
    hole = np.zeros(4, dtype=np.int64)
    best_rectangle(values, hole)
    top, left, bottom, right = hole.tolist()
    rows, columns = values.shape
    window = verdict.look.window
    seen = (window[2] - window[0]) * (window[3] - window[1])
    inner = verdict.kinds[top:bottom, left:right]
    if inner.size * seen < HOLE * values.size or int((inner == AGREES).sum()) > HOLE_AGREES * inner.size:
        return False
    rim = min(top / rows, left / columns, 1.0 - bottom / rows, 1.0 - right / columns)
    return rim >= RIM or common >= RIM_COMMON
