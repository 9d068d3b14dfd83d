"""Impostors: what works score that are not covered, against which a score is judged.

A score says little by itself: long works, plain harmonies and common rhythms score high with everything. So a work's
scores are set beside those it gets against other works (half shrunk to the catalogue's), and then a record's beside
those it gets against the other works, the best of them left out. With few works this says nothing that is known to
hold, so nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.matching.audio.composition.table import HarmonyTable

LEAST_WORKS: Final = 24
"""Works without which no resemblance is told: of a smaller catalogue the rate of chance matches was not measured."""
MOST: Final = 64
_SHRINK: Final = 0.5
_FLOOR: Final = 0.3


def works_heard(table: HarmonyTable) -> int:
    """How many works of a table have any harmony: silence is nobody's impostor."""
    return sum(bool(table.harmony(asset).chroma.any()) for asset in range(len(table)))


def enough_impostors(table: HarmonyTable) -> bool:
    """Whether a catalogue has works enough (LEAST_WORKS) that a resemblance can be judged against them."""
    return works_heard(table) >= LEAST_WORKS


def of_like_length(seconds: npt.NDArray[np.float64], own: int, most: int = MOST) -> npt.NDArray[np.int64]:
    """The numbers of up to `most` others whose length is nearest to that of number `own`."""
    away = np.abs(np.log(np.maximum(seconds, 1) / max(float(seconds[own]), 1.0)))
    order = np.argsort(away, kind="stable")
    return np.asarray(order[order != own][:most], dtype=np.int64)


def shrunk(norms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Means and spreads of works, float64[n, 2, views], moved half of the way to those of the catalogue."""
    whole = norms.mean(axis=0, keepdims=True)
    return np.asarray(whole + _SHRINK * (norms - whole), dtype=np.float64)


def standing_out(given: npt.NDArray[np.float64], norms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far each score float64[n, views] stands out, first for its work by `norms`, then among all of the record."""
    eased = (given - norms[:, 0]) / np.maximum(norms[:, 1], 1e-6)
    best = eased.argmax(axis=0)
    out = np.empty_like(eased)
    for view in range(eased.shape[1]):
        others = np.delete(eased[:, view], best[view])
        spread = max(float(others.std()), _FLOOR) if len(others) else 1.0
        out[:, view] = (eased[:, view] - (others.mean() if len(others) else 0.0)) / spread
    return out
