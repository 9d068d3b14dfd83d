"""Candidates from local features: the works that many features of a picture agree on, and where they would stand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from countermark.fingerprint.image.extract import mirror
from countermark.index.image.words import LEVELS_AN_OCTAVE, TURNS, WordLookup
from countermark.matching.image import _vote_kernel as kernel
from countermark.matching.image.candidate import Candidate

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.fingerprint.image.features import Features

MOST = 24
"""Candidates of a picture at most."""
BAR = 3.5
"""The least weight of a candidate, in hits that are certain: near to nothing in any other work."""
PLACE = 5.0
"""Bits that it says when a hit agrees with a place: one in 32 does so by chance."""
PRIOR = 10
"""Works that a feature is thought to have been compared with beforehand: matters for small catalogues only."""
MOST_PLACES = 4096
"""Works and states above the bar that are looked at: more are in no picture."""
MEMBERS, HYPOTHESES = 160, 40
"""Hits of one work that are compared, and how many of them are tried as a guess of where it stands."""


class _Tables(NamedTuple):
    chance: npt.NDArray[np.int64]
    scales: npt.NDArray[np.float64]
    cosines: npt.NDArray[np.float64]
    sines: npt.NDArray[np.float64]


@cache
def _tables() -> _Tables:
    chance = np.minimum(1.0, np.exp2((np.arange(257) - 46) / 6))
    levels = np.arange(-255, 256) / LEVELS_AN_OCTAVE
    angles = 2 * np.pi * np.arange(TURNS) / TURNS
    return _Tables(
        chance=np.rint(16 * PRIOR * chance).astype(np.int64),
        # rounded, so that no library's last digit decides
        scales=np.rint(np.exp2(levels) * (1 << 20)) / (1 << 20),
        cosines=np.rint(np.cos(angles) * (1 << 20)) / (1 << 20),
        sines=np.rint(np.sin(angles) * (1 << 20)) / (1 << 20),
    )


@cache
def _rarity(works: int) -> npt.NDArray[np.int64]:
    """The weight of a hit by how many works, in sixteenths, have the feature by chance."""
    share = np.maximum(1, np.arange(16 * (WordLookup.WORKS_A_FEATURE + PRIOR) + 1)) / (16 * (works + PRIOR))
    return np.rint(kernel.UNIT * (PLACE - np.log2(np.minimum(1.0, share)))).astype(np.int64)


def vote(lookup: WordLookup, features: Features, most: int = MOST) -> list[Candidate]:
    """The works that the features of a picture vote for, with the most weight first, `most` at most.

    Both the picture and its mirror image are looked up. A work is a candidate once, in the state with more weight.
    """
    if not len(features) or not len(lookup):
        return []
    best: dict[int, tuple[float, int]] = {}
    rows = _places(lookup, features)
    for at, (slot, weight) in enumerate(rows[:, :2].tolist()):
        if weight > best.get(int(slot) >> 1, (0.0, 0))[0]:
            best[int(slot) >> 1] = weight, at
    ranked = sorted(best.items(), key=lambda entry: (-entry[1][0], entry[0]))
    return [_candidate(rows[at], lookup, features) for _, (_, at) in ranked[:most]]


def _places(lookup: WordLookup, features: Features) -> npt.NDArray[np.float64]:
    """Slot (twice the work's number, and one more for the mirror image), weight and placement of all above the bar."""
    half = len(features)
    hits = lookup.near(np.concatenate([features.codes, mirror(features.codes)]))
    slots = 2 * len(lookup)
    sums, starts = np.zeros(slots, dtype=np.int64), np.empty(slots + 1, dtype=np.int64)
    weights, order = np.empty(len(hits), dtype=np.int64), np.empty(len(hits), dtype=np.int64)
    a, t, frame = lookup.arrays, _tables(), _frame(features)
    kernel.weigh(hits, a["owners"], t.chance, _rarity(len(lookup)), half, sums, weights)
    kernel.grouped(hits, a["owners"], half, starts, order)
    bar = int(BAR * _rarity(len(lookup))[16])  # sixteen sixteenths: the feature of one work alone
    found = np.empty((min(slots, MOST_PLACES), 8))
    count = kernel.places(
        hits, weights, starts, order, sums, bar,
        frame.points, frame.reach, frame.levels, frame.turns,
        a["points"], a["levels"], a["turns"], a["shapes"], t.scales, t.cosines, t.sines, MEMBERS, HYPOTHESES, found,
    )  # fmt: skip
    return found[:count]


class _Frame(NamedTuple):
    """The features of the frame, then those of its mirror image."""

    points: npt.NDArray[np.float64]
    reach: npt.NDArray[np.float64]
    levels: npt.NDArray[np.int64]
    turns: npt.NDArray[np.int64]


def _frame(features: Features) -> _Frame:
    points = features.points.astype(np.float64)
    flipped = points.copy()
    flipped[:, 0] = features.width - 1 - flipped[:, 0]
    reach = features.sizes.astype(np.float64)
    levels = np.rint(np.log2(np.maximum(reach, 1e-3)) * LEVELS_AN_OCTAVE).astype(np.int64)
    turns = np.rint(features.angles.astype(np.float64) * (TURNS / (2 * np.pi))).astype(np.int64) % TURNS
    return _Frame(
        points=np.concatenate([points, flipped]),
        reach=np.concatenate([reach, reach]),
        levels=np.concatenate([levels, levels]),
        turns=np.concatenate([turns, (TURNS // 2 - turns) % TURNS]),
    )


def _candidate(row: npt.NDArray[np.float64], lookup: WordLookup, features: Features) -> Candidate:
    slot = int(row[0])
    shape = lookup.arrays["shapes"][slot >> 1].astype(np.float64)
    mirrored = bool(slot & 1)
    return Candidate(
        slot >> 1, _in_units(row[2:], shape, features, mirrored), mirrored, None, float(row[1]) / kernel.UNIT
    )


def _in_units(
    fit: npt.NDArray[np.float64], shape: npt.NDArray[np.float64], features: Features, mirrored: bool
) -> npt.NDArray[np.float64]:
    """The placement from unit square to unit square; `fit` is in pixels of the frame, or of its mirror image."""
    a, b, x, y, u, v = fit.tolist()
    matrix = np.array([[a, -b, x + 0.5 - a * u + b * v], [b, a, y + 0.5 - b * u - a * v]])
    matrix[:, 0] *= shape[0]
    matrix[:, 1] *= shape[1]
    matrix[0] /= features.width
    matrix[1] /= features.height
    if mirrored:
        matrix[0] *= -1
        matrix[0, 2] += 1
    return matrix
