"""Correspondences: which features of a frame are which of a work, and the placements that they speak for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countermark.matching.image import _pair_kernel
from countermark.matching.image._fit_kernel import AFFINE, SIMILARITY, fit, fit_robust
from countermark.matching.image._pair_kernel import (
    ANGLE,
    COSINE,
    OCTAVE,
    P_DISTANCE,
    P_FRAME,
    P_WORK,
    PAIR_FIELDS,
    PLACE_FIELDS,
    SINE,
    SIZE,
    X,
    Y,
)
from countermark.matching.image.geometry import CORNERS, moved

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from countermark.fingerprint.image.features import Features
    from countermark.matching.image.geometry import Matrix

MOST_BITS = 72
"""Features so far apart or farther are never paired blindly …"""

GUIDED_BITS = (76, 92)
"""… and these are the bars where geometry says that two should be the same: near the predicted place, and on it."""

EACH = 2
"""A feature of the frame is paired with so many of the work's at most: the same corner stands in several layers."""

MOST_PAIRS = 1600
MOST_TRIED = 80
MOST_PLACEMENTS = 3
FEWEST = 3
"""A placement needs so many features that agree before pixels are looked at."""


@dataclass(frozen=True, slots=True)
class Side:
    """The features of one side, as the kernels read them: `places` float64[n, PLACE_FIELDS]."""

    codes: npt.NDArray[np.uint64]
    places: npt.NDArray[np.float64]
    width: int
    height: int


def _places(features: Features) -> npt.NDArray[np.float64]:
    places = np.zeros((len(features), PLACE_FIELDS))
    places[:, [X, Y]] = features.points.astype(np.float64) + 0.5
    places[:, SIZE] = features.sizes
    places[:, ANGLE] = features.angles
    # rounded, so that no library's last digit decides
    places[:, OCTAVE] = np.log(np.maximum(places[:, SIZE], 1e-3)).round(6)
    places[:, COSINE] = np.cos(places[:, ANGLE]).round(6)
    places[:, SINE] = np.sin(places[:, ANGLE]).round(6)
    return places


def frame_side(features: Features) -> Side:
    """The features of a frame, in the order of their y."""
    order = np.argsort(features.points[:, 1], kind="stable")
    codes = np.ascontiguousarray(features.codes[order])
    return Side(codes, _places(features)[order], features.width, features.height)


def work_side(features: Features) -> Side:
    """The features of a work; the codes are turned, so that the kernels read many at once."""
    return Side(np.ascontiguousarray(features.codes.T), _places(features), features.width, features.height)


