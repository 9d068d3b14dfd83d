"""What a container yields: the XMP packets that stand in it, and what of it could not be followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from countermark.documents.xmp import MAX_PACKET

MAX_PACKETS: Final = 32
"""Packets that are read of one file."""

MAX_TOTAL: Final = 2 * MAX_PACKET
"""Bytes of all packets of one file that are read."""

MAX_PARTS: Final = 500_000
"""Segments, chunks or entries of one file that are looked at: far more than a real one has."""

MAX_INFLATED: Final = 4 * MAX_PACKET
"""Bytes that may be inflated from one file."""

OPEN_TAG: Final = b"<x:xmpmeta"
CLOSE_TAG: Final = b"</x:xmpmeta>"


class StructureError(ValueError):
    """The structure of a file cannot be followed further; the message is a code of damage."""


@dataclass(slots=True)
class Packets:
    """`found` are packets as they stand in the file, in order; `damage` are codes, in the order in which they came.

    `cut-short`   the container ends in the middle of a part
    `malformed`   a length, a marker or a pointer is not what the format allows
    `compressed`  a compressed packet is damaged or inflates beyond the limit
    `too-large`   a packet, or all of them together, are larger than is read
    `incomplete`  pieces of an extended packet are missing
    `many`        there are more packets or parts than are read
    """

    found: list[bytes] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    inflatable: int = MAX_INFLATED

    def add(self, packet: bytes) -> None:
        """Keep a packet, once."""
        if packet in self.found or not packet.strip(b"\0 \t\r\n"):
            return
        if len(packet) > MAX_PACKET or sum(map(len, self.found)) + len(packet) > MAX_TOTAL:
            self.broken("too-large")
        elif len(self.found) >= MAX_PACKETS:
            self.broken("many")
        else:
            self.found.append(packet)

    def broken(self, code: str) -> None:
        """Note damage, once."""
        if code not in self.damage:
            self.damage.append(code)


def scanned(data: bytes) -> Packets:
    """The packets in a file whose structure is not followed, found by their first and last tag.

    This is how ISO 16684-1 (Annex A.2, packet scanning) meets unknown formats; it sees no compressed packet, and cannot
    tell the packet of the file from that of a picture placed in it.
    """
    packets = Packets()
    start = data.find(OPEN_TAG)
    while start >= 0:
        end = data.find(CLOSE_TAG, start)
        if end < 0:
            packets.broken("cut-short")
            break
        packets.add(data[start : end + len(CLOSE_TAG)])
        start = data.find(OPEN_TAG, end)
    return packets
