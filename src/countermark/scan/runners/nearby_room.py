"""Room for copies on a node: what is local, what may go, and whether there is enough."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from countermark.errors import OutputError

SPARE, SPARE_BYTES = 0.05, 2 << 30
"""The share of a disk that copies leave free, and the most that this comes to."""

_OF_MEMORY_AND_DISKS = (
    "bcachefs", "btrfs", "erofs", "ext2", "ext3", "ext4", "f2fs", "hfs", "jfs", "overlay", "ramfs", "reiserfs",
    "squashfs", "tmpfs", "xfs", "zfs",
)  # fmt: skip
"""File systems of the machine's own. Any other may lie across a network: a copy is then the safe choice."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long unused copies are kept, in days, and how many bytes of them at most."""

    days: float = 30.0
    bytes: int = 200 * 10**9


def is_local(path: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Whether a path is on a disk of this machine; where that cannot be told, it is taken to be."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return True
    kinds = {
        os.fsdecode(os.fsencode(point).decode("unicode_escape").encode("latin-1")): kind
        for _, point, kind, *_ in map(str.split, lines)
    }
    real = path.resolve()
    for folder in (real, *real.parents):
        if str(folder) in kinds:
            return kinds[str(folder)] in _OF_MEMORY_AND_DISKS
    return True


def make_room(folder: Path, wanted: int, keeping: Keeping) -> None:
    """Remove old copies that nobody uses until `wanted` bytes fit. Raises OutputError where they never will."""
    copies = sorted((path for path in folder.iterdir() if path.is_dir()), key=_used)
    total = sum(map(_size, copies))
    for copy in copies:
        too_old = time.time() - _used(copy) > keeping.days * 86400
        if not too_old and total + wanted <= keeping.bytes and _lacking(folder, wanted) <= 0:
            continue
        size = _size(copy)
        if _removed(copy):
            total -= size
    lacking = _lacking(folder, wanted)
    if lacking > 0:
        raise OutputError(
            f"{folder}: no room for a copy of the index: {wanted:,} bytes are needed, {lacking:,} more than may be "
            "used here; make room, or name a folder on another disk as COUNTERMARK_CACHE"
        )


def _lacking(folder: Path, wanted: int) -> int:
    usage = shutil.disk_usage(folder)
    return wanted - (usage.free - min(int(usage.total * SPARE), SPARE_BYTES))


def _removed(copy: Path) -> bool:
    """Remove a copy unless somebody holds it; the empty lock stays: whoever waits for it must find the same file."""
    with copy.with_suffix(".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        shutil.rmtree(copy, ignore_errors=True)
    return True


def _used(copy: Path) -> float:
    with suppress(OSError):
        return copy.stat().st_mtime
    return 0.0


def _size(copy: Path) -> int:
    total = 0
    for folder, _, names in os.walk(copy):
        for name in names:
            with suppress(OSError):
                total += Path(folder, name).stat().st_size
    return total
