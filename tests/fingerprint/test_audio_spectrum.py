"""The spectrum and its peaks: the same whatever the blocks are, and nothing from silence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.fingerprint.audio.extract import extract
from countermark.fingerprint.audio.features import FRAMES_A_SECOND, HOP, LOWEST, PITCH_STEPS, WINDOW
from countermark.fingerprint.audio.peaks import BANDS, PEAKS_A_BAND, PeakFinder, Peaks
from countermark.fingerprint.audio.spectrum import BINS, FIRST_BIN, Spectrum
from fingerprint.tunes import noise, tune


def peaks_of(sound: npt.NDArray[np.float32], cuts: list[int] | None = None) -> Peaks:
    spectrum, finder = Spectrum(), PeakFinder()
    for block in np.split(sound, cuts or []):
        finder.push(spectrum.push(block))
    finder.push(spectrum.finish())
    return finder.finish()


def tone(hertz: float, seconds: float, level: float = 0.1) -> npt.NDArray[np.float32]:
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * 16_000)) / 16_000)).astype(np.float32)


SOUND = tune(1, 4.0)
WHOLE = peaks_of(SOUND)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(SOUND)), max_size=30))
def test_blocks_change_nothing(cuts: list[int]) -> None:
    spectrum = Spectrum()
    parts = [spectrum.push(block) for block in np.split(SOUND, sorted(cuts))]
    power = np.concatenate([*parts, spectrum.finish()])
    one = Spectrum()
    assert np.array_equal(power, np.concatenate([one.push(SOUND), one.finish()]))
    found = peaks_of(SOUND, sorted(cuts))
    assert np.array_equal(found.times, WHOLE.times)
    assert np.array_equal(found.pitches, WHOLE.pitches)
    assert np.array_equal(found.ranks, WHOLE.ranks)


@pytest.mark.parametrize("samples", [0, 1, 1024, 1025, 2047, 2048, 2368, 16_000])
def test_frames_cover_the_sound_to_its_end(samples: int) -> None:
    spectrum = Spectrum()
    sound = tone(1000, 2)[:samples]
    power = np.concatenate([spectrum.push(sound), spectrum.finish()])
    assert power.shape == (max(0, -(-(samples - 1024) // 320)), BINS)
    if samples > 4000:
        assert set(power[:-4].argmax(axis=1)) == {1000 * 2048 // 16_000 - FIRST_BIN}


def test_powers_are_those_of_a_fourier_transform() -> None:
    sound = np.random.default_rng(3).normal(0, 0.1, WINDOW + 20 * HOP).astype(np.float32)
    window = 0.5 - 0.5 * np.cos(np.arange(WINDOW) * (2 * np.pi / WINDOW))
    found = Spectrum().push(sound)
    for frame in range(21):
        bins = np.fft.rfft(sound[frame * HOP : frame * HOP + WINDOW] * window)[FIRST_BIN : FIRST_BIN + BINS]
        wanted = np.abs(bins) ** 2
        assert np.abs(found[frame] - wanted).max() < 1e-6 * wanted.max()


def test_a_tone_is_told_to_a_sixtieth_of_an_octave() -> None:
    for hertz in (230.0, 311.1, 440.0, 1234.5, 4321.0):
        burst = np.concatenate([np.zeros(8000), tone(hertz, 0.2), np.zeros(8000)]).astype(np.float32)
        found = peaks_of(burst)
        strongest = found.ranks == 0
        wanted = PITCH_STEPS * np.log2(hertz / LOWEST)
        assert np.abs(found.pitches[strongest] - wanted).min() <= 1
        assert len(found.times) < 12


def test_silence_and_rounding_give_no_peak() -> None:
    assert len(peaks_of(np.zeros(50_000, dtype=np.float32)).times) == 0
    dither = (np.random.default_rng(2).integers(-1, 2, 50_000) / 32768).astype(np.float32)
    assert len(peaks_of(dither).times) == 0
    assert len(peaks_of(np.zeros(0, dtype=np.float32)).times) == 0


def test_quiet_music_has_the_peaks_of_loud_music() -> None:
    loud = peaks_of(SOUND)
    quiet = peaks_of((SOUND * np.float32(1 / 64)).astype(np.float32))
    both = set(zip(loud.times.tolist(), loud.pitches.tolist(), strict=True))
    found = set(zip(quiet.times.tolist(), quiet.pitches.tolist(), strict=True))
    assert len(both & found) > 0.9 * len(both)


def test_every_band_keeps_no_more_than_its_peaks() -> None:
    found = peaks_of(noise(3, 20, 0.1))
    assert len(found.times) <= 20 * BANDS * PEAKS_A_BAND * 1.3
    assert found.ranks.max() < PEAKS_A_BAND
    assert (np.diff(found.times) >= 0).all()
    bands = np.minimum(found.pitches // 70, 3)
    assert np.bincount(bands, minlength=4).min() > 0.1 * len(bands)


def test_what_is_not_a_number_does_no_harm() -> None:
    sound = SOUND.copy()
    sound[20_000:20_100] = np.nan
    sound[30_000] = np.inf
    with np.errstate(all="ignore"):
        found = peaks_of(sound)
    assert len(found.times)
    assert found.pitches.min() >= 0


def test_extract_gives_peaks_and_codes_of_one_pass() -> None:
    whole = extract([SOUND])
    parts = extract(np.split(SOUND, [5, 1000, 17_001]))
    for name in ("times", "pitches", "strengths", "codes"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))
    assert whole.seconds == pytest.approx(4.0, abs=0.001)
    assert len(whole.codes) > 4 * FRAMES_A_SECOND / 4
    assert len(extract([]).times) == 0
