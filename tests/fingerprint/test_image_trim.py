"""Borders: what is taken off, and what is left alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.fingerprint.image.trim import Box, trimmed


def busy(height: int, width: int) -> Any:
    """A picture with something everywhere, up to its rim."""
    y, x = np.mgrid[0:height, 0:width]
    return ((x * 37 + y * 91 + x * y) % 200 + 20).astype(np.uint8)


def framed(box: Box, shape: tuple[int, int], level: int) -> Any:
    """A busy picture in `box` of a plain one."""
    grey = np.full(shape, level, np.uint8)
    grey[box.top : box.bottom, box.left : box.right] = busy(box.bottom - box.top, box.right - box.left)
    return grey


def shaved(box: Box, shape: tuple[int, int]) -> Box:
    """What is to be found: one line less on each side that was taken off."""
    height, width = shape
    return Box(
        box.left + (box.left > 0),
        box.top + (box.top > 0),
        box.right - (box.right < width),
        box.bottom - (box.bottom < height),
    )


@pytest.mark.parametrize(
    "box",
    [
        Box(0, 40, 256, 216),
        Box(60, 0, 200, 256),
        Box(30, 40, 220, 200),
        Box(0, 0, 256, 200),
        Box(17, 0, 256, 256),
    ],
)
@pytest.mark.parametrize("level", [0, 255])
def test_borders_come_off_on_up_to_four_sides(box: Box, level: int) -> None:
    assert trimmed(framed(box, (256, 256), level)) == shaved(box, (256, 256))


def test_noise_in_the_border_does_not_keep_it() -> None:
    box = Box(50, 40, 206, 216)
    grey = framed(box, (256, 256), 240)
    y, x = np.mgrid[0:256, 0:256]
    noise = (x * 29 + y * 53) % 13 - 6
    noisy = (grey.astype(int) + noise * (grey == 240)).clip(0, 255).astype(np.uint8)
    noisy[10, 20] = 0  # one stray pixel
    assert trimmed(noisy) == shaved(box, (256, 256))


def test_borders_within_borders_come_off() -> None:
    inner = framed(Box(20, 20, 180, 140), (160, 200), 30)
    grey = np.full((256, 256), 255, np.uint8)
    grey[40:200, 28:228] = inner
    assert trimmed(grey) == Box(49, 61, 207, 179)


def test_there_may_be_nothing_to_trim() -> None:
    assert trimmed(busy(200, 300)) is None
    assert trimmed(framed(Box(1, 0, 300, 200), (200, 300), 255)) is None


@pytest.mark.parametrize("box", [Box(100, 100, 110, 110), Box(0, 120, 256, 140)])
def test_too_little_left_is_none(box: Box) -> None:
    assert trimmed(framed(box, (256, 256), 255)) is None


@pytest.mark.parametrize("shape", [(1, 1), (31, 400), (0, 5)])
def test_small_pictures_are_left_alone(shape: tuple[int, int]) -> None:
    assert trimmed(np.zeros(shape, np.uint8)) is None


def test_a_plain_picture_has_nothing_within_its_border() -> None:
    assert trimmed(np.full((300, 300), 77, np.uint8)) is None


@given(st.binary(min_size=64, max_size=64), st.integers(32, 90), st.integers(32, 90))
def test_any_picture_gives_a_box_within_it_or_none(pattern: bytes, height: int, width: int) -> None:
    tile = np.frombuffer(pattern, np.uint8).reshape(8, 8)
    grey = np.tile(tile, (-(-height // 8), -(-width // 8)))[:height, :width]
    box = trimmed(grey)
    assert box is None or (0 <= box.left < box.right <= width and 0 <= box.top < box.bottom <= height)
