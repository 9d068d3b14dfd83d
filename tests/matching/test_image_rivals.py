"""A far better work at the same place explains another that contradicts what is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from countermark.findings.finding import Grade
from countermark.matching.image.match import ImageMatch
from countermark.matching.image.rivals import reconciled

WHOLE = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float64)
LEFT, RIGHT = WHOLE * (0.5, 1), WHOLE * (0.5, 1) + (0.5, 0)


def match(asset: int, score: float, contradiction: float, outline: np.ndarray = WHOLE) -> ImageMatch:
    """A match of which only this matters."""
    return ImageMatch(
        asset, np.eye(3), np.array([0.0, 0, 1, 1]), outline, mirrored=False, rotation=0.0, inliers=20, agreement=0.8,
        share_of_work=0.9, share_of_record=0.9, score=score, grade=Grade.COPY, contradiction=contradiction,
    )  # fmt: skip


def grades(*matches: ImageMatch) -> list[str]:
    """The grades that come out."""
    return [each.grade for each in reconciled(matches)]


def test_a_portrait_in_the_same_frame_is_explained() -> None:
    assert grades(match(0, 480, 0.0), match(1, 250, 0.1)) == [Grade.COPY, Grade.SHARED]
    assert grades(match(0, 250, 0.1), match(1, 480, 0.0)) == [Grade.SHARED, Grade.COPY]


def test_versions_of_one_picture_are_both_told() -> None:
    assert grades(match(0, 480, 0.0), match(1, 250, 0.0)) == [Grade.COPY, Grade.COPY]


def test_a_little_better_explains_nothing() -> None:
    assert grades(match(0, 300, 0.0), match(1, 250, 0.1)) == [Grade.COPY, Grade.COPY]


def test_works_beside_each_other_are_no_rivals() -> None:
    for outline in (RIGHT, RIGHT[::-1]):
        assert grades(match(0, 480, 0.0, LEFT), match(1, 250, 0.1, outline)) == [Grade.COPY, Grade.COPY]
    assert grades(match(0, 480, 0.0, WHOLE), match(1, 250, 0.1, LEFT)) == [Grade.COPY, Grade.SHARED]


def test_one_alone_stays_as_it_is() -> None:
    assert grades(replace(match(0, 60, 0.9))) == [Grade.COPY]
    assert reconciled([]) == []
