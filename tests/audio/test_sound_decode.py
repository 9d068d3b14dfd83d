"""Every format: the right length, the right sound, at the right time, from any second on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio.sounded import KINDS, Kind, encoded, heard, off_by, played
from countermark.audio.decode import looks_like_sound, open_sound
from countermark.audio.source import SoundSource

_LOSSLESS = ("pcm_", "flac", "alac", "tta", "wavpack")


@pytest.mark.parametrize("name", KINDS)
def test_each_format_is_told_and_decoded_at_the_right_time(name: str) -> None:
    data = encoded(KINDS[name])
    assert looks_like_sound(data[:4096])
    found, damaged = heard(data)
    late, alike = off_by(found, 0.0, 6.0)
    assert not damaged
    assert abs(found.size / 16_000 - 6) < 0.12  # formats without a length keep the encoder's padding
    assert abs(late) <= (50 if name == "wma" else 30)  # its decoder leaves out a frame too many
    assert alike > (0.98 if KINDS[name].codec.startswith(_LOSSLESS) else 0.85)


@pytest.mark.parametrize(
    "name",
    [
        "mp3",
        "vorbis (ogg)",
        "opus (ogg)",
        "opus (webm)",
        "flac",
        "aac (m4a)",
        "wav of 16 bits",
        "aac (adts)",
        "ts",
    ],
)
def test_a_window_begins_at_its_second(name: str) -> None:
    data = encoded(KINDS[name], 20.0)
    whole, _ = heard(data)
    for start in (1.25, 7.003, 15.7):
        found, damaged = heard(data, start, 3.0)
        assert not damaged
        assert found.size == 48_000
        same = whole[round(start * 16_000) :][:48_000].astype(np.float64)
        middle = found.astype(np.float64)[800:-800]
        places = range(-160, 161)  # 10 ms either way
        differences = [float(np.square(same[800 + lag :][: middle.size] - middle).sum()) for lag in places]
        lag = places[int(np.argmin(differences))]
        assert abs(lag) <= 16, f"{lag / 16} ms off"
        assert min(differences) < 0.02 * float(np.square(middle).sum())


def test_past_the_end_there_is_nothing_and_that_is_no_error() -> None:
    found, damaged = heard(encoded(KINDS["mp3"]), 100.0, 5.0)
    assert found.size == 0
    assert not damaged


def test_the_same_bytes_give_the_same_samples_from_memory_and_from_a_part_of_a_file(tmp_path: Path) -> None:
    data = encoded(KINDS["opus (ogg)"])
    path = tmp_path / "shard.tar"
    path.write_bytes(b"x" * 1000 + data + b"y" * 1000)
    with open_sound(SoundSource(path=str(path), begin=1000, size=len(data))) as sound:
        found = np.concatenate(list(sound.blocks()))
        again = np.concatenate(list(sound.blocks()))
    assert np.array_equal(found, heard(data)[0])
    assert np.array_equal(found, again)


def test_facts_of_the_track_are_told() -> None:
    with open_sound(SoundSource(data=encoded(KINDS["wav of 24 bits"]))) as sound:
        (track,) = sound.tracks
    assert (track.number, track.codec, track.rate, track.channels) == (0, "pcm_s24le", 48_000, 2)
    assert track.seconds == pytest.approx(6.0, abs=0.01)
    assert sound.format == "wav"


def test_opposite_channels_do_not_cancel_out() -> None:
    left = played(6.0, 44_100)
    data = encoded(KINDS["wav of 16 bits"], sound=np.stack([left, -left], axis=1))
    found, _ = heard(data)
    assert off_by(found, 0.0, 6.0)[1] > 0.98
    assert np.abs(found).max() > 0.5


def test_one_channel_of_many_is_heard() -> None:
    whole = np.zeros((6 * 48_000, 6))
    whole[:, 2] = played(6.0, 48_000)
    found, _ = heard(encoded(Kind("wav", "pcm_s16le", 48_000, "5.1"), sound=whole))
    assert off_by(found, 0.0, 6.0)[1] > 0.97


def test_what_could_fold_down_is_taken_away() -> None:
    time = np.arange(4 * 48_000) / 48_000
    for hertz in (11_000, 13_000, 17_500, 22_000):
        found, _ = heard(encoded(KINDS["wav of 24 bits"], sound=0.7 * np.sin(2 * np.pi * hertz * time)))
        assert np.square(found[800:-800]).mean() < 1e-7 * 0.245  # 70 dB


def test_level_is_kept_up_to_five_kilohertz() -> None:
    time = np.arange(4 * 44_100) / 44_100
    for hertz in (60, 440, 2_000, 5_000):
        found, _ = heard(encoded(KINDS["wav of 16 bits"], sound=0.5 * np.sin(2 * np.pi * hertz * time)))
        assert np.square(found[800:-800]).mean() == pytest.approx(0.125, rel=0.01)
