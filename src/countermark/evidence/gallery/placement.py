"""Where the matched part lies on both sides: boxes, outlines, turns, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from countermark.evidence.gallery.parts import part_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Point = tuple[float, float]
Size = tuple[int, int]

_NEAR = 0.02
_RIGHT_ANGLE = 1.5
"""Degrees within which a turn is told as none or as a quarter."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One finding's geometry, each side in the unit square of its picture.

    `box` is left, top, right, bottom on the work; `outline` where its corners lie in the found picture, in the order
    top left, top right, bottom right, bottom left. Either is None where the finding does not say.
    """

    box: tuple[float, float, float, float] | None
    outline: tuple[Point, Point, Point, Point] | None
    mirrored: bool
    rotation: float
    shape: float
    """Height by width of the found picture."""
    told: bool = True
    """Whether the finding says how the part lies; a sketch does not."""
    share: float | None = None
    """Of the work's area: how much of it was found to agree. None where the finding does not say."""

    @property
    def turn(self) -> int:
        """Degrees clockwise by which the work (mirrored left to right first, if it is) was turned, from -179 to 180."""
        if self.outline is None:
            return _near_quarter(self.rotation)
        start, end = self.outline[1 if self.mirrored else 0], self.outline[0 if self.mirrored else 1]
        return _near_quarter(math.degrees(math.atan2((end[1] - start[1]) * self.shape, end[0] - start[0])))

    @property
    def upright(self) -> bool:
        """Whether the part stands in the found picture as it stands in the work."""
        return self.told and not self.mirrored and self.turn == 0

    @property
    def fills_both(self) -> bool:
        """Whether the whole work is the whole found picture, upright, as far as the eye can tell."""
        if part_of(self.box, self.share).name != "whole" or not self.upright or self.outline is None:
            return False
        corners = corners_of((0.0, 0.0, 1.0, 1.0))
        return all(
            abs(x - ax) < _NEAR and abs(y - ay) < _NEAR
            for (x, y), (ax, ay) in zip(self.outline, corners, strict=True)
        )


def placed(finding: Mapping[str, Any], work: Size | None, record: Size | None) -> Placed:
    """The geometry of a finding; the sizes are those of the files in pixels, where they are known."""
    box, outline = finding.get("asset_box"), finding.get("record_outline")
    stated = (finding.get("record_width") or 0, finding.get("record_height") or 0)
    seen = stated if min(stated) > 0 else record
    shape = seen[1] / seen[0] if seen else 1.0
    return Placed(
        box=_unit_box(box, work),
        outline=_unit_outline(outline, seen),
        mirrored=bool(finding.get("mirrored")),
        rotation=float(finding.get("rotation") or 0.0),
        shape=shape,
        told=finding.get("mirrored") is not None,
        share=finding.get("share_of_work"),
    )


def _unit_box(box: Sequence[int] | None, size: Size | None) -> tuple[float, float, float, float] | None:
    if box is None or len(box) != 4 or not size or min(size) < 1:
        return None
    left, top, right, bottom = (
        min(max(value / whole, 0.0), 1.0) for value, whole in zip(box, (*size, *size), strict=True)
    )
    return (left, top, right, bottom) if left < right and top < bottom else None


def _unit_outline(
    outline: Sequence[int] | None, size: Size | None
) -> tuple[Point, Point, Point, Point] | None:
    if outline is None or len(outline) != 8 or not size or min(size) < 1:
        return None
    corners = [(outline[at] / size[0], outline[at + 1] / size[1]) for at in range(0, 8, 2)]
    # What lies far outside is no place in the picture: nothing can be drawn of it.
    if any(abs(value) > 20 for corner in corners for value in corner):
        return None
    return corners[0], corners[1], corners[2], corners[3]


def _near_quarter(degrees: float) -> int:
    quarter = 90 * round(degrees / 90)
    told = quarter if abs(degrees - quarter) <= _RIGHT_ANGLE else round(degrees)
    return (told + 179) % 360 - 179


def corners_of(box: tuple[float, float, float, float]) -> tuple[Point, Point, Point, Point]:
    """The corners of a box, from the top left clockwise."""
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def scaled(points: Sequence[Point], size: Size) -> list[Point]:
    """Points of the unit square in pixels of a picture of this size."""
    return [(x * size[0], y * size[1]) for x, y in points]


def perspective(corners: Sequence[Point], size: Size) -> tuple[float, ...] | None:
    """The eight numbers with which Pillow warps a four-sided part back to a rectangle of `size`.

    `corners` are in pixels of the source, in the order of the rectangle's. The square-to-quadrilateral mapping is
    that of P. Heckbert, "Fundamentals of Texture Mapping and Image Warping" (1989), section 2.2.3. None where the
    corners enclose nothing, or the part is folded over.
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    if not _convex(corners):
        return None
    sum_x, sum_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    dx1, dx2, dy1, dy2 = x1 - x2, x3 - x2, y1 - y2, y3 - y2
    divisor = dx1 * dy2 - dx2 * dy1
    g, h = (sum_x * dy2 - dx2 * sum_y) / divisor, (dx1 * sum_y - sum_x * dy1) / divisor
    across, down = 1 / size[0], 1 / size[1]
    return (
        *((x1 - x0 + g * x1) * across, (x3 - x0 + h * x3) * down, x0),
        *((y1 - y0 + g * y1) * across, (y3 - y0 + h * y3) * down, y0),
        *(g * across, h * down),
    )


def _convex(corners: Sequence[Point]) -> bool:
    """Whether all four turns go the same way and enclose more than a few pixels."""
    turns = []
    for at in range(4):
        (ax, ay), (bx, by), (cx, cy) = (corners[(at + step) % 4] for step in range(3))
        turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
    return min(abs(turn) for turn in turns) >= 16 and (max(turns) < 0 or min(turns) > 0)
