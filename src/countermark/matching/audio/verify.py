"""The verification of candidates: whether the work is heard, from where to where, and how sure that is.

A candidate says little. What decides is the agreement of dense codes along its refined alignment, measured against the
agreement at other places of the same work; then the alignment is followed both ways as far as it agrees. A loop that
agrees is `shared` at best, however well it does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.fingerprint.audio.codes import WORDS, WORK_WORDS
from countermark.matching.audio.align import HALVES, agreement_at, align, settled
from countermark.matching.audio.extend import extend
from countermark.matching.audio.grade import grade, is_altered, may_be_another_beat
from countermark.matching.audio.inliers import count_inliers
from countermark.matching.audio.match import AudioMatch
from countermark.matching.audio.repetition import repetition
from countermark.matching.audio.significance import LEAST_SPREAD, chance, clearance, score

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.fingerprint.audio.features import Features
    from countermark.matching.audio.align import Alignment
    from countermark.matching.audio.candidate import Candidate

THRESHOLD: Final = 6.5
"""The score below which nothing is said. The highest of unrelated recordings was 5.8; see `significance.chance`."""
THRESHOLD_ALTERED: Final = 7.5
"""The same at another pitch or tempo, of which there are hundreds to choose from: one of 6,000 pairs of composed tunes
reached 6.6 (benchmarks/audio_tunes.py), and none 6.2 near its own."""


class Verifier:
    """Verifies candidates in one record."""

    def __init__(self, features: Features) -> None:
        """Take the features of a record, with all WORDS of its codes."""
        self._codes = _with_halves(features.codes)
        self._record = replace(features, codes=self._codes)

    def verify(self, candidate: Candidate, work: Features) -> AudioMatch | None:
        """The match that a candidate leads to, or None where what agrees may be chance."""
        codes = np.ascontiguousarray(work.codes[:, :WORK_WORDS])
        alignment = align(self._codes, candidate, codes)
        if alignment is None or alignment.strength < THRESHOLD * LEAST_SPREAD:
            return None
        reached = self._score(alignment, codes)
        if reached < THRESHOLD:
            return None
        alignment, shift = settled(self._codes, codes, alignment)
        share = agreement_at(self._codes, codes, alignment, halves=alignment.halves, step=alignment.step)
        extension = extend(self._record, work, alignment, share)
        if extension is None:
            return None
        parts, tempo, agreement = extension
        if reached < THRESHOLD_ALTERED and is_altered(tempo, shift):
            return None
        repeated = repetition(self._record, work, parts, alignment.halves / HALVES)
        if may_be_another_beat(tempo, shift, repeated):
            return None
        return AudioMatch(
            asset=candidate.asset,
            parts=parts,
            tempo=tempo,
            shift=shift,
            agreement=agreement,
            inliers=count_inliers(self._record, work, parts, tempo, shift),
            score=reached,
            chance=chance(reached, self._record),
            grade=grade(parts, tempo, shift, agreement, repeated),
        )

    def _score(self, alignment: Alignment, codes: npt.NDArray[np.uint64]) -> float:
        """The lesser of both measures against other places; the second is dear, and for those that pass the first."""
        reached = score(self._codes, alignment, codes)
        return reached if reached < THRESHOLD else min(reached, clearance(self._codes, alignment, codes))


def _with_halves(codes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The codes of a record, uint64[n, WORDS]; those of a work, which lack the half bits, stand for them too."""
    if codes.shape[1] < WORK_WORDS:
        return np.zeros((0, WORDS), dtype=np.uint64)
    if codes.shape[1] < WORDS:
        return np.concatenate([codes[:, :WORK_WORDS], codes[:, :WORK_WORDS]], axis=1)
    return np.ascontiguousarray(codes)


def verify(features: Features, candidate: Candidate, work: Features) -> AudioMatch | None:
    """The match that one candidate leads to in a record, or None; for many candidates of a record, take `Verifier`."""
    return Verifier(features).verify(candidate, work)
