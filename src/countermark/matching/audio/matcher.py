"""Matching one track against an index: candidates by votes, each verified, then those that stand."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from countermark.matching.audio.resolve import resolved
from countermark.matching.audio.verify import Verifier
from countermark.matching.audio.votes import candidates

if TYPE_CHECKING:
    from countermark.fingerprint.audio.features import Features
    from countermark.index.audio.lookup import AudioIndex
    from countermark.matching.audio.match import AudioMatch

WORKS_KEPT = 512
"""Works whose peaks are kept unpacked: about 100 kB of four minutes."""


class AudioMatcher:
    """Finds the works of an index in tracks."""

    def __init__(self, index: AudioIndex) -> None:
        self.index = index
        self._work = lru_cache(maxsize=WORKS_KEPT)(index.features)

    def match(self, features: Features) -> list[AudioMatch]:
        """The works that are verified in a track, in the order of their numbers and of time."""
        return [match for match, _ in self.match_with_commonness(features)]

    def match_with_commonness(self, features: Features) -> list[tuple[AudioMatch, int]]:
        """The same, each with the number of works that are heard in its passage, its own among them."""
        verifier = Verifier(features)
        found: list[AudioMatch] = []
        for candidate in candidates(self.index.postings, features):
            if any(_explains(match, candidate.asset, candidate.at, candidate.work_at) for match in found):
                continue
            match = verifier.verify(candidate, self._work(candidate.asset))
            if match is not None:
                found.append(match)
        return resolved(found, self._work)

    def warm_up(self) -> None:
        """Compile the kernels, by looking for a work in itself: so workers need not do it all at once."""
        longest = int(np.argmax(np.diff(self.index.postings.arrays["starts"])))
        self.match(self.index.features(longest))


def _explains(match: AudioMatch, asset: int, at: float, work_at: float) -> bool:
    """Whether a match already says that this second of the work is heard at this second of the track."""
    return match.asset == asset and any(
        part.start <= at <= part.end and abs(part.work_start + (at - part.start) * match.tempo - work_at) < 1
        for part in match.parts
    )
