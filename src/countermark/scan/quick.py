"""A quick scan: two windows of a track are heard first, and the whole only where a work is heard in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.errors import SoundError
from countermark.fingerprint.audio.extract import extract

if TYPE_CHECKING:
    from countermark.audio.decode import Sound
    from countermark.matching.audio.matcher import AudioMatcher

WINDOW: Final = 15.0
"""Seconds of a window."""
PLACES: Final = (1 / 3, 2 / 3)
"""Where in a track the middles of the windows lie: not at its ends, where there is silence."""
_SHORT: Final = 4 * WINDOW
"""Tracks that are no longer are heard whole."""
_SHORT_BY: Final = 0.5
"""Seconds that a window may lack, where packets were lost."""


class Measured(NamedTuple):
    """Of records that a search of the whole finds a work in, how many a quick one finds: whole works, and excerpts."""

    works: int
    works_quick: int
    excerpts: int
    excerpts_quick: int


MEASURED: Final = Measured(works=59, works_quick=58, excerpts=39, excerpts_quick=39)
"""`benchmarks/bench_audio_quick.py`; a test holds it against its results. The excerpts, of 12 to 40 s, stand in
records of at most two minutes."""


class QuickHearing(NamedTuple):
    """Whether the whole track is to be heard, and how many seconds were decoded to know."""

    hit: bool
    seconds: float


def hit_in_windows(sound: Sound, number: int, matchers: list[AudioMatcher]) -> QuickHearing:
    """Listen to two windows of a track. One of unknown length, or a short one, is to be heard whole.

    So is one whose windows do not hold what the length that its file states says they must: who states a length need
    not be right, and nothing is passed over because of it.
    """
    seconds = sound.tracks[number].seconds
    if seconds is None or seconds <= _SHORT:
        return QuickHearing(hit=True, seconds=0.0)
    heard = 0.0
    for place in PLACES:
        try:
            features = extract(sound.blocks(number, place * seconds - WINDOW / 2, WINDOW))
        except SoundError:
            return QuickHearing(hit=True, seconds=heard)
        heard += features.seconds
        if features.seconds < WINDOW - _SHORT_BY or any(matcher.match(features) for matcher in matchers):
            return QuickHearing(hit=True, seconds=heard)
    return QuickHearing(hit=False, seconds=heard)
