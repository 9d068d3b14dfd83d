"""Recordings in tar and zip: samples with their texts, ranges, and hostile archives bounded."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

import countermark.corpus.archives as archives_module
import countermark.corpus.audio.sought as sought_module
from corpus.audio_samples import audio_batches, list_recordings, read_recordings, recording
from corpus.corpus_samples import tar_of, zip_of
from corpus.image_samples import picture, told
from countermark.corpus.audio.sought import RECORDINGS


def write(path: Path, data: bytes) -> Path:
    """Write a file."""
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("form", ["a.tar", "a.zip"])
def test_a_sample_says_what_stands_beside_the_recording(tmp_path: Path, form: str) -> None:
    """Title, artist and words, address and key; lyrics of their own win over those in the object, without stamps."""
    record = {
        "title": "La Mer",
        "artist": "Zoé A.",
        "lyrics": "in the object",
        "url": "https://e/1",
        "key": "k1",
    }
    members = {
        "1.mp3": recording(1, "mp3"),
        "1.json": json.dumps(record).encode(),
        "1.lrc": "[ti:La Mer]\n[00:01.50]La mer\n[00:04.20][00:09.00]qu’on <00:05.00>voit\n".encode(),
        "2.flac": recording(2, "flac"),
        "2.txt": "légende\n".encode(),
        "3.mp4": recording(3, "mp4"),
    }
    heard, refused = read_recordings(
        write(tmp_path / form, tar_of(members) if form == "a.tar" else zip_of(members))
    )
    assert [one[1:] for one in heard] == [
        (0, "k1", "https://e/1", None, "La Mer\nZoé A.\nLa mer\nqu’on voit"),
        (3, "2.flac", None, None, "légende"),
        (5, "3.mp4", None, None, None),
    ]
    assert refused == []


@pytest.mark.parametrize("form", ["a.tar", "a.zip"])
def test_each_member_that_is_not_read_has_a_reason(tmp_path: Path, form: str) -> None:
    """By its bytes, whatever its name."""
    members = {
        "a.mp3": b"",
        "b.mp3": b"<html>not found</html>",
        "c.jpg": picture(),
        "d.txt": b"a text beside nothing",
        "e.parquet": b"PAR1",
        "f.data": recording(1),
    }
    heard, refused = read_recordings(
        write(tmp_path / form, tar_of(members) if form == "a.tar" else zip_of(members))
    )
    assert [(one.data, one.row) for one in heard] == [(recording(1), 5)]
    assert sorted(told(refused)) == [
        (0, "empty"), (1, "not-a-recording"), (2, "not-a-recording"), (3, "not-a-recording"), (4, "nested-data"),
    ]  # fmt: skip
    details = {refusal.row: refusal.detail for refusal in refused}
    assert "b.mp3: is of no known format of sound or video; accepted are MP3" in details[1]
    assert "c.jpg: is a picture; accepted are MP3" in details[2]


def test_names_lead_nowhere(tmp_path: Path) -> None:
    """Nothing is written or followed, links and devices are refused."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE):
            link = tarfile.TarInfo("l.mp3")
            link.type, link.linkname = kind, "/etc/passwd"
            archive.addfile(link)
        info = tarfile.TarInfo("../../evil.mp3")
        info.size = len(recording())
        archive.addfile(info, io.BytesIO(recording()))
    inner = tmp_path / "in"
    inner.mkdir()
    heard, refused = read_recordings(write(inner / "a.tar", out.getvalue()))
    assert [(one.data, one.row, one.record_id) for one in heard] == [(recording(), 3, "../../evil.mp3")]
    assert told(refused) == [(row, "not-a-file") for row in range(3)]
    (source,) = (source for batch in audio_batches(list_recordings(inner)[0]) for source in batch.sources)
    assert Path(source.path) == inner / "a.tar"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.tar", "in"]


def test_long_members_are_refused_only_where_they_would_be_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a plain tar they stay where they are, of whatever size."""
    monkeypatch.setattr(sought_module, "RECORDINGS", replace(RECORDINGS, most=1000))
    members = {"a.wav": recording(1, size=200_000), "b.wav": recording(2)}
    heard, refused = read_recordings(write(tmp_path / "a.tar", tar_of(members)))
    assert [one.data for one in heard] == list(members.values())
    assert refused == []
    heard, refused = read_recordings(write(tmp_path / "a.zip", zip_of(members)))
    assert [one.data for one in heard] == [recording(2)]
    assert told(refused) == [(0, "too-large")]
    assert "at most 1,000 are read" in refused[0].detail


def test_members_in_pieces_are_read_whole(tmp_path: Path) -> None:
    """A sparse member does not stand in the archive as it is: its bytes are put together."""
    data = recording(7, size=3000)
    data += bytes(-len(data) % 512)
    out = io.BytesIO()
    info = tarfile.TarInfo("a.wav")
    info.type = tarfile.GNUTYPE_SPARSE
    info.size = len(data)
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[386:410] = b"%011o\0%011o\0" % (0, len(data))  # one piece at 0, of all bytes
    head[482:494] = b"\0" + b"%011o" % (len(data) + 512)  # not extended; the real size
    head[148:156] = b"%06o\0 " % (256 + sum(head[:148]) + sum(head[156:512]))
    out.write(head + data + bytes(1024))
    (batch,) = audio_batches(list_recordings(write(tmp_path / "a.tar", out.getvalue()))[0])
    (source,) = batch.sources
    assert (source.path, source.data) == ("", data + bytes(512))


def test_a_member_beyond_the_end_is_refused(tmp_path: Path) -> None:
    """Sizes that lie, and archives cut in the middle of a member: no range leaves the file."""
    data = tar_of({f"{i}.wav": recording(i, size=100_000) for i in range(3)})
    size = len(recording(0, size=100_000))
    each = 512 + size + -size % 512
    for cut in (each - 600, each + 600, 2 * each - 513, 2 * each + 70_000):
        path = write(tmp_path / "a.tar", data[:cut])
        heard, refused = read_recordings(path)
        assert [one.data for one in heard] == [recording(i, size=100_000) for i in range(cut // each)]
        assert {reason for _, reason in told(refused)} <= {"truncated"}
        assert refused
    liar = tarfile.TarInfo("a.wav")
    liar.size = 1 << 40
    heard, refused = read_recordings(write(tmp_path / "b.tar", liar.tobuf() + recording()))
    assert heard == []
    assert (0, "truncated") in told(refused)


def test_a_zip_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ratio of the whole stops recordings that each swell: hours of silence."""
    monkeypatch.setattr(archives_module, "BOMB_FLOOR", 1 << 20)
    members = {f"{i}.wav": recording() + bytes(1 << 19) for i in range(40)}
    heard, refused = read_recordings(write(tmp_path / "a.zip", zip_of(members)))
    assert 0 < len(heard) < 40
    assert [reason for _, reason in told(refused)] == ["bomb"]


def test_what_is_told_is_bounded(tmp_path: Path) -> None:
    """Titles, names, addresses and identifiers of any length, and letters that are none."""
    record = {
        "url": "u" * 90_000,
        "id": "i" * 90_000,
        "title": "t\ud800" * 90_000,
        "lyrics": "l" * 9000,
        "date": "d" * 999,
    }
    members = {"n" * 9000 + ".mp3": recording(0, "mp3"), "n" * 9000 + ".json": json.dumps(record).encode()}
    (one,), refused = read_recordings(write(tmp_path / "a.tar", tar_of(members)))
    assert [len(value or "") for value in one[2:]] == [1024, 8192, 64, 4096]
    assert one.data == recording(0, "mp3")
    assert refused == []
