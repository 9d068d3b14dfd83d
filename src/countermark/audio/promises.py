"""What a file says of its own end, against the bytes that came: files that were cut off are told from whole ones.

Decoders pass over a missing end in silence. A file that says nothing of its end (MPEG streams, AC-3, AMR, FLV, raw
frames cut between two frames) shows no cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from countermark.audio.sniffing import MPEG_RATES, adts_frame, first_frame, mp3_frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

_LEAST: Final = 0.05
"""Seconds that are missing at least where bytes are: some writers count their own header among the sound."""
_MOST_CHUNKS: Final = 1 << 16
_PAGE: Final = 27 + 255 + 255 * 255
"""Bytes of the longest page of an Ogg file (RFC 3533, section 6)."""
_TAIL: Final = 1 << 15
"""Bytes in which the last frames are looked for: four of the longest of AAC."""
_HEADER: Final = 7
_FRAMES_OFF: Final = 4
"""Frames by which an MP3 may be shorter than its count says: encoders' delay and padding, the frame of the count."""
_ASF_FILE: Final = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_EBML, _SEGMENT, _VOID = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\xec"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a file says of its end; nothing by default.

    Of the sound's bytes `came` are there and `missing` are not. `seconds` is how long the sound is, `within` how many
    less are no loss. `said` names what shows a cut whose length is not known.
    """

    came: int = 0
    missing: int = 0
    seconds: float | None = None
    within: float = 0.0
    said: str = ""

    def broken(self, end: float) -> str:
        """What is to be said of a sound that ended at the second `end`; empty where nothing is missing."""
        if self.missing > 0 and self.came > 0:
            lost = end * self.missing / self.came
            if lost >= _LEAST:
                of = f"{self.missing:,} of {self.came + self.missing:,} bytes"
                return f"{of} are missing, about {lost:.1f} seconds of sound"
        if self.seconds is not None and end < self.seconds - self.within:
            return too_short(end, self.seconds)
        return f"ended early: {self.said}" if self.said else ""


def too_short(end: float, told: float) -> str:
    """What is said of a sound that is shorter than its file says."""
    return f"{told - end:.1f} seconds are missing of the {told:.1f} that it says it has"


def promise_of(stream: BinaryIO, begin: int, size: int, kind: str, head: bytes) -> Promise:
    """The promise of a file of `size` bytes, whose sound begins at `begin` with `head`. Raises OSError."""
    if kind in _CHUNKED:
        return _chunked(stream, begin, size, _CHUNKED[kind])
    if kind == "mp4":
        return _boxed(stream, begin, size)
    if kind == "ogg":
        return Promise(said=_last_page(_end(stream, begin, size, 2 * _PAGE)))
    if kind == "mp3":
        return _counted_frames(head) or _last_frame(_end(stream, begin, size, _TAIL), mp3_frame)
    if kind == "aac":
        return _last_frame(_end(stream, begin, size, _TAIL), adts_frame)
    whole = _TOLD[kind](head) if kind in _TOLD else 0
    return _of_bytes(size - begin, whole) if whole else Promise()


def _of_bytes(came: int, whole: int) -> Promise:
    return Promise(came=max(0, min(came, whole)), missing=max(0, whole - came))


def _end(stream: BinaryIO, begin: int, size: int, most: int) -> bytes:
    stream.seek(max(begin, size - most))
    return stream.read(most)


class _Chunks(NamedTuple):
    """How a file is cut into chunks: where the first begins, the bytes of names and lengths, what lengths count."""

    first: int
    name: int
    length: int
    order: Literal["little", "big"]
    with_header: bool
    aligned: int
    data: bytes


_CHUNKED: Final = {
    "wav": _Chunks(12, 4, 4, "little", with_header=False, aligned=2, data=b"data"),
    "aiff": _Chunks(12, 4, 4, "big", with_header=False, aligned=2, data=b"SSND"),
    "caf": _Chunks(8, 4, 8, "big", with_header=False, aligned=1, data=b"data"),
    "w64": _Chunks(40, 16, 8, "little", with_header=True, aligned=8, data=b"data"),
}


def _chunked(stream: BinaryIO, begin: int, size: int, form: _Chunks) -> Promise:
    """The chunk of sound, which says its length before it comes."""
    stream.seek(begin)
    order: Literal["little", "big"] = "big" if stream.read(4) == b"RIFX" else form.order
    header, at, long = form.name + form.length, begin + form.first, 0
    for _ in range(_MOST_CHUNKS):
        stream.seek(at)
        head = stream.read(header + 16)
        if len(head) < header:
            break
        name, length = head[: form.name], int.from_bytes(head[form.name : header], order)
        length -= header * form.with_header
        at += header
        if name == b"ds64":  # lengths beyond four bytes (EBU Tech 3306)
            long = int.from_bytes(head[header + 8 : header + 16], order)
        if name.startswith(form.data):
            length = long if long and length == 2**32 - 1 else length
            return Promise() if _is_open(length) and length != long else _of_bytes(size - at, length)
        if length < 0:
            break
        at += -(-length // form.aligned) * form.aligned
    return Promise()


def _is_open(length: int) -> bool:
    """Whether a length stands for "not known yet": what is written to a pipe has 0, or as much as a number holds."""
    return length <= 0 or length >= 2**62 or min(abs(length - 2**31), abs(length - 2**32)) < 2**16


def _boxed(stream: BinaryIO, begin: int, size: int) -> Promise:
    """The boxes of samples of an MP4 file (ISO 14496-12, section 8.1.1)."""
    at, came = begin, 0
    for _ in range(_MOST_CHUNKS):
        stream.seek(at)
        head = stream.read(16)
        length, inner = int.from_bytes(head[:4]), 8
        if length == 1:
            length, inner = int.from_bytes(head[8:16]), 16
        if len(head) < 8 or length < inner:
            break
        if head[4:8] == b"mdat":
            came += min(at + length, size) - at
            if at + length > size:
                return Promise(came=came, missing=at + length - size)
        at += length
    return Promise()


def _last_page(tail: bytes) -> str:
    """What shows that an Ogg file does not come to its end; empty where nothing does."""
    at = tail.rfind(b"OggS\0")
    if at < 0:
        return ""
    page = tail[at:]
    if len(page) < 27 or len(page) < 27 + page[26] + sum(page[27 : 27 + page[26]]):
        return "it ends within a page"
    return "" if page[5] & 4 else "its last page is not marked as the last"


def _counted_frames(head: bytes) -> Promise | None:
    """The count of frames in the first frame of an MP3, by the Xing or VBRI header; None where there is none."""
    at = first_frame(head)[1]
    if at < 0:
        return None
    version, is_mono = head[at + 1] >> 3 & 3, head[at + 3] >> 6 == 3
    rate = MPEG_RATES[head[at + 2] >> 2 & 3] // {3: 1, 2: 2, 0: 4}[version]
    one = (1152 if version == 3 else 576) / rate
    place = at + 4 + ((17 if is_mono else 32) if version == 3 else (9 if is_mono else 17))
    frames = 0
    if head[place : place + 4] in {b"Xing", b"Info"} and int.from_bytes(head[place + 4 : place + 8]) & 1:
        frames = int.from_bytes(head[place + 8 : place + 12])
    elif head[at + 36 : at + 40] == b"VBRI":
        frames = int.from_bytes(head[at + 50 : at + 54])
    return Promise(seconds=frames * one, within=_FRAMES_OFF * one) if frames else None


def _last_frame(tail: bytes, length: Callable[[bytes, int], int]) -> Promise:
    """Whether a stream of frames ends within one."""
    at = first_frame(tail, ((length.__name__, length),))[1]
    while 0 <= at < len(tail):
        size = length(tail, at)
        if size > 0:
            at += size
            continue
        is_begun = len(tail) - at < _HEADER and tail[at] == 0xFF
        return Promise(said="it ends within a frame") if is_begun else Promise()  # else tags, or rubbish
    return Promise(said="it ends within a frame") if at > len(tail) else Promise()


def _of_asf(head: bytes) -> int:
    """The bytes of the whole file (ASF, section 3.2); 0 where it was broadcast."""
    at = head.find(_ASF_FILE)
    if at < 0 or len(head) < at + 92 or head[at + 88] & 1:
        return 0
    return int.from_bytes(head[at + 40 : at + 48], "little")


def _of_avi(head: bytes) -> int:
    length = int.from_bytes(head[4:8], "little")
    return 0 if _is_open(length) else length + 8


def _of_au(head: bytes) -> int:
    length = int.from_bytes(head[8:12])
    return 0 if _is_open(length) else int.from_bytes(head[4:8]) + length


def _of_matroska(head: bytes) -> int:
    """Where the segment ends (RFC 8794, section 4); 0 where it does not say."""
    at = 0
    for _ in range(8):
        name = next((one for one in (_EBML, _SEGMENT, _VOID) if head.startswith(one, at)), b"")
        at += len(name)
        if not name or at >= len(head) or not head[at]:
            return 0
        width = 9 - head[at].bit_length()
        length = int.from_bytes(head[at : at + width]) & ((1 << 7 * width) - 1)
        if length == (1 << 7 * width) - 1:
            return 0
        at += width + length
        if name == _SEGMENT:
            return at
    return 0


_TOLD: Final[dict[str, Callable[[bytes], int]]] = {
    "asf": _of_asf,
    "avi": _of_avi,
    "au": _of_au,
    "matroska": _of_matroska,
}
"""How many bytes a file has, by what it says at its head; 0 where it does not."""
