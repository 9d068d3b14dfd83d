"""Jobs and the lanes that they go round in.

A lane is a thread with a database connection of its own. What talks to the network (mail servers, domains of
organisations) has its own lane, so that a slow server delays nothing else: while one thread waits on a socket, the
others run. Processes instead of threads would cost 60 MB each and gain nothing, since the lanes compute little.
Times are of the monotonic clock: a step of the machine's clock neither hurries nor stops a job.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils import timezone

from countermark.web.upkeep.models import Beat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BEAT: Final = 5.0  # seconds between two signs of life
LONGEST_WAIT: Final = 60.0  # seconds; the longest delay after failures of a job that is otherwise frequent
LONGEST_SLEEP: Final = 1.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """Something done every `seconds`.

    `work` returns how much it did, or -1 for “not possible now”: then it is tried again after a growing delay. An
    `eager` job that did something goes again at once.
    """

    name: str
    seconds: float
    work: Callable[[], int]
    eager: bool = False
    due: float = 0.0
    failures: int = 0

    def run(self) -> bool:
        """Do it, and set when it is due again; False where it failed, which is logged with the job's name."""
        begun = time.monotonic()
        try:
            done = self.work()
        except Exception:  # whatever happens to one job, the others go on
            wait = self._postpone()
            log.exception(
                "job failed", extra={"job": self.name, "seconds": round(wait, 1), "count": self.failures}
            )
            connection.close()  # it may be the connection that is broken; the next use opens another
            return False
        if done < 0:
            self._postpone()
            return False
        now = time.monotonic()
        if self.failures:
            log.info("job works again", extra={"job": self.name})
        self.failures = 0
        self.due = now if self.eager and done else begun + self.seconds
        return True

    def _postpone(self) -> float:
        """Wait twice as long as after the failure before; returns the seconds."""
        self.failures += 1
        first = min(self.seconds, LONGEST_WAIT)
        wait = min(first * 2.0 ** min(self.failures, 16), max(LONGEST_WAIT, self.seconds))
        self.due = time.monotonic() + wait
        return wait


class Lane(threading.Thread):
    """Goes round its jobs until `stop` is set; it ends after the job that it is in."""

    def __init__(self, name: str, jobs: Sequence[Job], stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.jobs = list(jobs)
        self.stop = stop
        self.beaten = float("-inf")

    def run(self) -> None:
        """Go round."""
        try:
            while not self.stop.is_set():
                self.round()
                self.stop.wait(self.pause())
        finally:
            connection.close()

    def round(self) -> int:
        """Do each job that is due, once; tell how many failed."""
        failed = 0
        for job in self.jobs:
            if not self.stop.is_set() and job.due <= time.monotonic():
                failed += not job.run()
                self.beat()
        self.beat()
        return failed

    def pause(self) -> float:
        """Seconds until the next job is due."""
        soonest = min((job.due for job in self.jobs), default=time.monotonic() + LONGEST_SLEEP)
        return min(max(soonest - time.monotonic(), 0.0), LONGEST_SLEEP)

    def beat(self) -> None:
        """Leave a sign of life, not more often than every five seconds."""
        now = time.monotonic()
        if now - self.beaten < BEAT:
            return
        self.beaten = now
        try:
            Beat.objects.bulk_create(
                [Beat(lane=self.name, at=timezone.now())],
                update_conflicts=True,
                unique_fields=["lane"],
                update_fields=["at"],
            )
        except Exception:  # noqa: BLE001  the job itself says what is wrong with the database
            log.warning("no sign of life could be written", extra={"job": self.name})
            connection.close()
