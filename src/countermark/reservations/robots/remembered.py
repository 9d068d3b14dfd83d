"""Parsed files kept in mind: whoever asks about the pages of a site one by one parses its robots.txt once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.reservations.robots.file import Robots

ROOM: Final = 8 << 20
"""Bytes of files that are kept in mind at most, all together; those asked for longest ago go first."""


class Remembered:
    """A parser that knows what it parsed lately. Files are told apart by their bytes."""

    def __init__(self, parse: Callable[[bytes], Robots], room: int = ROOM) -> None:
        self._parse, self._room = parse, room
        self._known: OrderedDict[bytes, Robots] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __call__(self, data: bytes) -> Robots:
        """The parsed file."""
        with self._lock:
            known = self._known.get(data)
            if known is not None:
                self._known.move_to_end(data)
                return known
        robots = self._parse(data)
        if len(data) <= self._room:
            with self._lock:
                self._keep(data, robots)
        return robots

    def _keep(self, data: bytes, robots: Robots) -> None:
        if data not in self._known:
            self._size += len(data)
        self._known[data] = robots
        while self._size > self._room:
            self._size -= len(self._known.popitem(last=False)[0])
