"""PNG: the chunks (PNG 3rd edition, section 5), XMP in iTXt (XMP part 3, section 1.1.5).

ImageMagick writes XMP as a hexadecimal dump under `Raw profile type xmp` in tEXt or zTXt; that is read too.
"""

from __future__ import annotations

import binascii
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.reservations.containers.packets import MAX_PARTS, Packets, StructureError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"\x89PNG\r\n\x1a\n"
KEYWORD: Final = b"XML:com.adobe.xmp"
_RAW: Final = b"Raw profile type xmp"


class Chunk(NamedTuple):
    """One chunk: `data[start:end]` is all of it, `body` what it holds."""

    name: bytes
    start: int
    end: int
    body: bytes


def chunks(data: bytes) -> Iterator[Chunk]:
    """The chunks up to IEND, picture data included (its bytes are not copied); raises StructureError."""
    at = len(MAGIC)
    for _ in range(MAX_PARTS):
        if at + 12 > len(data):
            raise StructureError("cut-short")
        name, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if end > len(data):
            raise StructureError("cut-short")
        yield Chunk(name, at, end, b"" if name == b"IDAT" else data[at + 8 : end - 4])
        if name == b"IEND":
            return
        at = end
    raise StructureError("many")


def png_packets(data: bytes) -> Packets:
    """The packets of all text chunks that hold XMP."""
    packets = Packets()
    try:
        for chunk in chunks(data):
            if chunk.name == b"iTXt" and is_xmp(chunk):
                international(chunk.body[len(KEYWORD) + 1 :], packets)
            elif chunk.name in {b"tEXt", b"zTXt"} and chunk.body.startswith(_RAW + b"\0"):
                _raw_profile(chunk, packets)
    except StructureError as error:
        packets.broken(str(error))
    return packets


def is_xmp(chunk: Chunk) -> bool:
    """Whether an iTXt chunk holds XMP."""
    return chunk.name == b"iTXt" and chunk.body.startswith(KEYWORD + b"\0")


def international(body: bytes, packets: Packets) -> None:
    """The packet of an iTXt chunk after its keyword: compression flag and method, language and translation, text."""
    language = body.find(b"\0", 2)
    keyword = body.find(b"\0", language + 1) if language >= 0 else -1
    if keyword < 0 or body[0] > 1:
        packets.broken("malformed")
        return
    text = body[keyword + 1 :]
    packets.add(_inflated(text, packets) if body[0] else text)


def _raw_profile(chunk: Chunk, packets: Packets) -> None:
    body = chunk.body[len(_RAW) + 1 :]
    text = _inflated(body[1:], packets) if chunk.name == b"zTXt" else body
    digits = text.lstrip(b"\n").split(b"\n", 2)  # a line with the name, a line with the length, the dump
    try:
        packets.add(binascii.unhexlify(b"".join(digits[2].split()) if len(digits) == 3 else b""))
    except (binascii.Error, ValueError):
        packets.broken("malformed")


def _inflated(text: bytes, packets: Packets) -> bytes:
    """The text as far as it may be inflated; the limit holds for all texts of the file together."""
    if packets.inflatable <= 0:
        packets.broken("compressed")
        return b""
    engine = zlib.decompressobj()
    try:
        inflated = engine.decompress(text, packets.inflatable)
    except zlib.error:
        packets.broken("compressed")
        return b""
    packets.inflatable -= len(inflated)
    if not engine.eof:
        packets.broken("compressed")
    return inflated
