"""The matches of a track, resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.fingerprint.audio.features import Features
from countermark.matching.audio.match import AudioMatch, MatchedPart
from countermark.matching.audio.resolve import commonness, resolve

if TYPE_CHECKING:
    from collections.abc import Callable


def _match(
    asset: int, *parts: tuple[float, float, float], tempo: float = 1.0, agreement: float = 0.8
) -> AudioMatch:
    """A match of parts (start, end, start in the work)."""
    told = tuple(MatchedPart(a, b, c, c + (b - a) * tempo) for a, b, c in parts)
    return AudioMatch(asset, told, tempo, 0.0, agreement, 10, 20.0, 1e-9, "identical")


def _works(seconds: float) -> Callable[[int], Features]:
    none = np.zeros(0, dtype=np.int32)
    features = Features(
        none, none.astype(np.int16), none.astype(np.uint8), np.zeros((0, 2), np.uint64), seconds
    )
    return lambda _asset: features


def test_one_alignment_is_told_once() -> None:
    whole = _match(1, (0, 60, 10))
    assert resolve([_match(1, (20, 35, 30.1)), whole, _match(1, (0, 10, 10))]) == [whole]


def test_a_passage_that_comes_back_is_told_once() -> None:
    whole = _match(1, (0, 60, 0))
    assert resolve([whole, _match(1, (16, 24, 0), agreement=0.75)]) == [whole]


def test_two_places_are_two_matches() -> None:
    matches = [_match(1, (0, 10, 30)), _match(1, (40, 52, 30))]
    assert resolve(matches[::-1]) == matches


def test_what_goes_on_after_a_gap_is_one_match() -> None:
    (one,) = resolve([_match(1, (0, 30, 5)), _match(1, (60, 100, 65.1))])
    assert [part.start for part in one.parts] == [0, 60]
    assert one.inliers == 20


def test_the_order_of_matches_changes_nothing() -> None:
    matches = [_match(2, (0, 30, 5)), _match(1, (60, 100, 65)), _match(1, (0, 30, 5)), _match(3, (5, 9, 0))]
    assert resolve(matches) == resolve(matches[::-1])


def test_a_short_sound_of_several_works_is_shared() -> None:
    matches = [_match(asset, (3, 9, 10.0 * asset)) for asset in (1, 2, 3)]
    assert {match.grade for match in resolve(matches, _works(200))} == {"shared"}
    assert {match.grade for match in resolve(matches[:2], _works(200))} == {"identical"}


def test_a_short_work_in_three_editions_is_not_shared() -> None:
    matches = [_match(asset, (3, 9, 0)) for asset in (1, 2, 3)]
    assert {match.grade for match in resolve(matches, _works(6.5))} == {"identical"}


def test_a_recording_in_three_works_is_reported_for_each() -> None:
    matches = [_match(asset, (0, 90, 0)) for asset in (1, 2, 3)]
    resolved = resolve(matches, _works(200))
    assert [match.grade for match in resolved] == ["identical"] * 3
    assert [commonness(match, resolved) for match in resolved] == [3, 3, 3]


def test_nothing_resolves_to_nothing() -> None:
    assert resolve([]) == []


@pytest.mark.parametrize("tempo", [0.9, 1.1])
def test_parts_of_another_pace_stay_apart(tempo: float) -> None:
    assert len(resolve([_match(1, (0, 30, 5)), _match(1, (60, 90, 65), tempo=tempo)])) == 2
