"""What sound files say of themselves: every container, odd encodings, hostile tags, and nothing else opened."""

from __future__ import annotations

import io
import struct
import wave
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import countermark.audio.tags as tags_module
from countermark.audio.source import SoundSource
from countermark.audio.tags import Tags, read_tags, tags_among

if TYPE_CHECKING:
    from pathlib import Path

SAID = {
    "title": "La Mer\n 2",
    "artist": "Zoé A.",
    "ISRC": "FRZ039800212",
    "copyright": "© Zoé",
    "license": "CC-BY-4.0",
    "originaldate": "1999-02",
    "date": "2020",
}
FORMATS = {
    "mp3": "libmp3lame",
    "flac": "flac",
    "ogg": "libopus",
    "matroska": "libopus",
    "ipod": "aac",
    "wav": "pcm_s16le",
}


def encoded(container: str, said: dict[str, str]) -> bytes:
    """A tenth of a second of silence with tags."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        file.metadata.update(said)
        stream = file.add_stream(FORMATS[container], rate=48_000)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 48_000
        frame.pts = 0
        for one in av.AudioResampler(format=stream.format.name, layout="mono", rate=48_000).resample(frame):
            file.mux(stream.encode(one))
        file.mux(stream.encode(None))
    return out.getvalue()


def id3(frames: dict[bytes, bytes], size: int | None = None) -> bytes:
    """An MP3 of two frames behind an ID3 v2.3 tag."""
    body = b"".join(name + struct.pack(">IH", len(value), 0) + value for name, value in frames.items())
    size = len(body) if size is None else size
    length = bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    sound = (b"\xff\xfb\x90\xc4" + bytes(413)) * 4
    return b"ID3\3\0\0" + length + body + sound


@pytest.mark.parametrize("container", FORMATS)
def test_every_container_says_who_made_it(container: str) -> None:
    """On one line each; of dates, that of the first publication only."""
    found = read_tags(SoundSource(encoded(container, SAID)))
    assert (found.title, found.artist, found.notice) == ("La Mer 2", "Zoé A.", "© Zoé")
    if container not in {"ipod", "wav"}:  # these keep a fixed set of fields
        assert found == Tags("La Mer 2", "Zoé A.", "FRZ039800212", "CC-BY-4.0", "© Zoé", "1999-02")
    later = read_tags(SoundSource(encoded(container, {"date": "2020", "title": "x"})))
    assert later == Tags(title="x")


def test_a_range_of_a_file_is_read_as_the_file(tmp_path: Path) -> None:
    """As it stands in an archive."""
    data = encoded("flac", SAID)
    (tmp_path / "a.tar").write_bytes(bytes(512) + data + bytes(99))
    source = SoundSource(path=str(tmp_path / "a.tar"), begin=512, size=len(data))
    assert read_tags(source) == read_tags(SoundSource(data))


def test_tags_in_odd_encodings_are_valid_text() -> None:
    """UTF-16 with and without a mark, Latin letters that say they are UTF-8, bytes that mean nothing, controls."""
    frames = {
        b"TIT2": b"\1" + "Été ♪".encode("utf-16"),
        b"TPE1": b"\0Zo\xe9\0\7 A.",
        b"TCOP": b"\3\xa9 Zo\xe9",
        b"TSRC": b"\1\xff\xfe\0\xd8",
    }
    found = read_tags(SoundSource(id3(frames)))
    assert found.title == "Été ♪"
    assert found.artist.startswith("Zoé")
    assert found.notice
    assert all(
        (value.encode() + b" ").decode().isprintable() for value in (found.artist, found.notice, found.isrc)
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(bytes(800))
    info = (
        b"LIST" + struct.pack("<I", 4 + 8 + 6) + b"INFO" + b"INAM" + struct.pack("<I", 6) + b"\xc9t\xe9 1\0"
    )
    data = out.getvalue() + info
    assert read_tags(SoundSource(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])).title == "Été 1"


def test_tags_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A title of a megabyte is cut; pictures that swell the tag beyond the budget leave nothing said."""
    found = read_tags(SoundSource(id3({b"TIT2": b"\0" + b"x" * (1 << 20)})))
    assert found.title == "x" * 500
    cover = id3({b"TIT2": b"\0La Mer", b"APIC": b"\0image/png\0\3\0" + bytes(1 << 21)})
    assert read_tags(SoundSource(cover)).title == "La Mer"
    monkeypatch.setattr(tags_module, "_MOST_READ", 1 << 20)
    assert read_tags(SoundSource(cover)) == Tags()
    many = ((f"KEY{i}", "x") for i in range(100_000))
    assert tags_among(many) == Tags()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"RIFF",
    ],
)
def test_what_is_no_sound_says_nothing(data: bytes) -> None:
    """Playlists among it, which could name other files."""
    assert read_tags(SoundSource(data)) == Tags()


ORIGINALS = {container: encoded(container, SAID) for container in FORMATS} | {
    "id3": id3({b"TIT2": b"\0La Mer"})
}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_survived(data: st.DataObject) -> None:
    """Bytes changed, cut out, put in, or everything after a place gone: tags are printable, or there are none."""
    content = bytearray(ORIGINALS[data.draw(st.sampled_from(sorted(ORIGINALS)))])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, min(len(content), 2000)))
        length = data.draw(st.integers(0, 32))
        content[place : place + length] = data.draw(st.binary(max_size=32))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    found = read_tags(SoundSource(bytes(content)))
    for value in (found.title, found.artist, found.isrc, found.licence, found.notice, found.first_published):
        assert value.isprintable()
        assert len(value.encode()) <= 2000
