"""The inverted file of local features: from a feature of a picture to the works that have one like it.

Built from the works alone and the same whenever it is built from them: words are learned by k-majority from a sample
that is taken at fixed steps, in two levels. What is not in the words' neighbourhood is not found, and so the lookup
asks several. All arrays are flat and can be memory-mapped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from countermark.fingerprint.image.features import Features
from countermark.index.image import _words_kernel as kernel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

POSTINGS_A_WORD = 64
"""What a list holds on average, as long as there are fewer than MOST_WORDS."""
MOST_WORDS = 1 << 17
SAMPLE = 1 << 20
"""Features that words are learned from at most."""
ROUNDS = 5
ALIKE = 28
"""Bits between two features of different works that count as alike: commonness counts these."""
LEVELS_AN_OCTAVE = 16
"""Sizes are kept as logarithms to the base 2, in this many steps an octave."""
TURNS = 256
"""Angles are kept in this many steps of the circle."""
LONGEST_LIST = 8192
"""Postings of a list that are read; the rarest stand first."""


def build_words(features: Iterable[Features]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of the inverted file; one `Features` a work, in the order of the works' numbers."""
    works = list(features)
    counts = np.array([len(work) for work in works], dtype=np.int64)
    codes = np.concatenate([work.codes for work in works]) if works else np.zeros((0, 4), np.uint64)
    owners = np.repeat(np.arange(len(works), dtype=np.uint32), counts)
    roots, word_starts, words = _learned(codes)
    labels = _labels(codes, roots, word_starts, words)
    order = np.argsort(labels, kind="stable")
    list_starts = np.searchsorted(labels[order], np.arange(len(words) + 1)).astype(np.int64)
    alike = np.zeros(len(codes), dtype=np.uint8)
    kernel.count_alike(codes[order], owners[order], list_starts, ALIKE, LONGEST_LIST, alike)
    by_rarity = np.lexsort((np.arange(len(order)), alike, labels[order]))
    order, alike = order[by_rarity], alike[by_rarity]
    places = np.empty(len(order), dtype=np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    return {
        "roots": roots,
        "word_starts": word_starts,
        "words": words,
        "list_starts": list_starts,
        "codes": codes[order],
        "owners": owners[order],
        "points": _joined([_units(work) for work in works], (0, 2), np.uint16)[order],
        "levels": _joined([_levels(work.sizes) for work in works], (0,), np.int8)[order],
        "turns": _joined([_turns(work.angles) for work in works], (0,), np.uint8)[order],
        "commonness": alike,
        "places": places,
        "starts": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "shapes": np.array([(work.width, work.height) for work in works], dtype=np.uint16).reshape(-1, 2),
    }


def _joined(parts: list[npt.NDArray[Any]], shape: tuple[int, ...], kind: Any) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(shape, kind)


def _units(work: Features) -> npt.NDArray[np.uint16]:
    """Where the features lie in the unit square, in steps of 1/65536."""
    units = (work.points + np.float32(0.5)) * np.float64(1 << 16) / (max(1, work.width), max(1, work.height))
    return np.clip(np.rint(units), 0, (1 << 16) - 1).astype(np.uint16)


def _levels(sizes: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    levels = np.rint(np.log2(np.maximum(sizes, 1e-3)) * LEVELS_AN_OCTAVE)
    return np.asarray(np.clip(levels, -127, 127), dtype=np.int8)


def _turns(angles: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    steps = np.rint(angles * (TURNS / (2 * np.pi))).astype(np.int64)
    return np.asarray(steps % TURNS, dtype=np.uint8)


def _learned(
    codes: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Roots, where the words of each begin, and the words."""
    wanted = min(MOST_WORDS, len(codes) // POSTINGS_A_WORD)
    sample = codes[:: max(1, -(-len(codes) // SAMPLE))]
    roots = _centres(sample, max(1, round(float(np.sqrt(wanted)))))
    labels = np.zeros(len(sample), dtype=np.int32)
    kernel.assign(sample, roots, labels)
    each = len(sample) / max(1, wanted)
    parts, starts = [], [0]
    for root in range(len(roots)):
        members = sample[labels == root]
        words = (
            _centres(members, max(1, round(len(members) / each))) if len(members) else roots[root : root + 1]
        )
        parts.append(words)
        starts.append(starts[-1] + len(words))
    return roots, np.array(starts, dtype=np.int64), np.concatenate(parts)


def _centres(codes: npt.NDArray[np.uint64], count: int) -> npt.NDArray[np.uint64]:
    """`count` centres of the codes by k-majority, begun from codes at equal steps."""
    if not len(codes):
        return np.zeros((count, 4), dtype=np.uint64)
    centres = codes[(np.arange(count) * len(codes)) // count].copy()
    labels = np.zeros(len(codes), dtype=np.int32)
    for _ in range(ROUNDS if count > 1 else 1):
        kernel.assign(codes, centres, labels)
        kernel.majorities(codes, labels, centres)
    return centres


def _labels(codes: npt.NDArray[Any], roots: Any, word_starts: Any, words: Any) -> npt.NDArray[np.int32]:
    labels = np.zeros(len(codes), dtype=np.int32)
    kernel.nearest_words(codes, roots, word_starts, words, min(4, len(roots)), labels)
    return labels


class WordLookup:
    """The inverted file, open for lookup."""

    WIDE, PROBES = 4, 4
    """Roots whose words are compared, and words whose lists are read, for each feature that is looked up."""
    NEAR = 64
    """Bits apart at most."""
    WORKS_A_FEATURE = 12
    """Works that one feature may vote for at most: the nearest."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.arrays = arrays
        for name in (
            "roots",
            "word_starts",
            "words",
            "list_starts",
            "codes",
            "owners",
            "points",
            "levels",
            "turns",
        ):
            setattr(self, name, arrays[name])
        self.commonness_of_postings = arrays["commonness"]
        self.places, self.starts, self.shapes = arrays["places"], arrays["starts"], arrays["shapes"]

    def __len__(self) -> int:
        """How many works."""
        return len(self.shapes)

    def near(self, codes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """The postings near each code, int64[k, 3]: which code, which posting, bits apart; one a work and code."""
        hits = np.empty((len(codes) * self.WORKS_A_FEATURE, 3), dtype=np.int64)
        a = self.arrays
        wide = min(self.WIDE, len(a["roots"]))
        count = kernel.look_up(
            codes, a["roots"], a["word_starts"], a["words"], a["list_starts"], a["codes"], a["owners"],
            wide, self.PROBES, self.NEAR, LONGEST_LIST, hits,
        )  # fmt: skip
        return hits[:count]

    def commonness(self, asset: int) -> npt.NDArray[np.uint8]:
        """In how many other works a feature like each of a work's stands, in the order of its features."""
        part = self.places[int(self.starts[asset]) : int(self.starts[asset + 1])]
        return np.asarray(self.commonness_of_postings[part])

    def features(self, asset: int) -> Features:
        """The features of a work as they are kept: points to 1/65536 of the sides, sizes to 1/16 octave."""
        part = self.places[int(self.starts[asset]) : int(self.starts[asset + 1])]
        width, height = (int(length) for length in self.shapes[asset])
        points = self.arrays["points"][part].astype(np.float64) * (width, height) / (1 << 16) - 0.5
        return Features(
            np.ascontiguousarray(self.arrays["codes"][part]),
            points.astype(np.float32),
            np.exp2(self.arrays["levels"][part] / LEVELS_AN_OCTAVE).astype(np.float32),
            (self.arrays["turns"][part] * (2 * np.pi / TURNS)).astype(np.float32),
            width,
            height,
        )
