"""JPEG: the segments before the picture data (ISO/IEC 10918-1, Annex B), and XMP in APP1 (XMP part 3, section 1.1.3).

A packet over 64 KB is divided: the standard packet names the MD5 of the rest (`xmpNote:HasExtendedXMP`), which stands
in further APP1 segments: 32 characters of MD5, full length and offset (32 bits each, big-endian), then the piece.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.documents.xmp import MAX_PACKET
from countermark.reservations.containers.packets import MAX_PARTS, Packets, StructureError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"\xff\xd8\xff"
XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED: Final = b"http://ns.adobe.com/xmp/extension/\0"
APP0: Final = 0xE0
APP1: Final = 0xE1
_SOS: Final = 0xDA
_EOI: Final = 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, RSTn, SOI: markers without a length
_FILL: Final = re.compile(rb"\xff{2,}")  # any marker may be preceded by fill bytes (B.1.1.2)
_NAMED: Final = re.compile(rb"HasExtendedXMP\s*(?:=\s*[\"']|>)\s*([0-9A-Fa-f]{32})")


class Segment(NamedTuple):
    """One marker segment: `data[start:end]` is all of it, `data[body:end]` what follows its length."""

    marker: int
    start: int
    body: int
    end: int


def segments(data: bytes) -> Iterator[Segment]:
    """The segments up to the start of the picture data; raises StructureError where they break off."""
    at = 2
    for _ in range(MAX_PARTS):
        start = at
        if fill := _FILL.match(data, at):
            at = fill.end() - 1
        if at + 2 > len(data):
            raise StructureError("cut-short")
        if data[at] != 0xFF:
            raise StructureError("malformed")
        marker = data[at + 1]
        if marker in {_SOS, _EOI}:
            return
        if marker in _ALONE:
            at += 2
            continue
        if at + 4 > len(data):
            raise StructureError("cut-short")
        length = int.from_bytes(data[at + 2 : at + 4])
        if length < 2:
            raise StructureError("malformed")
        end = at + 2 + length
        if end > len(data):
            raise StructureError("cut-short")
        yield Segment(marker, start, at + 4, end)
        at = end
    raise StructureError("many")


def jpeg_packets(data: bytes) -> Packets:
    """The standard packets, and the extended packet that they name."""
    packets = Packets()
    extended: dict[bytes, _Extended] = {}
    try:
        for segment in segments(data):
            if segment.marker != APP1:
                continue
            if data.startswith(XMP, segment.body):
                packets.add(data[segment.body + len(XMP) : segment.end])
            elif data.startswith(EXTENDED, segment.body):
                _piece(data[segment.body + len(EXTENDED) : segment.end], extended, packets)
    except StructureError as error:
        packets.broken(str(error))
    named = dict.fromkeys(match[1].upper() for packet in packets.found if (match := _NAMED.search(packet)))
    for name in named:
        whole = extended[name].whole() if name in extended else None
        if whole is None:
            packets.broken("incomplete")
        else:
            packets.add(whole)
    return packets


class _Extended:
    """The pieces of one extended packet, by offset."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pieces: dict[int, bytes] = {}

    def whole(self) -> bytes | None:
        """The packet, or None where pieces are missing or overlap."""
        at = 0
        for offset, piece in sorted(self.pieces.items()):
            if offset != at:
                return None
            at += len(piece)
        return b"".join(self.pieces[offset] for offset in sorted(self.pieces)) if at == self.size else None


def _piece(body: bytes, extended: dict[bytes, _Extended], packets: Packets) -> None:
    if len(body) < 40:
        packets.broken("malformed")
        return
    size, offset = int.from_bytes(body[32:36]), int.from_bytes(body[36:40])
    if size > MAX_PACKET:
        packets.broken("too-large")
        return
    extended.setdefault(body[:32].upper(), _Extended(size)).pieces[offset] = body[40:]
