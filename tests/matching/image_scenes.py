"""Pictures drawn for the tests of confirmation: many ellipses and lines on a ground, no two alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from countermark.fingerprint.image.extract import extract, extract_work
from countermark.images.frame import Frame
from countermark.matching.image.candidate import Candidate, WorkSide
from countermark.matching.image.confirm import confirm

if TYPE_CHECKING:
    from countermark.matching.image.match import ImageMatch

Grey = npt.NDArray[np.uint8]


def drawn(seed: int, width: int = 480, height: int = 360, shapes: int = 90) -> Grey:
    """A picture that only this seed gives."""
    random = np.random.default_rng(seed)
    picture = np.full((height, width), int(random.integers(60, 200)), dtype=np.uint8)
    for _ in range(shapes):
        centre = (int(random.integers(width)), int(random.integers(height)))
        size = (int(random.integers(4, 50)), int(random.integers(4, 50)))
        turn, tone = float(random.integers(180)), int(random.integers(256))
        cv2.ellipse(picture, centre, size, turn, 0, 360, tone, -1, cv2.LINE_AA)
        end = (int(random.integers(width)), int(random.integers(height)))
        cv2.line(picture, centre, end, int(random.integers(256)), int(random.integers(1, 4)), cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), dtype=np.uint8)


def resized(picture: Grey, width: int, height: int) -> Grey:
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def side_of(picture: Grey, common: int = 0) -> WorkSide:
    """What an index would hold of a work; every feature is said to stand in `common` other works."""
    height, width = picture.shape
    scale = 320 / max(picture.shape)
    features = extract_work(picture)
    commonness = np.full(len(features), common, dtype=np.uint8)
    return WorkSide(
        resized(picture, round(width * scale), round(height * scale)), features, width, height, commonness
    )


def look_for(
    work: Grey, picture: Grey, candidate: Candidate | None = None, common: int = 0
) -> ImageMatch | None:
    """Confirm a work in a picture, from its features alone unless a candidate is given."""
    frame = Frame(picture, picture.shape[1], picture.shape[0])
    return confirm(frame, extract(picture), candidate or Candidate(7), side_of(work, common))


def found(work: Grey, picture: Grey, candidate: Candidate | None = None, common: int = 0) -> ImageMatch:
    """As `look_for`, where it must be found."""
    match = look_for(work, picture, candidate, common)
    assert match is not None
    return match
