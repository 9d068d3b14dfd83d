"""Which sources of the benchmark of images share drawn content, by a judge that the engine has no part in.

SIFT of each source at 512 pixels, upright and mirrored. Candidates: the 20 sources that have the most rare visual words
in common with it (8,192 words drawn from all descriptors). A pair is related where 8 matches or more agree with one
affine map (ratio test at 0.8, both ways; RANSAC within 4 pixels) at 8 places at least 4 pixels apart. Groups are the
connected parts, where a chain may not grow by pairs of fewer than 12 agreeing matches beyond 12 sources.

`python benchmarks/image_groups.py --debs DIR --out DIR` writes groups.json, which image_corpus.py reads.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from image_sources import gather, scaled

if TYPE_CHECKING:
    import numpy.typing as npt

    from image_sources import Source

FEATURES, LONGEST, WORDS, CANDIDATES = 400, 512, 8192, 20
RATIO, APART, LEAST, SURE, LARGEST_CHAIN = 0.8, 4.0, 8, 12, 12


class Points(NamedTuple):
    """The SIFT features of a picture: places float32[n, 2], RootSIFT descriptors float32[n, 128]."""

    places: npt.NDArray[np.float32]
    descriptors: npt.NDArray[np.float32]


def sift(grey: npt.NDArray[np.uint8], most: int = FEATURES) -> Points:
    """RootSIFT features of a grey picture."""
    found, descriptors = cv2.SIFT_create(nfeatures=most).detectAndCompute(grey, None)
    if descriptors is None:
        return Points(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    root = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6))
    return Points(np.array([point.pt for point in found], np.float32)[:most], root[:most].astype(np.float32))


def nearest_words(
    descriptors: npt.NDArray[np.float32], words: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    """The nearest word of each descriptor (both have length 1, so by the dot product)."""
    parts = [
        np.argmax(descriptors[at : at + 8192] @ words.T, axis=1) for at in range(0, len(descriptors), 8192)
    ]
    return np.concatenate([*parts, np.zeros(0, np.int64)])


def agreeing(first: Points, second: Points) -> int:
    """How many matches of two pictures agree with one affine map, at places that are apart on both sides."""
    if min(len(first.places), len(second.places)) < LEAST:
        return 0
    like = first.descriptors @ second.descriptors.T
    best = np.argmax(like, axis=1)
    rows = np.arange(len(best))
    top = like[rows, best]
    like[rows, best] = -1
    distance, next_distance = (
        np.sqrt(np.maximum(2 - 2 * top, 0)),
        np.sqrt(np.maximum(2 - 2 * like.max(axis=1), 0)),
    )
    like[rows, best] = top
    good = (distance < RATIO * next_distance) & (np.argmax(like, axis=0)[best] == rows)
    if good.sum() < LEAST:
        return 0
    source, target = first.places[good], second.places[best[good]]
    matrix, inliers = cv2.estimateAffine2D(source, target, ransacReprojThreshold=4.0, maxIters=3000)
    if matrix is None:
        return 0
    sizes = np.linalg.svd(matrix[:, :2], compute_uv=False)
    if sizes[1] < 0.1 or sizes[0] > 10 or sizes[0] / sizes[1] > 3:
        return 0
    kept = inliers.ravel() > 0
    return min(apart(source[kept]), apart(target[kept]))


def apart(places: npt.NDArray[np.float32]) -> int:
    """How many cells of a grid of 4 pixels the places lie in."""
    return len(np.unique(np.round(places / APART).astype(np.int64), axis=0))


def related_pairs(sources: list[Source]) -> list[tuple[int, int, int]]:
    """Pairs of sources that share content, with the number of agreeing matches."""
    upright, mirrored = [], []
    for source in sources:
        grey = cv2.cvtColor(scaled(source.thumbnail(), LONGEST), cv2.COLOR_RGB2GRAY)
        upright.append(sift(grey))
        mirrored.append(sift(np.ascontiguousarray(grey[:, ::-1])))
    pooled = np.concatenate([points.descriptors for points in upright])
    words = pooled[np.random.default_rng(0).choice(len(pooled), WORDS, replace=False)]
    bags = [np.zeros((len(sources), WORDS), np.float32) for _ in range(2)]
    for bag, side in zip(bags, (upright, mirrored), strict=True):
        for at, points in enumerate(side):
            bag[at, nearest_words(points.descriptors, words)] = 1
    weight = np.log(len(sources) / np.maximum(bags[0].sum(axis=0), 1))
    pairs: dict[tuple[int, int], int] = {}
    for bag, side in zip(bags, (upright, mirrored), strict=True):
        votes = (bag * weight) @ (bags[0] * weight).T
        np.fill_diagonal(votes, -1)
        chosen = np.argsort(-votes, axis=1, kind="stable")[:, :CANDIDATES]
        for at, others in enumerate(chosen.tolist()):
            for other in others:
                count = agreeing(side[at], upright[other])
                key = (min(at, other), max(at, other))
                if count >= LEAST:
                    pairs[key] = max(count, pairs.get(key, 0))
    return sorted((one, other, count) for (one, other), count in pairs.items())


def groups(count: int, pairs: list[tuple[int, int, int]]) -> list[int]:
    """The group of each source: pairs join, the surest first; a weak pair joins only what stays small."""
    parent, size = list(range(count)), [1] * count

    def top(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, other, agreed in sorted(pairs, key=lambda pair: (-pair[2], pair)):
        first, second = sorted((top(one), top(other)))
        if first != second and (agreed >= SURE or size[first] + size[second] <= LARGEST_CHAIN):
            parent[second] = first
            size[first] += size[second]
    return [top(at) for at in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--debs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    sources = gather(options.debs, options.out / "pool")
    pairs = related_pairs(sources)
    (options.out / "pairs.json").write_text(
        json.dumps([[sources[a].name, sources[b].name, n] for a, b, n in pairs])
    )
    found = groups(len(sources), pairs)
    (options.out / "groups.json").write_text(
        json.dumps({source.name: group for source, group in zip(sources, found, strict=True)})
    )
    print(len(pairs), "pairs;", sorted(Counter(Counter(found).values()).items()))


if __name__ == "__main__":
    main()
