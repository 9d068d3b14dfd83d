"""A site under measurement: its folder and environment, `countermark serve`, and the CPU of each of its parts.

`prepare()` comes before anything of `countermark.web` or Django is imported. DATABASE_URL decides the database; an
empty one of PostgreSQL is expected there (scripts/with_postgres.py makes one), else SQLite in the site's folder.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from load.processes import children, cpu_seconds, pin
from load.server import Server, free_port

BOTH = {0, 1}
FIRST = {0}
SECOND = {1}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site is measured: its folder, and the port that it will listen at."""

    folder: Path
    port: int

    @property
    def origin(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self.port}"


def prepare(folder: Path) -> Place:
    """An empty site in `folder`, which is deleted first; this process is set up to look into its database.

    The site believes one proxy, so that each signatory can come from an address of its own. Mails go to memory. A proof
    of work is never asked: it is the answer to a load of this kind, and would measure itself.
    """
    if (folder / "site.key").exists() or not folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    place = Place(folder, free_port())
    os.environ.update(
        COUNTERMARK_DATA=str(folder),
        COUNTERMARK_ORIGIN=place.origin,
        COUNTERMARK_PROXIES="1",
        EMAIL_URL=os.environ.get("EMAIL_URL") or "memory:",
        DJANGO_SETTINGS_MODULE="countermark.web.config.settings",
    )
    import django  # noqa: PLC0415  after the environment

    django.setup()
    from countermark.web.abuse.limits import write_defaults  # noqa: PLC0415
    from countermark.web.abuse.models import RateRule  # noqa: PLC0415
    from countermark.web.signing.models import Signature  # noqa: PLC0415
    from countermark.web.upkeep.founding import found  # noqa: PLC0415

    found()
    if Signature.objects.exists():
        raise SystemExit("the database at DATABASE_URL holds signatures: give an empty one to the benchmark")
    write_defaults()
    RateRule.objects.filter(name="challenge").update(enabled=False)
    return place


def serve(place: Place, *options: str, cores: set[int] | None = None, ready: str = "/en/sign/") -> Server:
    """`countermark serve` with `options` on `cores` (BOTH), to be used in a `with`; this process moves to SECOND."""
    pin(SECOND)
    listen = f"127.0.0.1:{place.port}"
    return Server(
        [sys.executable, "-m", "countermark", "serve", "--listen", listen, *options],
        place.port,
        env=dict(os.environ),
        folder=place.folder,
        log=place.folder / "server.log",
        ready=ready,
        cores=cores or BOTH,
    )


class Parts:
    """The CPU seconds of the parts of a running site, each since the last look: web, worker, database."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._database, self._own_backend = database_processes()
        self._before = self._now()

    def spent(self) -> dict[str, float]:
        """CPU seconds by part since the last call, or since the beginning."""
        now = self._now()
        spent = {name: now[name] - self._before[name] for name in now}
        self._before = now
        return spent

    def _now(self) -> dict[str, float]:
        found = {"web": 0.0, "worker": 0.0, "database": 0.0}
        for pid in children(self._server.pid):  # what they start is counted with them
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"granian" in command[:4]:
                found["web"] += cpu_seconds(pid)
            elif b"worker" in command[:5]:
                found["worker"] += cpu_seconds(pid)
        if self._database:
            found["database"] = cpu_seconds(self._database, without=self._own_backend)
        return found


def database_processes() -> tuple[int, int]:
    """The process that leads PostgreSQL and the one that serves us; 0 and 0 for SQLite."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = int(cursor.fetchone()[0])
    parent = int(Path(f"/proc/{own}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    return parent, own


def database_name() -> str:
    """The database and its version, as SQLite 3.40.1."""
    import sqlite3  # noqa: PLC0415

    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return f"SQLite {sqlite3.sqlite_version}"
    connection.ensure_connection()
    version: Any = connection.pg_version  # type: ignore[attr-defined]
    return f"PostgreSQL {version // 10000}.{version % 10000}"
