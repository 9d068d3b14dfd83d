"""A match: a work's recording heard in a record, verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class MatchedPart(NamedTuple):
    """Seconds of the record, and the seconds of the work that are heard there."""

    start: float
    end: float
    work_start: float
    work_end: float


@dataclass(frozen=True, slots=True)
class AudioMatch:
    """What was verified of one work in one track, under one alignment.

    `parts` are the stretches that agree, in order, without overlap. `tempo` and `shift` are as in Candidate, refined.
    `agreement` is how well the dense codes agree, from 0 (as unrelated recordings do) to 1 (bit by bit); `inliers` the
    peaks of the work that are found in the record. `score` is what the threshold is set on; `chance` the probability
    that an unrelated work reaches that score in a record of this length. `grade` is `identical`, `copy` or `shared`.
    """

    asset: int
    parts: tuple[MatchedPart, ...]
    tempo: float
    shift: float
    agreement: float
    inliers: int
    score: float
    chance: float
    grade: str
