"""What was read from the database a moment ago, kept in memory for a few seconds in each process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS: Final = 3.0
Value = TypeVar("Value")
_kept: dict[str, tuple[float, object]] = {}


def recent(key: str, read: Callable[[], Value | None]) -> Value | None:
    """What `read` gave for `key` at most `SECONDS` ago, or gives now; nothing is not kept."""
    now = time.monotonic()
    kept = _kept.get(key)
    if kept is not None and now < kept[0]:
        return kept[1]  # type: ignore[return-value]
    value = read()
    if value is not None:
        _kept[key] = (now + SECONDS, value)
    return value


def forget(*_: object, **__: object) -> None:
    """Read everything anew; also the receiver of Django's signals when a statement or text is saved."""
    _kept.clear()
