"""Grades: the same picture, a copy, or only something that many pictures share."""

from __future__ import annotations

import cv2
import numpy as np

from matching.image_scenes import Grey, drawn, found, look_for, resized


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


def test_the_same_picture_smaller_and_paler_is_identical() -> None:
    work = drawn(1)
    assert found(work, resized(work, 300, 225)).grade == "identical"
    assert found(work, (work * 0.8 + 30).astype(np.uint8)).grade == "identical"
    coded = cv2.imencode(".jpg", work, [cv2.IMWRITE_JPEG_QUALITY, 40])[1]
    assert (
        found(work, np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)).grade
        == "identical"
    )


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
    assert found(framed(10, 11), framed(10, 11)).grade == "identical"


def test_a_logo_on_different_pictures_is_shared() -> None:
    match = look_for(stamped(20), stamped(21))
    assert match is None or match.grade == "shared"


def test_what_other_works_have_too_is_shared_unless_it_is_all_there() -> None:
    work = drawn(5)
    part = work[90:270, 120:384].copy()
    assert found(work, part, common=3).grade == "shared"
    assert found(work, work, common=3).grade == "identical"
