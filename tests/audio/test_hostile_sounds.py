"""What is no sound, or lies about itself: refused with a reason, or decoded as far as it goes; never a crash."""

from __future__ import annotations

import io
import struct
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio.sounded import KINDS, Kind, encoded, heard, off_by, played
from countermark.audio import container, limits, sniffing
from countermark.audio.decode import looks_like_sound, open_sound
from countermark.audio.source import SoundSource
from countermark.errors import SoundError


def reason(data: bytes) -> str:
    with pytest.raises(SoundError) as caught:
        heard(data)
    return caught.value.reason


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"\0" * 5000, "not-a-sound"),
        (b"This is a letter, and no sound.", "not-a-sound"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not-a-sound"),
        (b"MThd\0\0\0\x06\0\x01\0\x02", "not-a-sound"),
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "not-a-sound"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "not-a-sound"),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n", "not-a-sound"),
        (b"<MPD><BaseURL>http://localhost/</BaseURL></MPD>", "not-a-sound"),
        (b"ID3\x04\0\0\0\0\0\x05hello", "empty"),
        (b"fLaC", "damaged"),
        (b"RIFF\xff\xff\xff\xffWAVE", "damaged"),
        (b"OggS" + bytes(200), "damaged"),
        (b"\x1a\x45\xdf\xa3" + bytes(200), "damaged"),
        (b"\0\0\0\x10ftypM4A \0\0\0\0", "damaged"),
    ],
)
def test_what_cannot_be_decoded_is_refused_with_its_reason(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_the_name_stands_before_the_message() -> None:
    with pytest.raises(SoundError, match=r"^tracks/a\.mp3 holds no bytes"):
        open_sound(SoundSource(), "tracks/a.mp3")


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(SoundError) as caught:
        open_sound(SoundSource(path=str(tmp_path / "gone.mp3"), size=10))
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize("name", ["wav of 16 bits", "flac", "aac (m4a)", "opus (ogg)", "mp3"])
def test_a_file_without_a_sample_is_empty_or_damaged(name: str) -> None:
    data = encoded(KINDS[name], sound=np.zeros(0))
    assert reason(data) in {"empty", "damaged", "not-a-sound", "no-sound-track", "unsupported"}


@pytest.mark.parametrize(
    "name", ["mp3", "flac", "opus (ogg)", "vorbis (ogg)", "wav of 16 bits", "aac (adts)", "mkv"]
)
def test_a_truncated_file_is_decoded_as_far_as_it_goes(name: str) -> None:
    data = encoded(KINDS[name])
    found, damaged = heard(data[: len(data) // 2])
    assert 1.5 < found.size / 16_000 < 4.5
    assert off_by(found, 0.0, 6.0)[1] > 0.85
    if name in {"flac", "mkv"}:
        assert "missing" in damaged


def test_a_film_without_sound_has_no_sound_track() -> None:
    assert reason(_film(with_sound=False)) == "no-sound-track"


def test_each_of_several_tracks_is_decoded() -> None:
    data = _film(with_sound=True)
    with open_sound(SoundSource(data=data)) as sound:
        assert [track.number for track in sound.tracks] == [0, 1]
    first, _ = heard(data, track=0)
    second, _ = heard(data, track=1)
    assert off_by(first, 0.0, 6.0)[1] > 0.85
    assert np.abs(second).max() < 1e-3
    with pytest.raises(ValueError, match="no track 2"):
        heard(data, track=2)


def _film(*, with_sound: bool) -> bytes:
    """A film of six seconds, with two sound tracks, the second silent, or with none."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as film:
        pictures = film.add_stream("mpeg4", rate=5)
        pictures.width = pictures.height = 64
        sounds = [film.add_stream("aac", rate=48_000, layout="mono") for _ in range(2 if with_sound else 0)]
        for number in range(30):
            image = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number * 8, np.uint8))
            film.mux(pictures.encode(image))
        film.mux(pictures.encode(None))
        for place, stream in enumerate(sounds):
            wave = played(6.0, 48_000) * (place == 0)
            frame = av.AudioFrame.from_ndarray(wave[None].astype(np.float32), format="fltp", layout="mono")
            frame.sample_rate = 48_000
            film.mux(stream.encode(frame))
            film.mux(stream.encode(None))
    return out.getvalue()


def test_no_picture_is_ever_decoded_and_tags_are_passed_over() -> None:
    picture = (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
        + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
        + b"\0" * 40_000_000
    )
    content = b"\0image/png\0\x03\0" + picture
    size = len(content) + 10

    def safe(number: int) -> bytes:
        return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))

    tag = b"ID3\x04\0\0" + safe(size) + b"APIC" + safe(len(content)) + b"\0\0" + content
    text = b"TIT2\0\0\0\x06\0\0\x03\xff\xfe\x80\xc3\x28"  # no UTF-8 at all
    odd = b"ID3\x03\0\0" + safe(len(text)) + text
    data = tag + odd + encoded(KINDS["mp3"])
    tracemalloc.start()
    found, damaged = heard(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not damaged
    assert off_by(found, 0.0, 6.0)[1] > 0.85
    assert peak < 20_000_000
    assert not {"png", "mjpeg", "bmp", "gif", "webp"} & container.DECODERS


def test_rubbish_before_and_behind_is_passed_over() -> None:
    data = encoded(KINDS["mp3"])
    found, _ = heard(b"\0\xff" * 700 + data + b"TAG" + b"\xff" * 125)
    assert off_by(found, 0.0, 6.0)[1] > 0.85


def test_headers_that_lie_about_the_length() -> None:
    data = bytearray(encoded(KINDS["wav of 16 bits"]))
    at = data.index(b"data")
    data[4:8] = data[at + 4 : at + 8] = b"\xff\xff\xff\xff"
    assert heard(bytes(data))[0].size == 6 * 16_000
    flac = bytearray(encoded(KINDS["flac"]))
    flac[21] &= 0xF0
    flac[22:26] = bytes(4)  # no samples, it says
    found, damaged = heard(bytes(flac))
    assert found.size == 6 * 16_000
    assert not damaged
    flac[21] |= 0x0F
    flac[22:26] = b"\xff" * 4
    found, damaged = heard(bytes(flac))
    assert found.size == 6 * 16_000
    assert "that it says it has" in damaged


def test_rate_and_channels_may_change_on_the_way() -> None:
    data = encoded(KINDS["mp3"]) + encoded(KINDS["mp3 at 22 kHz"])
    found, _ = heard(data)
    assert abs(found.size / 16_000 - 12) < 0.3
    assert off_by(found[: 5 * 16_000], 0.0, 6.0)[1] > 0.85


def test_samples_that_are_no_numbers_are_silence() -> None:
    sound = np.tile(np.array([0.5, np.nan, np.inf, -np.inf, 1e30, -1e30]), 8_000)
    for codec in ("pcm_f32le", "pcm_f64le"):
        found, _ = heard(encoded(Kind("wav", codec, 16_000, "mono"), sound=sound))
        assert np.isfinite(found).all()
        assert np.abs(found).max() <= 1


def test_silence_and_clipped_noise_are_sound() -> None:
    assert np.abs(heard(encoded(KINDS["flac"], sound=np.zeros(88_200)))[0]).max() == 0
    noise = np.sign(np.random.default_rng(3).standard_normal(88_200))
    found, damaged = heard(encoded(KINDS["wav of 16 bits"], sound=noise))
    assert not damaged
    assert np.abs(found).max() < 3


@pytest.mark.parametrize(
    ("rate", "layout"), [(192_000, "5.1"), (16_000, "mono"), (8_000, "stereo"), (44_101, "mono")]
)
def test_rates_and_channels_of_all_kinds(rate: int, layout: str) -> None:
    data = encoded(Kind("wav", "pcm_s16le", rate, layout))
    late, alike = off_by(heard(data)[0], 0.0, 6.0)
    assert abs(late) < 1
    assert alike > 0.98


def test_sixty_four_channels() -> None:
    data = _wav(rate=48_000, channels=64, bits=16, size=64 * 2 * 48_000) + bytes(64 * 2 * 48_000)
    assert heard(data)[0].size == 16_000
    assert reason(_wav(rate=48_000, channels=400, bits=16, size=80_000) + bytes(80_000)) in {
        "unsupported",
        "damaged",
    }
    assert reason(_wav(rate=100, channels=1, bits=16, size=80_000) + bytes(80_000)) == "unsupported"


def _wav(*, rate: int, channels: int, bits: int, size: int) -> bytes:
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * width, width, bits)
    return (
        b"RIFF"
        + struct.pack("<I", min(size + 36, 2**32 - 1))
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + (b"data" + struct.pack("<I", size))
    )


def test_a_day_is_streamed_and_entered_anywhere(tmp_path: Path) -> None:
    size = 24 * 3600 * 8_000
    path = tmp_path / "day.wav"
    with path.open("wb") as file:
        file.write(_wav(rate=8_000, channels=1, bits=8, size=size))
        file.truncate(44 + size)  # a hole, and no bytes on the disk
    with open_sound(SoundSource.of_file(path)) as sound:
        assert sum(block.size for block in sound.blocks(0, 86_000.0, 15.0)) == 15 * 16_000
        first = next(sound.blocks())
        assert first.size <= 30 * 16_000


def test_a_track_that_is_too_long_is_left_where_the_bound_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("countermark.audio.decode.MOST_SECONDS", 4)
    found, damaged = heard(encoded(KINDS["mp3"]))
    assert found.size == 4 * 16_000
    assert "the rest was not read" in damaged


def test_tables_that_would_unfold_to_gigabytes_are_refused() -> None:
    data = bytearray(encoded(KINDS["aac (m4a)"]))
    at = data.index(b"stsz")
    data[at + 8 : at + 16] = struct.pack(">II", 1, 2_000_000_000)
    assert reason(bytes(data)) == "damaged"


def test_tables_of_more_samples_than_a_day_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(KINDS["aac (m4a)"])
    at = data.index(b"stsz")
    count = int.from_bytes(data[at + 12 : at + 16])
    monkeypatch.setattr("countermark.audio.sample_tables.MOST_SAMPLES", count)
    assert heard(data)[1] == ""
    monkeypatch.setattr("countermark.audio.sample_tables.MOST_SAMPLES", count - 1)
    assert reason(data) == "damaged"


def test_a_reference_movie_does_not_open_the_file_that_it_names(tmp_path: Path) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(encoded(KINDS["wav of 16 bits"], sound=np.zeros(44_100)))
    data = bytearray(encoded(KINDS["mov"]))
    name = str(other).encode()
    alias = bytes(10) + b"\x01v" + bytes(26) + bytes(12) + b"\x09other.wav" + bytes(54) + bytes(16)
    alias += (
        struct.pack(">HH", 1, 1) + bytes(16) + struct.pack(">HH", 2, len(name)) + name + bytes(len(name) % 2)
    )
    alias += b"\xff\xff\0\0"
    at = data.index(b"dref") + 12
    size = int.from_bytes(data[at : at + 4])
    entry = struct.pack(">I", 12 + len(alias)) + b"alis" + bytes(4) + alias
    data[at : at + size] = entry
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        place = (data.index(b"dinf", data.index(b"dinf") - 8) if box == b"dinf" else data.index(box)) - 4
        grown = int.from_bytes(data[place : place + 4]) + len(entry) - size
        data[place : place + 4] = struct.pack(">I", grown)
    try:
        found, _ = heard(bytes(data))
    except SoundError:
        return
    assert off_by(found, 0.0, 6.0)[1] > 0.9  # its own bytes, not those of the other file


def test_even_a_playlist_could_open_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.ts"
    secret.write_bytes(encoded(KINDS["ts"]))
    lines = f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{secret}\n#EXT-X-ENDLIST\n"
    monkeypatch.setitem(sniffing.DEMUXERS, "mp3", "hls")
    monkeypatch.setattr(container, "sniffed", lambda _: "mp3")
    assert reason(lines.encode()) == "unsupported"  # "asks for another file"


def test_a_file_that_is_read_round_and_round_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(KINDS["wav of 16 bits"])
    monkeypatch.setattr(container, "MOST_READS", 1)
    monkeypatch.setattr(container, "READ_AT_LEAST", -len(data) // 2)
    try:
        assert "in circles" in heard(data)[1]
    except SoundError as error:
        assert "in circles" in str(error)  # noqa: PT017 - either is right


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    data = encoded(KINDS["mp3"])
    heard(data[:5000] + bytes(3000) + data[8000:])
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""


def test_only_what_is_listed_is_told_as_sound() -> None:
    assert set(sniffing.DEMUXERS.values()) <= set(av.formats_available)
    assert looks_like_sound(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1") == ""
    assert looks_like_sound(b"\xff\xfe" + "Straße".encode("utf-16-le")) == ""
    assert looks_like_sound(b"\xff\xd8\xff\xe0\0\x10JFIF") == ""
    assert limits.MOST_TRACKS <= limits.MOST_STREAMS


_SEEDS = [
    encoded(KINDS[name], 0.6)
    for name in ("mp3", "aac (m4a)", "opus (ogg)", "flac", "wav, adpcm", "mkv", "ts", "wma")
]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.sampled_from(_SEEDS),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    kept=st.floats(0.05, 1.0),
    start=st.sampled_from([0.0, 0.3, 3.0]),
)
def test_flipped_and_truncated_bytes_never_crash(
    seed: bytes, flips: list[tuple[float, int]], kept: float, start: float
) -> None:
    data = bytearray(seed[: int(len(seed) * kept)])
    for place, value in flips:
        if data:
            data[min(int(place**3 * len(data)), len(data) - 1)] = value  # mostly in the headers
    try:
        found, _ = heard(bytes(data), start, 20.0)
    except SoundError as error:
        assert error.reason in {"empty", "not-a-sound", "no-sound-track", "damaged", "unsupported"}  # noqa: PT017
    else:
        assert np.isfinite(found).all()
