"""A word when a long silence begins."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SILENCE = 4.0
"""Seconds in which loading the kernels ends, unless they must be compiled."""


def _compiled() -> bool:
    """Whether the kernel that calls all others was loaded from its cache, or compiled, in this process."""
    kernel = sys.modules.get("countermark.matching._batch_kernel")
    return bool(kernel and kernel.match_records.signatures)


@contextmanager
def patience() -> Iterator[None]:
    """Say what is going on when the first use on a machine takes long: the kernels are being compiled."""

    def tell() -> None:
        if not _compiled():
            message = "Compiling the kernels: once on this machine, about half a minute."
            sys.stderr.write(message + "\n")

    timer = threading.Timer(SILENCE, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
