"""The pattern of points around a corner whose brightness is compared, and the pairs that are compared.

Points lie on rings around the corner, the outer ones averaged over larger squares (as BRISK and FREAK do, Leutenegger
and others 2011, Alahi and others 2012). The pattern is symmetric about its axis, and the set of pairs is closed under
that symmetry: so the code of the mirrored picture is the code with its bits permuted, some of them complemented.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from countermark.fingerprint.image.pattern_pairs import PAIRS

if TYPE_CHECKING:
    import numpy.typing as npt

STEPS = 64
"""Directions that are told apart."""
RINGS = ((0.0, 1, 1), (3.5, 10, 1), (7.0, 14, 2), (11.0, 16, 3), (15.0, 16, 4))
"""Radius in pixels, points, and half the side of the square each is the mean of, less half a pixel."""
REACH = 20
"""Pixels around the corner that may be looked at."""
BITS = 256


@dataclass(frozen=True, slots=True)
class Pattern:
    """The tables that the kernels read; see `_describe_kernel`."""

    offsets: npt.NDArray[np.int32]
    halves: npt.NDArray[np.int32]
    inverses: npt.NDArray[np.int64]
    pairs: npt.NDArray[np.uint8]
    cosines: npt.NDArray[np.int64]
    sines: npt.NDArray[np.int64]
    disc: npt.NDArray[np.int32]
    sources: npt.NDArray[np.int32]
    flips: npt.NDArray[np.uint64]


def points() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Where the points lie for direction 0 (x, y), half the sides of their squares, and the mirror image of each."""
    places: list[tuple[float, float]] = []
    halves, mirrors = [], []
    for radius, count, half in RINGS:
        first = len(places)
        for j in range(count):
            turn = 2 * np.pi * j / count
            places.append((radius * np.cos(turn), radius * np.sin(turn)))
            halves.append(half)
            mirrors.append(first + (count - j) % count)
    return np.array(places), np.array(halves, dtype=np.int32), np.array(mirrors, dtype=np.int32)


def orbits() -> list[tuple[tuple[int, int], ...]]:
    """All pairs of points, each with its mirror image: one or two pairs together."""
    mirrors = points()[2]
    found: list[tuple[tuple[int, int], ...]] = []
    for a in range(len(mirrors)):
        for b in range(a + 1, len(mirrors)):
            c, d = int(mirrors[a]), int(mirrors[b])
            other = (min(c, d), max(c, d))
            if other == (a, b):
                found.append(((a, b),))
            elif (a, b) < other:
                found.append(((a, b), (c, d)))
    return found


def chosen_pairs() -> npt.NDArray[np.int32]:
    """The pairs that are compared, int32[256, 2]."""
    return np.frombuffer(PAIRS, dtype=np.uint8).reshape(BITS, 2).astype(np.int32)


def _mirrored(pairs: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint64]]:
    """For each bit, which bit of the picture's code is that of the mirrored one, and whether it is complemented."""
    mirrors = points()[2]
    places = {(int(a), int(b)): i for i, (a, b) in enumerate(pairs)}
    sources = np.zeros(len(pairs), dtype=np.int32)
    flips = np.zeros(4, dtype=np.uint64)
    for i, (a, b) in enumerate(pairs):
        c, d = int(mirrors[a]), int(mirrors[b])
        complemented = (c, d) not in places
        sources[i] = places[(d, c) if complemented else (c, d)]
        flips[i >> 6] |= np.uint64(int(complemented) << (i & 63))
    return sources, flips


def _disc(radius: int) -> npt.NDArray[np.int32]:
    """1 in a circle around (radius, radius), 0 elsewhere: int32[2 radius + 1, 32]."""
    across, down = np.arange(32) - radius, np.arange(2 * radius + 1) - radius
    return (across**2 + down[:, None] ** 2 <= (radius + 0.5) ** 2).astype(np.int32)


@cache
def pattern() -> Pattern:
    """The tables, made once a process."""
    places, halves, _ = points()
    turns = 2 * np.pi * np.arange(STEPS) / STEPS
    cosines, sines = np.cos(turns), np.sin(turns)
    offsets = np.empty((STEPS, len(places), 2), dtype=np.int32)
    offsets[:, :, 0] = np.rint(np.round(np.outer(cosines, places[:, 0]) - np.outer(sines, places[:, 1]), 6))
    offsets[:, :, 1] = np.rint(np.round(np.outer(sines, places[:, 0]) + np.outer(cosines, places[:, 1]), 6))
    pairs = chosen_pairs()
    sources, flips = _mirrored(pairs)
    return Pattern(
        offsets=offsets,
        halves=halves,
        inverses=((1 << 24) // (2 * halves.astype(np.int64) + 1) ** 2),
        pairs=np.ascontiguousarray(pairs.T, dtype=np.uint8),
        cosines=np.rint(cosines * (1 << 14)).astype(np.int64),
        sines=np.rint(sines * (1 << 14)).astype(np.int64),
        disc=_disc(13),
        sources=sources,
        flips=flips,
    )
