"""Tunes by chance that have nothing in common but beat, scale and the notes of one instrument: none may be named.

The demonstration's tunes (countermark.cli.demo_tracks) are plucked from one table of notes, in major keys, over a beat
at 80 to 150 a minute. At some tempo and pitch the chords and beats of two of them fall together: what common music does
to a fingerprint, without the recordings having anything to do with each other. 30 are works, 200 are tracks.

`python benchmarks/audio_tunes.py` says what is found; bench_audio.py counts it too.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import soxr

from countermark.cli.demo_tracks import RATE as MADE_AT
from countermark.cli.demo_tracks import composed
from countermark.fingerprint.audio.extract import extract
from countermark.fingerprint.audio.features import RATE
from countermark.index.audio.postings import PostingLookup, build_postings
from countermark.matching.audio.matcher import AudioMatcher

if TYPE_CHECKING:
    from countermark.fingerprint.audio.features import Features
    from countermark.index.audio.lookup import AudioIndex

WORKS: Final = range(1, 31)
TUNES: Final = range(1000, 1200)
"""The seeds of works and tracks."""
WORK_SECONDS: Final = 90.0
TUNE_SECONDS: Final = 60.0


class Held:
    """What a matcher needs of an index, held in memory."""

    def __init__(self, works: list[Features]) -> None:
        self.postings = PostingLookup(build_postings(works))
        self.features = partial(self.postings.features)


def tune(seed: int, seconds: float) -> Features:
    """The features of one tune."""
    made = composed(np.random.default_rng(seed), seconds).astype(np.float32)
    return extract([soxr.resample(made, MADE_AT, RATE)])


def told(works: range = WORKS, tunes: range = TUNES) -> dict[str, Any]:
    """What is found of the works in the tunes: nothing, one hopes."""
    matcher = AudioMatcher(cast("AudioIndex", Held([tune(seed, WORK_SECONDS) for seed in works])))
    found = []
    for seed in tunes:
        for match in matcher.match(tune(seed, TUNE_SECONDS)):
            what = (
                f"{match.grade} of {works[match.asset]}, score {match.score:.1f}, chance {match.chance:.1e}"
            )
            found.append(f"{seed}: {what}")
    return {"works": len(works), "tunes": len(tunes), "pairs": len(works) * len(tunes), "found": found}


if __name__ == "__main__":
    print(json.dumps(told(), indent=1))
