"""Where the bytes of an object are kept once they were fetched: a sparse local file without a name, or nothing.

A file without a name is gone with the process, however that ends. It lies in $COUNTERMARK_SPOOL or $TMPDIR, else in
/var/tmp: /tmp is memory on many machines. When the disk has little room left, or the file has reached its limit, what
is fetched beyond is held in memory for a moment only, and fetched again when it is asked for again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import OrderedDict
from typing import BinaryIO, ClassVar, Final

BLOCK: Final = 64 << 10
"""Bytes: the unit of what is fetched and kept."""
MOST_KEPT: Final = 64 << 30
"""Bytes of one object that are kept on disk."""
LEFT_FREE: Final = 1 << 30
"""Bytes of the disk that stay free for findings and everybody else."""
_MOST_HELD: Final = 512  # blocks in memory, where the disk takes no more
_SMALL: Final = 1 << 20  # bytes: smaller objects share a file, since open files are few
_SHARED: Final = 256 << 20


class Room:
    """A file without a name, for one large object or for many small ones; it is closed when the last has left."""

    _open: ClassVar[Room | None] = None  # the one that takes small objects now

    def __init__(self) -> None:
        self.file: BinaryIO = tempfile.TemporaryFile(prefix="countermark-spool-", dir=folder())  # noqa: SIM115
        self.pid = os.getpid()
        self.taken = 0
        self._tenants = 0

    @classmethod
    def for_object(cls, size: int) -> tuple[Room, int]:
        """Room for an object, and where in the file it begins. Raises OSError."""
        if size > _SMALL:
            room = cls()
        else:
            room = cls._open or cls()
            if room.pid != os.getpid() or room.taken + size > _SHARED or room.file.closed:
                room = cls()
            cls._open = room
        base, room.taken = room.taken, room.taken + -(-size // BLOCK) * BLOCK
        room._tenants += 1
        return room, base

    def leave(self) -> None:
        """One object less."""
        self._tenants -= 1
        if self._tenants <= 0:
            self.file.close()


class Spool:
    """The blocks of one object of `size` bytes that were fetched so far; not for several threads at once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.bytes = 0  # on disk
        self._room: Room | None = None
        self._base = 0
        self._there = bytearray(size // BLOCK + 1)
        self._held: OrderedDict[int, bytes] = OrderedDict()

    @property
    def kept(self) -> int:
        """Bytes on disk and in memory."""
        return self.bytes + BLOCK * len(self._held)

    def has(self, block: int) -> bool:
        """Whether a block is there."""
        return bool(self._there[block]) or block in self._held

    def put(self, begin: int, data: bytes) -> None:
        """Keep what was fetched from `begin` on, the start of a block, up to the end of one or of the object."""
        if not self._on_disk(begin, data):
            for at in range(0, len(data), BLOCK):
                self._hold((begin + at) // BLOCK, data[at : at + BLOCK])

    def take(self, begin: int, end: int) -> bytes:
        """The bytes `[begin, end)` of one block that is there."""
        block = begin // BLOCK
        if block in self._held:
            self._held.move_to_end(block)
            return self._held[block][begin - block * BLOCK : end - block * BLOCK]
        if self._room is None or not self._there[block]:
            raise KeyError(block)
        return os.pread(self._room.file.fileno(), end - begin, self._base + begin)

    def run_of(self, begin: int, end: int) -> int:
        """How far beyond `begin` the blocks on disk reach without a gap, up to `end`."""
        block = begin // BLOCK
        while block * BLOCK < end and self._there[block]:
            block += 1
        return max(begin, min(end, block * BLOCK))

    def close(self) -> None:
        """Give the room back."""
        if self._room is not None:
            self._room.leave()
        self._room = None
        self._there = bytearray(len(self._there))
        self._held.clear()

    def _on_disk(self, begin: int, data: bytes) -> bool:
        if self.bytes + len(data) > MOST_KEPT:
            return False
        try:
            if self._room is None:
                self._room, self._base = Room.for_object(self.size)
            file = self._room.file.fileno()
            if shutil.disk_usage(file).free < LEFT_FREE + len(data):
                return False
            written = 0
            while written < len(data):
                written += os.pwrite(file, memoryview(data)[written:], self._base + begin + written)
        except OSError:  # no room: what was written of it does not count
            return False
        self.bytes += len(data)
        blocks = range(begin // BLOCK, (begin + len(data) + BLOCK - 1) // BLOCK)
        self._there[blocks.start : blocks.stop] = b"\1" * len(blocks)
        return True

    def _hold(self, block: int, data: bytes) -> None:
        self._held[block] = bytes(data)
        while len(self._held) > _MOST_HELD:
            self._held.popitem(last=False)


def folder() -> str:
    """Where spools lie."""
    for name in (os.environ.get("COUNTERMARK_SPOOL"), os.environ.get("TMPDIR"), "/var/tmp"):  # noqa: S108
        if name and os.path.isdir(name) and os.access(name, os.W_OK):  # noqa: PTH112
            return name
    return tempfile.gettempdir()
