"""Matching a picture against an index: what was done to a work is undone, and a stranger is no match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import ImageOps

from countermark.findings.finding import Grade
from countermark.images.frame import Frame
from countermark.index.image.lookup import open_image_index
from countermark.matching.image.matcher import ImageMatcher, Looked
from drawn_works import FIRST_OTHER, WORKS, altered, drawing, shared_index

if TYPE_CHECKING:
    from PIL import Image

    from countermark.matching.image.match import ImageMatch


@pytest.fixture(scope="module")
def matcher() -> ImageMatcher:
    """A matcher over eight works."""
    return ImageMatcher(open_image_index(shared_index()))


def matched(matcher: ImageMatcher, picture: Image.Image) -> list[ImageMatch]:
    """What is found in a picture."""
    grey = np.asarray(ImageOps.grayscale(picture))
    return matcher.match(Looked.at(Frame(grey, picture.width, picture.height)))


@pytest.mark.parametrize("what", sorted(altered(drawing(0))))
def test_each_alteration_is_found_and_told(matcher: ImageMatcher, what: str) -> None:
    """The work, whether it is mirrored, how it is turned, and which part of which picture it is."""
    (match,) = matched(matcher, altered(drawing(3))[what])
    assert match.asset == 3
    assert match.mirrored == (what == "mirrored")
    assert round(match.rotation) == (-90 if what == "turned" else 0)
    assert match.grade == Grade.COPY or (match.grade, what) == (Grade.IDENTICAL, "resized")
    left, top, right, bottom = match.box
    assert (left, top) == pytest.approx((0.2, 1 / 6) if what == "cropped" else (0, 0), abs=0.02)
    assert (right, bottom) == pytest.approx((1, 1), abs=0.02)
    assert match.share_of_record == pytest.approx(0.21 if what == "on a page" else 1.0, abs=0.03)
    assert match.share_of_work == pytest.approx(0.667 if what == "cropped" else 1.0, abs=0.03)


def test_strangers_match_nothing(matcher: ImageMatcher) -> None:
    """Other drawings of the same hand, and no drawing at all."""
    for seed in range(FIRST_OTHER, FIRST_OTHER + 5):
        assert matched(matcher, drawing(seed)) == []
    plain = np.full((200, 300), 128, dtype=np.uint8)
    assert matcher.match(Looked.at(Frame(plain, 300, 200))) == []


def test_several_works_in_one_picture(matcher: ImageMatcher) -> None:
    """One match a work, in the order of the works."""
    sheet = drawing(FIRST_OTHER, 960, 720)
    for seed, place in ((6, (0, 0)), (1, (480, 360))):
        sheet.paste(drawing(seed), place)
    assert [match.asset for match in matched(matcher, sheet)] == [1, 6]


def test_the_same_picture_gives_the_same_match(matcher: ImageMatcher) -> None:
    """Another matcher, in another order, finds the same to the last bit."""
    again = ImageMatcher(open_image_index(shared_index()))
    pictures = [altered(drawing(seed))["cropped"] for seed in range(WORKS)]
    first = [matched(matcher, picture) for picture in pictures]
    for picture, found in zip(pictures[::-1], first[::-1], strict=True):
        for one, other in zip(found, matched(again, picture), strict=True):
            assert (one.score, one.inliers, one.agreement) == (other.score, other.inliers, other.agreement)
            assert (one.placement == other.placement).all()


def test_warming_up_needs_no_texture(matcher: ImageMatcher) -> None:
    """The kernels are compiled by looking for a work in its own view."""
    matcher.warm_up()
