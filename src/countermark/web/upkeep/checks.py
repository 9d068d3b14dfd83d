"""`countermark site check`: what is sound, what is wrong, and what to do about it, line by line."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core import checks
from django.db import connection

from countermark.errors import CountermarkError
from countermark.roll.hashing import FailedCheckError, UnusableFileError
from countermark.roll.verify import describe
from countermark.roll.verify import examine as examine_roll
from countermark.web.accounts.models import Organiser
from countermark.web.config.environment import LOOPBACK
from countermark.web.roll.export import export_document
from countermark.web.roll.models import Head
from countermark.web.statement.models import Statement
from countermark.web.upkeep import health
from countermark.web.upkeep.founding import changes_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

SOUND, ADVICE, WRONG = " ", "·", "!"
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its mark, what was looked at, and what is said of it."""

    mark: str
    name: str
    said: str

    @property
    def wrong(self) -> bool:
        """Whether something must be done."""
        return self.mark == WRONG

    def document(self) -> dict[str, Any]:
        """As JSON values."""
        state = {SOUND: "sound", ADVICE: "advice", WRONG: "wrong"}[self.mark]
        return {"name": self.name, "state": state, "said": self.said}


def examine(*, with_roll: bool = False) -> list[Line]:
    """Look at everything; the database must be reachable."""
    waiting = changes_waiting()
    lines = [*_settings(), *_folder(), _database(waiting)]
    if waiting:
        return lines
    lines += [*_statement(), *_health(), *_deploy()]
    return [*lines, roll_line()] if with_roll else lines


def _settings() -> Iterator[Line]:
    host = settings.ENVIRONMENT.host
    if host in LOOPBACK:
        yield Line(
            ADVICE, "address", f"{settings.SITE_ORIGIN}: only this machine reaches it; set COUNTERMARK_ORIGIN"
        )
    elif not settings.ENVIRONMENT.secure:
        yield Line(
            WRONG,
            "address",
            f"{settings.SITE_ORIGIN}: signatures travel in clear; put a proxy with HTTPS in front",
        )
    else:
        yield Line(SOUND, "address", settings.SITE_ORIGIN)
        if not settings.TRUSTED_PROXIES:
            yield Line(
                WRONG, "proxies", "HTTPS ends at a proxy: set COUNTERMARK_PROXIES to how many there are (1)"
            )
    kind = settings.MAIL_TRANSPORT["kind"]
    if kind == "smtp":
        yield Line(
            SOUND,
            "mail",
            f"{settings.MAIL_TRANSPORT['host']}:{settings.MAIL_TRANSPORT['port']}, from {settings.DEFAULT_FROM_EMAIL}",
        )
    else:
        mark = ADVICE if host in LOOPBACK else WRONG
        yield Line(
            mark, "mail", f"{kind}: nobody receives a mail; set EMAIL_URL, as smtp://user:password@host:587"
        )


def _folder() -> Iterator[Line]:
    data = Path(settings.DATA)
    open_ones = [
        path.name
        for path in (data, *data.glob("*.key"), *data.glob("*.pem"), *data.glob("site.sqlite3*"))
        if path.stat().st_mode & OTHERS
    ]
    if open_ones:
        yield Line(WRONG, "folder", f"{data}: others may read {', '.join(sorted(open_ones))}; chmod go-rwx")
    else:
        yield Line(SOUND, "folder", f"{data}, its owner's only")
    if os.geteuid() == 0:
        yield Line(ADVICE, "user", "this is root; a user of its own is safer (docs/howto/run-a-site.md)")


def _database(waiting: int) -> Line:
    name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    if waiting:
        return Line(
            WRONG, "database", f"{name}: {waiting} changes of tables wait; `countermark serve` makes them"
        )
    return Line(SOUND, "database", name)


def _statement() -> Iterator[Line]:
    found = Statement.objects.filter(pk=1).first()
    if found is None:
        yield Line(WRONG, "statement", "none yet; `countermark serve` writes the first")
    elif found.demonstration:
        yield Line(
            ADVICE,
            "statement",
            "a demonstration; `countermark site publish-text --help` puts yours in its place",
        )
    else:
        closes = f", closes {found.closes_at:%Y-%m-%d %H:%M} UTC" if found.closes_at else ""
        yield Line(SOUND, "statement", f"of {found.organiser}{closes}")
    count = Organiser.objects.filter(is_superuser=True).count()
    advice = "none yet; `countermark site create-organiser EMAIL --superuser`"
    yield Line(SOUND if count else ADVICE, "organisers", f"{count} with all rights" if count else advice)


def _health() -> Iterator[Line]:
    for finding in health.look():
        if finding.name == "database":
            continue  # it answered already
        value = "–" if finding.value is None else str(finding.value)
        hint = (
            "; does `countermark serve`, or `countermark worker`, run?"
            if finding.name.startswith("worker")
            else ""
        )
        yield Line(
            SOUND if finding.sound else WRONG,
            finding.name.replace("_", " "),
            value if finding.sound else value + hint,
        )


def _deploy() -> Iterator[Line]:
    found = checks.run_checks(include_deployment_checks=settings.ENVIRONMENT.secure)
    for message in found:
        if message.level >= checks.WARNING and not message.is_silenced():
            mark = WRONG if message.level >= checks.ERROR else ADVICE
            yield Line(mark, message.id or "django", " ".join(message.msg.split()))


def roll_line() -> Line:
    """Export the roll and verify it, with the same code as anybody outside."""
    if not Head.objects.exists():
        return Line(SOUND, "roll", "The roll is empty.")
    try:
        found = examine_roll(json.loads(b"".join(export_document())))
    except (FailedCheckError, UnusableFileError, CountermarkError) as error:
        return Line(WRONG, "roll", f"does not verify: {error}")
    if not found["numbers"]:
        return Line(SOUND, "roll", describe(found).partition("\n")[0])
    said = "The roll verifies: numbers 1 to {numbers}, without a gap; on the roll {listed}, withdrawn {withdrawn}."
    return Line(SOUND, "roll", said.format(**found))
