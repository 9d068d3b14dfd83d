"""Dense codes: the same whatever the blocks, moved by pitch, unrelated where recordings are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.fingerprint.audio.codes import (
    BITS_AN_OCTAVE,
    CODE_BITS,
    CODE_DELAY,
    CODE_RATE,
    WORDS,
    WORK_WORDS,
    CodeMaker,
)
from countermark.fingerprint.audio.spectrum import BINS, Spectrum


def _power(seed: int, frames: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.exponential(1.0, (frames, BINS)).astype(np.float32)


def _bits(codes: np.ndarray, half: int = 0) -> np.ndarray:
    words = np.ascontiguousarray(codes[:, 2 * half : 2 * half + 2])
    return np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")[:, :CODE_BITS]


def _chords(stretch: float) -> np.ndarray:
    """Five seconds of tones that swell and fade, all frequencies times `stretch`."""
    time = np.arange(5 * 16_000) / 16_000
    random = np.random.default_rng(2)
    sound = np.zeros(len(time))
    for pitch in 250 * 2 ** (np.arange(0, 48) / 12):
        swell = 1 + np.sin(2 * np.pi * random.uniform(0.5, 3) * time + random.uniform(0, 6))
        sound += swell * np.sin(2 * np.pi * pitch * stretch * time)
    return Spectrum().push((sound / 100).astype(np.float32))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), max_size=12))
def test_blocks_change_nothing(cuts: list[int]) -> None:
    power = _power(1, 400)
    maker, made, at = CodeMaker(), [], 0
    for cut in [*cuts, len(power)]:
        made.append(maker.push(power[at : at + cut]))
        at += cut
    made.append(maker.finish())
    assert np.array_equal(np.concatenate(made), CodeMaker().push(power))


def test_rate_size_and_delay() -> None:
    codes = CodeMaker().push(_power(1, 500))
    assert codes.dtype == np.uint64
    assert codes.shape[1] == WORDS
    assert 0 <= 10 * CODE_RATE - len(codes) <= 0.4 * CODE_RATE
    assert CODE_RATE * WORK_WORDS * 8 * 3600 <= 1.5e6
    assert pytest.approx(0.194) == CODE_DELAY
    assert not (_bits(codes).shape[1] - CODE_BITS)
    assert not (codes[:, 1] >> np.uint64(CODE_BITS - 64)).any()


def test_unrelated_codes_agree_like_coins() -> None:
    first, second = (_bits(CodeMaker().push(_power(seed, 2000))) for seed in (1, 2))
    assert abs((first == second).mean() - 0.5) < 0.01


def test_silence_has_no_code() -> None:
    power = _power(1, 200)
    power[80:] = 0
    codes = CodeMaker().push(power)
    assert codes[:30].any(axis=1).all()
    assert not codes[45:].any()
    assert not CodeMaker().push(np.zeros((100, BINS), dtype=np.float32)).any()


def test_loudness_changes_little() -> None:
    power = _power(3, 400)
    loud, soft = (_bits(CodeMaker().push(power * np.float32(gain))) for gain in (1.0, 0.013))
    assert (loud == soft).mean() > 0.95


@pytest.mark.parametrize(("semitones", "half"), [(1, 0), (-2, 0), (0.25, 1), (1.25, 1)])
def test_a_change_of_pitch_moves_the_bits(semitones: float, half: int) -> None:
    plain = _bits(CodeMaker().push(_chords(1.0)))
    moved = _bits(CodeMaker().push(_chords(2 ** (semitones / 12))), half)
    by = int(np.floor(semitones * BITS_AN_OCTAVE / 12))
    kept = slice(20, 80)
    agreement = (moved[:, 20 + by : 80 + by] == plain[:, kept]).mean()
    assert agreement > 0.8
    assert agreement > (moved[:, 24 + by : 84 + by] == plain[:, kept]).mean() + 0.1


def test_what_is_no_number_breaks_nothing() -> None:
    power = _power(4, 60)
    power[10:20] = np.nan
    power[30:40] = np.inf
    assert len(CodeMaker().push(power)) == len(CodeMaker().push(_power(4, 60)))
