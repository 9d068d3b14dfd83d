"""The worker: all lanes in one process, one worker to a site."""

from __future__ import annotations

import logging
import signal
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from countermark.web.upkeep.jobs import lanes
from countermark.web.upkeep.lanes import Lane
from countermark.web.upkeep.only import OnlyWorker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

    from countermark.web.upkeep.lanes import Job

LAST_JOB: Final = 20.0  # seconds that the current jobs have to end after SIGTERM
TRY_AGAIN: Final = 0.5  # seconds between two looks at whether another worker is gone

log = logging.getLogger(__name__)


class Worker:
    """Runs the lanes until a signal; `tell` gets lines for a person."""

    def __init__(
        self, jobs: Mapping[str, Sequence[Job]] | None = None, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.stop = threading.Event()
        self.tell = tell
        self.lanes = [Lane(name, own, self.stop) for name, own in (lanes() if jobs is None else jobs).items()]

    def once(self) -> int:
        """Do every job once, in this thread, and tell how many failed."""
        with OnlyWorker() as only:
            only.wait(self._waited)
            return sum(lane.round() for lane in self.lanes)

    def run(self) -> int:
        """Go until SIGTERM or SIGINT; 0, or the number of jobs that did not end in time."""
        with ExitStack() as stack:
            for number in (signal.SIGTERM, signal.SIGINT):
                stack.callback(signal.signal, number, signal.signal(number, self._stop))
            only = stack.enter_context(OnlyWorker())
            only.wait(self._waited)
            if self.stop.is_set():
                return 0
            self.tell("The worker runs. Ctrl-C stops it.")
            for lane in self.lanes:
                lane.start()
            while not self.stop.wait(TRY_AGAIN):
                self._watch()
            return self._end()

    def _waited(self, first: bool) -> bool:
        """Between two tries for the lock; True where waiting should end."""
        if first:
            self.tell("Another worker runs on this site; this one waits until it is gone.")
            log.info("another worker runs")
        return self.stop.wait(TRY_AGAIN)

    def _watch(self) -> None:
        """A lane never ends by itself; if one does, the whole worker ends, and is started again."""
        for lane in self.lanes:
            if not lane.is_alive():
                log.error("a lane ended", extra={"job": lane.name})
                self.stop.set()

    def _end(self) -> int:
        deadline = time.monotonic() + LAST_JOB
        for lane in self.lanes:
            lane.join(max(deadline - time.monotonic(), 0.05))
        late = sum(lane.is_alive() for lane in self.lanes)
        if late:
            log.warning("jobs did not end in time", extra={"count": late})
        return late

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.stop.set()
