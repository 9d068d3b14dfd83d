"""The tables of an MP4 file that name more samples than they hold bytes for: refused before they are unfolded.

A box `stsz` (ISO 14496-12, section 8.7.3) may say "four thousand million samples of one size" in twenty bytes, and
the demuxer then keeps 24 bytes of memory for each; a file may hold a hundred such boxes. The demuxer finds them within
boxes of many kinds, sample descriptions and left-over space among them, and within headers that are compressed
(`cmov`). So all that is not the sound itself (`mdat`) is looked through for them byte by byte, compressed headers are
refused, and what the tables of a file name is counted together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from countermark.audio.limits import MOST_INDEXED, MOST_SAMPLES
from countermark.errors import SoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BOXES: Final = 1 << 20
_PIECE: Final = 1 << 20
_FIELDS: Final = 16
"""Bytes of a table that are looked at: its name, flags, and two numbers."""


class _Named(NamedTuple):
    """What a table names: samples that cost the file no bytes, such as have their size listed, and bytes of sound."""

    unlisted: int = 0
    listed: int = 0
    plain: int = 0


def check_sample_tables(stream: BinaryIO, begin: int, size: int) -> None:
    """Raise SoundError `damaged` where tables name more samples than are ever kept, `unsupported` for `cmov`."""
    unlisted = listed = plain = 0
    for kind, fields in _tables(stream, begin, size):
        if kind == b"cmov":
            raise SoundError("unsupported", "has a compressed header (cmov), which is not read")
        named = _named(kind, fields, size - plain)
        unlisted, listed, plain = unlisted + named.unlisted, listed + named.listed, plain + named.plain
        if unlisted > MOST_INDEXED:
            raise SoundError("damaged", f"says that it has {unlisted:,} samples and more, in {size:,} bytes")
        if listed > MOST_SAMPLES:
            raise SoundError("damaged", f"has tables of {listed:,} samples; {MOST_SAMPLES:,} are accepted")


def _named(kind: bytes, fields: bytes, left: int) -> _Named:
    """What a table names, in a file of which `left` bytes may still be sound that lies plain."""
    flags, first, second = (int.from_bytes(fields[at : at + 4]) for at in (4, 8, 12))
    if kind == b"trun":  # flags, count; four bytes a sample, or more, where the flags say so
        has_bytes = bool(flags & 0xF00) and 4 * first <= left
        return _Named(listed=first) if has_bytes else _Named(unlisted=first)
    if kind == b"stz2":  # flags, bits of each, count
        return _Named(unlisted=second)
    if (
        first and first * second <= left
    ):  # stsz: flags, bytes of each, count; uncompressed sound is kept in chunks
        return _Named(plain=first * second)
    return _Named(listed=second) if not first and 4 * second <= left else _Named(unlisted=second)


def _tables(stream: BinaryIO, begin: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """The name and the first bytes of what looks like a table, outside of `mdat`."""
    for at, stop in _not_sound(stream, begin, size):
        held = b""
        for place in range(at, stop, _PIECE):
            stream.seek(place)
            held += stream.read(min(_PIECE, stop - place) + _FIELDS)
            for kind in (b"stsz", b"stz2", b"trun", b"cmov"):
                found = held.find(kind)
                while 0 <= found <= len(held) - 4 and found < _PIECE:
                    yield kind, held[found : found + _FIELDS].ljust(_FIELDS, b"\0")
                    found = held.find(kind, found + 1)
            held = b""


def _not_sound(stream: BinaryIO, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the outermost boxes stand that are not the sound."""
    at = begin
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        stream.seek(at)
        head = stream.read(16)
        size, kind, least = int.from_bytes(head[:4]), head[4:8], 8
        if size == 1:
            size, least = int.from_bytes(head[8:16]), 16
        stop = min(at + size, end) if size else end
        if size and size < least:
            stop = end  # what follows is not known to be boxes
        if kind != b"mdat":
            yield at, stop
        at = stop
    raise SoundError("damaged", f"has more than {_MOST_BOXES:,} boxes")
