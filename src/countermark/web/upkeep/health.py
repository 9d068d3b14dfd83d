"""How the site is: for whoever watches it, by program or by eye. No personal data, and nothing that helps an attacker.

Nothing is written: that the database takes writes is shown by the worker's signs of life, which are rows.
"""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Min
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone

from countermark.web.mail.models import Message, MessageState
from countermark.web.signing.models import Signature, State
from countermark.web.upkeep.models import Beat

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

QUIET: Final = timedelta(seconds=90)  # a lane that gives no sign for so long has stopped
LATE_ROLL: Final = timedelta(seconds=60)
LATE_MAIL: Final = timedelta(minutes=15)
ROOM: Final = 200 * 2**20  # bytes; below this, the disk is as good as full
REMEMBERED: Final = 1.0  # seconds; many watchers cost no more than one
LANES: Final = ("roll", "mail", "slow")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `value` is a number or a word, `sound` whether it is as it should be."""

    name: str
    sound: bool
    value: str | int | float | None


def look() -> list[Finding]:
    """Look at database, worker, roll, mail and disk."""
    now = timezone.now()
    try:
        found = [Finding("database", True, connection.vendor), *_worker(now), *_roll(now), *_mail(now)]
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        found = [Finding("database", False, type(error).__name__)]
    return [*found, _disk()]


def _age(now: datetime, then: datetime | None) -> float | None:
    """Seconds since; zero where the clock was set back."""
    return None if then is None else round(max((now - then).total_seconds(), 0.0), 1)


def _worker(now: datetime) -> list[Finding]:
    beats = dict(Beat.objects.values_list("lane", "at"))
    return [
        Finding(
            f"worker_{lane}_seconds_ago",
            lane in beats and now - beats[lane] < QUIET,
            _age(now, beats.get(lane)),
        )
        for lane in LANES
    ]


def _roll(now: datetime) -> list[Finding]:
    waiting = Signature.objects.filter(state=State.CONFIRMED, roll_number=None)
    found = waiting.aggregate(count=Count("pk"), oldest=Min("confirmed_at"))
    late = found["oldest"] is not None and now - found["oldest"] > LATE_ROLL
    return [
        Finding("signatures_waiting_for_the_roll", not late, found["count"]),
        Finding("oldest_signature_waiting_seconds", not late, _age(now, found["oldest"])),
    ]


def _mail(now: datetime) -> list[Finding]:
    due = Message.objects.filter(state=MessageState.QUEUED, not_before__lte=now).aggregate(
        count=Count("pk"), oldest=Min("not_before")
    )
    late = due["oldest"] is not None and now - due["oldest"] > LATE_MAIL
    ended = (MessageState.FAILED, MessageState.UNCERTAIN)
    since = Message.objects.filter(state__in=ended, finished_at__gte=now - timedelta(days=1))
    states = dict(since.values_list("state").annotate(n=Count("pk")))
    return [
        Finding("mails_due", not late, due["count"]),
        Finding("oldest_mail_due_seconds", not late, _age(now, due["oldest"])),
        Finding("mails_failed_last_day", True, states.get(MessageState.FAILED, 0)),
        Finding("mails_uncertain_last_day", True, states.get(MessageState.UNCERTAIN, 0)),
    ]


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA).free
    return Finding("disk_free_mib", free > ROOM, free // 2**20)


class Memory:
    """The newest findings, looked at once a second at most."""

    def __init__(self, look_again: Callable[[], list[Finding]] = look) -> None:
        self._look = look_again
        self._found: list[Finding] = []
        self._until = 0.0
        self._lock = threading.Lock()

    def read(self) -> list[Finding]:
        """What was found at most a second ago."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = self._look()
                self._until = time.monotonic() + REMEMBERED
            return self._found

    def forget(self) -> None:
        """Look again at the next reading."""
        self._until = 0.0


memory = Memory()


def health(request: HttpRequest) -> HttpResponse:
    """200 where all is sound, 503 where something is not; JSON, or a page for a browser."""
    found = memory.read()
    sound = all(finding.sound for finding in found)
    status = 200 if sound else 503
    database = next(finding for finding in found if finding.name == "database")
    if database.sound and "text/html" in request.headers.get("Accept", "")[:200]:
        response = render(request, "upkeep/health.html", {"sound": sound, "found": found}, status=status)
    else:
        content: dict[str, Any] = {finding.name: finding.value for finding in found}
        wrong = [finding.name for finding in found if not finding.sound]
        response = JsonResponse({"sound": sound, "wrong": wrong, **content}, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept, Accept-Language"
    return response
