"""A candidate: a recording that may be heard in another, and how. Nothing is said of it until it is verified."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """The asset number `asset` may be heard around the second `at` of the record.

    The work's second `work_at` sounds there. `tempo` is how many times as fast as the work the record plays (1.05:
    five per cent faster), so record second t is the work's second work_at + (t - at) * tempo; `shift` is how many
    semitones above the work it sounds. `votes` is the number of constellations that agree.
    """

    asset: int
    at: float
    work_at: float
    tempo: float
    shift: float
    votes: float
