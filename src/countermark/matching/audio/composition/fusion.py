"""One score of five views, and how probable it is that an unrelated work reaches it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.fingerprint.audio.harmony import OWN

if TYPE_CHECKING:
    import numpy.typing as npt

TAIL_FROM: Final = 6.0
"""Below this score nothing is said of chance."""


class Fusion(NamedTuple):
    """How the five views are weighed.

    Of unrelated pairs, at most `tail_share` score above TAIL_FROM, and e times fewer with each further `tail_scale`: an
    exponential tail laid above what was counted (benchmarks/bench_compositions.py prints both). Below `threshold`
    nothing is said.
    """

    weights: tuple[float, float, float, float, float]
    tail_share: float
    tail_scale: float
    threshold: float

    def fused(self, standing: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The score float64[n] of how far works stand out, float64[n, views]."""
        return np.asarray((standing * np.array(self.weights)).sum(axis=1), dtype=np.float64)

    def chance(self, score: float) -> float:
        """At most how probable it is that an unrelated work scores as high with a stretch; 1 below the tail."""
        if score < TAIL_FROM:
            return 1.0
        return self.tail_share * math.exp(-(score - TAIL_FROM) / self.tail_scale)


OF_MODEL: Final = Fusion((1.5, 0.25, 1.0, 0.25, 0.2), 0.016, 1.3, 11.5)
"""Where a model found the notes. Chosen on seed 1 of benchmarks/composition_data.py, reported on seed 2."""
OF_OWN: Final = Fusion((2.0, 0.25, 0.25, 0.5, 0.6), 0.03, 1.3, 12.5)
"""Where our own estimate of the notes did, which is worth less beside the spectrum. Chosen in the same way."""


def fusion_of(notes_by: str) -> Fusion:
    """How views are weighed of harmonies whose notes were found by `notes_by`."""
    return OF_OWN if notes_by == OWN else OF_MODEL
