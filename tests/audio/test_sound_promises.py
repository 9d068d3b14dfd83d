"""Files that were cut off, or lost something within: told where the file itself says more, and never without."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest

from audio.sounded import KINDS, encoded, heard, off_by, played
from countermark.audio import promises, sniffing
from countermark.audio.frames import Form, Mixer

_SILENT = frozenset({"ac3", "mpeg"})
"""Kinds of which nothing says how long they are: a cut shows only where it happens to spoil a frame."""
_HEADED = frozenset({"aac (m4a)", "alac (m4a)", "mov", "mp4"})
"""Kinds whose tables stand at their end: without it, nothing of them can be read."""


@pytest.mark.parametrize("name", sorted(KINDS.keys() - _SILENT - _HEADED))
@pytest.mark.parametrize("share", [0.5, 0.96])
def test_a_file_that_was_cut_off_is_told_from_a_whole_one(name: str, share: float) -> None:
    data = encoded(KINDS[name])
    assert heard(data)[1] == ""
    found, damaged = heard(data[: int(len(data) * share)])
    assert found.size
    assert damaged


@pytest.mark.parametrize(
    "name", ["mp3", "mp3 at 22 kHz", "wav of 16 bits", "flac", "aiff", "mkv", "wma", "caf", "au"]
)
def test_how_much_is_missing_is_said(name: str) -> None:
    data = encoded(KINDS[name])
    found, damaged = heard(data[: len(data) // 2])
    missing = 6 - found.size / 16_000
    said = [
        float(word) for word in damaged.split() if word.count(".") == 1 and word.replace(".", "").isdigit()
    ]
    assert any(abs(number - missing) < 0.25 for number in said), damaged


def test_tables_at_the_head_of_an_mp4_tell_how_much_is_missing() -> None:
    """As files for the web have them: put before what they speak of, with each place moved by as much."""
    data = encoded(KINDS["aac (m4a)"])
    at = data.index(b"moov") - 4
    size = int.from_bytes(data[at : at + 4])
    moov, first = bytearray(data[at : at + size]), data.index(b"mdat") - 12  # a box `free` stands before it
    first = data.index(b"free") - 4 if b"free" in data[:first] else first
    place = moov.index(b"stco") + 8
    for entry in range(int.from_bytes(moov[place : place + 4])):
        spot = slice(place + 4 + 4 * entry, place + 8 + 4 * entry)
        moov[spot] = struct.pack(">I", int.from_bytes(moov[spot]) + size)
    whole = data[:first] + bytes(moov) + data[first:at]
    assert heard(whole)[1] == ""
    found, damaged = heard(whole[: len(whole) * 3 // 4])
    assert 3 < found.size / 16_000 < 5
    assert "bytes are missing, about" in damaged


def test_what_says_nothing_of_its_length_is_not_damaged() -> None:
    """Streams: WAV written to a pipe, MP3 and AAC cut between two frames, Matroska of unknown size."""
    wav = bytearray(encoded(KINDS["wav of 16 bits"]))
    place = wav.index(b"data") + 4
    for length in (0, 2**31 - 1, 2**31, 2**32 - 1, 2**32 - 100):
        wav[place : place + 4] = struct.pack("<I", length)
        found, damaged = heard(bytes(wav))
        assert not damaged
        assert found.size
    mp3 = encoded(KINDS["mp3"])
    frames = [sniffing.tag_length(mp3)]
    while frames[-1] < len(mp3) and (size := sniffing.mp3_frame(mp3, frames[-1])):
        frames.append(frames[-1] + size)
    assert heard(mp3[frames[1] : frames[100]])[1] == ""  # without the first, which counts them
    assert heard(mp3[frames[1] : frames[100]] + b"TAG" + bytes(125))[1] == ""
    assert "within a frame" in heard(mp3[frames[1] : frames[100] + 50])[1]
    matroska = bytearray(encoded(KINDS["opus (webm)"]))
    place = matroska.index(b"\x18\x53\x80\x67") + 4
    matroska[place : place + 8] = b"\x01" + b"\xff" * 7
    assert (
        promises.promise_of(io.BytesIO(matroska), 0, len(matroska), "matroska", bytes(matroska)).missing == 0
    )


def test_lengths_beyond_four_bytes_are_read() -> None:
    """RF64, with its lengths in a chunk of their own."""
    wav = encoded(KINDS["wav of 16 bits"])
    at = wav.index(b"data")
    sound = wav[at + 8 :]
    long = b"ds64" + struct.pack("<IQQQI", 28, len(wav) + 28, len(sound), 0, 0)
    data = b"RF64\xff\xff\xff\xffWAVE" + long + wav[12:at] + b"data\xff\xff\xff\xff" + sound
    assert heard(data)[1] == ""
    assert "bytes are missing" in heard(data[: len(data) // 2])[1]


def test_an_ogg_file_ends_with_a_page_that_says_so() -> None:
    data = encoded(KINDS["vorbis (ogg)"])
    last = data.rindex(b"OggS")
    assert "not marked as the last" in heard(data[:last])[1]
    assert heard(data + b"what somebody wrote behind it")[1] == ""


@pytest.mark.parametrize(
    "name", ["aac (m4a)", "opus (ogg)", "opus (webm)", "vorbis (ogg)", "flac", "mkv", "flv", "ts", "wma"]
)
def test_what_is_lost_within_is_silence_and_what_follows_stays_where_it_was(name: str) -> None:
    data = encoded(KINDS[name], 20.0)
    begin, end = int(len(data) * 0.4), int(len(data) * 0.5)
    late_before = off_by(heard(data, 15.0, 3.0)[0], 15.0)[0]
    found, damaged = heard(data[:begin] + bytes(end - begin) + data[end:])
    assert "within it are missing, and silence stands for them" in damaged
    late, alike = off_by(found[15 * 16_000 : 18 * 16_000], 15.0)
    assert abs(late - late_before) < 3
    assert alike > 0.85
    window, _ = heard(data[:begin] + bytes(end - begin) + data[end:], 15.0, 3.0)
    assert abs(off_by(window, 15.0)[0] - late_before) < 3


def test_silence_for_what_is_missing_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("countermark.audio.placing.MOST_SILENCE", 1)
    data = encoded(KINDS["flac"], 20.0)
    begin, end = int(len(data) * 0.4), int(len(data) * 0.5)
    found, damaged = heard(data[:begin] + bytes(end - begin) + data[end:])
    assert found.size < 18.5 * 16_000
    assert "times jump by" in damaged


def test_silence_is_silence_in_samples_of_any_kind() -> None:
    """Those of eight bits without a sign among them."""
    for kind, channels in (("u8", 1), ("u8", 2), ("s16", 2), ("s32p", 2), ("fltp", 6), ("dbl", 1)):
        mixer = Mixer(Form(kind, channels, 44_100))
        blocks = [*mixer.quiet(100_000), mixer.finish()]
        assert sum(block.size for block in blocks) == 100_000
        assert not np.concatenate(blocks).any()


def test_no_time_is_made_up_where_clocks_waver() -> None:
    """A recording is as long with its sound as without: nothing is put in where nothing is missing."""
    for name in ("flv", "opus (webm)", "ts", "wma"):
        found, damaged = heard(encoded(KINDS[name], sound=played(60.0, KINDS[name].rate)))
        assert not damaged
        assert abs(found.size / 16_000 - 60) < 0.1
