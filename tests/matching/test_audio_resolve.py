"""The matches of a track, resolved."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.fingerprint.audio.features import RATE, Features
from countermark.matching.audio.match import AudioMatch, MatchedPart
from countermark.matching.audio.resolve import resolved
from matching import verify_scenes as scenes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Works = Callable[[int], Features]


def resolve(matches: Iterable[AudioMatch], work: Works) -> list[AudioMatch]:
    return [match for match, _ in resolved(matches, work)]


def _match(
    asset: int,
    *parts: tuple[float, float, float],
    tempo: float = 1.0,
    agreement: float = 0.8,
    grade: str = "identical",
) -> AudioMatch:
    """A match of parts (start, end, start in the work)."""
    told = tuple(MatchedPart(a, b, c, c + (b - a) * tempo) for a, b, c in parts)
    return AudioMatch(asset, told, tempo, 0.0, agreement, 10, 20.0, 1e-9, grade)


def _silent(_asset: int) -> Features:
    """A work that nothing can be compared with."""
    none = np.zeros(0, dtype=np.int32)
    codes = np.zeros((0, 2), np.uint64)
    return Features(none, none.astype(np.int16), none.astype(np.uint8), codes, 200.0)


@lru_cache
def _with_sound(asset: int, seconds: float, length: float) -> Features:
    """A work of its own with the same `seconds` of sound after its tenth second."""
    sound = scenes.played(100 + asset, length)
    shared = scenes.played(7, 30)[: int(seconds * RATE)]
    begin = min(10 * RATE, len(sound) - len(shared))
    sound[begin : begin + len(shared)] = shared
    return scenes.work_of(sound)


def test_one_alignment_is_told_once() -> None:
    whole = _match(1, (0, 60, 10))
    assert resolve([_match(1, (20, 35, 30.1)), whole, _match(1, (0, 10, 10))], _silent) == [whole]


def test_a_passage_that_comes_back_is_told_once() -> None:
    whole = _match(1, (0, 60, 0))
    assert resolve([whole, _match(1, (16, 24, 0), agreement=0.75)], _silent) == [whole]


def test_two_places_are_two_matches() -> None:
    matches = [_match(1, (0, 10, 30)), _match(1, (40, 52, 30))]
    assert resolve(matches[::-1], _silent) == matches


def test_what_goes_on_after_a_gap_is_one_match() -> None:
    (one,) = resolve([_match(1, (0, 30, 5)), _match(1, (60, 100, 65.1))], _silent)
    assert [part.start for part in one.parts] == [0, 60]
    assert one.inliers == 20


def test_matches_of_one_alignment_that_overlap_become_one() -> None:
    (one,) = resolve([_match(1, (0, 30, 5)), _match(1, (20, 60, 25.2))], _silent)
    before, after = one.parts
    assert before == pytest.approx((0, 20, 5.0, 25.0), abs=0.3)
    assert after == pytest.approx((20, 60, 25.2, 65.2))
    assert before.work_end <= after.work_start + 1e-9
    assert one.inliers == 17


def test_the_order_of_matches_changes_nothing() -> None:
    matches = [_match(2, (0, 30, 5)), _match(1, (60, 100, 65)), _match(1, (0, 30, 5)), _match(3, (5, 9, 0))]
    assert resolved(matches, _silent) == resolved(matches[::-1], _silent)


def test_a_loop_of_one_work_is_told_once_and_at_its_best() -> None:
    best = _match(1, (0, 30, 0), agreement=1.0, grade="shared")
    others = [_match(1, (k, k + 31, 0), agreement=0.7, grade="shared") for k in (4, 8, 12, 31)]
    assert resolve([*others, best], _silent) == [best]


def test_a_loop_within_a_copy_is_not_told() -> None:
    whole = _match(1, (0, 60, 0), agreement=0.4, grade="copy")
    assert resolve([_match(1, (10, 40, 20), grade="shared"), whole], _silent) == [whole]


def test_a_short_sound_that_two_works_hold_is_shared() -> None:
    matches = [_match(asset, (3, 9, 10)) for asset in (1, 2)]
    told = resolved(matches, lambda asset: _with_sound(asset, 6, 60))
    assert [(match.grade, common) for match, common in told] == [("shared", 2)] * 2


def test_a_recording_that_two_works_hold_is_reported_for_each() -> None:
    matches = [_match(asset, (3, 9, 10)) for asset in (1, 2)]
    told = resolved(matches, lambda asset: _with_sound(asset, 25, 60))
    assert [(match.grade, common) for match, common in told] == [("identical", 2)] * 2


def test_a_short_work_in_two_editions_is_not_shared() -> None:
    matches = [_match(asset, (3, 9, 1.5)) for asset in (1, 2)]
    told = resolved(matches, lambda asset: _with_sound(asset, 7, 7.5))
    assert [(match.grade, common) for match, common in told] == [("identical", 2)] * 2


def test_two_works_that_sound_at_once_share_nothing() -> None:
    matches = [_match(asset, (3, 9, 30)) for asset in (1, 2)]
    told = resolved(matches, lambda asset: _with_sound(asset, 6, 60))
    assert [(match.grade, common) for match, common in told] == [("identical", 1)] * 2


def test_many_works_are_compared_with_few() -> None:
    matches = [_match(asset, (3, 9, 10)) for asset in range(30)]
    told = resolved(matches, lambda asset: _with_sound(asset % 3, 6, 60))
    assert [common for _, common in told] == [9] * 30


def test_nothing_resolves_to_nothing() -> None:
    assert resolved([], _silent) == []


@pytest.mark.parametrize("tempo", [0.9, 1.1])
def test_parts_of_another_pace_stay_apart(tempo: float) -> None:
    assert len(resolve([_match(1, (0, 30, 5)), _match(1, (60, 90, 65), tempo=tempo)], _silent)) == 2
