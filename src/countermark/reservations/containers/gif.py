"""GIF89a: the application extension `XMP DataXMP` (XMP part 3, section 1.1.2).

The packet stands there without sub-blocks; 258 bytes ("magic trailer", 0x01 0xFF 0xFE … 0x00 0x00) lead a reader that
knows nothing of XMP to the end of the extension.
"""

from __future__ import annotations

from typing import Final

from countermark.reservations.containers.packets import Packets

MAGIC: Final = (b"GIF87a", b"GIF89a")
_XMP: Final = b"\x0bXMP DataXMP"
_TRAILER: Final = b"\x01\xff\xfe\xfd\xfc"


def gif_packets(data: bytes) -> Packets:
    """The packets of all application extensions of XMP."""
    packets = Packets()
    if _XMP not in data:
        if data.rstrip(b"\0")[-1:] != b";":
            packets.broken("cut-short")
        return packets
    flags = data[10] if len(data) > 10 else 0
    at = 13 + _table(flags)
    while True:
        kind = data[at : at + 1]
        if kind == b";":
            return packets
        if kind == b"!" and data.startswith(_XMP, at + 2):
            start = at + 2 + len(_XMP)
            end = data.find(_TRAILER, start)
            if end < 0:
                packets.broken("cut-short")
                return packets
            packets.add(data[start:end])
            at = end + 258
        elif kind == b"!":
            at = _blocks(data, at + 2)
        elif kind == b"," and at + 10 <= len(data):
            at = _blocks(data, at + 11 + _table(data[at + 9]))
        else:
            packets.broken("malformed" if kind else "cut-short")
            return packets


def _table(flags: int) -> int:
    """The size of a colour table in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """The place after a run of sub-blocks."""
    while at < len(data):
        size = data[at]
        at += 1 + size
        if not size:
            break
    return at
