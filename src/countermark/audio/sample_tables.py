"""The tables of an MP4 file that name more samples than they hold bytes for: refused before they are unfolded.

A box `stsz` (ISO 14496-12, section 8.7.3) may say "four thousand million samples of one size" in twenty bytes, and
the demuxer then keeps 24 bytes of memory for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from countermark.audio.limits import MOST_INDEXED
from countermark.errors import SoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARENTS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"})
_MOST_BOXES: Final = 1 << 20
_DEPTH: Final = 8


def check_sample_tables(stream: BinaryIO, begin: int, size: int) -> None:
    """Raise SoundError `damaged` where a table names more samples than are ever kept."""
    left = _MOST_BOXES
    for kind, at in _boxes(stream, begin, size, 0):
        left -= 1
        if left < 0:
            raise SoundError("damaged", f"has more than {_MOST_BOXES:,} boxes")
        if kind not in {b"stsz", b"trun"}:
            continue
        stream.seek(at)
        fields = stream.read(12)
        # stsz: flags, size of each, count; trun: flags, count
        each, count = int.from_bytes(fields[4:8]), int.from_bytes(fields[8:12])
        if kind == b"trun":
            each, count = 1, int.from_bytes(fields[4:8])
        if count > MOST_INDEXED and each > 0 and not _of_plain_samples(count, each, size):
            said = f"says that it has {count:,} samples of {each} bytes, in {size:,} bytes"
            raise SoundError("damaged", said)


def _of_plain_samples(count: int, each: int, size: int) -> bool:
    """Uncompressed sound is counted in samples, and kept in chunks: there are bytes for as many as are named."""
    return count * each <= size


def _boxes(stream: BinaryIO, begin: int, end: int, depth: int) -> Iterator[tuple[bytes, int]]:
    """The boxes in a range, and in those that hold others: the name, and where the content begins."""
    at = begin
    while at + 8 <= end:
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            return
        size, kind, inner = int.from_bytes(head[:4]), head[4:8], at + 8
        if size == 1:
            size, inner = int.from_bytes(head[8:16]), at + 16
        stop = at + size if size else end
        if stop < inner:
            return
        yield kind, inner
        if kind in _PARENTS and depth < _DEPTH:
            yield from _boxes(stream, inner, min(stop, end), depth + 1)
        at = stop
