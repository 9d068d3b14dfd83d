"""Keep the parts of a site running as processes: start them, start again what dies, stop all of them.

Each part has a process group of its own: what a killed part leaves behind is ended with it, so that its port is free
when it starts again. A part gets a SIGTERM from the kernel when the supervisor itself is killed (Linux only).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

PATIENCE: Final = 8.0  # seconds that a part has to end after SIGTERM
FIRST_DELAY: Final = 0.25
SHORTEST_LIFE: Final = 10.0  # seconds; a part that lives less is started again after a growing delay
LONGEST_DELAY: Final = 30.0
PULSE: Final = 0.1
PR_SET_PDEATHSIG: Final = 1  # prctl(2)


@dataclass(slots=True)
class Part:
    """One part: how it is called, its command, and how its last start went. Times are of the monotonic clock."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    delay: float = field(default=FIRST_DELAY)


class Supervisor:
    """Runs parts until it is told to stop; `tell` gets one line for a person."""

    def __init__(self, parts: Sequence[Part], tell: Callable[[str], None]) -> None:
        self.parts = list(parts)
        self.tell = tell
        self.stopping = False
        self._prctl = _prctl()

    def run(
        self, ready: Callable[[], bool] = lambda: True, announce: Callable[[], None] = lambda: None
    ) -> None:
        """Start all and keep them running until SIGINT or SIGTERM; `announce` is called once `ready` says so."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        told = False
        try:
            while not self.stopping:
                for part in self.parts:
                    self._look_after(part)
                if not told and ready():
                    announce()
                    told = True
                time.sleep(PULSE)
        finally:
            self.end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def end(self) -> None:
        """Ask every part to end, and end what does not."""
        for part in self.parts:
            _signal(part, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for part in self.parts:
            if part.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    part.process.wait(max(deadline - time.monotonic(), 0.05))
            _signal(part, signal.SIGKILL)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.stopping = True

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.process is None:
            if now >= part.not_before:
                self._start(part, now)
            return
        code = part.process.poll()
        if code is None:
            return
        _signal(part, signal.SIGKILL)  # what it left behind
        part.process = None
        if self.stopping:
            return
        lived = now - part.started
        part.delay = FIRST_DELAY if lived > SHORTEST_LIFE else min(part.delay * 2, LONGEST_DELAY)
        part.not_before = now + part.delay
        self.tell(f"{part.name} ended ({_said(code)}); it starts again in {part.delay:g} s.")

    def _start(self, part: Part, now: float) -> None:
        part.started = now
        part.process = subprocess.Popen(  # noqa: S603  our own programs, without a shell
            part.command,
            env=dict(part.environment),
            start_new_session=True,
            preexec_fn=self._bind_to_us,  # noqa: PLW1509  one thread here, and no lock is taken
        )

    def _bind_to_us(self) -> None:
        if self._prctl is not None:
            self._prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _prctl() -> Callable[[int, int], int] | None:
    """The system call that ties a child's life to ours; None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[[int, int], int] = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None
    return found


def _signal(part: Part, number: signal.Signals) -> None:
    if part.process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(part.process.pid, number)


def _said(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
