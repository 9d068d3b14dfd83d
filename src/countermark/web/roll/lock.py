"""One sequencer at a time, whatever happens to the others: the operating system, or PostgreSQL, lets go of the dead."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

ADVISORY_KEY: Final = 0x636D_726F_6C6C  # "cmroll"
LOCK_FILE: Final = "sequencer.lock"


@contextmanager
def sequencer_lock() -> Iterator[bool]:
    """Hold the sequencer's lock, without waiting for it; gives whether it is held.

    PostgreSQL: an advisory lock of the session, freed when the connection ends. SQLite: flock on a file of the data
    folder, freed when the process ends.
    """
    with _advisory() if connection.vendor == "postgresql" else _file() as held:
        yield held


@contextmanager
def _advisory() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_KEY])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])


@contextmanager
def _file() -> Iterator[bool]:
    with (settings.DATA / LOCK_FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file unlocks
