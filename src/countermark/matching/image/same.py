"""Whether two pictures are the same as a whole, in colour, no more than re-encoding and resizing apart.

Confirmation compares structure, in grey, with brightness and contrast set aside: what it finds is that a picture stands
in another. Two invoices on one form, or one drawing in other colours, agree there nearly everywhere. So before a match
is called identical both pictures are laid over each other at the size of the work's view, and no place may differ.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from countermark.findings.finding import Grade
from countermark.matching.image.match import ImageMatch

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Colours = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]

CELL: Final = 8
"""Pixels of the side of a place."""
SHAPES_APART: Final = 0.02
"""Aspect ratios may differ so much: a side of a small picture is rounded to a pixel."""
MOST_APART: Final = 20.0
"""Levels, of 255, that any place may differ in any colour, on average over the place."""
MEAN_APART: Final = 6.0
"""Levels that all of them may differ on average."""


LIKELY_SHARE, LIKELY_TURN = 0.7, 3.0
"""Only matches with such shares of both, turned by less (degrees), are looked at again: no other can be the same."""
SAME_FILE_SCORE: Final = 1000.0
"""Bits of a match that is the same file, byte for byte: there is nothing to be reckoned."""


def same_file(asset: int) -> ImageMatch:
    """The match of a record that is the work's own file, byte for byte."""
    return ImageMatch(
        asset, np.eye(3), *_whole(), mirrored=False, rotation=0.0, inliers=0, agreement=1.0,
        share_of_work=1.0, share_of_record=1.0, score=SAME_FILE_SCORE, grade=Grade.IDENTICAL, distance=0,
    )  # fmt: skip


def settled(match: ImageMatch, colours: Callable[[], Colours | None]) -> ImageMatch:
    """The match with its grade settled: `identical` where both are the same picture, and nowhere else.

    `colours` gives work and record as RGB, uint8[h, w, 3], or None where they cannot be had.
    """
    if _likely(match) and (both := colours()) is not None and same_picture(*both):
        box, outline = _whole()
        return replace(
            match,
            grade=Grade.IDENTICAL,
            rotation=0.0,
            box=box,
            outline=outline,
            share_of_work=1.0,
            share_of_record=1.0,
        )
    return replace(match, grade=Grade.COPY) if match.grade == Grade.IDENTICAL else match


def _likely(match: ImageMatch) -> bool:
    if match.mirrored or abs(match.rotation) > LIKELY_TURN or match.grade == Grade.SHARED:
        return False
    return min(match.share_of_work, match.share_of_record) >= LIKELY_SHARE


def _whole() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Box and outline of all of a picture."""
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float64)
    return np.array([0, 0, 1, 1], dtype=np.float64), corners


def same_picture(work: npt.NDArray[np.uint8], record: npt.NDArray[np.uint8]) -> bool:
    """Whether `record` is `work`; both RGB, uint8[h, w, 3], the right way up."""
    apart = places_apart(work, record)
    return apart is not None and bool(apart.max() <= MOST_APART and apart.mean() <= MEAN_APART)


def places_apart(
    work: npt.NDArray[np.uint8], record: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64] | None:
    """How far each place differs, in levels, float64[rows, columns], in the colour that differs most.

    None where the shapes of the pictures differ.
    """
    (height, width), (tall, wide) = work.shape[:2], record.shape[:2]
    if abs(width * tall / (height * wide) - 1) > SHAPES_APART:
        return None
    size = min(width, wide), min(height, tall)
    one, other = (_smoothed(each, size) for each in (work, record))
    differ = np.abs(one - other)
    rows, columns = max(1, size[1] // CELL), max(1, size[0] // CELL)
    whole = differ[: rows * CELL, : columns * CELL]
    if min(whole.shape[:2]) < CELL:
        return np.asarray(differ.mean(axis=(0, 1)).max().reshape(1, 1))
    places = whole.reshape(rows, CELL, columns, CELL, 3).mean(axis=(1, 3))
    return np.asarray(np.rint(places.max(axis=2) * 100) / 100)


def _smoothed(picture: npt.NDArray[np.uint8], size: tuple[int, int]) -> npt.NDArray[np.float64]:
    """The picture in `size`, averaged over 3 by 3 pixels: edges may lie half a pixel apart after resizing."""
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.blur(scaled.astype(np.float32), (3, 3)), dtype=np.float64)
