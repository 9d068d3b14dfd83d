"""What the environment says of a site: where its data is, its address, database and mail.

Every variable has a default, so that `countermark serve` works with none of them:

    COUNTERMARK_DATA         folder of database, keys and uploads        ./countermark-site
    COUNTERMARK_ORIGIN       the public address                          http://127.0.0.1:8000
    COUNTERMARK_PROXIES      how many proxies in front are trusted       0
    DATABASE_URL             postgres://user:password@host:5432/name     SQLite in the data folder
    EMAIL_URL                smtp://user:password@host:587, smtps://…,   console:
                             console:, memory:
    COUNTERMARK_FROM         the sender of mails                         countermark@<host of the origin>
    COUNTERMARK_MAILS_PER_SECOND   at most so many mails a second; 0    80
                             is as many as the server takes
    COUNTERMARK_ONE_FACTOR   1 lets moderators in without a second       0
                             factor, on a loopback address only
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_ORIGIN: Final = "http://127.0.0.1:8000"
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
SQLITE_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
    "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000"
)


@dataclass(frozen=True, slots=True)
class Environment:
    """The answers of the environment, checked."""

    data: Path
    origin: str
    proxies: int
    database: dict[str, Any]
    email: dict[str, Any]
    sender: str
    mails_per_second: int
    one_factor: bool

    @property
    def host(self) -> str:
        """The host of the origin, without its port."""
        return urlsplit(self.origin).hostname or "localhost"

    @property
    def secure(self) -> bool:
        """Whether the site is reached by HTTPS."""
        return self.origin.startswith("https://")


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """Read the variables; raises InputError naming the variable, what is wrong, and what is accepted."""
    variables = os.environ if variables is None else variables
    data = Path(variables.get("COUNTERMARK_DATA") or "countermark-site").absolute()
    origin = _origin(variables.get("COUNTERMARK_ORIGIN") or DEFAULT_ORIGIN)
    host = urlsplit(origin).hostname or "localhost"
    return Environment(
        data=data,
        origin=origin,
        proxies=_count("COUNTERMARK_PROXIES", variables.get("COUNTERMARK_PROXIES") or "0"),
        database=_database(variables.get("DATABASE_URL") or "", data),
        email=_email(variables.get("EMAIL_URL") or "console:"),
        sender=_sender(variables.get("COUNTERMARK_FROM") or f"countermark@{host}"),
        mails_per_second=_count(
            "COUNTERMARK_MAILS_PER_SECOND", variables.get("COUNTERMARK_MAILS_PER_SECOND") or "80", most=1000
        ),
        one_factor=variables.get("COUNTERMARK_ONE_FACTOR") == "1",
    )


def _origin(text: str) -> str:
    parts = _split("COUNTERMARK_ORIGIN", text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise InputError(
            f"COUNTERMARK_ORIGIN is {text!r}; accepted is the address alone, as https://statement.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _count(name: str, text: str, most: int = 9) -> int:
    if not text.isdecimal() or int(text) > most:
        raise InputError(f"{name} is {text!r}; accepted is a whole number from 0 to {most}")
    return int(text)


def _sender(text: str) -> str:
    if "@" not in text or any(mark in text for mark in "\r\n\0"):
        raise InputError(f"COUNTERMARK_FROM is {text!r}; accepted is a mail address")
    return text


def _database(url: str, data: Path) -> dict[str, Any]:
    if not url:
        return _sqlite(data / "site.sqlite3")
    parts = _split("DATABASE_URL", url)
    if parts.scheme == "sqlite" and parts.path:
        return _sqlite(
            Path("/" + unquote(parts.path).lstrip("/"))
        )  # three slashes or four, as others write it
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise InputError(
            "DATABASE_URL cannot be read; accepted are postgres://user:password@host:5432/name and sqlite:///path"
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        # IMMEDIATE takes the one writer's lock at the start: no deadlock when a reader turns writer
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS},
    }


def _email(url: str) -> dict[str, Any]:
    parts = _split("EMAIL_URL", url)
    if parts.scheme in ("console", "memory"):
        return {"kind": parts.scheme}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise InputError(
            "EMAIL_URL cannot be read; accepted are smtp://user:password@host:587, smtps://…, console: and memory:"
        )
    return {
        "kind": "smtp",
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "ssl": parts.scheme == "smtps",
        "starttls": parts.scheme == "smtp" and bool(parts.username),
    }


def _split(name: str, text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # what it says may quote a password
        raise InputError(
            f"{name} cannot be read as an address; signs such as / : @ # [ ] in a password are written %2F, %3A…"
        ) from None
    return parts
