"""Placements, and the part of a work that can be seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from countermark.matching.image import geometry
from countermark.matching.image._fit_kernel import AFFINE, HOMOGRAPHY, SIMILARITY, fit, fit_robust

SQUARE = (100, 100)
TILTED = np.array([[0.8, 0.1, 0.05], [-0.1, 0.9, 0.1], [0.1, 0.05, 1.0]])


def turned(degrees: float) -> geometry.Matrix:
    """A turn of the unit square around its middle, clockwise as it is seen."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0.5 - 0.5 * c + 0.5 * s], [s, c, 0.5 - 0.5 * s - 0.5 * c], [0.0, 0.0, 1.0]])


def test_the_inverse_undoes() -> None:
    assert np.allclose(geometry.product(TILTED, geometry.inverse(TILTED)), np.eye(3))
    assert not geometry.inverse(np.zeros((3, 3))).any()


@pytest.mark.parametrize("degrees", [0.0, 20.0, 90.0, -135.0, 180.0])
def test_rotation(degrees: float) -> None:
    assert geometry.rotation(turned(degrees), SQUARE, SQUARE) == pytest.approx(degrees)
    backward = geometry.product(turned(degrees), geometry.FLIP)
    assert geometry.mirrored(backward)
    assert geometry.rotation(backward, SQUARE, SQUARE) == pytest.approx(degrees)


def test_what_is_seen_of_a_crop() -> None:
    crop = np.array([[2.0, 0.0, -0.5], [0.0, 2.0, -0.5], [0.0, 0.0, 1.0]])
    polygon = geometry.seen(crop)
    assert geometry.area(polygon) == pytest.approx(0.25)
    assert polygon.min() == pytest.approx(0.25)
    assert polygon.max() == pytest.approx(0.75)
    assert len(geometry.seen(np.array([[1.0, 0.0, 5.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))) == 0


def test_the_area_of_a_turned_square_in_a_square() -> None:
    assert geometry.area(geometry.clipped(geometry.moved(turned(45.0), geometry.CORNERS))) == pytest.approx(
        2 * (2**0.5 - 1)
    )


def test_plausible() -> None:
    assert geometry.plausible(np.eye(3), SQUARE, SQUARE)
    assert geometry.plausible(TILTED, SQUARE, SQUARE)
    for bad in (
        np.zeros((3, 3)),
        np.full((3, 3), np.nan),
        np.diag([1.0, 0.1, 1.0]),
        np.diag([40.0, 40.0, 1.0]),
    ):
        assert not geometry.plausible(bad, SQUARE, SQUARE)


@given(arrays(np.float64, (3, 3), elements=st.floats(-1e6, 1e6, allow_nan=False)))
def test_no_matrix_breaks_it(matrix: geometry.Matrix) -> None:
    if geometry.plausible(matrix, SQUARE, SQUARE):
        assert 0.0 <= geometry.area(geometry.seen(matrix)) <= 1.0 + 1e-6
        assert -180.0 < geometry.rotation(matrix, SQUARE, SQUARE) <= 180.0


@pytest.mark.parametrize(
    ("kind", "matrix"), [(SIMILARITY, turned(33.0)), (AFFINE, np.diag([2.0, 0.7, 1.0])), (HOMOGRAPHY, TILTED)]
)
def test_a_fit_finds_the_placement(kind: int, matrix: geometry.Matrix) -> None:
    source = np.random.default_rng(0).uniform(0.0, 1.0, (40, 2))
    target, fitted = geometry.moved(matrix, source), np.zeros((3, 3))
    assert fit(source, target, np.ones(40), kind, fitted)
    assert np.allclose(fitted, matrix, atol=1e-9)
    target[:3] += 0.6
    assert fit_robust(source, target, np.ones(40), kind, 0.4, fitted)
    assert np.abs(geometry.moved(fitted, source)[3:] - target[3:]).max() < 0.05


def test_a_fit_without_spread_is_refused() -> None:
    assert not fit(np.zeros((9, 2)), np.zeros((9, 2)), np.ones(9), AFFINE, np.zeros((3, 3)))
    line = np.stack([np.arange(9.0), np.zeros(9)], axis=1)
    assert not fit(line, line, np.ones(9), HOMOGRAPHY, np.zeros((3, 3)))
