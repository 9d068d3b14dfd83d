"""XMP into a copy of a JPEG, PNG or WebP; the coded picture keeps its bytes.

Sources: XMP part 3, sections 1.1.3 (JPEG) and 1.1.5 (PNG); RFC 9649, section 2.7 (WebP: `VP8X` before, `XMP ` last).
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

from countermark.errors import DocumentError
from countermark.reservations.containers import jpeg, png, webp
from countermark.reservations.containers.packets import Packets, StructureError

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_SEGMENT: Final = 65_533  # bytes after the length field of a JPEG segment
_PADDING: Final = re.compile(rb"(?<=>)\s+<\?xpacket end")
_EXIF: Final = b"Exif\0"
_VP8X_XMP: Final = 0x04
_VP8X_ALPHA: Final = 0x10
WRITABLE: Final = ("jpeg", "png", "webp")


def with_packet(data: bytes, kind: str, change: Callable[[bytes], bytes]) -> bytes:
    """The picture with the XMP packet that `change` makes of the one that stands in it (b"" if there is none).

    Raises DocumentError `damaged` where the structure cannot be followed, `too-large` where the packet does not fit.
    """
    try:
        return {"jpeg": _jpeg, "png": _png, "webp": _webp}[kind](data, change)
    except StructureError as error:
        raise DocumentError(
            "damaged", f"the picture is damaged ({error}); a copy cannot be written"
        ) from None


def _jpeg(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    place = 2
    for segment in jpeg.segments(data):
        if segment.marker == jpeg.APP1 and data.startswith(jpeg.XMP, segment.body):
            packet = change(data[segment.body + len(jpeg.XMP) : segment.end])
            return data[: segment.start] + _segment(packet) + data[segment.end :]
        first = segment.marker == jpeg.APP0 or data.startswith(_EXIF, segment.body)
        if first and segment.start == place:  # JFIF and Exif come first
            place = segment.end
    return data[:place] + _segment(change(b"")) + data[place:]


def _segment(packet: bytes) -> bytes:
    body = jpeg.XMP + packet
    if (
        len(body) > _MAX_SEGMENT
    ):  # writers leave some kilobytes of white space before the end, to be written into
        body = _PADDING.sub(b"\n<?xpacket end", body)
    if len(body) > _MAX_SEGMENT:
        raise DocumentError(
            "too-large", f"the XMP has {len(packet):,} bytes, which one JPEG segment does not hold"
        )
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def _png(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    first = -1
    for chunk in png.chunks(data):
        if png.is_xmp(chunk):
            packets = Packets()
            png.international(chunk.body[len(png.KEYWORD) + 1 :], packets)
            if packets.damage:
                raise StructureError(packets.damage[0])
            packet = change(packets.found[0] if packets.found else b"")
            return data[: chunk.start] + _itxt(packet) + data[chunk.end :]
        if first < 0 and chunk.name == b"IDAT":
            first = chunk.start
    if first < 0:
        raise StructureError("malformed")
    return data[:first] + _itxt(change(b"")) + data[first:]


def _itxt(packet: bytes) -> bytes:
    body = (
        b"iTXt" + png.KEYWORD + b"\0\0\0\0\0" + packet
    )  # not compressed; no language, no translated keyword
    return (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)


def _webp(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    found = list(webp.chunks(data))
    if not found:
        raise StructureError("malformed")
    limit = found[-1].end
    old = next((chunk for chunk in found if chunk.name == webp.XMP), None)
    packet = change(data[old.body : old.close] if old else b"")
    written = _chunk(webp.XMP, packet)
    body = data[12:limit] if old is None else data[12 : old.start] + data[old.end : limit]
    if found[0].name == b"VP8X":
        flags = found[0].body - 12
        body = body[:flags] + bytes([body[flags] | _VP8X_XMP]) + body[flags + 1 :]
    else:
        body = _extended_header(data, found[0]) + body
    body += b"\0" * (len(body) % 2) + written
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body + data[limit:]


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _extended_header(data: bytes, first: webp.Chunk) -> bytes:
    """The chunk VP8X of a picture that has none: its size and whether it has transparency (RFC 9649, 2.5 to 2.7)."""
    body = data[first.body : first.close]
    if first.name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) >= 10:
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        flags = _VP8X_XMP
    elif first.name == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        flags = _VP8X_XMP | (_VP8X_ALPHA if bits >> 28 & 1 else 0)
    else:
        raise StructureError("malformed")
    if not width or not height:
        raise StructureError("malformed")
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return _chunk(b"VP8X", bytes([flags, 0, 0, 0]) + size)
