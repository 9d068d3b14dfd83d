"""Local features: where they lie, what turning, shrinking and mirroring leave of them, and what empty pictures give."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from countermark.fingerprint.image.extract import MOST, MOST_OF_WORK, extract, extract_work, mirror
from countermark.fingerprint.image.features import Features
from countermark.fingerprint.image.pattern import BITS, chosen_pairs, pattern, points

Grey = npt.NDArray[np.uint8]


def scene(seed: int, width: int = 320, height: int = 240) -> Grey:
    random = np.random.default_rng(seed)
    picture = np.full((height, width), 128, dtype=np.uint8)
    for _ in range(120):
        at = (int(random.integers(width)), int(random.integers(height)))
        size = (int(random.integers(3, 30)), int(random.integers(3, 30)))
        cv2.ellipse(picture, at, size, float(random.integers(180)), 0, 300, int(random.integers(256)), -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.7), dtype=np.uint8)


def bits_apart(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """The distances of all pairs, int64[n, m]."""
    return np.asarray(np.bitwise_count(a[:, None] ^ b[None]).sum(axis=2), dtype=np.int64)


def agreeing(here: Features, there: Features, matrix: npt.NDArray[np.float64]) -> float:
    """The share of the features of `there` whose nearest one here lies where `matrix` (2×3, from here) puts it."""
    nearest = bits_apart(there.codes, here.codes).argmin(axis=1)
    moved = here.points[nearest] @ matrix[:, :2].T + matrix[:, 2]
    return float((np.hypot(*(moved - there.points).T) < 3 * there.sizes).mean())


def test_the_same_picture_gives_the_same_features() -> None:
    one, other = extract(scene(1)), extract(scene(1))
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(one.points, other.points)


def test_features_lie_in_the_picture_and_are_no_more_than_asked_for() -> None:
    features = extract(scene(2), 100)
    assert 50 < len(features) <= 100
    assert (features.points >= 0).all()
    assert (features.points < (320, 240)).all()
    assert len(extract(scene(2))) <= MOST
    assert len(extract_work(scene(2))) <= MOST_OF_WORK


def test_every_quarter_of_a_picture_has_its_share() -> None:
    features = extract(scene(3), 200)
    quarters = (features.points > (160, 120)).astype(int) @ (1, 2)
    assert np.bincount(quarters, minlength=4).min() > 25


def test_the_mirrored_picture_has_the_mirrored_codes() -> None:
    picture = scene(4)
    here, there = extract(picture), extract(np.ascontiguousarray(picture[:, ::-1]))
    apart = np.hypot(
        here.points[:, None, 0] - (319 - there.points[None, :, 0]),
        here.points[:, None, 1] - there.points[None, :, 1],
    )
    larger = np.abs(here.sizes[:, None] - there.sizes[None])
    one, other = np.nonzero((apart < 0.5) & (larger < 0.01))
    assert len(one) > 0.5 * len(here)
    distances = np.bitwise_count(mirror(here.codes)[one] ^ there.codes[other]).sum(axis=1)
    assert np.median(distances) <= 4


def test_mirroring_twice_changes_nothing() -> None:
    codes = extract(scene(5)).codes
    assert np.array_equal(mirror(mirror(codes)), codes)


@pytest.mark.parametrize(("turn", "scale"), [(0.0, 0.5), (25.0, 1.0), (180.0, 0.7), (-90.0, 0.3)])
def test_features_are_found_again_turned_and_shrunk(turn: float, scale: float) -> None:
    picture = scene(6)
    matrix = np.asarray(cv2.getRotationMatrix2D((160, 120), turn, scale), dtype=np.float64)
    smoothed = cv2.GaussianBlur(picture, (0, 0), max(0.3, 0.5 / scale - 0.3))
    view = np.asarray(cv2.warpAffine(smoothed, matrix, (320, 240), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    there = extract(view)
    moved = (there.points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    inside = ((moved > 0) & (moved < (320, 240))).all(axis=1)
    part = Features(
        there.codes[inside], there.points[inside], there.sizes[inside], there.angles[inside], 320, 240
    )
    assert agreeing(extract_work(picture), part, matrix) > 0.4


def test_another_picture_is_far() -> None:
    distances = bits_apart(extract(scene(7)).codes, extract(scene(8)).codes)
    assert 95 < distances.mean() < 135


@pytest.mark.parametrize("shape", [(1, 1), (1, 768), (768, 1), (13, 13), (14, 14), (20, 700)])
@pytest.mark.parametrize("value", [0, 255])
def test_nothing_in_it_nothing_out(shape: tuple[int, int], value: int) -> None:
    features = extract(np.full(shape, value, dtype=np.uint8))
    assert len(features) == 0
    assert features.codes.shape == (0, 4)
    assert (features.width, features.height) == (shape[1], shape[0])


@settings(max_examples=30, deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60))))
def test_any_small_picture_is_taken(grey: Grey) -> None:
    features = extract(grey)
    assert np.isfinite(features.points).all()
    assert (features.points >= 0).all()
    assert (features.points <= (grey.shape[1] - 1, grey.shape[0] - 1)).all()


def test_a_cut_out_view_is_taken_as_a_copy_would_be() -> None:
    picture = scene(9)
    assert np.array_equal(extract(picture[:, 40:]).codes, extract(picture[:, 40:].copy()).codes)


def test_the_pattern_is_closed_under_its_mirror_image() -> None:
    mirrors = points()[2]
    pairs = {frozenset(map(int, pair)) for pair in chosen_pairs()}
    assert len(pairs) == BITS
    assert {frozenset(int(mirrors[point]) for point in pair) for pair in pairs} == pairs
    assert sorted(pattern().sources.tolist()) == list(range(BITS))
