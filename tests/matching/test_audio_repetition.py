"""Loops, drums and what works share: no proof that a recording was used."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from countermark.fingerprint.audio.features import RATE, Features
from countermark.matching.audio.candidate import Candidate
from countermark.matching.audio.match import AudioMatch, MatchedPart
from countermark.matching.audio.repetition import REPETITIVE, repetition
from countermark.matching.audio.resolve import resolved
from countermark.matching.audio.verify import Verifier
from matching import verify_scenes as scenes

_TEMPO = 112
_BAR = 240 / _TEMPO


@lru_cache
def _piece(seed: int, seconds: float) -> np.ndarray:
    """A melody of its own over the shared beat, which is the louder."""
    return scenes.played(seed, seconds) * np.float32(0.25) + scenes.beat(seconds, _TEMPO)


@lru_cache
def _work(name: str) -> Features:
    if name == "loop":
        return scenes.work_of(scenes.beat(30, _TEMPO))
    if name == "beginning":
        return scenes.work_of(np.concatenate([scenes.beat(30, _TEMPO), scenes.played(24, 60)]))
    return scenes.work_of(_piece({"first": 21, "second": 22}[name], 60))


def _found(record: np.ndarray, name: str, tempo: float, asset: int = 0) -> list[AudioMatch]:
    """What all candidates of a record say that lay its bars on those of a work."""
    verifier = Verifier(scenes.features_of(record))
    places = [
        Candidate(asset, at, work_at, tempo, 0.0, 9)
        for at in (7.0, 15.0)
        for work_at in at * tempo % _BAR + _BAR * np.arange(2, 12)
    ]
    found = (verifier.verify(place, _work(name)) for place in places)
    return [match for match in found if match is not None]


@pytest.mark.parametrize("name", ["first", "second", "beginning"])
def test_the_same_beat_under_another_melody_is_no_copy(name: str) -> None:
    assert {match.grade for match in _found(_piece(23, 30), name, 1.0)} <= {"shared"}


@pytest.mark.parametrize("name", ["first", "loop", "beginning"])
@pytest.mark.parametrize("tempo", [100, 128, 174])
def test_the_same_drums_in_another_beat_are_nothing(name: str, tempo: int) -> None:
    assert _found(scenes.beat(30, tempo), name, tempo / _TEMPO) == []


def test_the_loop_itself_is_shared_and_told_once() -> None:
    found = _found(scenes.beat(40, _TEMPO), "loop", 1.0)
    assert len(found) > 5
    ((match, common),) = resolved(found, lambda _: _work("loop"))
    assert (match.grade, common) == ("shared", 1)


def test_a_piece_with_the_beat_is_still_named() -> None:
    record = scenes.features_of(_piece(21, 60)[10 * RATE : 30 * RATE])
    match = Verifier(record).verify(Candidate(0, 9.0, 19.0, 1.0, 0.0, 9), _work("first"))
    assert match is not None
    assert match.grade == "identical"


def test_one_passage_that_is_no_loop_is_proof() -> None:
    sound = np.concatenate([scenes.beat(30, _TEMPO), scenes.played(24, 12)])
    record, work = scenes.features_of(sound), scenes.work_of(sound)
    assert repetition(record, work, (MatchedPart(0, 29, 0, 29),), 0.0) > REPETITIVE
    assert repetition(record, work, (MatchedPart(0, 42, 0, 42),), 0.0) < REPETITIVE
    match = Verifier(record).verify(Candidate(0, 20.0, 20.0, 1.0, 0.0, 9), work)
    assert match is None or match.grade == "identical"


def test_a_verse_that_comes_back_later_is_no_loop() -> None:
    sound = np.tile(scenes.played(25, 16.0), 3)
    record, work = scenes.features_of(sound[: 16 * RATE]), scenes.work_of(sound)
    assert repetition(record, work, (MatchedPart(0, 16, 16, 32),), 0.0) < REPETITIVE


@pytest.mark.parametrize("parts", [(), (MatchedPart(0, 0.01, 0, 0.01),), (MatchedPart(500, 510, 500, 510),)])
def test_nothing_to_compare_repeats_nothing(parts: tuple[MatchedPart, ...]) -> None:
    record = scenes.features_of(scenes.played(25, 4))
    assert repetition(record, scenes.work_of(scenes.played(25, 4)), parts, 0.0) == 0.0
