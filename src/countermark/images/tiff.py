"""TIFF: its directories, and one page of it as a file of its own (Adobe, TIFF revision 6.0, 2; BigTIFF alike).

A directory may name millions of values, or the same bytes thousands of times, and point to further directories in a
ring. So each page is judged here, and handed on with a new directory that has only the tags that pixels need.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

from countermark.errors import PictureError
from countermark.images.limits import MOST_PARTS, MOST_WHOLE, check_size
from countermark.images.orientation import UPRIGHT

_MOST_PAGES: Final = 1000
_MOST_VALUES: Final = 1 << 20
_SIZES: Final = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    16: 8,
    17: 8,
    18: 8,
}
_LETTERS: Final = {1: "u1", 3: "u2", 4: "u4", 16: "u8"}
_KIND, _WIDTH, _HEIGHT, _COMPRESSION, _ORIENTATION = 254, 256, 257, 259, 274
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES, _TILE_WIDTH, _TILE_HEIGHT = 273, 279, 324, 325, 322, 323
_KEPT: Final = frozenset(
    {_WIDTH, _HEIGHT, 258, _COMPRESSION, 262, 266, _STRIPS, 277, 278, _STRIP_BYTES, 284, 292, 293, 317, 320}
    | {_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES, 332, 338, 339, 347, 529, 530, 531, 532}
)
# None, CCITT (2, 3, 4), LZW, JPEG, Deflate (8, 32946), PackBits, LZMA, Zstandard.
_COMPRESSIONS: Final = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000})


@dataclass(frozen=True, slots=True)
class Layout:
    """How numbers are written: the order of bytes, and whether offsets have eight of them."""

    order: str
    big: bool

    @property
    def entry(self) -> struct.Struct:
        """Tag, kind, count, and the value or where it stands."""
        return struct.Struct(self.order + ("HHQ8s" if self.big else "HHI4s"))

    def number(self, raw: bytes) -> int:
        """A whole number of any length."""
        return int.from_bytes(raw, "little" if self.order == "<" else "big")


@dataclass(frozen=True, slots=True)
class Page:
    """One directory: the tags that are kept, as they stand; its size; and if the file has the whole of it."""

    entries: tuple[tuple[int, int, int, bytes], ...]
    width: int
    height: int
    orientation: int
    whole: bool


def walk_tiff(data: bytes) -> tuple[Layout, list[Page], int]:
    """The pages that can be decoded, in order, and how many there are; smaller versions of a page are none.

    Raises PictureError where the first one cannot be decoded.
    """
    layout, at = _start(data)
    pages: list[Page] = []
    seen: set[int] = set()
    count, entries = 0, 0
    while at and at not in seen and len(seen) < _MOST_PAGES and entries < MOST_PARTS:
        seen.add(at)
        try:
            tags, read, at = _directory(data, layout, at)
            entries += read
            if pages and _value(data, layout, tags, _KIND, 0) & 1:
                continue
            count += 1
            pages.append(_page(data, layout, tags))
        except PictureError:
            if not pages:
                raise
            if not count:
                break
    if not pages:
        raise PictureError("corrupt", "is a TIFF without any picture in it")
    return layout, pages, count


def page_as_file(data: bytes, layout: Layout, page: Page) -> bytes:
    """The file with one directory, of this page only, at its end."""
    at = len(data) + (-len(data) % 8)
    rows = [layout.entry.pack(*entry) for entry in page.entries]
    word = "Q" if layout.big else "I"
    head = data[:8] if layout.big else data[:4]
    head += struct.pack(layout.order + word, at)
    tail = struct.pack(layout.order + ("Q" if layout.big else "H"), len(rows)) + b"".join(rows)
    return b"".join((head, data[len(head) :], b"\0" * (at - len(data)), tail, b"\0" * 8))


def _start(data: bytes) -> tuple[Layout, int]:
    layout = Layout("<" if data[:2] == b"II" else ">", b"+" in data[2:4])
    if len(data) < 16:
        raise PictureError("truncated", "is a TIFF without its header")
    return layout, layout.number(data[8:16] if layout.big else data[4:8])


_Tags = dict[int, tuple[int, int, bytes]]


def _directory(data: bytes, layout: Layout, at: int) -> tuple[_Tags, int, int]:
    """The tags of one directory, how many entries it has, and where the next one stands."""
    head, word, entry = (8, 8, layout.entry) if layout.big else (2, 4, layout.entry)
    count = layout.number(data[at : at + head])
    end = at + head + count * entry.size
    if count > MOST_PARTS:
        raise PictureError("bomb", f"is a TIFF with a directory of {count:,} entries")
    if end + word > len(data):
        raise PictureError("truncated", "is a TIFF that ends within a directory")
    tags: _Tags = {}
    for start in range(at + head, end, entry.size):
        tag, kind, length, value = entry.unpack_from(data, start)
        tags.setdefault(tag, (kind, length, value))
    return tags, count, layout.number(data[end : end + word])


def _values(data: bytes, layout: Layout, tags: _Tags, tag: int) -> list[int]:
    """The whole numbers of a tag; empty where it is missing or of another kind."""
    kind, count, raw = tags.get(tag, (0, 0, b""))
    letters = _LETTERS.get(kind)
    if letters is None:
        return []
    if count > _MOST_VALUES:
        raise PictureError("bomb", f"is a TIFF in which tag {tag} has {count:,} values")
    length = count * _SIZES[kind]
    at = layout.number(raw)
    stored = raw[:length] if length <= len(raw) else data[at : at + length]
    if len(stored) < length:
        raise PictureError("truncated", f"is a TIFF that ends before the values of tag {tag}")
    return [int(value) for value in np.frombuffer(stored, layout.order + letters)]


def _value(data: bytes, layout: Layout, tags: _Tags, tag: int, default: int) -> int:
    values = _values(data, layout, tags, tag)
    return values[0] if values else default


def _page(data: bytes, layout: Layout, tags: _Tags) -> Page:
    """The page of a directory; raises PictureError for what is not to be decoded."""
    width, height = (_value(data, layout, tags, tag, 0) for tag in (_WIDTH, _HEIGHT))
    check_size(width, height, MOST_WHOLE)
    compression = _value(data, layout, tags, _COMPRESSION, 1)
    if compression not in _COMPRESSIONS:
        raise PictureError("format", f"is a TIFF of compression {compression}, which is not read")
    for tag in _KEPT & tags.keys():
        _, count, _ = tags[tag]
        if count > _MOST_VALUES:
            raise PictureError("bomb", f"is a TIFF in which tag {tag} has {count:,} values")
    across, down = (_value(data, layout, tags, tag, 0) for tag in (_TILE_WIDTH, _TILE_HEIGHT))
    if across * down > MOST_WHOLE:
        raise PictureError("bomb", f"is a TIFF in tiles of {across:,} × {down:,} pixels")
    whole = _check_places(data, layout, tags)
    orientation = _value(data, layout, tags, _ORIENTATION, UPRIGHT)
    entries = tuple((tag, *tags[tag]) for tag in sorted(_KEPT & tags.keys()))
    return Page(entries, width, height, orientation if 1 <= orientation <= 8 else UPRIGHT, whole)


def _check_places(data: bytes, layout: Layout, tags: _Tags) -> bool:
    """True where all strips and tiles lie within the file; raises PictureError where the same bytes serve many."""
    used, said = 0, 0
    for places, lengths in ((_STRIPS, _STRIP_BYTES), (_TILES, _TILE_BYTES)):
        at, sizes = (np.array(_values(data, layout, tags, tag), np.float64) for tag in (places, lengths))
        if len(at) and len(at) == len(sizes):
            used += int(np.clip(len(data) - at, 0, sizes).sum())
            said += int(sizes.sum())
    if used > 2 * len(data):
        raise PictureError(
            "bomb", f"is a TIFF of {len(data):,} bytes that uses {used:,}: the same ones often"
        )
    if said and not used:
        raise PictureError("truncated", "is a TIFF that ends before its pixels begin")
    return used == said
