"""Excerpts: at the right place, the same bytes from run to run, and with pitch and tempo undone."""

from __future__ import annotations

import numpy as np
import pytest

from audio.sounded import KINDS, encoded, heard, off_by, played
from countermark.audio.excerpt import Excerpt, encode_flac, encode_opus, excerpt, undone
from countermark.audio.source import SoundSource
from countermark.errors import SoundError


def test_an_excerpt_has_the_rate_of_its_track_and_begins_at_its_second() -> None:
    part = excerpt(SoundSource(data=encoded(KINDS["mp3"])), 0, 2.0, 3.0)
    assert (part.rate, part.samples.shape) == (44_100, (132_300, 1))
    assert part.samples.dtype == np.int16
    late, alike = off_by(heard(encode_flac(part.samples, part.rate))[0], 2.0, 6.0)
    assert abs(late) < 2
    assert alike > 0.85


def test_high_rates_are_brought_down_and_any_may_be_asked_for() -> None:
    source = SoundSource(data=encoded(KINDS["flac at 96 kHz"]))
    assert excerpt(source, 0, 0.0, 1.0).rate == 48_000
    part = excerpt(source, 0, 1.0, 1.0, rate=22_050)
    assert (part.rate, part.seconds) == (22_050, 1.0)


def test_an_excerpt_is_cut_at_the_end_and_refused_behind_it() -> None:
    source = SoundSource(data=encoded(KINDS["flac"]))
    assert excerpt(source, 0, 5.0, 30.0).seconds == pytest.approx(1.0, abs=0.01)
    with pytest.raises(SoundError, match=r"no sound at 60\.0 seconds"):
        excerpt(source, 0, 60.0, 30.0)
    with pytest.raises(ValueError, match="no track 1"):
        excerpt(source, 1, 0.0, 1.0)
    with pytest.raises(ValueError, match="3600 at most"):
        excerpt(source, 0, 0.0, 9999.0)


def test_flac_keeps_every_sample_and_gives_the_same_bytes() -> None:
    samples = np.rint(played(2.0, 44_100) * 30_000).astype(np.int16)[:, None]
    once = encode_flac(samples, 44_100)
    assert once == encode_flac(samples, 44_100)
    assert np.array_equal(excerpt(SoundSource(data=once), 0, 0.0, 2.0).samples, samples)
    assert b"Lavf" not in once


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_opus_gives_the_same_bytes_at_the_right_time(rate: int) -> None:
    sound = played(6.0, rate).astype(np.float32)
    blocks = [sound[:50_000], sound[50_000:]]
    once = encode_opus(blocks, rate)
    assert once == encode_opus(blocks, rate)
    assert len(once) * 8 / 6 < 80_000
    found, damaged = heard(once)
    late, alike = off_by(found, 0.0, 6.0)
    assert not damaged
    assert abs(late) < 5
    assert alike > 0.85


@pytest.mark.parametrize(
    ("tempo", "shift"), [(1.1, 2.0), (0.9, -3.0), (1.05, 0.0), (1.0, 1.0), (2.5, 0.0), (1.0, 0.0)]
)
def test_pitch_and_tempo_are_undone(tempo: float, shift: float) -> None:
    rate, length = 44_100, 8.0
    time = np.arange(round(rate * length / tempo)) / rate
    heard_at = 440 * 2 ** (shift / 12)
    altered = Excerpt(np.rint(9000 * np.sin(2 * np.pi * heard_at * time)).astype(np.int16)[:, None], rate)
    back = undone(altered, tempo, shift)
    assert back.seconds == pytest.approx(length, abs=0.001)
    middle = back.samples[rate : 7 * rate, 0] * np.hanning(6 * rate)
    assert np.abs(np.fft.rfft(middle)).argmax() / 6 == pytest.approx(440, abs=0.5)
    assert np.abs(middle).max() == pytest.approx(9000, rel=0.05)


def test_an_event_stays_where_it_was() -> None:
    """A beep at second 5 of the work is at second 5 again."""
    rate = 44_100
    samples = np.zeros(round(rate * 8 / 1.1), np.int16)
    begin = round(5 / 1.1 * rate)
    samples[begin : begin + 4_000] = np.rint(20_000 * np.sin(np.arange(4_000) * 0.07))
    back = undone(Excerpt(samples[:, None], rate), 1.1, 2.0).samples[:, 0]
    loud = np.flatnonzero(np.abs(back) > 8_000)
    assert loud[0] / rate == pytest.approx(5.0, abs=0.04)


def test_what_cannot_be_undone_is_refused() -> None:
    with pytest.raises(ValueError, match="factor of 4"):
        undone(Excerpt(np.zeros((100, 1), np.int16), 44_100), 9.0, 0.0)
