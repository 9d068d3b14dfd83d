"""Which works agree with the keys of a sketch, in what they look like and in where they stand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from countermark.index.image._hamming_kernel import set_bits
from countermark.kernels.compiling import kernel

MOST_HITS = 256  # of one work in one state; a texture has more
TURN, SIZE, PLACE = (
    0.6,
    0.55,
    0.25,
)  # how far two keys' guesses may differ: radians, logarithm, shares of the work


@kernel
def best_agreement(keys: Any, places: Any, starts: Any, codes: Any, works: Any, far: int, out: Any) -> None:
    """For each work the most keys that agree, and the bits by which these differ: `out` int64[w, 3], the state last.

    `keys` uint64[k] and `places` float64[k, 4] (x, y, size, direction; lengths in longer sides of the frame) are those
    of a sketch, `codes` uint64[2, n] the works' keys as they are and mirrored, `works` float64[2, n, 4] where they
    stand, from the middle of their work, and `starts` where each work's begin. Keys agree that differ in `far` bits at
    most, and by which the middle of the work, its size and its direction are about the same.
    """
    hits = np.empty((MOST_HITS, 2), np.int64)
    guesses = np.empty((MOST_HITS, 4))
    for work in range(starts.size - 1):
        out[work, 0] = out[work, 1] = out[work, 2] = 0
        for state in range(2):
            count = 0
            for feature in range(starts[work], starts[work + 1]):
                for key in range(keys.size):
                    distance = set_bits(keys[key] ^ codes[state, feature])
                    if distance <= far and count < MOST_HITS:
                        hits[count, 0], hits[count, 1] = key, distance
                        _guess(places[key], works[state, feature], guesses[count])
                        count += 1
            for first in range(count):
                agreeing, bits = _agreeing(hits[:count], guesses[:count], first, keys.size, far)
                if agreeing > out[work, 0] or (agreeing == out[work, 0] and bits < out[work, 1]):
                    out[work, 0], out[work, 1], out[work, 2] = agreeing, bits, state


@kernel
def _guess(here: Any, there: Any, guess: Any) -> None:
    """Where the work's middle would lie in the frame, how large it would be and how far turned."""
    turn = here[3] - there[3]
    scale = here[2] / there[2]
    cosine, sine = math.cos(turn) * scale, math.sin(turn) * scale
    guess[0] = here[0] - cosine * there[0] + sine * there[1]
    guess[1] = here[1] - sine * there[0] - cosine * there[1]
    guess[2] = math.log(scale)
    guess[3] = turn


@kernel
def _agreeing(hits: Any, guesses: Any, first: int, keys: int, far: int) -> tuple[Any, Any]:
    """How many keys agree with one hit, itself included, and in how many bits these differ, each at its best."""
    best = np.full(keys, far + 1)
    reach = PLACE * math.exp(guesses[first, 2])
    for other in range(len(hits)):
        turn = abs(guesses[other, 3] - guesses[first, 3]) % (2 * math.pi)
        if min(turn, 2 * math.pi - turn) > TURN or abs(guesses[other, 2] - guesses[first, 2]) > SIZE:
            continue
        if math.hypot(guesses[other, 0] - guesses[first, 0], guesses[other, 1] - guesses[first, 1]) > reach:
            continue
        key = hits[other, 0]
        best[key] = min(best[key], hits[other, 1])
    agreeing, bits = 0, 0
    for key in range(keys):
        if best[key] <= far:
            agreeing += 1
            bits += best[key]
    return agreeing, bits
