"""What a sound file's bytes are, by the first of them and never by the name.

Only the containers named here are ever opened, each by the one demuxer that is asked for by name: so no playlist,
manifest or script (HLS, DASH, concat, SDP), which could name other files or addresses, is ever understood as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    Kinds = tuple[tuple[str, Callable[[bytes, int], int]], ...]

ACCEPTED: Final = (
    "accepted are MP3, AAC, Ogg, FLAC, WAV, W64, AIFF, CAF, AU, WMA, AC-3, APE, WavPack, TTA, AMR, "
    "and the sound of MP4, MOV, WebM, Matroska, AVI, FLV, MPEG files"
)
DEMUXERS: Final = {
    "mp3": "mp3",
    "aac": "aac",
    "ogg": "ogg",
    "flac": "flac",
    "wav": "wav",
    "w64": "w64",
    "aiff": "aiff",
    "caf": "caf",
    "au": "au",
    "asf": "asf",
    "ac3": "ac3",
    "eac3": "eac3",
    "ape": "ape",
    "wavpack": "wv",
    "tta": "tta",
    "amr": "amr",
    "mp4": "mov",
    "matroska": "matroska",
    "avi": "avi",
    "flv": "flv",
    "mpegts": "mpegts",
    "mpeg": "mpeg",
}
"""The formats, and the name of the demuxer that reads each."""

_MAGIC: Final = (
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", "w64"),
    (b"caff\0\x01", "caf"),
    (b".snd\0\0", "au"),
    (b"MAC ", "ape"),
    (b"wvpk", "wavpack"),
    (b"TTA1", "tta"),
    (b"#!AMR", "amr"),
    (b"FLV\x01", "flv"),
    (b"\0\0\x01\xba", "mpeg"),
)
_FORMS: Final = {
    (b"RIFF", b"WAVE"): "wav",
    (b"RIFX", b"WAVE"): "wav",
    (b"RF64", b"WAVE"): "wav",
    (b"BW64", b"WAVE"): "wav",
    (b"RIFF", b"AVI "): "avi",
    (b"FORM", b"AIFF"): "aiff",
    (b"FORM", b"AIFC"): "aiff",
}
_BOXES: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_PICTURES: Final = frozenset(
    {
        b"avif",
        b"avis",
        b"heic",
        b"heix",
        b"hevc",
        b"hevx",
        b"heim",
        b"heis",
        b"mif1",
        b"msf1",
        b"jp2 ",
        b"jxl ",
    }
)
_SEARCHED: Final = 1 << 16
"""Bytes within which the first frame of an MP3 or AAC stream must begin: some begin with rubbish or padding."""
_BIT_RATES: Final = {  # kbit/s by (MPEG 1, layer); index 0 is "free", which is not read
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
MPEG_RATES: Final = (44_100, 48_000, 32_000)


def looks_like_sound(head: bytes) -> str:
    """The format of a file by its first bytes, one of DEMUXERS, or empty if it is none of these.

    4096 bytes are enough. Containers of films are included, whether or not there is sound in them. A file that begins
    with an ID3 tag longer than `head` is said to be mp3, as it nearly always is.
    """
    tag = tag_length(head)
    if tag >= len(head) and tag:
        return "mp3"
    return sniffed(head[tag:])


def tag_length(head: bytes) -> int:
    """How long the ID3 tag is that a file begins with (ID3 v2.4, section 3.1); 0 where there is none."""
    if head[:3] != b"ID3" or len(head) < 10 or max(head[6:10]) > 127 or 255 in head[3:5]:
        return 0
    a, b, c, d = head[6:10]
    return 10 + (a << 21 | b << 14 | c << 7 | d) + (10 if head[5] & 16 else 0)


def sniffed(head: bytes) -> str:
    """The format by what follows the tags."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    form = _FORMS.get((head[:4], head[8:12]))
    if form:
        return form
    if head[4:8] == b"ftyp":
        return "" if _brands(head) & _PICTURES else "mp4"
    if head[4:8] in _BOXES and head[:2] in {b"\0\0", b"\0\1"}:
        return "mp4"
    if _in_packets(head):
        return "mpegts"
    return _raw_frames(head)


def _brands(head: bytes) -> set[bytes]:
    """The leading brand of an ISO base media file, and the next, by which pictures are told."""
    return {head[8:12], head[16:20]} if head[8:12] in {b"mif1", b"msf1"} else {head[8:12]}


def _in_packets(head: bytes) -> bool:
    """Packets of a transport stream: a byte 0x47 at each 188 bytes, or at each 192 after a time of four."""
    for first, step in ((0, 188), (4, 192)):
        places = range(first, min(len(head), 8 * step), step)
        if len(places) >= 3 and all(head[at] == 0x47 for at in places):
            return True
    return False


def _raw_frames(head: bytes) -> str:
    """A stream of frames without a container: at the start, or after some rubbish if three follow each other."""
    if head[:2] == b"\x0b\x77" and len(head) > 5:
        return "eac3" if head[5] >> 3 > 10 else "ac3"
    return first_frame(head)[0]


def first_frame(head: bytes, kinds: Kinds = ()) -> tuple[str, int]:
    """The kind of the first frame from which others follow, `mp3` or `aac` unless told, and its place, or -1."""
    at = 0
    while (at := head.find(b"\xff", at, _SEARCHED)) >= 0:
        for name, length in kinds or (("mp3", mp3_frame), ("aac", adts_frame)):
            if _follow(head, at, length):
                return name, at
        at += 1
    return "", -1


def _follow(head: bytes, at: int, length: Callable[[bytes, int], int]) -> bool:
    """Three frames, one after the other; at the very start, as many as `head` shows."""
    first = at
    for _ in range(3):
        size = length(head, at)
        if size <= 0:
            return False
        at += size
        if at + 7 > len(head):
            return first == 0 and head[1] != 0xFE  # which is the mark of UTF-16, too
    return True


def mp3_frame(head: bytes, at: int) -> int:
    """The bytes of the MPEG audio frame that begins at `at`, or 0 (ISO 11172-3, section 2.4.1.3)."""
    if len(head) < at + 4 or head[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[at + 1] >> 3 & 3, 4 - (head[at + 1] >> 1 & 3)
    bit_rate, rate, padding = head[at + 2] >> 4, head[at + 2] >> 2 & 3, head[at + 2] >> 1 & 1
    if version == 1 or layer == 4 or bit_rate in {0, 15} or rate == 3:
        return 0
    bits = _BIT_RATES[version == 3, layer][bit_rate] * 1000
    hertz = MPEG_RATES[rate] // {3: 1, 2: 2, 0: 4}[version]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // hertz + padding


def adts_frame(head: bytes, at: int) -> int:
    """The bytes of the AAC frame that begins at `at`, or 0 (ISO 14496-3, annex 1.A)."""
    if len(head) < at + 6 or head[at + 1] & 0xF6 != 0xF0 or head[at + 2] >> 2 & 15 > 12:
        return 0
    size = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return size if size > 7 else 0
