"""The local runner: worker processes on this machine, each with one task at a time, or two where they are tiny.

Every worker has a pipe of its own, so it is always known which shard a dead worker had, and the others go on
undisturbed (a pool from `concurrent.futures` breaks as a whole and does not say who broke it). A shard that
failed is tried again when all others are done, alone, so that a shard that starved for memory gets its
chance.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from countermark.errors import RunError
from countermark.scan.runners.base import ATTEMPTS, Completed, Failed
from countermark.scan.runners.worker import Abort, Broken, Done, Progress, Ready, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

    from countermark.scan.runners.base import Scan, Watch
    from countermark.scan.shard import ScanTask

POLL_SECONDS = 0.2
TINY = 1 << 20
"""Shards below this many bytes wait two deep at a worker, so that it need not wait for the parent in between."""
FAILED_STARTS = 3


def usable_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class LocalRunner:
    """Scans with `workers` processes; on a stop, shards under way get `patience` seconds to end."""

    workers: int
    patience: float = 5.0

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Yield one outcome per task; see `Runner.map`. Even one worker is a process of its own."""
        crew = _Crew(scan, iter(tasks), self.workers, watch)
        deadline = None
        try:
            while crew.busy() or not (watch.stop.requested or crew.finished()):
                if watch.stop.requested:
                    deadline = deadline or time.monotonic() + self.patience
                    if watch.stop.now or time.monotonic() >= deadline:
                        break
                else:
                    crew.assign()
                yield from crew.outcomes()
        finally:
            crew.dismiss()


@dataclass(slots=True)
class _Crew:
    """The workers of one run, the tasks still to give out, and the failures so far."""

    scan: Scan
    queue: Iterator[ScanTask]
    limit: int
    watch: Watch
    workers: list[WorkerProcess] = field(default_factory=list)
    again: deque[ScanTask] = field(default_factory=deque)
    failures: dict[str, list[str]] = field(default_factory=dict)
    failed_starts: int = 0
    next_task: ScanTask | None = None

    def busy(self) -> bool:
        """Whether a worker has a task."""
        return any(worker.tasks for worker in self.workers)

    def finished(self) -> bool:
        """Whether no task is left to give out."""
        return self._peek() is None and not self.again

    def assign(self) -> None:
        """Give tasks to idle workers, starting workers as needed; what failed before runs last, alone."""
        while (task := self._peek()) is not None and (worker := self._worker_for(task)) is not None:
            self.next_task = None
            worker.give(task)
        if self._peek() is None and self.again and not self.busy():
            worker = self._idle_worker()
            if worker is not None:
                worker.give(self.again.popleft())  # alone: nobody is busy

    def outcomes(self) -> Iterator[Completed | Failed]:
        """Wait a moment for the workers; yield what ended."""
        handles = [handle for worker in self.workers for handle in _handles(worker)]
        awake = wait(handles, POLL_SECONDS)
        for worker in [worker for worker in self.workers if any(h in awake for h in _handles(worker))]:
            said, alive = worker.messages()
            for message in said:
                outcome = self._take(worker, message)
                if outcome is not None:
                    yield outcome
            if not alive or not worker.process.is_alive():
                yield from self._bury(worker)

    def dismiss(self) -> None:
        """End all workers; those that still have a task are not waited for."""
        for worker in self.workers:
            worker.close(patience=0.0 if worker.tasks else 1.0)
        self.workers.clear()

    def _peek(self) -> ScanTask | None:
        if self.next_task is None:
            self.next_task = next(self.queue, None)
        return self.next_task

    def _worker_for(self, task: ScanTask) -> WorkerProcess | None:
        """One that is idle, or one with a tiny task for another."""
        worker = self._idle_worker()
        if worker is None and task.shard.size < TINY:
            return next(
                (one for one in self.workers if len(one.tasks) == 1 and one.tasks[0].shard.size < TINY), None
            )
        return worker

    def _idle_worker(self) -> WorkerProcess | None:
        for worker in self.workers:
            if not worker.tasks:
                return worker
        if len(self.workers) >= self.limit:
            return None
        self.workers.append(WorkerProcess(multiprocessing.get_context("spawn"), self.scan))
        return self.workers[-1]

    def _take(self, worker: WorkerProcess, message: object) -> Completed | Failed | None:
        task = worker.tasks[0] if worker.tasks else None
        if isinstance(message, Ready):
            worker.ready, self.failed_starts = True, 0
        elif isinstance(message, Abort):
            raise message.error
        elif isinstance(message, Progress) and task is not None:
            self.watch.progress(task, message.read)
        elif isinstance(message, Done) and task is not None:
            worker.tasks.popleft()
            return Completed(task, message.receipt, message.seconds)
        elif isinstance(message, Broken) and task is not None:
            worker.tasks.popleft()
            return self._failed(task, message.reason, message.detail)
        return None

    def _bury(self, worker: WorkerProcess) -> Iterator[Completed | Failed]:
        said, _ = worker.messages()  # a receipt may have been sent just before the end
        for message in said:
            outcome = self._take(worker, message)
            if outcome is not None:
                yield outcome
        self.workers.remove(worker)
        cause = worker.cause_of_death()
        worker.connection.close()
        tasks, worker.tasks = worker.tasks, deque()
        task = tasks.popleft() if worker.ready and tasks else None
        self.again.extend(tasks)  # these never began: no blame
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts >= FAILED_STARTS:
                raise RunError(f"worker processes do not start: {cause.removeprefix('its worker ')}")
        elif task is not None:
            outcome = self._failed(task, cause, "")
            if outcome is not None:
                yield outcome

    def _failed(self, task: ScanTask, reason: str, detail: str) -> Failed | None:
        reasons = self.failures.setdefault(task.name, [])
        reasons.append(reason)
        self.watch.progress(task, 0)
        if len(reasons) >= ATTEMPTS:
            return Failed(task, tuple(reasons), detail)
        self.again.append(task)
        return None


def _handles(worker: WorkerProcess) -> tuple[Connection, int]:
    return worker.connection, worker.process.sentinel
