"""How strong an agreement is against chance: measured at other places of the same work, and what that is worth.

Twice: `score` against a few places, for every candidate; `clearance` against all of them, for those that passed. Tunes
of one beat and key agree at few places, but there as well as a disturbed copy does.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.matching.audio import _agree_kernel as kernel
from countermark.matching.audio.align import ONE, prepared

if TYPE_CHECKING:
    import numpy.typing as npt

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
_MOST_PLACES: Final = 4096
"""Other places that `clearance` looks at."""
_GOLDEN: Final = 2654435769
"""2**32 by the golden ratio: its multiples spread places evenly, and in step with no beat."""
_TOP_DEVIATIONS: Final = 2.576
"""Where the 995th of a thousand lies in a normal distribution."""
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
    away = _AWAY + np.arange(_PLACES) * (len(work) - 2 * _AWAY) // _PLACES
    others = _strengths(shifted, mask, work, alignment, away)
    others.sort()
    quarter = _PLACES // 4
    middle = max(0.0, float(others[_PLACES // 2]))
    spread = float(others[-quarter - 1] - others[quarter]) / _QUARTILES
    upwards = (float(others[_UPPER]) - middle) / _UPPER_DEVIATIONS
    return (alignment.strength - middle) / max(LEAST_SPREAD, spread, upwards)


def clearance(record: Codes, alignment: Alignment, work: Codes) -> float:
    """By how many standard deviations an alignment agrees better than 99.5 in a hundred of all other places do.

    What comes back in the work agrees again: so from each place as much is taken off as the work's likeness to itself
    there explains. Infinity for a work that is too short to have other places; see `score`. 2 to 5 ms.
    """
    span = len(work) - 2 * _AWAY
    if span < 2 * _AWAY:
        return math.inf
    shifted, mask = prepared(record, alignment.first, alignment.end, alignment.halves)
    count = np.arange(min(span, _MOST_PLACES))
    away = _AWAY + (count if span <= _MOST_PLACES else (count * _GOLDEN % (1 << 32)) * span >> 32)
    others = _strengths(shifted, mask, work, alignment, away)
    own = _passage(work, alignment) & mask
    alike = _strengths(own, mask, work, alignment, np.append(away, 0))
    others -= alignment.strength * np.maximum(alike[:-1], 0.0) / max(1.0, float(alike[-1]))
    others.sort()
    return alignment.strength / max(LEAST_SPREAD, float(others[len(others) * 995 // 1000]) / _TOP_DEVIATIONS)


def _strengths(
    shifted: Codes, mask: Codes, work: Codes, alignment: Alignment, away: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """The strengths so many codes later in the work."""
    found = np.zeros(len(away))
    kernel.displaced_strengths(shifted, mask, work, alignment.start, alignment.step, away, found)
    return found


def _passage(work: Codes, alignment: Alignment) -> Codes:
    """The codes of the work that an alignment lays on those of the record, uint64[n, 2]; zero where it has none."""
    places = (alignment.start + ONE // 2 + alignment.step * np.arange(alignment.end - alignment.first)) // ONE
    there = (places >= 0) & (places < len(work))
    return np.where(there[:, None], work[np.clip(places, 0, len(work) - 1)], np.uint64(0))


def chance(reached: float, record: Features) -> float:
    """The probability that a work which is not in a record of this length scores as high somewhere in it.

    Measured: 140 windows of 20 tracks, altered in seven ways, against 40 works that they are not in, at nine paces and
    pitches: of these 50,400 comparisons, each at the best place of the work, one in 13 reached 4, one in 570 reached 5,
    one in 25,000 5.5, and none 6. They are not independent: there are 800 pairs of a track and a work. Of 6,000 pairs
    of composed tunes a minute long (benchmarks/audio_tunes.py) one reached 6.6. Farther out the tail is extrapolated,
    as exponential and a little flatter than between 4 and 5, and no farther than to LEAST_CHANCE: the probability is
    that or less.
    """
    windows = max(1.0, record.seconds / _WINDOW_SECONDS)
    tail = _TAIL * math.exp(-_SLOPE * (reached - _FROM))
    return min(1.0, max(LEAST_CHANCE, windows * tail))
