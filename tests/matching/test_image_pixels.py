"""Pictures on one grid, compared block by block."""

from __future__ import annotations

import numpy as np
import pytest

from countermark.matching.image import pixels
from countermark.matching.image._fit_kernel import AFFINE
from countermark.matching.image._warp_kernel import EDGE, ONE, OUTSIDE, compare, telling, warp
from countermark.matching.image.pixels import BLOCK_FIELDS, SHIFT_X, SHIFT_Y, WORK_SPREAD, R
from matching.image_scenes import drawn, resized

HOME = np.eye(3)


def grid_of(picture: np.ndarray) -> np.ndarray:
    return warped(picture, HOME)


def warped(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    grid = np.zeros(picture.shape, dtype=np.int32)
    extent = np.array([picture.shape[1], picture.shape[0]], dtype=np.float64)
    warp(picture, picture, 0, extent, matrix, grid)
    return grid


def test_a_warp_that_moves_nothing_changes_nothing() -> None:
    picture = drawn(1, 64, 48)
    assert (grid_of(picture) == picture.astype(np.int32) * ONE).all()


def test_what_lies_outside_is_said() -> None:
    grid = warped(drawn(1, 64, 48), np.array([[1.0, 0.0, 32.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    assert (grid[:, 33:] == OUTSIDE).all()
    assert (grid[:, :31] >= 0).all()


def test_brightness_and_contrast_do_not_count() -> None:
    picture = drawn(2, 96, 96)
    other = (picture * 0.5 + 60).astype(np.uint8)
    blocks = np.zeros((12, 12, BLOCK_FIELDS))
    compare(grid_of(picture), grid_of(other), 1, blocks)
    assert np.median(blocks[:, :, R]) > 0.99


def test_a_shift_is_found() -> None:
    picture = drawn(3, 120, 120)
    blocks = np.zeros((12, 12, BLOCK_FIELDS))
    compare(grid_of(picture[:96, :96].copy()), grid_of(picture[2:98, 1:97].copy()), 2, blocks)
    inner = blocks[2:-2, 2:-2]
    assert np.median(inner[:, :, SHIFT_X]) == -1
    assert np.median(inner[:, :, SHIFT_Y]) == -2
    assert np.median(inner[:, :, R]) > 0.99


def test_slopes_are_nothing_in_common() -> None:
    """Two skies that darken the same way have no texture, and no correlation that means anything."""
    y, x = np.mgrid[0:96, 0:96]
    sky = (x + y).astype(np.uint8)
    blocks = np.zeros((12, 12, BLOCK_FIELDS))
    compare(grid_of(sky), grid_of((sky // 2 + 40).astype(np.uint8)), 1, blocks)
    assert blocks[:, :, WORK_SPREAD].max() < 1.0


def test_a_straight_edge_tells_little_and_so_does_what_is_smooth() -> None:
    edge = np.zeros((96, 96), dtype=np.uint8)
    edge[:, 44:] = 200
    corner = edge.copy()
    corner[52:] = 0
    result = np.zeros((12, 12))
    telling(grid_of(edge), result)
    assert result.max() == EDGE
    telling(grid_of(corner), result)
    assert result.max() > 0.8
    y, x = np.mgrid[0:96, 0:96]
    telling(grid_of((250 * np.exp(-((x - 48) ** 2 + (y - 40) ** 2) / 1000)).astype(np.uint8)), result)
    assert result[4:6, 4:6].max() < 0.5


@pytest.mark.parametrize("off", [0.02, -0.03])
def test_a_placement_is_nudged_home(off: float) -> None:
    picture = drawn(4, 480, 360)
    view, frame = pixels.levels(resized(picture, 320, 240)), pixels.levels(picture)
    start = np.array([[1.0 + off, 0.0, off], [0.0, 1.0 - off, off], [0.0, 0.0, 1.0]])
    placement = start
    for cells, reach in ((56, 3), (56, 3), (104, 2)):
        look = pixels.look(view, frame, placement, cells, reach)
        assert look is not None
        nudged = pixels.nudged(look, AFFINE, 0.5)
        assert nudged is not None
        placement = nudged
    assert np.abs(placement - HOME).max() < 0.008


def test_nothing_is_seen_of_what_lies_elsewhere() -> None:
    levels = pixels.levels(drawn(5))
    away = np.array([[1.0, 0.0, 3.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert pixels.look(levels, levels, away, 56, 1) is None
    speck = np.array([[0.01, 0.0, 0.5], [0.0, 0.01, 0.5], [0.0, 0.0, 1.0]])
    assert pixels.look(levels, levels, speck, 56, 1) is None


def test_tiny_pictures_have_levels() -> None:
    for shape in ((1, 1), (1, 300), (300, 1), (3, 5)):
        levels = pixels.levels(np.zeros(shape, dtype=np.uint8))
        assert levels.greys[0].shape == shape
        assert pixels.look(levels, levels, HOME, 56, 1) is None


def test_a_chessboard_repeats_itself_and_a_picture_does_not() -> None:
    y, x = np.mgrid[0:104, 0:104]
    chess = ((x // 9 + y // 9) % 2 * 200).astype(np.uint8)
    assert pixels.repetition(grid_of(chess)) > 0.8
    assert pixels.repetition(grid_of(drawn(6, 104, 104))) < 0.4
    assert pixels.repetition(np.zeros((16, 16), dtype=np.int32)) == 0.0
