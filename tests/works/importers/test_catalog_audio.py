"""Recordings: what their tags say, and what is refused."""

from __future__ import annotations

import io
import struct
import wave
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("tinytag")

from countermark.works.importers import audio
from countermark.works.importers.audio import IMPORTER
from works.importers.catalog_files import held, imported

if TYPE_CHECKING:
    from countermark.media import Refusal
    from countermark.works.entry import Entry

FRAME = b"\xff\xfb\x90\x00" + b"\0" * 413  # MPEG 1 layer 3, 128 kbit/s, 44.1 kHz


def sized(size: int) -> bytes:
    """A size of ID3v2: seven bits in a byte."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(kind: bytes, text: str | bytes) -> bytes:
    body = b"\x03" + text.encode() if isinstance(text, str) else text
    return kind + sized(len(body)) + b"\0\0" + body


def mp3(*frames: bytes, sound: int = 40) -> bytes:
    body = b"".join(frames)
    return b"ID3\x04\0\0" + sized(len(body)) + body + FRAME * sound


def flac(*comments: str) -> bytes:
    info = (
        struct.pack(">HH", 4096, 4096)
        + b"\0" * 6
        + (44_100 << 44 | 1 << 41 | 15 << 36 | 44_100).to_bytes(8, "big")
    )
    info += b"\0" * 16
    vendor = b"us"
    body = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(comments))
    body += b"".join(struct.pack("<I", len(c.encode())) + c.encode() for c in comments)
    return b"fLaC\0" + len(info).to_bytes(3, "big") + info + b"\x84" + len(body).to_bytes(3, "big") + body


def wav(seconds: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 8000 * seconds)
    return out.getvalue()


def read(data: bytes, name: str = "harbour.mp3") -> tuple[Entry, list[Refusal]]:
    entries, refusals = imported(IMPORTER, held(name, data))
    assert len(entries) == 1, refusals
    return entries[0], refusals


def test_an_mp3() -> None:
    """Title, performer, album, date, ISRC, label, owner, licence."""
    data = mp3(
        frame(b"TIT2", "Harbour Lights"),
        frame(b"TPE1", "The Tin Gulls"),
        frame(b"TALB", "Low Water"),
        frame(b"TDRC", "2014-05-02"),
        frame(b"TSRC", "FR-Z03-14-00212"),
        frame(b"TPUB", "Quay Records"),
        frame(b"TCOM", "Ana Reyes"),
        frame(b"TCOP", "2014 ℗ Quay Records"),
        frame(b"WCOP", b"https://creativecommons.org/licenses/by-nc/4.0/"),
    )
    entry, refusals = read(data)
    edition = entry.editions[0]
    assert (entry.title, entry.medium, entry.part_of, refusals) == (
        "Harbour Lights",
        "recording",
        "Low Water",
        [],
    )
    assert [(p.name, p.role) for p in entry.contributors] == [
        ("The Tin Gulls", "performer"),
        ("Ana Reyes", "composer"),
    ]
    assert [str(identifier) for identifier in edition.identifiers] == ["isrc:FRZ031400212"]
    assert (edition.publisher, edition.published, edition.form) == ("Quay Records", "2014-05-02", "recording")
    assert entry.rights[0].party == "Quay Records"
    assert entry.licence == "CC-BY-NC-4.0"
    assert edition.assets[0].mime == "audio/mpeg"


def test_a_flac() -> None:
    """Vorbis comments."""
    entry, refusals = read(flac("TITLE=Marée", "ARTIST=Anouk", "ISRC=USRC17607839", "DATE=1998"), "a.flac")
    assert (entry.title, entry.published, refusals) == ("Marée", "1998", [])
    assert str(entry.editions[0].identifiers[0]) == "isrc:USRC17607839"


def test_a_wav_without_tags_is_named_after_its_file() -> None:
    """With a remark."""
    entry, refusals = read(wav(), "tapes/side b.wav")
    assert (entry.title, [refusal.reason for refusal in refusals]) == ("side b", ["warning"])
    assert entry.editions[0].assets[0].mime == "audio/wav"


def test_damaged_fields_are_told_and_the_rest_is_read() -> None:
    """An ISRC and a date that cannot be."""
    entry, refusals = read(
        mp3(frame(b"TIT2", "A"), frame(b"TSRC", "NOT AN ISRC"), frame(b"TDRC", "yesterday"))
    )
    assert entry.title == "A"
    assert [refusal.reason for refusal in refusals] == ["identifier", "date"]
    assert "harbour.mp3, ISRC: 'NOT AN ISRC'" in refusals[0].detail


def test_two_performers() -> None:
    """ID3v2.4 divides them by NUL, people by semicolons."""
    performers = read(mp3(frame(b"TIT2", "A"), frame(b"TPE1", "Ana Reyes; Tin Gulls")))[0].contributors
    assert [person.name for person in performers] == ["Ana Reyes", "Tin Gulls"]


@pytest.mark.parametrize(
    "whole", [mp3(frame(b"TIT2", "A" * 200)), flac("TITLE=A"), wav()], ids=["mp3", "flac", "wav"]
)
def test_every_cut_is_one_entry_or_one_refusal(whole: bytes) -> None:
    """A recording that ends early never ends the import."""
    for end in range(12, min(len(whole), 900), 23):
        entries, refusals = imported(IMPORTER, held("cut.mp3", whole[:end]))
        assert len(entries) == 1 or refusals[-1].reason == "damaged"


def test_claims_of_a_hundred_megabytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a tag needs is counted."""
    monkeypatch.setattr(audio, "_METADATA", 1 << 16)
    entries, refusals = imported(IMPORTER, held("a.mp3", mp3(frame(b"TIT2", "A" * (1 << 18)))))
    assert (entries, refusals[0].reason) == ([], "bomb")


def test_long_values_are_cut() -> None:
    """No title is a book."""
    assert len(read(mp3(frame(b"TIT2", "A" * 100_000)))[0].title) <= 2000


def test_nothing_but_noise_is_refused() -> None:
    """An ID3 header with nothing after it."""
    entries, refusals = imported(IMPORTER, held("a.mp3", b"ID3\x04\0\0\0\0\0\0"))
    assert (entries, refusals[0].reason) == ([], "damaged")


def test_other_files_are_not_recognised() -> None:
    """UTF-16 begins like a frame of MPEG; its name tells."""
    assert not IMPORTER.recognises(held("a.txt", b"\xff\xfea\0"))
    assert not IMPORTER.recognises(held("a.heic", b"\0\0\0\x18ftypheic"))
