"""MP4 files whose tables name more samples than they hold bytes for, wherever the tables stand."""

from __future__ import annotations

import io
import struct
import zlib

import pytest

from audio.sounded import KINDS, encoded, heard
from countermark.audio.limits import MOST_INDEXED
from countermark.audio.sample_tables import check_sample_tables
from countermark.errors import SoundError

MANY = 60_000_000


def box(kind: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return struct.pack(">I", 8 + len(data)) + kind + data


def full(kind: bytes, *content: bytes) -> bytes:
    return box(kind, bytes(4), *content)


def stsz(count: int, each: int = 4) -> bytes:
    return full(b"stsz", struct.pack(">II", each, count))


def film(*boxes: bytes) -> bytes:
    return box(b"ftyp", b"M4A \0\0\2\0") + box(b"mdat", bytes(4096)) + b"".join(boxes)


def track(table: bytes) -> bytes:
    return box(b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", table)))))


PLACES = [b"edts", b"udta", b"meta", b"wave", b"dinf", b"mvex", b"ilst", b"sinf", b"tref", b"free", b"hoov"]
BOMBS = {
    **{name.decode(): film(track(box(name, stsz(MANY)))) for name in PLACES},
    "outermost free": film(box(b"free", track(stsz(MANY)))),
    "many tracks below the bound": film(*(track(stsz(MOST_INDEXED // 2)) for _ in range(3))),
    "half bytes": film(track(full(b"stz2", struct.pack(">II", 4, MANY)))),
    "fragment": film(box(b"moof", box(b"traf", full(b"trun", struct.pack(">I", 2**31 - 1))))),
    "fragments": film(
        box(b"moof", box(b"traf", *(full(b"trun", struct.pack(">I", MANY)) for _ in range(50))))
    ),
    "listed, without the list": film(track(stsz(2**31 - 1, each=0))),
    "a box that says too little of itself": film(struct.pack(">I", 3) + b"junk", track(stsz(MANY))),
}


def refused(data: bytes) -> SoundError:
    with pytest.raises(SoundError) as caught:
        check_sample_tables(io.BytesIO(data), 0, len(data))
    return caught.value


@pytest.mark.parametrize("name", BOMBS)
def test_tables_without_the_bytes_are_refused(name: str) -> None:
    error = refused(BOMBS[name])
    assert error.reason == "damaged"
    assert "samples" in str(error)


def test_a_compressed_header_is_refused_before_it_is_unfolded() -> None:
    header = zlib.compress(track(stsz(MANY)) + bytes(1 << 20), 9)
    data = film(box(b"moov", box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", bytes(4), header))))
    assert refused(data).reason == "unsupported"


def test_a_table_across_two_pieces_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = film(track(stsz(MANY)))
    for piece in (16, 17, 18, 19, 20, 21):
        monkeypatch.setattr("countermark.audio.sample_tables._PIECE", piece)
        assert refused(data).reason == "damaged"


def test_plain_sound_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uncompressed sound names a sample for each few bytes that are there; a second table finds none left."""
    monkeypatch.setattr("countermark.audio.sample_tables.MOST_INDEXED", 100)
    data = film(track(stsz(1000, each=4)))
    check_sample_tables(io.BytesIO(data), 0, len(data))
    assert refused(film(track(stsz(1000, each=4)), track(stsz(1000, each=4)))).reason == "damaged"


@pytest.mark.parametrize("kind", [name for name in KINDS if "m4a" in name or "mp4" in name or "mov" in name])
def test_real_files_are_read(kind: str) -> None:
    assert heard(encoded(KINDS[kind]))[1] == ""
