"""TIFF and BigTIFF, and raw formats built on it (DNG, NEF, ARW, CR2): XMP in tag 700 (XMP part 3, section 1.1.9)."""

from __future__ import annotations

from typing import Final, Literal

from countermark.reservations.containers.packets import MAX_PARTS, Packets

_XMP: Final = 700
_SUBFILES: Final = 330
_MAX_DIRECTORIES: Final = 256
_SIZES: Final = {
    1: 1,
    2: 1,
    6: 1,
    7: 1,
    3: 2,
    8: 2,
    4: 4,
    9: 4,
    11: 4,
    13: 4,
    5: 8,
    10: 8,
    12: 8,
    16: 8,
    17: 8,
    18: 8,
}
_MAGIC: Final = {b"II*\0": False, b"MM\0*": False, b"II+\0": True, b"MM\0+": True}


def is_tiff(data: bytes) -> bool:
    """Whether the bytes begin as a TIFF or BigTIFF does."""
    return data[:4] in _MAGIC


def tiff_packets(data: bytes) -> Packets:
    """The packets of all image file directories, sub-directories included."""
    reader = _Reader(data)
    reader.walk()
    return reader.packets


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.big = _MAGIC[data[:4]]
        self.order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
        self.packets = Packets()
        self.left = MAX_PARTS  # entries that may still be looked at: directories may overlap
        self.waiting = [self.number(8 if self.big else 4, 8 if self.big else 4)]

    def number(self, at: int, size: int) -> int:
        """A whole number; 0 beyond the end, which is noted."""
        if at + size > len(self.data):
            self.packets.broken("cut-short")
            return 0
        return int.from_bytes(self.data[at : at + size], self.order)

    def walk(self) -> None:
        """Visit each directory once."""
        seen: set[int] = set()
        while self.waiting:
            at = self.waiting.pop()
            if not at or at in seen:
                continue
            if len(seen) >= _MAX_DIRECTORIES:
                self.packets.broken("many")
                return
            seen.add(at)
            self.directory(at)

    def directory(self, at: int) -> None:
        """The entries of one directory; the next one waits."""
        head, width = (8, 20) if self.big else (2, 12)
        count = self.number(at, head)
        if count > self.left or at + head + count * width > len(self.data):
            self.packets.broken("cut-short" if count <= self.left else "many")
            count = min(count, max(0, len(self.data) - at - head) // width, self.left)
        self.left -= count
        for entry in range(at + head, at + head + count * width, width):
            tag = self.number(entry, 2)
            if tag in {_XMP, _SUBFILES}:
                self.entry(entry, tag)
        self.waiting.append(self.number(at + head + count * width, 8 if self.big else 4))

    def entry(self, entry: int, tag: int) -> None:
        """One entry whose value is wanted."""
        word = 8 if self.big else 4
        unit = _SIZES.get(self.number(entry + 2, 2), 0)
        count = self.number(entry + 4, word)
        size = unit * count
        start = entry + 4 + word if size <= word else self.number(entry + 4 + word, word)
        if not unit or start + size > len(self.data):
            self.packets.broken("cut-short" if unit else "malformed")
        elif tag == _XMP:
            self.packets.add(self.data[start : start + size])
        elif len(self.waiting) >= _MAX_DIRECTORIES:
            self.packets.broken("many")
        else:
            offsets = range(start, start + size, unit)[:_MAX_DIRECTORIES]
            self.waiting += [self.number(offset, unit) for offset in offsets]
