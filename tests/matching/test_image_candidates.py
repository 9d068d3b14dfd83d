"""Votes: the work that stands in a picture is a candidate, where it stands, and what is in none is not."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from countermark.fingerprint.image.extract import extract, extract_work
from countermark.index.image.words import WordLookup, build_words
from countermark.matching.image.candidates import vote
from matching.image_scenes import drawn

Grey = npt.NDArray[np.uint8]
WORKS = 12


@cache
def lookup() -> WordLookup:
    return WordLookup(build_words(extract_work(drawn(seed)) for seed in range(WORKS)))


def placed(picture: Grey, matrix: npt.NDArray[np.float64], width: int = 640, height: int = 480) -> Grey:
    """The picture on an unrelated ground; `matrix` (2×3) takes its pixels to those of the frame."""
    ground = np.ascontiguousarray(drawn(99, width, height))
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    soft = cv2.GaussianBlur(picture, (0, 0), max(0.3, 0.5 / scale - 0.3))
    mask = cv2.warpAffine(np.full_like(picture, 255), matrix, (width, height))
    return np.where(mask > 127, cv2.warpAffine(soft, matrix, (width, height)), ground).astype(np.uint8)


def corners_apart(placement: npt.NDArray[np.float64], matrix: npt.NDArray[np.float64]) -> float:
    """How far the corners of the placement lie from the true ones, in pixels of the frame at most."""
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=np.float64)
    true = corners * (480, 360) @ matrix[:, :2].T + matrix[:, 2]
    said = (corners @ placement[:, :2].T + placement[:, 2]) * (640, 480)
    return float(np.abs(true - said).max())


@pytest.mark.parametrize(
    ("scale", "turn", "x", "y"),
    [(1.0, 0, 40, 30), (0.5, 10, 300, 100), (0.4, 180, 400, 300), (0.7, 90, 420, 60)],
)
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_work_in_a_larger_picture_and_where(
    scale: float, turn: float, x: int, y: int, mirrored: bool
) -> None:
    cosine, sine = scale * np.cos(np.radians(turn)), scale * np.sin(np.radians(turn))
    matrix = np.array([[cosine, -sine, x], [sine, cosine, y]])
    if mirrored:
        matrix = np.column_stack([-matrix[:, 0], matrix[:, 1], matrix[:, 2] + 479 * matrix[:, 0]])
    best = vote(lookup(), extract(placed(drawn(3), matrix)))[0]
    assert best.asset == 3
    assert best.mirrored == mirrored
    assert best.placement is not None
    assert (np.linalg.det(best.placement[:, :2]) < 0) == mirrored
    assert corners_apart(best.placement, matrix) < 15


def test_works_side_by_side_are_all_candidates() -> None:
    frame = np.zeros((720, 640), dtype=np.uint8)
    for place in range(8):
        part = cv2.resize(drawn(place), (320, 180), interpolation=cv2.INTER_AREA)
        top, left = place // 2 * 180, place % 2 * 320
        frame[top : top + 180, left : left + 320] = part
    features = extract(frame)
    assert len(vote(lookup(), features, 4)) == 4
    assert {candidate.asset for candidate in vote(lookup(), features)} == set(range(8))


def test_the_same_votes_each_time_the_most_first() -> None:
    features = extract(drawn(5))
    one, other = vote(lookup(), features), vote(lookup(), features)
    assert [(c.asset, c.votes) for c in one] == [(c.asset, c.votes) for c in other]
    votes = [candidate.votes for candidate in one]
    assert votes == sorted(votes, reverse=True)


@pytest.mark.parametrize("seed", range(50, 58))
def test_another_picture_has_no_candidates(seed: int) -> None:
    assert vote(lookup(), extract(drawn(seed))) == []


@pytest.mark.parametrize(
    "picture",
    [
        np.full((300, 300), 90, np.uint8),
        np.kron(np.indices((40, 40)).sum(axis=0) % 2, np.full((12, 12), 255)).astype(np.uint8),
        np.random.default_rng(1).integers(0, 256, (400, 400)).astype(np.uint8),
    ],
    ids=["nothing", "a chessboard", "noise"],
)
def test_textures_do_not_flood(picture: Grey) -> None:
    assert vote(lookup(), extract(picture)) == []


def test_a_catalogue_of_one_work_and_of_none() -> None:
    one = WordLookup(build_words([extract_work(drawn(3))]))
    assert [candidate.asset for candidate in vote(one, extract(drawn(3)))] == [0]
    assert vote(one, extract(drawn(60))) == []
    assert vote(WordLookup(build_words([])), extract(drawn(3))) == []
