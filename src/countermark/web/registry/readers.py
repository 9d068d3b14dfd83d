"""Reading what members send: always in a process of its own, which may die without harm.

At most two such processes run at a time in one process of the site; a third upload waits for its turn, and is asked
to come again if none comes.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import PurePath
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final

from countermark.web.config.turns import aside

if TYPE_CHECKING:
    from pathlib import Path

WALL_SECONDS: Final = 45
_WAIT_SECONDS: Final = 20
_TURNS: Final = BoundedSemaphore(2)
_THREADS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT")
_ONE_THREAD: Final = dict.fromkeys(_THREADS, "1") | {"ARROW_DEFAULT_MEMORY_POOL": "system"}

logger = logging.getLogger(__name__)


class RefusedError(Exception):
    """What was sent is not taken; `reason` is a key of `refusals.SENTENCES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_upload(path: Path, name: str) -> dict[str, Any]:
    """The format, title, author and number of characters of an uploaded text; raises RefusedError."""
    suffix = "".join(sign for sign in PurePath(name).suffix[1:11] if sign.isascii() and sign.isalnum())
    return _bounded("bounded_text", str(path), f"upload.{suffix}" if suffix else "upload")


def read_deposit(archive: Path, salt: Path, folder: Path) -> dict[str, Any]:
    """Unpack an index into `folder`, check it, and give its identity, scheme, works and bytes; raises RefusedError."""
    return _bounded("bounded_index", str(archive), str(salt), str(folder))


def _bounded(module: str, *arguments: str) -> dict[str, Any]:
    with aside():
        mine = _TURNS.acquire(timeout=_WAIT_SECONDS)
    if not mine:
        raise RefusedError("busy")
    try:
        with aside():
            done = _run(module, arguments)
    except subprocess.TimeoutExpired:
        raise RefusedError("too-slow") from None
    finally:
        _TURNS.release()
    return _answer_of(done)


def _run(module: str, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
        [sys.executable, "-B", "-P", "-m", f"countermark.web.registry.{module}", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=WALL_SECONDS,
        check=False,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """What the process needs to start; neither the database's address nor any password of the site."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "TMPDIR", "LANG") if name in os.environ}
    return kept | _ONE_THREAD | {"PYTHONUTF8": "1"}


def _answer_of(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """The JSON that the process printed; where it died, it ran against a bound, or was killed by what it read."""
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        logger.warning("a reader died", extra={"reason": f"exit {done.returncode}", "kind": "upload"})
        raise RefusedError("bounds") from None
    if "reason" in answer:
        raise RefusedError(answer["reason"])
    return answer
