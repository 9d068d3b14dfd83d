"""Local features of a picture: corners at every scale, each with a direction and a code of 256 bits.

No learned weights: corners by Harris' measure on a pyramid, directions by the centroid of intensities (as ORB, Rublee
and others 2011), codes by comparing the brightness of points around them (see `pattern`). Everything that decides is
integer arithmetic: the same picture gives the same features on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from countermark.fingerprint.image._corner_kernel import best_corners, corner_scores
from countermark.fingerprint.image._describe_kernel import describe, directions, permute
from countermark.fingerprint.image.features import Features
from countermark.fingerprint.image.pattern import REACH, STEPS, pattern

if TYPE_CHECKING:
    import numpy.typing as npt

MOST = 1200
"""Features of a picture of the corpus at most."""
MOST_OF_WORK = 900
"""Features of a work at most."""
LEAN, LEAN_OF_WORK = 0.75, 0.35
"""How much fewer features the coarse layers have: as many as this power of their scale says. A work's are spread more
evenly over the scales, for it may stand much smaller in the picture that it is looked for in."""
FACTOR = 1.26
"""From layer to layer the picture shrinks by this."""
SMALLEST = 40
"""Pixels of the longer side of the last layer at least."""
MARGIN = 6
"""A corner lies at least this many pixels from the rim of its layer."""
LEAST = 1.0e5
"""Harris' measure of a corner at least: less is noise."""


class _Layer(NamedTuple):
    grey: npt.NDArray[np.uint8]
    across: float
    down: float


def extract(grey: npt.NDArray[np.uint8], most: int = MOST) -> Features:
    """The features of a picture of the corpus, at most `most`: many at the fine scales, spread over the picture.

    `grey` is uint8[h, w]. A picture with nothing in it has none.
    """
    return _features(grey, most, LEAN)


def extract_work(grey: npt.NDArray[np.uint8]) -> Features:
    """The features of a work, at most MOST_OF_WORK, more evenly spread over the scales than those of `extract`."""
    return _features(grey, MOST_OF_WORK, LEAN_OF_WORK)


def mirror(codes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The codes uint64[n, 4] that the mirrored picture would have."""
    tables = pattern()
    out = np.empty_like(codes)
    permute(codes, tables.sources, tables.flips, out)
    return out


def _layers(grey: npt.NDArray[np.uint8]) -> list[_Layer]:
    """The pyramid: the picture, then ever smaller ones."""
    height, width = grey.shape
    layers = [_Layer(np.ascontiguousarray(grey), 1.0, 1.0)]
    scale = FACTOR
    while max(height, width) / scale >= SMALLEST and min(height, width) / scale > 2 * MARGIN + 1:
        size = (round(width / scale), round(height / scale))
        smaller = cv2.resize(layers[-1].grey, size, interpolation=cv2.INTER_LINEAR_EXACT).astype(
            np.uint8, copy=False
        )
        layers.append(_Layer(smaller, width / size[0], height / size[1]))
        scale *= FACTOR
    return layers


def _quotas(layers: list[_Layer], most: int, lean: float) -> list[int]:
    """How many features each layer may give; `lean` is the power of its scale that it falls with."""
    shares = np.array([(layer.across * layer.down) ** (-lean / 2) for layer in layers])
    return [int(most * share) for share in shares / shares.sum()]


def _features(grey: npt.NDArray[np.uint8], most: int, lean: float) -> Features:
    height, width = grey.shape
    layers = _layers(grey) if min(height, width) > 2 * MARGIN + 1 else []
    parts = []
    spare = 0
    for layer, quota in zip(reversed(layers), reversed(_quotas(layers, most, lean)), strict=True):
        corners = _corners(layer.grey, quota + spare)
        spare += quota - len(corners)
        parts.append((corners, *_described(layer.grey, corners), layer))
    parts.reverse()
    if not parts:
        empty = np.zeros(0, dtype=np.float32)
        return Features(
            np.zeros((0, 4), np.uint64), np.zeros((0, 2), np.float32), empty, empty, width, height
        )
    return _joined(parts, width, height)


def _joined(parts: list[tuple], width: int, height: int) -> Features:  # type: ignore[type-arg]
    points = [(c[:, :2] + 0.5) * (layer.across, layer.down) - 0.5 for c, _, _, layer in parts]
    sizes = [np.full(len(c), np.sqrt(layer.across * layer.down)) for c, _, _, layer in parts]
    return Features(
        codes=np.concatenate([codes for _, _, codes, _ in parts]),
        points=np.concatenate(points).astype(np.float32),
        sizes=np.concatenate(sizes).astype(np.float32),
        angles=(np.concatenate([steps for _, steps, _, _ in parts]) * (2 * np.pi / STEPS)).astype(np.float32),
        width=width,
        height=height,
    )


def _corners(grey: npt.NDArray[np.uint8], quota: int) -> npt.NDArray[np.int32]:
    """The corners of a layer, int32[n, 3] (x, y, rank in its cell): the best of each cell first, `quota` at most."""
    height, width = grey.shape
    scores = np.empty((height, width), dtype=np.float32)
    if quota <= 0 or min(height, width) <= 2 * MARGIN + 1:
        return np.zeros((0, 3), dtype=np.int32)
    corner_scores(cv2.GaussianBlur(grey, (5, 5), 0), scores)
    cell = max(8, round(float(np.sqrt(height * width * 2.5 / quota))))
    each = 6
    cells = (-(-height // cell)) * (-(-width // cell))
    found = np.empty((cells * each, 3), dtype=np.int32)
    found = found[: best_corners(scores, MARGIN, LEAST, cell, each, found)]
    if len(found) > quota:
        strength = -scores[found[:, 1], found[:, 0]].astype(np.float64)
        order = np.lexsort((np.arange(len(found)), strength, found[:, 2]))
        found = found[np.sort(order[:quota])]
    return found


def _described(
    grey: npt.NDArray[np.uint8], corners: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint64]]:
    """The steps and codes of the corners of a layer."""
    tables = pattern()
    padded = cv2.copyMakeBorder(grey, REACH, REACH, REACH, REACH, cv2.BORDER_REPLICATE)
    steps = np.empty(len(corners), dtype=np.int32)
    codes = np.empty((len(corners), 4), dtype=np.uint64)
    directions(padded, REACH, corners, tables.disc, tables.cosines, tables.sines, steps)
    describe(
        cv2.integral(padded),
        REACH,
        corners,
        steps,
        tables.offsets,
        tables.halves,
        tables.inverses,
        tables.pairs,
        codes,
    )
    return steps, codes
