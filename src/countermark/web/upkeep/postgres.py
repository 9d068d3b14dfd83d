"""PostgreSQL's own programs, called with the password in the environment and never on the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import LiteralString

ELSEWHERE: Final = Path("/usr/lib/postgresql")  # where Debian keeps each version
WORKER_LOCK: Final = 0x436D576B  # “CmWk”


def dump(database: Mapping[str, Any], into: IO[bytes]) -> None:
    """Write a consistent dump of the whole database. Raises InputError."""
    words = ["--format=custom", "--no-owner", "--no-privileges"]
    _call(program("pg_dump"), words, database, stdout=into)


def restore(database: Mapping[str, Any], dumped: Path) -> None:
    """Replace the database by a dump, in one transaction: all of it or nothing. Raises InputError."""
    words = [
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
    ]
    _call(program("pg_restore"), [*words, f"--dbname={database['NAME']}", str(dumped)], database)


def is_empty(database: Mapping[str, Any]) -> bool:
    """Whether the database holds no table of a site."""
    with _asking(database, "SELECT to_regclass('statement_statement')") as found:
        return found is None


@contextmanager
def no_worker(database: Mapping[str, Any]) -> Iterator[bool]:
    """Take the place of the worker (`only.OnlyWorker`); gives False where one runs, on whatever machine."""
    with _asking(database, "SELECT pg_try_advisory_lock(%s)", WORKER_LOCK) as taken:
        yield bool(taken)


@contextmanager
def _asking(database: Mapping[str, Any], question: LiteralString, *values: object) -> Iterator[object]:
    """A session, open as long as the block, and the one value that it answers. Raises InputError."""
    import psycopg  # noqa: PLC0415  only sites on PostgreSQL need it

    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    given = {there: database[here] for here, there in names.items() if database.get(here)}
    try:
        session = psycopg.connect(**given, **database["OPTIONS"], autocommit=True)
        row = session.execute(question, values).fetchone()
    except psycopg.Error as error:
        raise InputError(
            f"DATABASE_URL: the database cannot be reached: {' '.join(str(error).split())}"
        ) from error
    with session:
        yield row[0] if row else None


def program(name: str) -> str:
    """Where a program of PostgreSQL is: on the PATH, or in the newest version that Debian has."""
    found = shutil.which(name)
    if found is None:
        versions = sorted(ELSEWHERE.glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(4))
        found = str(versions[-1]) if versions else None
    if found is None:
        raise InputError(
            f"{name} is needed for a site on PostgreSQL; install the client programs of PostgreSQL"
        )
    return found


def _call(
    command: str, words: list[str], database: Mapping[str, Any], *, stdout: IO[bytes] | None = None
) -> None:
    names = {
        "NAME": "PGDATABASE",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "HOST": "PGHOST",
        "PORT": "PGPORT",
    }
    given = {there: str(database[here]) for here, there in names.items() if database.get(here)}
    given |= {
        f"PG{name.upper()}": str(value) for name, value in database["OPTIONS"].items() if name == "sslmode"
    }
    done = subprocess.run(  # noqa: S603  our own words, without a shell
        [command, "--no-password", *words],
        env=os.environ | given,
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").split())[:300]
        raise InputError(f"{Path(command).name}: {said or f'exit code {done.returncode}'}")
