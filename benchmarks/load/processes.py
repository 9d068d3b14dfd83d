"""CPU time of a server's processes, from /proc (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def _fields(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat after the command's name: state, parent, …; None where it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _children() -> dict[int, list[int]]:
    """The processes of this machine by their parent."""
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        fields = _fields(int(entry.name)) if entry.name.isdecimal() else None
        if fields:
            found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def children(pid: int) -> list[int]:
    """The processes that a process started itself, as they now are."""
    return _children().get(pid, [])


def family(pid: int) -> list[int]:
    """A process and all that descend from it, as they now are."""
    by_parent = _children()
    found = [pid]
    for parent in found:
        found += by_parent.get(parent, [])
    return found


def cpu_seconds(pid: int, without: int = 0) -> float:
    """CPU seconds, user and system, of a process and its family, with those of children that ended and were waited for.

    `without` leaves one process of the family out (a database's backend that serves the one who measures). Ticks are
    of 10 ms: measure over seconds.
    """
    ticks = 0
    for member in family(pid):
        fields = _fields(member)
        if fields and member != without:
            ticks += sum(int(value) for value in fields[11:15])
    return ticks * TICK_S


def pin(cores: set[int], pid: int = 0) -> None:
    """Keep a process (0: this one) and what it will start to some cores, as far as the machine has them."""
    possible = cores & os.sched_getaffinity(0) or cores & set(range(os.cpu_count() or 1))
    if not possible:
        return
    for member in family(pid) if pid else [0]:
        os.sched_setaffinity(member, possible)
