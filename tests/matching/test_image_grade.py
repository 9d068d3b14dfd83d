"""Grades: the same picture, a copy, or only something that many pictures share."""

from __future__ import annotations

import cv2
import numpy as np

from countermark.matching.image.candidate import Candidate
from matching.image_scenes import Grey, drawn, found, look_for

WHOLE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
MIRROR = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])


def framed(seed: int, inside: int) -> Grey:
    """A picture in an ornate frame that `seed` draws."""
    ornate = drawn(seed, 480, 480, shapes=400)
    ornate[80:-80, 80:-80] = drawn(inside, 320, 320)
    return ornate


def stamped(seed: int) -> Grey:
    """A picture with a logo on it, always the same one."""
    picture = drawn(seed, 480, 360)
    picture[20:140, 30:150] = drawn(99, 120, 120, shapes=150)
    return picture


def test_text_mirror_and_crop_make_copies() -> None:
    work = drawn(2)
    lettered = work.copy()
    cv2.putText(lettered, "SOLD", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 3.0, 255, 8)
    for picture in (lettered, work[:, 60:].copy(), work[50:250, 100:380].copy()):
        assert found(work, picture).grade == "copy"


def test_a_crop_shows_which_part_it_is() -> None:
    work = drawn(3)
    match = found(work, work[90:270, 120:384].copy())  # 30 % of it
    assert match.grade == "copy"
    assert np.allclose(match.box, [0.25, 0.25, 0.8, 0.75], atol=0.03)
    assert 0.24 < match.share_of_work < 0.3
    assert match.share_of_record > 0.95


def test_a_frame_around_different_pictures_is_shared() -> None:
    match = look_for(framed(10, 11), framed(10, 12))
    assert match is None or match.grade == "shared"
    assert found(framed(10, 11), framed(10, 11)).grade == "copy"


def test_a_logo_on_different_pictures_is_shared() -> None:
    match = look_for(stamped(20), stamped(21))
    assert match is None or match.grade == "shared"


def test_what_other_works_have_too_is_shared_unless_it_is_all_there() -> None:
    work = drawn(5)
    part = work[90:270, 120:384].copy()
    assert found(work, part, common=3).grade == "shared"
    assert found(work, work, common=3).grade == "copy"


def test_stars_on_black_are_all_there_though_most_blocks_are_empty() -> None:
    """What has no texture, or too little to say, belongs to the part that is seen where nothing contradicts."""
    random, sky = np.random.default_rng(4), np.full((360, 480), 12, dtype=np.uint8)
    for _ in range(60):
        place = (int(random.integers(480)), int(random.integers(270)))
        cv2.circle(sky, place, int(random.integers(1, 5)), int(random.integers(120, 256)), -1, cv2.LINE_AA)
    noise = random.normal(0.0, 1.5, sky.shape)
    match = found(sky, np.clip(sky + noise, 0, 255).astype(np.uint8)[:, ::-1].copy(), Candidate(7, MIRROR))
    assert np.allclose(match.box, [0.0, 0.0, 1.0, 1.0])
    assert match.share_of_work > 0.98


def test_a_frame_goes_all_around_what_differs() -> None:
    ornate = drawn(30, 480, 480, shapes=400)
    one, other = ornate.copy(), ornate.copy()
    one[80:-80, 80:-80], other[80:-80, 80:-80] = drawn(31, 320, 320), drawn(32, 320, 320)
    assert found(one, other, Candidate(7, WHOLE)).grade == "shared"
    # the same around a corner that differs: a copy with something put on it
    one[:], other[:] = ornate, ornate
    other[:200, :200] = drawn(32, 200, 200)
    assert found(one, other, Candidate(7, WHOLE)).grade == "copy"


def test_a_small_part_of_both_is_an_element_and_a_crop_is_not() -> None:
    assert found(stamped(20), stamped(20)[10:180, 10:200].copy()).grade == "copy"
    moved = drawn(22, 480, 360)
    moved[220:340, 330:450] = stamped(20)[20:140, 30:150]
    placement = np.array([[1.0, 0.0, 300 / 480], [0.0, 1.0, 200 / 360]])
    match = look_for(stamped(20), moved, Candidate(7, placement))
    assert match is None or match.grade == "shared"
