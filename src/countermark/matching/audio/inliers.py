"""The spectral peaks of a work that are found in the record, along a verified alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.fingerprint.audio.features import FRAMES_A_SECOND, HOP, PITCH_STEPS, RATE, WINDOW

if TYPE_CHECKING:
    from countermark.fingerprint.audio.features import Features
    from countermark.matching.audio.match import MatchedPart

_FRAMES_OFF: Final = 2
_STEPS_OFF: Final = 2
"""Frames, and steps of pitch, by which a peak may be off: 40 ms and four tenths of a semitone."""
_DELAY: Final = WINDOW / 2 / RATE
_PITCHES: Final = 1 << 10
"""More than there are pitches: a peak is told by frame * _PITCHES + pitch."""


def count_inliers(
    record: Features, work: Features, parts: tuple[MatchedPart, ...], tempo: float, shift: float
) -> int:
    """How many peaks of the work within the parts stand in the record, where the alignment lays them."""
    steps = round(shift * PITCH_STEPS / 12)
    there = np.sort(record.times.astype(np.int64) * _PITCHES + record.pitches)
    found = 0
    for part in parts:
        low, high = (
            int(np.searchsorted(work.times, (second - _DELAY) * FRAMES_A_SECOND))
            for second in (part.work_start, part.work_end)
        )
        seconds = work.times[low:high] * (HOP / RATE) + _DELAY
        frames = np.rint(
            (part.start + (seconds - part.work_start) / tempo - _DELAY) * FRAMES_A_SECOND
        ).astype(np.int64)
        pitches = work.pitches[low:high].astype(np.int64) + steps
        kept = (pitches >= _STEPS_OFF) & (pitches < _PITCHES - _STEPS_OFF)
        seen = np.zeros(int(kept.sum()), dtype=np.bool_)
        for off in range(-_FRAMES_OFF, _FRAMES_OFF + 1):
            keys = (frames[kept] + off) * _PITCHES + pitches[kept]
            places = np.searchsorted(there, keys - _STEPS_OFF)
            seen |= (places < len(there)) & (there[np.minimum(places, len(there) - 1)] <= keys + _STEPS_OFF)
        found += int(seen.sum())
    return found
