"""Identical is the same picture in colour, no more than re-encoding and resizing apart, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("cv2", reason="needs the extra image")

import cv2

from countermark.findings.finding import Grade
from countermark.images.decode import encode_jpeg, read_colour
from countermark.matching.image.same import same_file, same_picture, settled
from matching.image_scenes import drawn


def coloured(seed: int) -> np.ndarray:
    """A drawn picture whose colours differ from place to place."""
    return np.ascontiguousarray(np.dstack([drawn(seed + part, 320, 240) for part in range(3)]))


def encoded(picture: np.ndarray, quality: int, size: tuple[int, int] | None = None) -> np.ndarray:
    """The picture after resizing and JPEG."""
    scaled = picture if size is None else np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return read_colour(encode_jpeg(scaled.astype(np.uint8), quality), longest=320)


def invoice(client: str) -> np.ndarray:
    """A form that is filled in."""
    sheet = np.full((320, 240, 3), 255, np.uint8)
    for line in range(60, 300, 20):
        cv2.line(sheet, (20, line), (220, line), (0, 0, 0), 1)
    cv2.putText(sheet, "INVOICE", (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 2)
    cv2.putText(sheet, client, (24, 95), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    return sheet


@pytest.mark.parametrize(("quality", "size"), [(92, None), (40, None), (85, (200, 150)), (90, (640, 480))])
def test_encoding_and_resizing_leave_it_the_same(quality: int, size: tuple[int, int] | None) -> None:
    work = coloured(1)
    assert same_picture(work, encoded(work, quality, size))


def test_what_is_put_on_taken_off_or_recoloured_is_not_the_same() -> None:
    work = coloured(1)
    lettered = work.copy()
    cv2.putText(lettered, "SOLD", (40, 150), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 4)
    others = (lettered, work[:, 12:], work[:, :, ::-1], work[:, ::-1], work // 2, 255 - work, coloured(5))
    assert not any(same_picture(work, np.ascontiguousarray(other)) for other in others)
    grey = np.dstack([work.mean(axis=2).astype(np.uint8)] * 3)
    assert not same_picture(work, grey)


def test_two_forms_filled_in_differently_are_not_the_same() -> None:
    assert same_picture(invoice("A. Dupont"), encoded(invoice("A. Dupont"), 70))
    assert not same_picture(invoice("A. Dupont"), invoice("M. Leroy"))


def test_only_a_likely_match_is_settled_as_identical() -> None:
    whole = replace(same_file(3), score=80.0, grade=Grade.COPY, share_of_work=0.9, share_of_record=0.95)
    work = coloured(1)
    same, other = (work, encoded(work, 80)), (work, coloured(9))
    told = settled(whole, lambda: same)
    assert (told.grade, told.share_of_work, told.score) == (Grade.IDENTICAL, 1.0, 80.0)
    assert settled(whole, lambda: other).grade == Grade.COPY
    assert settled(whole, lambda: None).grade == Grade.COPY
    for unlike in ({"mirrored": True}, {"rotation": 90.0}, {"share_of_record": 0.3}):
        assert settled(replace(whole, **unlike), lambda: same).grade == Grade.COPY
    assert settled(replace(whole, grade=Grade.SHARED), lambda: same).grade == Grade.SHARED
