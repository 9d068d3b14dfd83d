"""One score of five views, and how probable it is that an unrelated work reaches it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

WEIGHTS: Final = np.array([1.0, 0.5, 1.0, 0.5, 0.3])
"""Of VIEWS. Chosen on seed 1 of benchmarks/composition_data.py, reported on seed 2."""
TAIL_FROM, TAIL_SHARE, TAIL_SCALE = 6.0, 0.012, 1.3
"""Of unrelated pairs, at most TAIL_SHARE score above TAIL_FROM, and e times fewer with each further TAIL_SCALE: an
exponential tail laid above what was counted on seed 1 (benchmarks/bench_compositions.py prints both)."""
THRESHOLD: Final = 11.0
"""Below this nothing is said."""


def fused(standing: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The score float64[n] of how far works stand out, float64[n, views]."""
    return np.asarray((standing * WEIGHTS).sum(axis=1), dtype=np.float64)


def chance(score: float) -> float:
    """At most how probable it is that an unrelated work scores as high with a stretch of a record; 1 below the tail."""
    if score < TAIL_FROM:
        return 1.0
    return TAIL_SHARE * math.exp(-(score - TAIL_FROM) / TAIL_SCALE)
