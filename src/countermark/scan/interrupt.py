"""Ending a run on request: the first Ctrl-C or SIGTERM lets shards under way end, the second does not."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from countermark.scan.runners.base import Stop

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_on_signals(stop: Stop) -> Iterator[Stop]:
    """Let SIGINT and SIGTERM set `stop` instead of raising, so that no file is left half written.

    Signals can be handled in the main thread only; in another thread `stop` is what the caller makes of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def request(_signal: int, _frame: FrameType | None) -> None:
        stop.now = stop.requested
        stop.requested = True

    previous = {number: signal.signal(number, request) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
