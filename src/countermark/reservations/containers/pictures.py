"""The XMP packets of a picture, whatever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.containers.gif import gif_packets
from countermark.reservations.containers.jpeg import jpeg_packets
from countermark.reservations.containers.packets import Packets, scanned
from countermark.reservations.containers.png import png_packets
from countermark.reservations.containers.tiff import tiff_packets
from countermark.reservations.containers.webp import webp_packets

if TYPE_CHECKING:
    from collections.abc import Callable

_READERS: Final[dict[str, Callable[[bytes], Packets]]] = {
    "jpeg": jpeg_packets,
    "png": png_packets,
    "webp": webp_packets,
    "tiff": tiff_packets,
    "gif": gif_packets,
}


def picture_packets(data: bytes, kind: str) -> Packets:
    """The packets of a picture of that kind. Where its structure breaks off, the rest is searched by their tags."""
    reader = _READERS.get(kind)
    if reader is None:
        return scanned(data)
    packets = reader(data)
    if packets.damage:
        for packet in scanned(data).found:
            packets.add(packet)
    return packets
