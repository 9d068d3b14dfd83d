"""The verification of candidates: what is heard is found, to the second; what is not, is not."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
import soxr

from countermark.cli.demo_tracks import RATE as MADE_AT
from countermark.cli.demo_tracks import composed
from countermark.fingerprint.audio.extract import extract
from countermark.fingerprint.audio.features import RATE, Features
from countermark.index.audio.postings import PostingLookup, build_postings
from countermark.matching.audio.candidate import Candidate
from countermark.matching.audio.verify import THRESHOLD, THRESHOLD_ALTERED, Verifier, verify
from countermark.matching.audio.votes import candidates
from matching import verify_scenes as scenes


@lru_cache
def _sound(seed: int = 1, seconds: float = 60) -> np.ndarray:
    return scenes.played(seed, seconds)


@lru_cache
def _work(seed: int = 1) -> Features:
    return scenes.work_of(_sound(seed))


def _cut(start: float, end: float, seed: int = 1) -> np.ndarray:
    return _sound(seed)[int(start * RATE) : int(end * RATE)]


def test_an_excerpt_is_identical_to_the_second() -> None:
    match = verify(scenes.features_of(_cut(20, 35)), Candidate(3, 7.0, 27.12, 1.012, 0.2, 9), _work())
    assert match is not None
    (part,) = match.parts
    assert part == pytest.approx((0, 15, 20, 35), abs=0.25)
    assert (match.asset, match.grade) == (3, "identical")
    assert match.tempo == pytest.approx(1, abs=0.002)
    assert match.shift == pytest.approx(0, abs=0.05)
    assert match.agreement > 0.8
    assert match.inliers > 50
    assert match.score > THRESHOLD
    assert match.chance < 1e-4


def test_a_whole_track_is_one_match() -> None:
    match = verify(scenes.features_of(_sound()), Candidate(0, 31.0, 31.1, 0.99, 0.0, 9), _work())
    assert match is not None
    assert len(match.parts) == 1
    assert match.parts[0] == pytest.approx((0, 60, 0, 60), abs=0.25)


def test_noise_and_speed_leave_a_copy() -> None:
    record = scenes.with_noise(scenes.at_speed(_cut(20, 40), 1.05), 3)
    match = verify(scenes.features_of(record), Candidate(0, 9.0, 29.5, 1.04, 1.0, 9), _work())
    assert match is not None
    assert match.grade == "copy"
    assert match.tempo == pytest.approx(1.05, abs=0.004)
    assert match.shift == pytest.approx(12 * np.log2(1.05), abs=0.1)
    assert match.parts[0] == pytest.approx((0, 19, 20, 40), abs=0.5)


def test_other_music_before_and_between_is_no_part() -> None:
    record = np.concatenate([_cut(0, 12, 2), _cut(10, 22), _cut(30, 36, 2), _cut(28, 40)])
    match = verify(scenes.features_of(record), Candidate(0, 18.0, 16.0, 1.0, 0.0, 9), _work())
    assert match is not None
    assert len(match.parts) == 2
    assert match.parts[0] == pytest.approx((12, 24, 10, 22), abs=0.5)
    assert match.parts[1] == pytest.approx((30, 42, 28, 40), abs=0.5)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_unrelated_music_in_key_and_time_is_none(seed: int) -> None:
    record = Verifier(scenes.features_of(_cut(10, 40, seed)))
    for at in range(5, 30, 5):
        for work_at in np.arange(5, 55, 0.5):
            assert record.verify(Candidate(0, at, work_at, 1.0, 0.0, 9), _work()) is None


@pytest.mark.parametrize("kind", ["silence", "tone", "noise", "drums"])
def test_what_says_nothing_matches_nothing(kind: str) -> None:
    time = np.arange(20 * RATE) / RATE
    random = np.random.default_rng(1)
    sounds: dict[str, np.ndarray] = {
        "silence": np.zeros(len(time)),
        "tone": np.sin(2 * np.pi * 440 * time) / 2,
        "noise": random.standard_normal(len(time)) / 4,
        "drums": scenes.loop_of_drums(20),
    }
    record = Verifier(scenes.features_of(sounds[kind].astype(np.float32)))
    for work_at in np.arange(5, 55, 0.5):
        assert record.verify(Candidate(0, 10.0, work_at, 1.0, 0.0, 9), _work()) is None


@pytest.mark.parametrize("frequency", [440.0, 1000.0])
def test_a_tone_does_not_match_a_tone(frequency: float) -> None:
    tone = (np.sin(2 * np.pi * frequency * np.arange(30 * RATE) / RATE) / 2).astype(np.float32)
    record = Verifier(scenes.features_of(tone[: 15 * RATE]))
    for work_at in np.arange(5, 25, 1.0):
        assert record.verify(Candidate(0, 7.0, work_at, 1.0, 0.0, 9), scenes.work_of(tone)) is None


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate(0, -1e9, 5, 1, 0, 1),
        Candidate(0, 5, 1e9, 1, 0, 1),
        Candidate(0, 5, 5, 0.0, 0, 1),
        Candidate(0, 5, 5, -1.0, 0, 1),
        Candidate(0, 5, 5, float("nan"), 0, 1),
        Candidate(0, float("nan"), 5, 1, 0, 1),
        Candidate(0, 5, float("inf"), 1, 0, 1),
        Candidate(0, 5, 5, 1, 500.0, 1),
        Candidate(0, 5, 5, 1, 24.0, 1),
    ],
)
def test_candidates_out_of_range_are_none(candidate: Candidate) -> None:
    assert verify(scenes.features_of(_cut(0, 10)), candidate, _work()) is None


def test_nothing_to_compare_is_none() -> None:
    empty = scenes.features_of(np.zeros(0, dtype=np.float32))
    candidate = Candidate(0, 0.0, 0.0, 1.0, 0.0, 1)
    assert verify(empty, candidate, _work()) is None
    assert verify(scenes.features_of(_cut(0, 10)), candidate, empty) is None


def test_a_work_can_stand_for_a_record() -> None:
    match = verify(_work(), Candidate(0, 30.0, 30.0, 1.0, 0.0, 9), _work())
    assert match is not None
    assert match.agreement > 0.99


def test_slow_drift_is_followed() -> None:
    places = np.arange(55 * RATE)
    drifting = places + 0.1 * RATE * np.sin(places / (55 * RATE) * 2 * np.pi)
    record = np.interp(drifting, np.arange(len(_sound())), _sound()).astype(np.float32)
    match = verify(scenes.features_of(record), Candidate(0, 27.0, 27.0, 1.0, 0.0, 9), _work())
    assert match is not None
    assert match.parts[0] == pytest.approx((0, 55, 0, 55), abs=0.6)


@pytest.mark.parametrize(("seed", "begin", "work"), [(1000, 36, 1), (1057, 0, 21), (1072, 0, 21)])
def test_composed_tunes_of_one_beat_and_scale_are_none(seed: int, begin: int, work: int) -> None:
    """Tunes of the demonstration, of whose pairs these agreed best: see benchmarks/audio_tunes.py."""
    tune, other = (
        soxr.resample(composed(np.random.default_rng(k), seconds).astype(np.float32), MADE_AT, RATE)
        for k, seconds in ((seed, 60.0), (work, 90.0))
    )
    lookup = PostingLookup(build_postings([extract([other])]))
    features = extract([tune[begin * RATE :]])
    record, held = Verifier(features), lookup.features(0)
    assert [match for place in candidates(lookup, features) if (match := record.verify(place, held))] == []


def test_another_pitch_or_tempo_needs_a_higher_score() -> None:
    assert THRESHOLD_ALTERED > THRESHOLD
    record = scenes.with_noise(scenes.at_speed(_cut(20, 40), 1.05), 3)
    match = verify(scenes.features_of(record), Candidate(0, 9.0, 29.5, 1.04, 1.0, 9), _work())
    assert match is not None
    assert match.score >= THRESHOLD_ALTERED
