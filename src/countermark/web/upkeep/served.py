"""A folder that is being served says so: by a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE: Final = "serve.lock"


@contextmanager
def served(data: Path) -> Iterator[None]:
    """Hold the lock, with others who serve the same folder; `restore` wants it for itself alone."""
    with (data / FILE).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield
