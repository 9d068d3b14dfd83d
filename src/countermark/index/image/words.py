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

POSTINGS_A_WORD = 24
"""What a list holds on average, as long as there are fewer than MOST_WORDS."""
MOST_WORDS = 1 << 19
ROOTS = 2.0
"""Roots, as a multiple of the square root of the number of words. A lookup compares with all roots and with the words
under some, so that many roots with few words under each are the cheaper way."""
SAMPLE = 1 << 22
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
    codes, counts, shapes, placed = _gathered(features)
    owners = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    roots, word_starts, words = _learned(codes)
    labels = _labels(codes, roots, word_starts, words)
    order = np.argsort(labels, kind="stable")
    labels = labels[order]
    list_starts = np.searchsorted(labels, np.arange(len(words) + 1)).astype(np.int64)
    codes = codes[order]
    alike = np.zeros(len(codes), dtype=np.uint8)
    kernel.count_alike(codes, owners[order], list_starts, ALIKE, LONGEST_LIST, alike)
    by_rarity = np.argsort(labels.astype(np.int64) * 256 + alike, kind="stable")
    kernel.reorder(codes, list_starts, by_rarity)
    order, alike = order[by_rarity], alike[by_rarity]
    places = np.empty(len(order), dtype=np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    return {
        "roots": roots,
        "word_starts": word_starts,
        "words": words,
        "list_starts": list_starts,
        "codes": codes,
        "owners": owners[order],
        **{name: array[order] for name, array in placed.items()},
        "commonness": alike,
        "places": places,
        "starts": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "shapes": shapes,
    }


def _gathered(
    features: Iterable[Features],
) -> tuple[
    npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.uint16], dict[str, npt.NDArray[Any]]
]:
    """The codes of all works, how many each has, the works' shapes, and where the features lie; each work read once."""
    codes, counts, shapes = [], [], []
    points, levels, turns = [], [], []
    for work in features:
        codes.append(work.codes)
        counts.append(len(work))
        shapes.append((work.width, work.height))
        points.append(_units(work))
        levels.append(_levels(work.sizes))
        turns.append(_turns(work.angles))
    placed = {
        "points": _joined(points, (0, 2), np.uint16),
        "levels": _joined(levels, (0,), np.int8),
        "turns": _joined(turns, (0,), np.uint8),
    }
    return (
        _joined(codes, (0, 4), np.uint64),
        np.array(counts, dtype=np.int64),
        np.array(shapes, dtype=np.uint16).reshape(-1, 2),
        placed,
    )


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
    roots = _centres(sample, max(1, round(ROOTS * float(np.sqrt(wanted)))))
    labels = np.zeros(len(sample), dtype=np.int32)
    kernel.assign(sample, _columns(roots), labels)
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
        kernel.assign(codes, _columns(centres), labels)
        kernel.majorities(codes, labels, centres)
    return centres


def _labels(codes: npt.NDArray[Any], roots: Any, word_starts: Any, words: Any) -> npt.NDArray[np.int32]:
    labels = np.zeros(len(codes), dtype=np.int32)
    wide = min(4, len(roots))
    room = _room(word_starts, wide)
    kernel.nearest_words(codes, _columns(roots), word_starts, _columns(words), wide, room, labels)
    return labels


def _columns(codes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The codes uint64[n, 4] as uint64[4, n]: so many are compared at a time."""
    return np.ascontiguousarray(codes.T)


def _room(word_starts: npt.NDArray[np.int64], wide: int) -> int:
    """How many words there are under `wide` roots at most, or roots if these are more."""
    return max(len(word_starts), int(np.sort(np.diff(word_starts))[-wide:].sum()))


class WordLookup:
    """The inverted file, open for lookup."""

    WIDE, PROBES = 3, 3
    """Roots whose words are compared, and words whose lists are read, for each feature that is looked up."""
    NEAR = 46
    """Bits apart at most."""
    WORKS_A_FEATURE = 6
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
        self._roots, self._words = _columns(arrays["roots"]), _columns(arrays["words"])
        self._flat = arrays["codes"].reshape(-1)
        self._room = _room(arrays["word_starts"], self.WIDE)

    def __len__(self) -> int:
        """How many works."""
        return len(self.shapes)

    def near(self, codes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """The postings near each code, int64[k, 3]: which code, which posting, bits apart; one a work and code."""
        hits = np.empty((len(codes) * self.WORKS_A_FEATURE, 3), dtype=np.int64)
        a = self.arrays
        wide = min(self.WIDE, len(a["roots"]))
        count = kernel.look_up(
            codes, self._roots, a["word_starts"], self._words, a["list_starts"], self._flat, a["owners"],
            wide, self.PROBES, self.NEAR, self._room, LONGEST_LIST, hits,
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
        codes = np.empty((len(part), 4), dtype=np.uint64)
        kernel.gather(self._flat, self.arrays["list_starts"], part, codes)
        return Features(
            codes,
            points.astype(np.float32),
            np.exp2(self.arrays["levels"][part] / LEVELS_AN_OCTAVE).astype(np.float32),
            (self.arrays["turns"][part] * (2 * np.pi / TURNS)).astype(np.float32),
            width,
            height,
        )
