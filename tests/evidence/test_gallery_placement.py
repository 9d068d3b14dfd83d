"""Geometry of finds: which part, how it lies, and the way back."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.evidence.gallery.languages import LANGUAGES
from countermark.evidence.gallery.parts import part_of
from countermark.evidence.gallery.placement import Placed, perspective, placed

WORK, RECORD = (900, 600), (800, 800)


def find(box: tuple[int, ...] | None, outline: tuple[int, ...] | None = None, **facts: Any) -> Placed:
    """The geometry of a finding with these fields."""
    finding = {"asset_box": box, "record_outline": outline, "mirrored": False, "rotation": 0.0}
    return placed(finding | facts, WORK, RECORD)


@pytest.mark.parametrize(
    ("box", "part"),
    [
        ((0, 0, 900, 600), "whole"),
        ((4, 2, 898, 599), "whole"),
        ((90, 60, 810, 540), "middle"),
        ((0, 0, 450, 600), "left-side-half"),
        ((0, 0, 300, 600), "left-side"),
        ((400, 0, 900, 600), "right-side"),
        ((0, 0, 900, 200), "upper"),
        ((0, 0, 900, 550), "upper"),
        ((0, 60, 900, 600), "lower"),
        ((0, 0, 300, 200), "from-top-left"),
        ((600, 400, 900, 600), "from-bottom-right"),
        ((300, 0, 600, 200), "at-top"),
        ((0, 100, 500, 500), "at-left"),
        ((0, 200, 900, 400), "between-ends"),
        ((150, 0, 750, 600), "between-sides"),
        ((0, 50, 900, 400), "toward-top"),
        ((90, 60, 600, 300), "toward-top-left"),
        ((300, 150, 600, 540), "toward-bottom"),
        ((8, 5, 892, 595), "some"),
    ],
)
def test_the_part_of_the_work(box: tuple[int, ...], part: str) -> None:
    """Told by the edges that it reaches, and by the margins at those that it does not."""
    assert part_of(find(box).box, None).name == part


@pytest.mark.parametrize(
    ("box", "share", "name"),
    [
        ((0.0, 0.0, 1.0, 1.0), 0.63, "throughout"),
        ((0.0, 0.0, 1.0, 1.0), 0.979, "throughout"),
        ((0.0, 0.0, 1.0, 1.0), 0.98, "whole"),
        ((0.0, 0.0, 1.0, 0.92), 0.92, "upper"),
        ((0.0, 0.0, 1.0, 0.92), 0.6, "within-upper"),
        ((0.5, 0.0, 1.0, 1.0), 0.5, "right-side-half"),
        ((0.5, 0.0, 1.0, 1.0), 0.3, "within-right-side"),
        ((0.1, 0.1, 0.9, 0.9), 0.64, "middle"),
        ((0.1, 0.1, 0.9, 0.9), 0.4, "around-middle"),
        (None, 0.4, "some"),
    ],
)
def test_the_share_and_the_box_must_both_say_so(
    box: tuple[float, float, float, float] | None, share: float, name: str
) -> None:
    """A part of which much does not agree is never the whole, nor the upper half."""
    assert part_of(box, share).name == name


def unit() -> st.SearchStrategy[float]:
    """A place along a side."""
    return st.floats(0, 1, allow_nan=False)


@given(unit(), unit(), unit(), unit(), unit())
def test_what_is_said_of_any_part_is_true(x0: float, x1: float, y0: float, y1: float, share: float) -> None:
    """Whole only where nothing is lacking; the middle only where all sides are cut alike; every name has its words."""
    box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    part = part_of(box, share)
    margins = box[0], 1 - box[2], box[1], 1 - box[3]
    for language in LANGUAGES.values():
        assert language.say(f"seen.part.{part.name}", share="9", extent="9")
    if part.name == "whole":
        assert min(share, part.extent) >= 0.98
    if part.name == "middle":
        assert min(margins) > 0.01
        assert max(abs(margins[0] - margins[1]), abs(margins[2] - margins[3])) <= 0.03
    if "upper" in part.name or "toward-top" in part.name:
        assert margins[2] < margins[3]
    if "left" in part.name:
        assert margins[0] < margins[1]


@pytest.mark.parametrize(
    ("outline", "mirrored", "turn"),
    [
        ((10, 10, 310, 10, 310, 210, 10, 210), False, 0),
        ((210, 10, 210, 310, 10, 310, 10, 10), False, 90),
        ((310, 210, 10, 210, 10, 10, 310, 10), False, 180),
        ((10, 310, 10, 10, 210, 10, 210, 310), False, -90),
        ((310, 10, 10, 10, 10, 210, 310, 210), True, 0),
        ((210, 310, 210, 10, 10, 10, 10, 310), True, 90),
        ((10, 210, 310, 210, 310, 10, 10, 10), True, 180),
    ],
)
def test_mirrored_first_then_turned(outline: tuple[int, ...], mirrored: bool, turn: int) -> None:
    """Degrees clockwise, as they are seen."""
    where = find((0, 0, 900, 600), outline, mirrored=mirrored)
    assert where.turn == turn
    assert where.upright == (turn == 0 and not mirrored)


@given(st.integers(-179, 180), st.booleans())
def test_any_turn_is_told(degrees: int, mirrored: bool) -> None:
    """To the degree, or to the quarter next to it."""
    angle = math.radians(degrees)
    corners = [(-300.0, -200.0), (300.0, -200.0), (300.0, 200.0), (-300.0, 200.0)]
    if mirrored:
        corners = [(-x, y) for x, y in corners]
    turned = [
        (400 + x * math.cos(angle) - y * math.sin(angle), 400 + x * math.sin(angle) + y * math.cos(angle))
        for x, y in corners
    ]
    outline = tuple(round(value) for corner in turned for value in corner)
    where = find((0, 0, 900, 600), outline, mirrored=mirrored)
    assert abs((where.turn - degrees + 180) % 360 - 180) <= 2


def test_a_wide_picture_does_not_bend_the_angle() -> None:
    """Angles are those of pixels, not of the unit square."""
    finding = {"asset_box": (0, 0, 900, 600), "record_outline": (0, 0, 100, 100, 0, 200, -100, 100)}
    where = placed(finding | {"record_width": 2000, "record_height": 500}, WORK, None)
    assert where.turn == 45


@pytest.mark.parametrize("outline", [None, (), (1, 2, 3), (0, 0, 10**6, 0, 10**6, 10, 0, 10), (0,) * 8])
def test_what_is_no_outline_is_none(outline: tuple[int, ...] | None) -> None:
    """A damaged row is shown without an outline, or cannot be turned back; it never fails."""
    where = find((0, 0, 900, 600), outline)
    assert where.outline is None or perspective(where.outline, (10, 10)) is None
    assert find((500, 0, 100, 600)).box is None
    assert part_of(find(None).box, None).name == "some"


squares = st.tuples(*[st.floats(-0.3, 0.3, allow_nan=False)] * 8)


@given(squares, st.integers(10, 500), st.integers(10, 500))
def test_the_way_back_takes_corners_to_corners(moved: tuple[float, ...], width: int, height: int) -> None:
    """Pillow's eight numbers take each corner of the rectangle to that of the outline."""
    base = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    corners = [(200 * (x + moved[2 * at]), 200 * (y + moved[2 * at + 1])) for at, (x, y) in enumerate(base)]
    numbers = perspective(corners, (width, height))
    if numbers is None:  # folded over
        return
    a, b, c, d, e, f, g, h = numbers
    for (x, y), corner in zip([(0, 0), (width, 0), (width, height), (0, height)], corners, strict=True):
        below = g * x + h * y + 1
        assert ((a * x + b * y + c) / below, (d * x + e * y + f) / below) == pytest.approx(corner, abs=1e-6)


def test_a_folded_part_has_no_way_back() -> None:
    """Nothing is drawn of what cannot be."""
    assert perspective([(0, 0), (100, 100), (100, 0), (0, 100)], (50, 50)) is None
    assert perspective([(0, 0), (100, 0), (50, 0), (20, 0)], (50, 50)) is None