def bits(distances: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """What a pair of features so far apart is worth: the nearer, the less it is chance."""
    return np.clip((100.0 - distances) / 10.0, 0.5, 6.0)


def placements(frame: Side, work: Side) -> Iterator[Matrix]:
    """The placements (pixels of the work to those of the frame) that the most features speak for, the best first."""
    if not len(frame.codes) or not work.codes.shape[1]:
        return
    room = np.zeros((MOST_PAIRS, PAIR_FIELDS), dtype=np.int64)
    count = _pair_kernel.pair(frame.codes, work.codes, MOST_BITS, EACH, room)
    pairs = room[:count]
    poses, weights = _poses(pairs, frame, work), bits(pairs[:, P_DISTANCE])
    tried = np.argsort(pairs[:, P_DISTANCE], kind="stable")[:MOST_TRIED]
    ratings = np.zeros(len(tried))
    sizes = frame.places[pairs[:, P_FRAME], SIZE]
    _pair_kernel.rate(poses, sizes, pairs[:, P_FRAME].copy(), weights, tried, ratings)
    found: list[Matrix] = []
    taken = np.zeros(count, dtype=bool)
    for best in np.argsort(-ratings, kind="stable").tolist():
        anchor = int(tried[best])
        if taken[anchor]:
            continue
        matrix = _similarity(frame.places[pairs[anchor, P_FRAME]], work.places[pairs[anchor, P_WORK]])
        matrix, backed = _settled(matrix, poses, anchor, 4.0 * float(max(sizes[anchor], 1.0)), weights)
        taken |= backed > 0.0
        taken[anchor] = True
        if any(_alike(matrix, other, work) for other in found):
            continue
        found.append(matrix)
        yield _slanted(matrix, poses, backed)
        if len(found) == MOST_PLACEMENTS:
            return


def _slanted(matrix: Matrix, poses: npt.NDArray[np.float64], backed: npt.NDArray[np.float64]) -> Matrix:
    """An affine placement in place of a similarity, where enough pairs back it."""
    chosen = backed > 0.0
    if np.count_nonzero(chosen) < 8:
        return matrix
    source, target = np.ascontiguousarray(poses[2:4, chosen].T), np.ascontiguousarray(poses[0:2, chosen].T)
    spread = float(np.sqrt(target.var(axis=0).sum()))
    fitted = np.zeros((3, 3))
    if not fit_robust(source, target, backed[chosen], AFFINE, max(0.15 * spread, 6.0), fitted):
        return matrix
    corners = (source.min(axis=0), source.max(axis=0))
    here, there = moved(matrix, np.array(corners)), moved(fitted, np.array(corners))
    return fitted if np.abs(here - there).max() < 0.3 * np.abs(here[0] - here[1]).max() else matrix


def _poses(pairs: npt.NDArray[np.int64], frame: Side, work: Side) -> npt.NDArray[np.float64]:
    """What the kernels ask of pairs: float64[6, n], see `_pair_kernel.rate`."""
    there, here = frame.places[pairs[:, P_FRAME]], work.places[pairs[:, P_WORK]]
    turns = there[:, ANGLE] - here[:, ANGLE]
    turns -= 2.0 * np.pi * np.floor(turns / (2.0 * np.pi))
    rows = [there[:, X], there[:, Y], here[:, X], here[:, Y], there[:, OCTAVE] - here[:, OCTAVE], turns]
    return np.ascontiguousarray(np.stack(rows))


def _settled(
    matrix: Matrix, poses: npt.NDArray[np.float64], anchor: int, bar: float, weights: npt.NDArray[np.float64]
) -> tuple[Matrix, npt.NDArray[np.float64]]:
    """A similarity that one pair says, fitted to the pairs that back it, roughly, then closer; and their weights."""
    source, target = np.ascontiguousarray(poses[2:4].T), np.ascontiguousarray(poses[0:2].T)
    backed = np.zeros(len(weights))
    for slope in (0.2, 0.1, 0.05):
        _pair_kernel.backers(poses, matrix, anchor, bar, slope, weights, backed)
        fitted = np.zeros((3, 3))
        if np.count_nonzero(backed) < FEWEST or not fit(source, target, backed, SIMILARITY, fitted):
            break
        matrix = fitted
    return matrix, backed


def _similarity(frame: npt.NDArray[np.float64], work: npt.NDArray[np.float64]) -> Matrix:
    """The similarity that takes one feature to another."""
    scale = frame[SIZE] / work[SIZE]
    a = scale * (frame[COSINE] * work[COSINE] + frame[SINE] * work[SINE])
    b = scale * (frame[SINE] * work[COSINE] - frame[COSINE] * work[SINE])
    x, y = work[X], work[Y]
    return np.array([[a, -b, frame[X] - a * x + b * y], [b, a, frame[Y] - b * x - a * y], [0.0, 0.0, 1.0]])


def _alike(one: Matrix, other: Matrix, work: Side) -> bool:
    """Whether two placements put the work to about the same place: their corners lie a fourth of its size apart."""
    corners = CORNERS * (work.width, work.height)
    here, there = moved(one, corners), moved(other, corners)
    size = np.abs(here - here.mean(axis=0)).max()
    return bool(np.abs(here - there).max() < 0.5 * size)


def agreeing(matrix: Matrix, frame: Side, work: Side, radius: float) -> npt.NDArray[np.int64]:
    """The pairs int64[n, 3] that agree with a placement in pixels, one to one, the nearest first."""
    room = np.zeros((work.codes.shape[1], PAIR_FIELDS), dtype=np.int64)
    count = _pair_kernel.agreeing(
        matrix, frame.codes, work.codes, frame.places, work.places, radius, np.array(GUIDED_BITS), room
    )
    found = room[:count]
    order = np.argsort(found[:, P_DISTANCE], kind="stable")
    kept = np.zeros(count, dtype=np.int64)
    number = _pair_kernel.one_to_one(found, order, frame.places, work.places, 2.0, kept)
    return found[kept[:number]]
