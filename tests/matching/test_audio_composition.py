"""Compositions: a tune of our own is known again in another key, tempo and sound, and others are not."""

from __future__ import annotations

import numpy as np
import pytest

from countermark.errors import InputError
from countermark.fingerprint.audio.harmony import Harmony, harmony_of
from countermark.matching.audio.composition.composition import CompositionMatcher
from countermark.matching.audio.composition.fusion import THRESHOLD, chance
from countermark.matching.audio.composition.impostors import decoy
from countermark.matching.audio.composition.qmax import NONE, qmax
from countermark.matching.audio.composition.table import HarmonyTable, pack

RATE = 16_000


def _tune(seed: int, count: int = 56) -> list[tuple[int, float]]:
    """Pitches (MIDI) and lengths in seconds."""
    rng = np.random.default_rng(seed)
    scale, at, notes = [0, 2, 4, 5, 7, 9, 11], 4, []
    for _ in range(count):
        at = int(np.clip(at + rng.integers(-3, 4), 0, 13))
        notes.append(
            (62 + int(seed * 5 % 7) + scale[at % 7] + 12 * (at // 7), float(rng.choice([0.25, 0.5, 0.75])))
        )
    return notes


def _played(
    tune: list[tuple[int, float]], shift: int = 0, tempo: float = 1.0, bright: float = 0.5
) -> np.ndarray:
    sound = []
    for pitch, length in tune:
        t = np.arange(int(length / tempo * RATE)) / RATE
        hertz = 440 * 2 ** ((pitch + shift - 69) / 12)
        tone = sum(bright**h * np.sin(2 * np.pi * (h + 1) * hertz * t) for h in range(5))
        sound.append(tone * np.exp(-2 * t) * 0.2)
    return np.concatenate(sound).astype(np.float32)


@pytest.fixture(scope="module")
def works() -> list[Harmony]:
    return [harmony_of([_played(_tune(seed))]) for seed in range(26)]


@pytest.mark.slow
def test_a_tune_is_known_in_another_key_tempo_and_sound(works: list[Harmony]) -> None:
    table = HarmonyTable(pack(works))
    matcher = CompositionMatcher(table)
    found = matcher.match(harmony_of([_played(_tune(3), shift=4, tempo=1.1, bright=0.3)]))
    assert found
    assert found[0].asset == 3
    assert found[0].shift == 4
    assert found[0].tempo == pytest.approx(1.1, abs=0.05)
    assert found[0].chance < 0.001
    assert found[0].part.end > found[0].part.start + 10
    unknown = matcher.match(harmony_of([_played(_tune(77), bright=0.3)]))
    assert not unknown


@pytest.mark.slow
def test_one_work_alone_is_judged_against_decoys(works: list[Harmony]) -> None:
    matcher = CompositionMatcher(HarmonyTable(pack(works[3:4])))
    found = matcher.match(harmony_of([_played(_tune(3), shift=-2, tempo=0.95, bright=0.3)]))
    assert [each.asset for each in found] == [0]
    assert matcher.match(harmony_of([_played(_tune(9))])) == []
    assert matcher.comparisons(works[0]) == 1


def test_silence_and_a_tone_match_nothing(works: list[Harmony]) -> None:
    matcher = CompositionMatcher(HarmonyTable(pack(works[:3])))
    assert matcher.match(harmony_of([np.zeros(20 * RATE, dtype=np.float32)])) == []
    assert matcher.match(harmony_of([])) == []
    tone = np.sin(np.arange(20 * RATE) * (2 * np.pi * 440 / RATE)).astype(np.float32)
    assert matcher.match(harmony_of([tone])) == []


def test_a_table_gives_back_what_was_packed(works: list[Harmony]) -> None:
    arrays = pack(works[:2])
    table = HarmonyTable(arrays)
    assert len(table) == 2
    for asset in range(2):
        kept = table.harmony(asset)
        assert np.array_equal(kept.chroma, works[asset].chroma)
        assert np.array_equal(kept.note_chroma, works[asset].note_chroma)
        assert np.array_equal(kept.notes, works[asset].notes)
        assert kept.seconds == works[asset].seconds
    assert HarmonyTable(pack([])).notes_by == ""
    assert all(np.array_equal(arrays[name], pack(works[:2])[name]) for name in arrays)


def test_only_like_is_compared_with_like(works: list[Harmony]) -> None:
    other = Harmony(works[0].chroma, works[0].note_chroma, works[0].notes, works[0].seconds, "another")
    with pytest.raises(InputError, match="only like is compared with like"):
        CompositionMatcher(HarmonyTable(pack(works[:1]))).match(other)
    with pytest.raises(InputError, match="different models"):
        pack([works[0], other])


def test_a_path_through_itself_is_the_whole(works: list[Harmony]) -> None:
    chroma = works[0].chroma.astype(np.int16)
    path = qmax(chroma, chroma)
    assert path.shift == 0
    assert path.end - path.start > 0.9 * len(chroma)
    assert (path.start, path.end) == (path.work_start, path.work_end)
    assert qmax(np.roll(chroma, 3, axis=1), chroma).shift == 3
    assert qmax(chroma[:4], chroma) == NONE


def test_a_decoy_is_as_long_and_another_piece(works: list[Harmony]) -> None:
    for number in range(5):
        other = decoy(works[0], number)
        assert other.chroma.shape == works[0].chroma.shape
        assert len(other.notes) == len(works[0].notes)
        assert not np.array_equal(other.chroma, works[0].chroma)
        assert (np.diff(other.notes[:, 0]) >= 0).all()


def test_chance_falls_with_the_score() -> None:
    assert chance(0) == 1
    assert chance(THRESHOLD) > chance(THRESHOLD + 5) > 0
