"""How strong an agreement is against chance: measured at other places of the same work, and what that is worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.matching.audio import _agree_kernel as kernel
from countermark.matching.audio.align import prepared

if TYPE_CHECKING:
    from countermark.fingerprint.audio.features import Features
    from countermark.matching.audio.align import Alignment, Codes

_PLACES: Final = 96
"""Other places of the work that a window is compared with."""
_AWAY: Final = 50
"""Codes that such a place lies away at least: 2 s."""
LEAST_SPREAD: Final = 1.7
"""The spread of the strength of unrelated recordings: neighbouring bits hang together, or it would be 1."""
_UNKNOWN_SPREAD: Final = 2.5
"""What is taken of a work that is too short to have other places: what music of the same key and beat spreads."""
_WINDOW_SECONDS: Final = 5.0
"""Seconds between the windows in which candidates are looked for."""
_FROM, _TAIL = 5.0, 0.004
"""A score, and the share of unrelated pairs that reach it: measured 0.0018, taken higher."""
_SLOPE: Final = 3.4
"""How fast the tail falls: by 30 from one score to the next whole one."""
LEAST_CHANCE: Final = 1e-12
"""The least that is told: an extrapolation proves no smaller one, only that it is less."""
_QUARTILES: Final = 1.349
"""The distance of the quartiles of a normal distribution, in its standard deviations."""
_UPPER: Final = _PLACES * 94 // 100
_UPPER_DEVIATIONS: Final = 1.555
"""The 94th of a hundred, and where it lies in a normal distribution. Music of one beat agrees better at each beat: such
places are few, and seen here."""


def score(record: Codes, alignment: Alignment, work: Codes) -> float:
    """By how many standard deviations an alignment agrees better than other places of the work do.

    Median, quartiles and the 94th of a hundred tell the middle and the spread of the others: so a passage that comes
    back a few times in the work does not speak against itself, but a loop, a beat or a tone does.
    """
    shifted, mask = prepared(record, alignment.first, alignment.end, alignment.halves)
    if len(work) < 4 * _AWAY:
        return alignment.strength / _UNKNOWN_SPREAD
    others = np.zeros(_PLACES)
    kernel.displaced_strengths(shifted, mask, work, alignment.start, alignment.step, _AWAY, others)
    others.sort()
    quarter = _PLACES // 4
    middle = max(0.0, float(others[_PLACES // 2]))
    spread = float(others[-quarter - 1] - others[quarter]) / _QUARTILES
    upwards = (float(others[_UPPER]) - middle) / _UPPER_DEVIATIONS
    return (alignment.strength - middle) / max(LEAST_SPREAD, spread, upwards)


def chance(reached: float, record: Features) -> float:
    """The probability that a work which is not in a record of this length scores as high somewhere in it.

    Measured: 140 windows of 20 tracks, altered in seven ways, against 40 works that they are not in, at nine paces and
    pitches: of these 50,400 comparisons, each at the best place of the work, one in 13 reached 4, one in 570 reached 5,
    one in 25,000 5.5, and none 6. They are not independent: there are 800 pairs of a track and a work. Farther out the
    tail is extrapolated, as exponential and a little flatter than between 4 and 5, and no farther than to LEAST_CHANCE:
    the probability is that or less.
    """
    windows = max(1.0, record.seconds / _WINDOW_SECONDS)
    tail = _TAIL * math.exp(-_SLOPE * (reached - _FROM))
    return min(1.0, max(LEAST_CHANCE, windows * tail))
