"""The work's own file in the data set: told by its bytes, whatever there is to hear in it."""

from __future__ import annotations

from countermark.findings.finding import Grade
from countermark.matching.audio.match import AudioMatch, MatchedPart

SAME_FILE_SCORE = 1000.0
"""Above every score that is measured."""


def same_file(asset: int, seconds: float, peaks: int) -> AudioMatch:
    """The match of a file that is the work's own, from its beginning to its end."""
    return AudioMatch(
        asset=asset,
        parts=(MatchedPart(0.0, seconds, 0.0, seconds),),
        tempo=1.0,
        shift=0.0,
        agreement=1.0,
        inliers=peaks,
        score=SAME_FILE_SCORE,
        chance=0.0,
        grade=Grade.IDENTICAL,
    )
