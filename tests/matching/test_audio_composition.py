"""Compositions: a tune of our own is known again in another key, tempo and sound, and others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.errors import InputError
from countermark.fingerprint.audio.harmony import OWN, Harmony, harmony_of
from countermark.matching.audio.composition.composition import CompositionMatcher
from countermark.matching.audio.composition.fusion import OF_MODEL, OF_OWN, fusion_of
from countermark.matching.audio.composition.impostors import LEAST_WORKS, enough_impostors
from countermark.matching.audio.composition.qmax import NONE, qmax
from countermark.matching.audio.composition.table import HarmonyTable, pack

if TYPE_CHECKING:
    from countermark.matching.audio.composition.fusion import Fusion

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
def test_some_works_are_chosen_for_a_closer_look(works: list[Harmony]) -> None:
    matcher = CompositionMatcher(HarmonyTable(pack(works)), most=25)
    record = harmony_of([_played(_tune(3), shift=4, tempo=1.1, bright=0.3)])
    assert [found.asset for found in matcher.match(record)] == [3]
    assert matcher.comparisons(record) == len(works)
    assert matcher.expected(record) == pytest.approx(len(works) * OF_OWN.chance(OF_OWN.threshold))


def test_with_few_works_nothing_is_told(works: list[Harmony]) -> None:
    silent = Harmony(works[0].chroma * 0, works[0].note_chroma * 0, works[0].notes[:0], works[0].seconds, OWN)
    few = [*works[:3], *[silent] * LEAST_WORKS]
    for given in ([], works[3:4], few):
        table = HarmonyTable(pack(given))
        assert not enough_impostors(table)
        matcher = CompositionMatcher(table)
        assert matcher.match(works[3]) == []
        assert matcher.comparisons(works[3]) == 0


@pytest.mark.slow
def test_silence_and_a_tone_match_nothing(works: list[Harmony]) -> None:
    matcher = CompositionMatcher(HarmonyTable(pack(works)))
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


@pytest.mark.parametrize("fusion", [OF_MODEL, OF_OWN])
def test_chance_falls_with_the_score(fusion: Fusion) -> None:
    assert fusion.chance(0) == 1
    assert 0.001 > fusion.chance(fusion.threshold) > fusion.chance(fusion.threshold + 5) > 0


def test_notes_of_a_model_are_weighed_as_such() -> None:
    assert fusion_of(OWN) is OF_OWN
    assert fusion_of("a digest") is OF_MODEL
