"""Candidates by hashes: which work, in which position, and where."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from countermark.fingerprint.image.pdq import parts
from countermark.images.frame import Frame
from countermark.index.image.hashes import HashLookup, build_hashes
from countermark.matching.image.by_hash import MOST, hash_candidates

TURNED: list[Any] = [
    lambda grey: grey,
    np.rot90,
    lambda grey: np.rot90(grey, 2),
    lambda grey: np.rot90(grey, 3),
    np.flipud,
    np.fliplr,
    np.transpose,
    lambda grey: np.rot90(grey, 2).T,
]


def drawn(number: int, height: int = 300, width: int = 400) -> Any:
    """A smooth picture of its own, without borders."""
    coarse = np.random.default_rng(number).integers(30, 226, (9, 12)).astype(float)
    down, across = np.linspace(0, 8, height), np.linspace(0, 11, width)
    rows = np.array([np.interp(down, np.arange(9), column) for column in coarse.T]).T
    return np.array([np.interp(across, np.arange(12), row) for row in rows]).round().astype(np.uint8)


def index_of(*greys: Any) -> Any:
    """An index of these works."""
    found = [(asset, part) for asset, grey in enumerate(greys) for part in parts(grey, of_work=True)]
    assets = np.array([asset for asset, _ in found], dtype=np.uint32)
    return SimpleNamespace(
        hashes=HashLookup(build_hashes(np.stack([part.states[0] for _, part in found]), assets)),
        entry_assets=assets,
        entry_boxes=np.stack([part.unit for _, part in found]),
    )


def frame_of(grey: Any) -> Frame:
    """A frame as decoding gives it."""
    return Frame(np.ascontiguousarray(grey), grey.shape[1], grey.shape[0])


@pytest.mark.parametrize("state", range(8))
def test_a_work_is_found_in_any_position_and_placed(state: int) -> None:
    works = [drawn(1), drawn(2), drawn(3)]
    (found,) = hash_candidates(index_of(*works), frame_of(TURNED[state](works[1])))
    assert found.asset == 1
    assert found.placement is not None
    assert found.distance is not None
    assert found.mirrored == (state >= 4)
    dot = np.zeros((30, 40), np.uint8)
    dot[4, 11] = 1
    y, x = (int(axis[0]) for axis in np.nonzero(TURNED[state](dot)))
    height, width = TURNED[state](dot).shape
    assert found.placement @ [11.5 / 40, 4.5 / 30, 1] == pytest.approx(
        [(x + 0.5) / width, (y + 0.5) / height]
    )


def test_borders_on_either_side_are_seen_through() -> None:
    work = drawn(4)
    framed = np.full((400, 400), 255, np.uint8)
    framed[50:350] = work
    (found,) = hash_candidates(index_of(drawn(5), work), frame_of(framed))
    assert found.asset == 1
    assert found.placement == pytest.approx(np.array([[1, 0, 0], [0, 0.75, 0.125]]), abs=0.01)
    (back,) = hash_candidates(index_of(drawn(5), framed), frame_of(work))
    assert back.placement == pytest.approx(np.array([[1, 0, 0], [0, 4 / 3, -1 / 6]]), abs=0.01)


def test_the_square_in_the_middle_is_found() -> None:
    work = drawn(6)
    (found,) = hash_candidates(index_of(work), frame_of(work[:, 50:350]))
    assert found.placement == pytest.approx(np.array([[4 / 3, 0, -1 / 6], [0, 1, 0]]), abs=0.01)


def test_pictures_with_nothing_in_them_have_no_candidates() -> None:
    assert hash_candidates(index_of(drawn(7)), frame_of(np.full((300, 300), 255, np.uint8))) == []


def test_many_equal_works_give_few_candidates_the_first_ones() -> None:
    work = drawn(8)
    found = hash_candidates(index_of(*[work] * 40), frame_of(work))
    assert [each.asset for each in found] == list(range(MOST))
    assert {each.distance for each in found} == {0}
