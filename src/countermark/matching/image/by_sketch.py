"""Candidates from sketches: works that may be in pictures of which 128 bytes were kept.

A second pass over sketches finds what it finds without the pictures: nothing is confirmed, so each candidate says how
strong it is, and why. Hashes find a work as a whole; keys of local features find some of the parts of one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from countermark.fingerprint.image import sketch as form
from countermark.fingerprint.image.extract import mirror
from countermark.fingerprint.image.pdq import in_states
from countermark.matching.image._sketch_kernel import best_agreement
from countermark.matching.image.by_hash import HashIndex

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.fingerprint.image.features import Features
    from countermark.index.image.words import WordLookup

RADIUS = 31
"""Bits between hashes at most: what the reference advises. Nothing decides afterwards, so no more than that."""

FAR = 3
"""Bits of 46 that two keys may differ in."""

LEAST_AGREEING = 3
"""Keys that must agree, where the hashes do not."""

SURE_DISTANCE, SURE_AGREEING = 23, 5
"""Within so many bits, or with so many keys, a candidate is hardly ever wrong; for others fetch the picture."""


class SketchCandidate(NamedTuple):
    """A work that may be in a picture: the bits between hashes or None, the keys that agree, the strength from 0 to 1.

    `strength` orders candidates, and is no probability: 1 - distance / 128 for hashes, agreeing keys / 8 for keys,
    whichever is more.
    """

    asset: int
    distance: int | None
    agreeing: int
    strength: float

    @property
    def sure(self) -> bool:
        """Whether it is near enough, or enough agrees, to be told without the picture."""
        return (
            self.distance is not None and self.distance <= SURE_DISTANCE
        ) or self.agreeing >= SURE_AGREEING


class SketchIndex(HashIndex, Protocol):
    """What is needed of an index: its hashes, and the features of each work."""

    @property
    def words(self) -> WordLookup:
        """Features, by work."""


class SketchLookup:
    """An index made ready for sketches. Every key is compared with every feature: meant for works by the thousand."""

    def __init__(self, index: SketchIndex) -> None:
        self._index = index
        features = [index.words.features(asset) for asset in range(len(index.words))]
        self._starts = np.cumsum([0, *map(len, features)]).astype(np.int64)
        codes = np.concatenate([each.codes for each in features])
        self._codes = np.stack((form.code_keys(codes), form.code_keys(mirror(codes))))
        self._works = np.empty((2, len(codes), 4))
        self._works[:] = np.concatenate([_places(each) for each in features])
        self._works[1, :, 0] *= -1
        self._works[1, :, 3] = math.pi - self._works[1, :, 3]

    def candidates(
        self, sketch: npt.NDArray[np.uint8], *, hashes_only: bool = False
    ) -> list[SketchCandidate]:
        """The works that may be in the picture of a sketch uint8[128], the strongest first."""
        words = np.ascontiguousarray(sketch).view("<u8").astype(np.uint64)
        distances = self._by_hash(words)
        agreeing: dict[int, int] = {} if hashes_only else self._by_keys(words[8:])
        found = [
            SketchCandidate(
                asset, distances.get(asset), agreeing.get(asset, 0), _strength(distances, agreeing, asset)
            )
            for asset in {*distances, *agreeing}
        ]
        return sorted(found, key=lambda each: (-each.strength, each.asset))

    def _by_hash(self, words: npt.NDArray[np.uint64]) -> dict[int, int]:
        """The least distance of each work within RADIUS."""
        hashes = [words[at : at + 4] for at in (0, 4) if words[at : at + 4].any()]
        if not hashes:
            return {}
        rows = self._index.hashes.near(np.concatenate([in_states(each) for each in hashes]), RADIUS)
        least: dict[int, int] = {}
        for _, entry, distance in rows.tolist():
            asset = int(self._index.entry_assets[entry])
            least[asset] = min(distance, least.get(asset, RADIUS))
        return least

    def _by_keys(self, keys: npt.NDArray[np.uint64]) -> dict[int, int]:
        """How many keys agree with each work, LEAST_AGREEING or more."""
        keys = keys[keys != 0]
        upper = (keys >> np.uint64(form.CODE_BITS)).astype(np.int64)
        places = np.stack(
            (
                ((upper & 31) + 0.5) / form.PLACES,
                ((upper >> 5 & 31) + 0.5) / form.PLACES,
                form.SIZE_UNIT * form.SIZE_STEP ** (upper >> 14).astype(np.float64),
                ((upper >> 10 & 15) + 0.5) * (2 * math.pi / form.TURNS),
            ),
            axis=1,
        )
        out = np.empty((len(self._starts) - 1, 3), dtype=np.int64)
        codes = keys & np.uint64((1 << form.CODE_BITS) - 1)
        best_agreement(codes, places, self._starts, self._codes, self._works, FAR, out)
        return {int(work): int(out[work, 0]) for work in np.flatnonzero(out[:, 0] >= LEAST_AGREEING)}


def _places(features: Features) -> npt.NDArray[np.float64]:
    """float64[n, 4]: x and y from the middle and size, all by the longer side, and angle."""
    size = np.array([features.width, features.height], dtype=np.float64)
    longest = size.max()
    middle = ((features.points.astype(np.float64) + 0.5) - size / 2) / longest
    return np.column_stack((middle, features.sizes.astype(np.float64) / longest, features.angles))


def _strength(distances: dict[int, int], agreeing: dict[int, int], asset: int) -> float:
    near = 1 - distances[asset] / 128 if asset in distances else 0.0
    return max(near, agreeing.get(asset, 0) / form.KEYS)
