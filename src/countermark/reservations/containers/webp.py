"""WebP: the chunks of RIFF (RFC 9649, section 2), XMP in the chunk `XMP `."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.reservations.containers.packets import MAX_PARTS, Packets, StructureError

if TYPE_CHECKING:
    from collections.abc import Iterator

XMP: Final = b"XMP "


class Chunk(NamedTuple):
    """One chunk: `data[start:end]` is all of it with its padding, `data[body:close]` what it holds."""

    name: bytes
    start: int
    body: int
    close: int
    end: int


def chunks(data: bytes) -> Iterator[Chunk]:
    """The chunks within the RIFF; raises StructureError."""
    limit = 8 + int.from_bytes(data[4:8], "little")
    if limit > len(data):
        yield from _walk(data, len(data))
        raise StructureError("cut-short")
    yield from _walk(data, limit)


def webp_packets(data: bytes) -> Packets:
    """The packets of all `XMP ` chunks."""
    packets = Packets()
    try:
        for chunk in chunks(data):
            if chunk.name == XMP:
                packets.add(data[chunk.body : chunk.close])
    except StructureError as error:
        packets.broken(str(error))
    return packets


def _walk(data: bytes, limit: int) -> Iterator[Chunk]:
    at = 12
    for _ in range(MAX_PARTS):
        if at + 8 > limit:
            break
        close = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if close > limit:
            raise StructureError("cut-short")
        end = min(close + (close - at) % 2, limit)
        yield Chunk(data[at : at + 4], at, at + 8, close, end)
        at = end
    if at != limit:
        raise StructureError("malformed")
