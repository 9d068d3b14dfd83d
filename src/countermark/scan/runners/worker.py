"""A worker process: it does the tasks sent through a pipe one after the other, and never outlives its parent."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.errors import OutputError, RunError, UnusableIndexError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnContext

    from countermark.scan.receipt import Receipt
    from countermark.scan.runners.base import Scan
    from countermark.scan.shard import ScanTask

_REPORT_SECONDS = 0.2
_PARENT_POLL_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1


class Ready(NamedTuple):
    """The worker has started."""


class Progress(NamedTuple):
    """So many bytes of the task were read so far."""

    read: int


class Done(NamedTuple):
    """The task ended with a receipt."""

    receipt: Receipt
    seconds: float


class Broken(NamedTuple):
    """The task ended with an unexpected error."""

    reason: str
    detail: str


class Abort(NamedTuple):
    """The task met an error that concerns the whole run."""

    error: OutputError | RunError | UnusableIndexError


class WorkerProcess:
    """The parent's handle of one worker: its process, its pipe, and the tasks that it has, the one under way first."""

    def __init__(self, context: SpawnContext, scan: Scan) -> None:
        self.tasks: deque[ScanTask] = deque()
        self.ready = False
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, scan, os.getpid()), daemon=True)
        # Ctrl-C reaches the whole foreground group: workers inherit a mask that keeps it from them.
        previous = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, previous)
        theirs.close()

    def give(self, task: ScanTask) -> None:
        """Send a task; a worker that died meanwhile is noticed by its silence."""
        self.tasks.append(task)
        self._send(task)

    def messages(self) -> tuple[list[Any], bool]:
        """What the worker has said since the last call, and whether it is still alive."""
        said: list[Any] = []
        try:
            while self.connection.poll():
                said.append(self.connection.recv())
        except (EOFError, OSError):
            return said, False
        return said, True

    def cause_of_death(self) -> str:
        """How the process ended, in words."""
        self.process.join(timeout=2)
        code = self.process.exitcode
        if code is not None and code < 0:
            return f"its worker was killed by {signal.Signals(-code).name}"
        return f"its worker ended with exit code {code}"

    def close(self, *, patience: float) -> None:
        """Let the process end by itself, then make it end."""
        self._send(None)
        for end, seconds in ((None, patience), (self.process.terminate, 1.0), (self.process.kill, 1.0)):
            if end is not None and self.process.is_alive():
                end()
            self.process.join(timeout=seconds)
        self.connection.close()

    def _send(self, message: ScanTask | None) -> None:
        try:
            self.connection.send(message)
        except OSError:  # the pipe is broken: the parent sees the process's end next
            return


def serve(connection: Connection, scan: Scan, parent: int) -> None:
    """What runs in the worker: take tasks until told to end or until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent(parent)
    _use_one_core()
    try:
        connection.send(Ready())
        while (task := connection.recv()) is not None:
            connection.send(_attempt(connection, scan, task))
    except (EOFError, OSError):  # the parent is gone
        return


def _attempt(connection: Connection, scan: Scan, task: ScanTask) -> Done | Broken | Abort:
    read, told = 0, time.monotonic()

    def report(count: int) -> None:
        nonlocal read, told
        read += count
        if time.monotonic() - told >= _REPORT_SECONDS:
            told = time.monotonic()
            connection.send(Progress(read))

    begun = time.perf_counter()
    try:
        return Done(scan(task, report), time.perf_counter() - begun)
    except (OutputError, RunError, UnusableIndexError) as error:
        return Abort(error)
    except Exception as error:  # noqa: BLE001  whatever a hostile shard brings about is that shard's failure
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return Abort(OutputError(f"{error.filename or task.run}: no room left ({error.strerror})"))
        return Broken(f"{type(error).__name__}: {error}", traceback.format_exc())


def _use_one_core() -> None:
    # There is one worker per core; Arrow's own pool of threads would take the others' time.
    import pyarrow as pa  # noqa: PLC0415

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def _end_with_parent(parent: int) -> None:
    """Die when the parent dies: at once where the kernel offers it, within half a second elsewhere."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def poll() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=poll, name="parent watch", daemon=True).start()
