"""One worker to a site: a lock that ends with its process, however that ends.

On SQLite it is a lock on a file of the data folder; on PostgreSQL, where workers may be on several machines, an
advisory lock of a session of its own. The sequencer has its own lock besides (`roll.lock`), and mails are claimed one
by one: this one only keeps two workers from doing the same work. A session that PostgreSQL lost is therefore no danger.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from django.conf import settings
from django.db import connection
from django.db.utils import load_backend

from countermark.web.upkeep.postgres import WORKER_LOCK

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from django.db.backends.base.base import BaseDatabaseWrapper

FILE: Final = "worker.lock"


class OnlyWorker:
    """Hold this while working."""

    def __init__(self) -> None:
        self._file: int | None = None
        self._session: BaseDatabaseWrapper | None = None

    def __enter__(self) -> Self:
        if connection.vendor == "postgresql":
            backend = load_backend(connection.settings_dict["ENGINE"])
            self._session = backend.DatabaseWrapper(
                connection.settings_dict | {"TIME_ZONE": None}, "worker-lock"
            )
        else:
            path = Path(settings.DATA) / FILE
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            self._session.close()
        if self._file is not None:
            os.close(self._file)

    def wait(self, between: Callable[[bool], bool]) -> None:
        """Try until the lock is ours; `between(first)` waits, and says True to give up."""
        first = True
        while not self._taken() and not between(first):
            first = False

    def _taken(self) -> bool:
        if self._session is not None:
            with self._session.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [WORKER_LOCK])
                row = cursor.fetchone()
            return bool(row and row[0])
        if self._file is None:
            return False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
