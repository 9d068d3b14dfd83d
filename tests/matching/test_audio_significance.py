"""The score of an alignment and what it is worth against chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from countermark.matching.audio.align import ONE, Alignment, align
from countermark.matching.audio.candidate import Candidate
from countermark.matching.audio.grade import grade, is_altered, may_be_another_beat
from countermark.matching.audio.match import MatchedPart
from countermark.matching.audio.significance import LEAST_CHANCE, chance, clearance, score
from countermark.matching.audio.verify import THRESHOLD
from matching import verify_scenes as scenes

_RECORD = scenes.features_of(np.zeros(160_000, dtype=np.float32))


def test_chance_falls_with_the_score_and_grows_with_the_record() -> None:
    chances = [chance(reached, _RECORD) for reached in (0.0, 4.0, 5.0, 6.5, 9.0, 40.0)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == 1
    assert chances[-1] == LEAST_CHANCE == 1e-12
    assert chance(9.0, replace(_RECORD, seconds=3600)) > 100 * chance(9.0, _RECORD)


@pytest.mark.parametrize(("reached", "share"), [(4.0, 0.0753), (4.5, 0.0135), (5.0, 0.0018), (5.5, 0.00004)])
def test_chance_stays_above_what_was_measured(reached: float, share: float) -> None:
    """The shares of 50,400 comparisons of a window with the best place of a work that it is not from."""
    assert chance(reached, replace(_RECORD, seconds=5.0)) >= share


@pytest.mark.parametrize(("reached", "share"), [(6.2, 4 / 6000), (6.6, 1 / 6000)])
def test_chance_stays_above_what_composed_tunes_reach(reached: float, share: float) -> None:
    """The shares of 6,000 pairs of a tune and a work of one instrument: benchmarks/audio_tunes.py."""
    assert chance(reached, replace(_RECORD, seconds=60.0)) >= share


def test_a_work_too_short_for_other_places_needs_more() -> None:
    sound = scenes.played(6, 5)
    record, work = scenes.features_of(sound).codes, scenes.work_of(sound).codes
    alignment = Alignment(0, len(record), len(record) // 2 * ONE, ONE, 0, 50.0)
    assert score(record, alignment, work) == 20.0


def test_unrelated_music_scores_no_higher_than_chance_says() -> None:
    """The best of all places of a work in the same key and tempo, played alike: the hardest case stays below."""
    record = scenes.features_of(scenes.played(11, 60)).codes
    work = scenes.work_of(scenes.played(12, 60)).codes
    scores = []
    for at in range(5, 56, 5):
        best = -99.0
        for work_at in np.arange(5, 55, 0.4):
            alignment = align(record, Candidate(0, at, work_at, 1.0, 0.0, 1), work)
            if alignment is not None:
                best = max(best, score(record, alignment, work))
        scores.append(best)
    assert max(scores) < 6
    assert np.median(scores) < 4.5


def test_a_loop_that_is_everywhere_scores_little() -> None:
    sound = np.tile(scenes.played(5, 2.0), 15)
    record, work = scenes.features_of(sound).codes, scenes.work_of(sound).codes
    looped = score(record, Alignment(100, 350, 225 * ONE, ONE, 0, 100.0), work)
    plain = scenes.work_of(scenes.played(5, 30)).codes
    once = score(
        scenes.features_of(scenes.played(5, 30)).codes, Alignment(100, 350, 225 * ONE, ONE, 0, 100.0), plain
    )
    assert looped < once / 2


def test_identical_means_hardly_disturbed_at_the_same_pitch_and_tempo() -> None:
    parts = (MatchedPart(0, 10, 0, 10),)
    assert grade(parts, 1.001, 0.02, 0.8, 0.3) == "identical"
    assert grade(parts, 1.01, 0.02, 0.8, 0.3) == "copy"
    assert grade(parts, 1.0, 0.2, 0.8, 0.3) == "copy"
    assert grade(parts, 1.0, 0.0, 0.4, 0.3) == "copy"
    assert grade((MatchedPart(0, 2, 0, 2),), 1.0, 0.0, 0.9, 0.3) == "copy"


def test_a_loop_is_shared_whatever_agrees() -> None:
    parts = (MatchedPart(0, 90, 0, 90),)
    assert grade(parts, 1.0, 0.0, 1.0, 0.9) == "shared"
    assert grade(parts, 1.0, 0.0, 1.0, 0.6) == "identical"
    assert not may_be_another_beat(1.01, 0.1, 0.9)
    assert may_be_another_beat(1.1, 0.0, 0.9)
    assert may_be_another_beat(1.0, -1.0, 0.9)
    assert not may_be_another_beat(1.1, 2.0, 0.6)


def test_a_work_too_short_for_other_places_is_not_cleared_by_them() -> None:
    sound = scenes.played(6, 5)
    record, work = scenes.features_of(sound).codes, scenes.work_of(sound).codes
    assert clearance(record, Alignment(0, 100, 50 * ONE, ONE, 0, 50.0), work) == np.inf


def test_clearance_tells_a_place_that_agrees_as_others_do() -> None:
    record = scenes.features_of(scenes.played(11, 30)).codes
    work = scenes.work_of(scenes.played(12, 60)).codes
    own = scenes.work_of(scenes.played(11, 60)).codes
    there = Alignment(100, 350, 225 * ONE, ONE, 0, 100.0)
    assert clearance(record, there, own) > 15
    best = max(
        (
            found
            for work_at in np.arange(5, 55, 0.4)
            if (found := align(record, Candidate(0, 15, work_at, 1.0, 0.0, 1), work))
        ),
        key=lambda one: one.strength,
    )
    assert clearance(record, best, work) < THRESHOLD


def test_a_verse_that_comes_back_does_not_speak_against_itself() -> None:
    sound = np.tile(scenes.played(25, 12.0), 3)
    record, work = scenes.features_of(sound).codes, scenes.work_of(sound).codes
    there = align(record, Candidate(0, 6.0, 6.0, 1.0, 0.0, 1), work)
    assert there is not None
    assert clearance(record, there, work) > 15


@pytest.mark.parametrize(("tempo", "shift"), [(1.02, 0.0), (0.97, 0.0), (1.0, 1.0), (1.0, -0.5)])
def test_altered_is_more_than_noise_makes_of_none(tempo: float, shift: float) -> None:
    assert is_altered(tempo, shift)
    assert not is_altered(1.01, -0.2)
