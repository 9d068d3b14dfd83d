"""Geometry of finds: which part, how it lies, and the way back."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ((0, 0, 450, 600), "left"),
        ((450, 0, 900, 600), "right"),
        ((0, 0, 900, 200), "top"),
        ((0, 400, 900, 600), "bottom"),
        ((0, 0, 300, 200), "top-left"),
        ((600, 400, 900, 600), "bottom-right"),
        ((300, 0, 600, 200), "top"),
    ],
)
def test_the_part_of_the_work(box: tuple[int, ...], part: str) -> None:
    """Told by where its middle lies, and whether it reaches from edge to edge."""
    assert find(box).part == part


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
    assert find(None).part == ""


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
