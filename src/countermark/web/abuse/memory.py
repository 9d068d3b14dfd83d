"""What every request needs to know of a few small tables, kept in memory for some seconds.

A change made in this process is seen at once; one made in another process within `SECONDS`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
SECONDS: Final = 5.0
_all: Final[list[Remembered[object]]] = []


class Remembered(Generic[T]):
    """A value that is read again when it is older than `SECONDS`.

    Two threads may both read it; they read the same.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._value: T | None = None
        self._until = float("-inf")
        _all.append(cast("Remembered[object]", self))

    def __call__(self) -> T:
        """The value, at most `SECONDS` old."""
        now = time.monotonic()
        if now >= self._until:
            self._value = self._read()
            self._until = now + SECONDS
        return cast("T", self._value)

    def forget(self) -> None:
        """Read it again at the next call."""
        self._until = float("-inf")


def forget() -> None:
    """Forget everything that is remembered: after a change of a table, and between tests."""
    for remembered in _all:
        remembered.forget()
