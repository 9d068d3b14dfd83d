"""What runs on each node of a Ray cluster: one actor, and below it a crew of worker processes.

The workers are those of the local runner: processes with a pipe each. So a node knows exactly which shard a dead worker
had and how it died, while the death of the node itself, which Ray reports, is never taken for the fault of a shard. The
actor only carries tasks and news to and fro; a thread feeds the workers from a short queue, so that they need not wait
for the driver.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import socket
import sys
import threading
import traceback
from collections import deque
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark import __version__
from countermark.errors import CountermarkError, RunError
from countermark.scan.runners.nearby import NearbyBackend
from countermark.scan.runners.ray_check import Premises, check_premises, compile_kernels
from countermark.scan.runners.worker import Abort, Broken, Done, Progress, Ready, WorkerProcess

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from countermark.scan.runners.base import Scan
    from countermark.scan.runners.nearby_copy import Pull
    from countermark.scan.runners.nearby_stock import Stock
    from countermark.scan.search import SearchBackend, SearchSettings
    from countermark.scan.shard import ScanTask

FAILED_STARTS = 3


class News(NamedTuple):
    """What a node says of a task; `message` is Progress, Done, Broken or Abort (with no name)."""

    name: str
    message: Progress | Done | Broken | Abort


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """A node as the run log names it."""

    name: str
    address: str
    slots: int
    countermark: str
    python: str
    ray: str
    copied: int = 0


class NodeAgent:
    """The crew of one node; the methods are called through Ray, one at a time."""

    def __init__(self, scan: Scan, slots: int, address: str) -> None:
        self._slots, self._address = slots, address
        self._crew = NodeCrew(scan, slots)
        self._places: tuple[tuple[str, str], ...] = ()
        self._salt: bytes | None = None
        self._larder: Any = None
        os.environ["OMP_NUM_THREADS"] = "1"  # there is one worker per core; Ray says as many as the actor has
        sys.modules["__main__"].__dict__.pop(
            "__file__", None
        )  # else each worker would run Ray's own start again

    def look(self, premises: Premises) -> NodeFacts:
        """Check that a scan can run here. Raises RunError, naming the node."""
        import ray  # noqa: PLC0415

        name = socket.gethostname()
        check_premises(premises, f"{name} ({self._address})")
        python = platform.python_version()
        return NodeFacts(name, self._address, self._slots, __version__, python, ray.__version__)

    def furnish(
        self, stocks: tuple[Stock, ...], search: SearchSettings, backend: SearchBackend, pantry: Any
    ) -> int:
        """Bring the index here, compile the kernels, keep the salt, and return the bytes copied.

        Raises CountermarkError.
        """
        from countermark.scan.runners.nearby_copy import Larder  # noqa: PLC0415

        self._larder = Larder(_pull_from(pantry) if pantry is not None else None)
        try:
            self._places = tuple((stock.path, str(self._larder.settle(stock))) for stock in stocks)
            compile_kernels(NearbyBackend(backend, self._places), search)
            self._salt = search.salt
        except CountermarkError as error:
            raise type(error)(f"node {socket.gethostname()} ({self._address}): {error}") from error
        return int(self._larder.copied)

    def exchange(self, given: list[ScanTask], back: int, seconds: float) -> tuple[list[str], list[News]]:
        """Take tasks, give up to `back` of those that wait back, and tell the news.

        Returns the names of tasks given back, and the news: at once if there are any, else after so many seconds at
        most.
        """
        self._crew.give([self._at_home(task) for task in given])
        returned = self._crew.forget(back)
        return returned, self._crew.news(0.0 if returned else seconds)

    def forget(self) -> list[str]:
        """Drop the tasks that no worker has begun; return their names."""
        return self._crew.forget()

    def _at_home(self, task: ScanTask) -> ScanTask:
        """The task with what stands on this node: the index, and the salt, which no task brings."""
        if not self._places:
            return task
        search = task.search if self._salt is None else replace(task.search, salt=self._salt)
        return replace(task, search=search, backend=NearbyBackend(task.backend, self._places))


class NodeCrew:
    """Up to `slots` worker processes, the tasks that wait for them, and what they said."""

    def __init__(self, scan: Scan, slots: int) -> None:
        self._scan, self._slots = scan, slots
        self._queue: deque[ScanTask] = deque()
        self._said: deque[News] = deque()
        self._read: dict[str, int] = {}
        self._changed = threading.Condition()
        self._workers: list[WorkerProcess] = []
        self._failed_starts = 0
        self._bell, self._ear = multiprocessing.Pipe()
        # Workers die with the thread that started them: this one lives as long as the process.
        threading.Thread(target=self._serve, name="crew", daemon=True).start()

    def give(self, tasks: list[ScanTask]) -> None:
        """Put tasks into the queue."""
        if tasks:
            with self._changed:
                self._queue.extend(tasks)
            self._bell.send_bytes(b"!")

    def news(self, seconds: float) -> list[News]:
        """What was said since the last call; waits for the end of a task, but not longer than so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._said, timeout=seconds)
            said = [News(name, Progress(count)) for name, count in self._read.items()]
            said += self._said
            self._said.clear()
            self._read.clear()
            return said

    def forget(self, most: int | None = None) -> list[str]:
        """Drop up to so many tasks from the end of the queue, by default all; return their names."""
        with self._changed:
            count = len(self._queue) if most is None else min(most, len(self._queue))
            return [self._queue.pop().name for _ in range(count)]

    def _serve(self) -> None:
        try:
            while True:
                self._feed()
                self._hear()
        except BaseException as error:  # noqa: BLE001  whatever it was, the driver must hear of it
            detail = traceback.format_exc(limit=3)
            self._say(News("", Abort(RunError(f"node {socket.gethostname()}: {error}\n{detail}"))))

    def _feed(self) -> None:
        while (worker := self._idle_worker()) is not None:
            with self._changed:
                if not self._queue:
                    return
                task = self._queue.popleft()
            worker.give(task)

    def _idle_worker(self) -> WorkerProcess | None:
        for worker in self._workers:
            if not worker.tasks:
                return worker
        if len(self._workers) >= self._slots or not self._queue:
            return None
        self._workers.append(WorkerProcess(multiprocessing.get_context("spawn"), self._scan))
        return self._workers[-1]

    def _hear(self) -> None:
        handles = [handle for worker in self._workers for handle in _handles(worker)]
        awake = wait([*handles, self._ear], timeout=1.0)
        while self._ear.poll():
            self._ear.recv_bytes()
        for worker in [worker for worker in self._workers if any(h in awake for h in _handles(worker))]:
            alive = self._listen(worker)
            if not alive or not worker.process.is_alive():
                self._bury(worker)

    def _listen(self, worker: WorkerProcess) -> bool:
        said, alive = worker.messages()
        for message in said:
            if isinstance(message, Ready):
                worker.ready, self._failed_starts = True, 0
            elif isinstance(message, Progress) and worker.tasks:
                with self._changed:
                    self._read[worker.tasks[0].name] = message.read
            elif worker.tasks:
                self._say(News(worker.tasks.popleft().name, message))
        return alive

    def _bury(self, worker: WorkerProcess) -> None:
        self._listen(worker)  # a receipt may have been sent just before the end
        self._workers.remove(worker)
        cause = worker.cause_of_death()
        worker.connection.close()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                ended = cause.removeprefix("its worker ")
                raise RunError(f"worker processes do not start: {ended}")
            with self._changed:
                self._queue.extendleft(worker.tasks)  # they never began: no blame
        elif worker.tasks:
            self._say(News(worker.tasks.popleft().name, Broken(cause, "")))

    def _say(self, news: News) -> None:
        with self._changed:
            self._read.pop(news.name, None)
            self._said.append(news)
            self._changed.notify()


def _handles(worker: WorkerProcess) -> tuple[Connection, int]:
    return worker.connection, worker.process.sentinel


def _pull_from(pantry: Any) -> Pull:
    import ray  # noqa: PLC0415

    def pull(path: str, name: str, offset: int, length: int) -> bytes:
        return bytes(ray.get(pantry.read.remote(path, name, offset, length)))

    return pull
