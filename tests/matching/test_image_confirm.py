"""Confirmation: a work is found where it stands, and not where it does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from countermark.fingerprint.image.extract import extract
from countermark.images.frame import Frame
from countermark.matching.image import geometry
from countermark.matching.image.candidate import Candidate
from countermark.matching.image.confirm import LEAST_SCORE, Confirmer, ReadySide
from countermark.matching.image.geometry import CORNERS
from matching.image_scenes import drawn, found, look_for, resized, side_of

WHOLE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def test_a_picture_is_itself() -> None:
    work = drawn(1)
    match = found(work, work)
    assert match.asset == 7
    assert match.grade == "copy"
    assert match.score >= LEAST_SCORE
    assert np.allclose(match.outline, CORNERS, atol=0.005)
    assert np.allclose(match.box, [0.0, 0.0, 1.0, 1.0], atol=0.005)
    assert match.share_of_work > 0.98
    assert match.agreement > 0.98
    assert abs(match.rotation) < 0.5
    assert match.inliers > 50


def test_another_picture_is_not_it() -> None:
    for seed in range(2, 8):
        assert look_for(drawn(1), drawn(seed)) is None
        assert look_for(drawn(1), drawn(seed), Candidate(7, WHOLE, distance=20)) is None


def test_a_mirror_image() -> None:
    work = drawn(1)
    match = found(work, work[:, ::-1].copy(), Candidate(7, mirrored=True))
    assert match.mirrored
    assert match.grade == "copy"
    assert np.allclose(match.outline, CORNERS * (-1, 1) + (1, 0), atol=0.005)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns(turns: int) -> None:
    work = drawn(1)
    match = found(work, np.rot90(work, -turns).copy())
    assert match.rotation % 360 == pytest.approx(90 * turns, abs=0.5)
    assert not match.mirrored
    assert match.grade == "copy"


def test_a_small_work_on_a_large_page() -> None:
    work, page = drawn(1), drawn(9, 768, 600)
    page[300:450, 500:700] = resized(work, 200, 150)
    match = found(work, page)
    assert match.grade == "copy"
    corners = np.array([[500, 300], [700, 300], [700, 450], [500, 450]]) / (768, 600)
    assert np.allclose(match.outline, corners, atol=0.01)
    assert match.share_of_record == pytest.approx(200 * 150 / (768 * 600), rel=0.1)
    assert match.share_of_work > 0.9


def test_perspective() -> None:
    work = drawn(1)
    there = np.array([[40, 30], [450, 10], [420, 350], [20, 300]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform((CORNERS * (480, 360)).astype(np.float32), there)
    match = found(work, np.asarray(cv2.warpPerspective(work, matrix, (480, 360)), dtype=np.uint8))
    assert np.abs(match.outline * (480, 360) - there).max() < 12


def test_a_placement_from_hashes_needs_no_features() -> None:
    work = drawn(1)
    blank = extract(np.zeros((50, 50), dtype=np.uint8))
    side = ReadySide.of(side_of(work))
    match = Confirmer(Frame(work, 480, 360), blank).confirm(Candidate(3, WHOLE, distance=4), side)
    assert match is not None
    assert (match.asset, match.distance, match.inliers) == (3, 4, 0)
    assert match.grade == "copy"


def test_chessboards_are_all_alike_and_say_little() -> None:
    y, x = np.mgrid[0:360, 0:480]

    def chess(side: int) -> np.ndarray:
        return np.asarray(
            cv2.GaussianBlur(((x // side + y // side) % 2 * 180 + 40).astype(np.uint8), (0, 0), 0.8)
        )

    for one, other in ((20, 31), (31, 20), (31, 24)):
        assert look_for(chess(one), chess(other)) is None
        assert look_for(chess(one), chess(other), Candidate(7, WHOLE, distance=10)) is None


def test_a_work_made_ready_once_says_the_same_again() -> None:
    work, side = drawn(1), ReadySide.of(side_of(drawn(1)))
    results = []
    for picture in (work, resized(work, 300, 225), work):
        frame = Frame(picture, picture.shape[1], picture.shape[0])
        match = Confirmer(frame, extract(picture)).confirm(Candidate(7, WHOLE, distance=2), side)
        assert match is not None
        results.append((match.placement.tobytes(), match.score))
    assert results[0] == results[2]


def test_a_frame_without_anything() -> None:
    assert look_for(drawn(1), np.zeros((200, 200), dtype=np.uint8)) is None
    assert look_for(np.zeros((200, 200), dtype=np.uint8), drawn(1)) is None
    assert look_for(np.zeros((200, 200), dtype=np.uint8), np.zeros((200, 200), dtype=np.uint8)) is None


def test_the_same_twice() -> None:
    work = drawn(1)
    picture = work[40:300, 60:400].copy()
    one, two = found(work, picture), found(work, picture)
    assert one.placement.tobytes() == two.placement.tobytes()
    assert (one.score, one.box.tobytes(), one.inliers) == (two.score, two.box.tobytes(), two.inliers)


def test_the_order_of_candidates_does_not_matter() -> None:
    work, other = drawn(1), drawn(2)
    confirmer = Confirmer(Frame(work, 480, 360), extract(work))
    side = ReadySide.of(side_of(work))
    first = confirmer.confirm(Candidate(0), side)
    confirmer.confirm(Candidate(1, mirrored=True), ReadySide.of(side_of(other)))
    again = confirmer.confirm(Candidate(0), side)
    assert first is not None
    assert again is not None
    assert first.placement.tobytes() == again.placement.tobytes()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    arrays(np.float64, (2, 3), elements=st.floats(-50.0, 50.0)),
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.integers(0, 3),
)
def test_no_placement_and_no_size_breaks_it(placement: np.ndarray, size: tuple[int, int], seed: int) -> None:
    picture = np.ascontiguousarray(drawn(seed, 90, 90)[: size[0], : size[1]])
    match = look_for(drawn(1, 120, 90), picture, Candidate(0, placement))
    if match is not None:
        assert np.isfinite(match.outline).all()
        assert geometry.plausible(match.placement, (size[1], size[0]), (120, 90))
