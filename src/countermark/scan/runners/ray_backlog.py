"""Which task is next, and whose fault it is when one does not end: the bookkeeping of a cluster, without the cluster.

A shard is blamed for what it did itself: an error, or the death of its worker, which the node saw. Twice, and it is
quarantined. When a whole node is lost, nobody knows why. The shards that it had go to other nodes first of all; one
that has lost `IN_COMPANY` nodes together with others is then tried alone on a node, and only a loss there counts
against it. So nodes that come and go cost no shard its place, and a shard that brings nodes down cannot do so for ever.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from countermark.scan.runners.base import ATTEMPTS, Failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.scan.shard import ScanTask

IN_COMPANY = 3


class Retry(NamedTuple):
    """A task to try alone, and the node where it failed."""

    task: ScanTask
    node: str


class Backlog:
    """The tasks that nobody has, and the failures so far."""

    def __init__(self, queue: Iterator[ScanTask]) -> None:
        self._queue = queue
        self._next: ScanTask | None = None
        self._lost: deque[ScanTask] = deque()
        self._again: deque[Retry] = deque()
        self._failures: dict[str, list[str]] = {}
        self._losses: dict[str, int] = {}

    def has_fresh(self) -> bool:
        """Whether a task is left that may run beside others."""
        if self._next is None:
            self._next = next(self._queue, None)
        return bool(self._lost) or self._next is not None

    def finished(self) -> bool:
        """Whether nothing is left at all."""
        return not self.has_fresh() and not self._again

    def take(self, most: int) -> list[ScanTask]:
        """Up to so many tasks that may run beside others; those of lost nodes first."""
        taken: list[ScanTask] = []
        while len(taken) < most and self.has_fresh():
            if self._lost:
                taken.append(self._lost.popleft())
            elif self._next is not None:
                taken.append(self._next)
                self._next = None
        return taken

    def take_again(self, node: str, *, elsewhere: bool) -> ScanTask | None:
        """A task to try alone on `node`: one that failed on another, or any where there is nothing `elsewhere`."""
        for place, retry in enumerate(self._again):
            if retry.node != node or not elsewhere:
                del self._again[place]
                return retry.task
        return None

    def failed(self, task: ScanTask, node: str, reason: str, detail: str) -> Failed | None:
        """A shard failed by itself; return the outcome when that was the last attempt."""
        reasons = self._failures.setdefault(task.name, [])
        reasons.append(reason)
        if len(reasons) >= ATTEMPTS:
            del self._failures[task.name]
            self._losses.pop(task.name, None)
            return Failed(task, tuple(reasons), detail)
        self._again.append(Retry(task, node))
        return None

    def lost(self, task: ScanTask, node: str, reason: str, *, alone: bool) -> Failed | None:
        """The node was lost that had the task; return an outcome when the task has had its attempts alone."""
        if alone:
            return self.failed(task, node, reason, "")
        losses = self._losses[task.name] = self._losses.get(task.name, 0) + 1
        if losses >= IN_COMPANY or task.name in self._failures:
            self._again.append(Retry(task, node))
        else:
            self._lost.append(task)
        return None

    def returned(self, task: ScanTask) -> None:
        """A node gave a task back that it had not begun."""
        self._lost.append(task)

    def done(self, task: ScanTask) -> None:
        """Forget what is known of a task."""
        self._failures.pop(task.name, None)
        self._losses.pop(task.name, None)
