"""Candidates by votes: found after changes of pitch, tempo, speed, under noise and other music."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.fingerprint.audio.extract import extract
from countermark.fingerprint.audio.features import RATE
from countermark.index.audio.postings import PostingLookup, build_postings
from countermark.matching.audio.votes import candidates
from fingerprint.tunes import noise, tune

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.matching.audio.candidate import Candidate

BEGIN = 7.3
LOOKUP = PostingLookup(build_postings(extract([tune(seed, 30.0)]) for seed in range(8)))


def heard(sound: npt.NDArray[np.float32], most: int = 12) -> list[Candidate]:
    return candidates(LOOKUP, extract([sound]), most)


def part(sound: npt.NDArray[np.float32], begin: float, seconds: float = 12.0) -> npt.NDArray[np.float32]:
    return sound[int(begin * RATE) : int((begin + seconds) * RATE)]


def right(found: list[Candidate], begin: float, tempo: float, shift: float, asset: int = 5) -> bool:
    """Whether a candidate says where it begins to 0.1 s, how fast to 1 %, and how high to 0.3 semitone."""
    return any(
        one.asset == asset
        and abs(one.work_at - one.at * tempo - begin) < 0.1
        and abs(one.tempo / tempo - 1) < 0.01
        and abs(one.shift - shift) < 0.3
        for one in found
    )


def test_an_excerpt_is_found_first() -> None:
    found = heard(part(tune(5, 30.0), BEGIN))
    assert right(found[:1], BEGIN, 1, 0)
    assert found == heard(part(tune(5, 30.0), BEGIN))


@pytest.mark.parametrize(
    ("tempo", "shift"),
    [(1.1, 0), (0.9, 0), (1, 2), (1, -2), (1.05, 0.84), (0.95, -0.89), (1.2, 4), (1, 5)],
)
def test_pitch_and_tempo_may_change(tempo: float, shift: float) -> None:
    found = heard(part(tune(5, 30.0, tempo=tempo, shift=shift), BEGIN / tempo))
    assert right(found[:1], BEGIN, tempo, shift)


def test_noise_and_other_music_may_be_laid_over() -> None:
    sound = part(tune(5, 30.0), BEGIN)
    assert right(heard(sound + noise(9, 12, float(sound.std()))), BEGIN, 1, 0)
    other = part(tune(77, 30.0, level=0.3), 3.0)
    assert right(heard(sound + other), BEGIN, 1, 0)


def test_two_works_of_a_long_track_are_found_at_their_places() -> None:
    gap = np.zeros(20 * RATE, dtype=np.float32)
    sound = np.concatenate([gap, part(tune(5, 30.0), BEGIN), gap, part(tune(2, 30.0, shift=2), 1.0)])
    found = [one for one in heard(sound) if one.votes > 100]
    assert right([one for one in found if one.at < 40], BEGIN - 20, 1, 0)
    assert right([one for one in found if one.at > 45], 1.0 - 52, 1, 2, asset=2)


def test_other_music_has_few_votes_and_silence_none() -> None:
    best = heard(part(tune(5, 30.0), BEGIN))[0].votes
    assert max((one.votes for one in heard(tune(99, 30.0))), default=0) < best / 4
    assert heard(np.zeros(10 * RATE, dtype=np.float32)) == []
    assert heard(np.zeros(0, dtype=np.float32)) == []


def test_an_index_of_nothing_finds_nothing() -> None:
    assert candidates(PostingLookup(build_postings([])), extract([tune(5, 10.0)])) == []


def test_no_more_than_asked_for() -> None:
    assert len(heard(tune(5, 9.0), most=3)) <= 3


def test_a_note_that_is_repeated_for_minutes_takes_bounded_time() -> None:
    beat = np.tile(part(tune(5, 30.0), 2.0, 0.5), 120)
    arrays = build_postings([extract([beat])] * 20)
    assert len(candidates(PostingLookup(arrays), extract([beat]), 5)) <= 5 * 12
