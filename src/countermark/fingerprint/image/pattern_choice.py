"""How the pairs of `pattern_pairs` were chosen: run once, on real pictures, and never while Countermark is used.

    python -m countermark.fingerprint.image.pattern_choice FOLDER

Each picture of the folder is altered (scaled, turned, blurred, noisy), corners are taken from both, and those that lie
on each other are pairs of views of one corner. For each comparison of two points it is counted how often it differs
between two views of one corner (it should not) and between two corners (it should, half the time). Comparisons are
taken one after the other, together with their mirror images, so that the distance of two corners stands out the most
from that of two views (Fisher's criterion: difference of the means over the spread of both). It is a choice of test
pairs, as ORB's (Rublee and others 2011); nothing else is learned. The frozen pairs came from 150 pictures of Debian
packages (games' art, photographs, drawings), under wider
alterations than these; a new run gives other pairs, and would be another scheme.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from countermark.fingerprint.image import extract as extraction
from countermark.fingerprint.image.pattern import BITS, REACH, orbits, pattern

if TYPE_CHECKING:
    import numpy.typing as npt

    Values = npt.NDArray[np.int64]

LONGEST = 512


def views(grey: npt.NDArray[np.uint8], random: np.random.Generator) -> tuple[Values, Values]:
    """The brightness of the pattern's points around n corners, int64[n, points], here and in another view."""
    height, width = grey.shape
    turn, scale = float(random.uniform(-30, 30)), float(random.uniform(0.4, 1.1))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, scale)
    other = cv2.warpAffine(
        grey, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    noisy = cv2.GaussianBlur(other, (0, 0), 0.8) + random.normal(0, 6, other.shape)
    there = sampled(np.clip(noisy, 0, 255).astype(np.uint8))
    here = sampled(grey)
    moved = here[0][:, :2] @ matrix[:, :2].T + matrix[:, 2]
    apart = np.hypot(*(moved[:, None] - there[0][None, :, :2]).transpose(2, 0, 1))
    larger = np.abs(np.log(here[0][:, None, 2] * scale / there[0][None, :, 2]))
    turned = here[0][:, None, 3] - np.radians(turn) - there[0][None, :, 3]
    same = (apart < 1.5 * there[0][None, :, 2]) & (larger < 0.2) & (np.cos(turned) > 0.85)
    first, second = np.nonzero(same)
    return here[1][first], there[1][second]


def sampled(grey: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float64], Values]:
    """Corners float64[n, 4] (x, y, size, angle) of a picture, and the brightness of the points around each."""
    features, tables = extraction.extract(grey), pattern()
    rows, around = [], REACH + 2
    for size in np.unique(features.sizes):
        layer = cv2.resize(grey, None, fx=1 / float(size), fy=1 / float(size), interpolation=cv2.INTER_AREA)
        padded = cv2.copyMakeBorder(layer, around, around, around, around, cv2.BORDER_REPLICATE)
        means = [
            cv2.blur(padded, (2 * half + 1, 2 * half + 1)) for half in range(int(tables.halves.max()) + 1)
        ]
        for at in np.flatnonzero(features.sizes == size):
            x, y = np.rint(features.points[at] / size).astype(int) + REACH + 2
            step = round(float(features.angles[at]) * len(tables.cosines) / (2 * np.pi)) % len(tables.cosines)
            places = np.clip(tables.offsets[step] + (x, y), 0, np.array(padded.shape[::-1]) - 1)
            rows.append([means[half][v, u] for (u, v), half in zip(places, tables.halves, strict=True)])
    order = np.concatenate([np.flatnonzero(features.sizes == size) for size in np.unique(features.sizes)])
    known = np.column_stack([features.points, features.sizes, features.angles])[order].astype(np.float64)
    return known, np.array(rows, dtype=np.int64)


def chosen(here: Values, there: Values, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """The pairs, uint8[256, 2], that tell corners apart best."""
    everything = orbits()
    sizes = np.array([len(orbit) for orbit in everything])

    def differing(other: Values) -> npt.NDArray[np.float64]:
        total = np.zeros((len(here), len(everything)))
        for turn in (0, -1):
            a, b = np.array([orbit[turn] for orbit in everything]).T
            change = (here[:, a] < here[:, b]) != (other[:, a] < other[:, b])
            total += change * (1 if turn == 0 else sizes - 1)
        return total

    alike, unlike = differing(there), differing(there[random.permutation(len(there))])
    gain = unlike.mean(axis=0) - alike.mean(axis=0)
    spread = np.cov(unlike.T) + np.cov(alike.T)
    taken: list[int] = []
    left, total, variance, shared = BITS, 0.0, 0.0, np.zeros(len(everything))
    while left:
        value = (total + gain) / np.sqrt(variance + 2 * shared + np.diag(spread))
        value[taken] = -np.inf
        best = int(np.where(sizes <= left, value, -np.inf).argmax())
        variance += float(2 * shared[best] + spread[best, best])
        total, left = total + float(gain[best]), left - int(sizes[best])
        shared += spread[best]
        taken.append(best)
    return np.array([pair for index in taken for pair in everything[index]], dtype=np.uint8)


def main(folder: Path) -> None:
    """Choose from the pictures of a folder and print the pairs as hexadecimal digits."""
    random = np.random.default_rng(1)
    found = []
    for path in sorted(folder.iterdir()):
        grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if grey is not None and min(grey.shape) >= 64:
            ratio = min(1.0, LONGEST / max(grey.shape))
            found.append(
                views(np.asarray(cv2.resize(grey, None, fx=ratio, fy=ratio), dtype=np.uint8), random)
            )
    here, there = (np.concatenate(side) for side in zip(*found, strict=True))
    sys.stdout.write(chosen(here, there, random).tobytes().hex() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
