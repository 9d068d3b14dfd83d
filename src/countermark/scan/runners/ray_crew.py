"""The driver's side of a scan on a cluster: nodes are recruited, given tasks, listened to, and lost."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark.errors import CountermarkError, RunError
from countermark.scan.runners.base import Completed, Crew
from countermark.scan.runners.ray_backlog import Backlog
from countermark.scan.runners.ray_check import Premises, shared_token
from countermark.scan.runners.ray_cluster import Head, address_of_head, living_nodes, this_node
from countermark.scan.runners.ray_node import LostNodeError, NodeHandle, Stage
from countermark.scan.runners.worker import Abort, Broken, Done, Progress
from countermark.storage.place import is_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.scan.runners.base import Failed, Scan, Watch
    from countermark.scan.runners.nearby_stock import Stock
    from countermark.scan.runners.ray import RayRunner
    from countermark.scan.runners.ray_agent import News, NodeFacts
    from countermark.scan.runners.ray_cluster import ClusterNode
    from countermark.scan.search import SearchSettings
    from countermark.scan.shard import ScanTask

WAIT_SECONDS = 0.2
RECRUIT_SECONDS = 2.0
LOSSES_OF_A_NODE = 5
"""A node whose actor died so often is left out for the rest of the scan."""


class ClusterCrew:
    """The nodes at work for one scan, and the tasks they have."""

    def __init__(
        self,
        runner: RayRunner,
        scan: Scan,
        queue: Iterator[ScanTask],
        watch: Watch,
        ends: tuple[ScanTask, ScanTask],
    ) -> None:
        self._runner, self._scan, self._watch = runner, scan, watch
        self._backlog = Backlog(queue)
        self._nodes: dict[str, NodeHandle] = {}
        self._losses: dict[str, int] = {}
        self._again_at: dict[str, float] = {}
        self._left_out: dict[str, str] = {}
        self._first: set[str] | None = None  # the nodes that were there at the beginning
        self._head = Head(address_of_head(), runner.patience.head)
        self._recruited = float("-inf")
        self._manned = time.monotonic()
        self._stack = ExitStack()
        first, last = _absolute(ends[0]), _absolute(ends[1])
        token = self._stack.enter_context(shared_token(first.run)) if runner.furnish else ""
        shards = (first.shard, last.shard) if runner.furnish else ()
        self._premises = Premises(first.run, shards, token)
        self._model = first
        self._stocks: tuple[Stock, ...] = ()
        self._pantry: Any = None

    def busy(self) -> bool:
        """Whether a node has a task."""
        return any(handle.under_way for handle in self._nodes.values())

    def finished(self) -> bool:
        """Whether no task is left to give out."""
        return self._backlog.finished()

    def recruit(self) -> None:
        """Begin with nodes that are new. Raises RunError where there has been none for too long."""
        now = time.monotonic()
        if now - self._recruited >= RECRUIT_SECONDS:
            if self._head.answers():
                self._begin_all(living_nodes(), now)
            self._tell_crew()  # also where nothing ends, so that a long silence can be explained
            self._recruited = time.monotonic()
        if any(handle.stage is not Stage.LOOKING for handle in self._nodes.values()):
            self._manned = now
        elif now - self._manned > self._runner.patience.nodes:
            raise RunError(f"{self._nobody()}; what was scanned stays: give the command again to go on")

    def assign(self) -> None:
        """Give tasks to all nodes that have room; what failed before runs last, alone on its node."""
        for handle in self._nodes.values():
            if handle.ready and handle.call is None:
                self._occupy(handle)

    def outcomes(self) -> Iterator[Completed | Failed]:
        """Wait a moment for the nodes; yield what ended."""
        import ray  # noqa: PLC0415

        calls = {handle.call: handle for handle in self._nodes.values() if handle.call is not None}
        if not calls:
            time.sleep(WAIT_SECONDS)
            return
        ready, _ = ray.wait(list(calls), num_returns=1, timeout=WAIT_SECONDS)
        if ready and len(calls) > 1:
            ready, _ = ray.wait(list(calls), num_returns=len(calls), timeout=0)
        for call in ready:
            yield from self._heard(calls[call])
        yield from self._lose_silent()

    def drop_waiting(self) -> None:
        """On a stop: take back what no worker has begun."""
        import ray  # noqa: PLC0415

        asked = {handle.agent.forget.remote(): handle for handle in self._nodes.values() if handle.under_way}
        if not asked:
            return
        answered, _ = ray.wait(list(asked), num_returns=len(asked), timeout=2.0)
        for call in answered:
            try:
                names = ray.get(call)
            except ray.exceptions.RayError:
                names = list(asked[call].under_way)
            for name in names:
                asked[call].under_way.pop(name, None)

    def dismiss(self) -> None:
        """End all workers of this scan."""
        for handle in self._nodes.values():
            handle.dismiss()
        self._nodes.clear()
        self._stack.close()

    def _begin_all(self, living: list[ClusterNode], now: float) -> None:
        if self._first is None:
            self._first = {node.id for node in living}
            self._tell_cluster(living)
        for node in living:
            if node.id not in self._nodes and node.id not in self._left_out:
                self._begin(node, now)

    def _begin(self, node: ClusterNode, now: float) -> None:
        if now < self._again_at.get(node.id, 0.0):
            return
        handle = NodeHandle(node, min(self._runner.slots or node.cores, node.cores), self._scan)
        self._nodes[node.id] = handle
        handle.ask("look", self._premises)

    def _heard(self, handle: NodeHandle) -> Iterator[Completed | Failed]:
        try:
            answer = handle.answer()
        except LostNodeError as error:
            yield from self._lose(handle, str(error))
        except CountermarkError as error:
            if handle.ready or handle.node.id in (self._first or ()):
                raise
            self._leave_out(handle, str(error))  # the scan goes on without a node that came later
        else:
            if handle.ready:
                returned, told = answer
                for name in returned:
                    self._backlog.returned(handle.under_way.pop(name))
                ended = [outcome for news in told for outcome in self._take(handle, news)]
                if not self._watch.stop.requested or handle.under_way:
                    self._occupy(handle)
                yield from ended
            else:
                self._advance(handle, answer)

    def _advance(self, handle: NodeHandle, answer: Any) -> None:
        """A node that was looked at is furnished, one that was furnished works."""
        if handle.stage is Stage.LOOKING:
            handle.facts = answer
            if self._runner.furnish:
                handle.stage = Stage.FURNISHING
                self._furnish(handle)
                return
        handle.stage = Stage.WORKING
        facts: NodeFacts | None = handle.facts
        if facts is not None:
            copied = answer if isinstance(answer, int) else 0
            self._watch.note("node", asdict(replace(facts, copied=copied)))
        self._tell_crew()

    def _furnish(self, handle: NodeHandle) -> None:
        from countermark.scan.runners.nearby import stocks_of  # noqa: PLC0415

        search = self._model.search
        if not self._stocks:
            self._stocks = stocks_of(search, self._model.run)
        elsewhere = handle.node.id != this_node()
        if elsewhere and self._pantry is None:
            self._pantry = _pantry(self._stocks)
        pantry = self._pantry if elsewhere else None
        handle.ask("furnish", self._stocks, search, self._model.backend, pantry)

    def _occupy(self, handle: NodeHandle) -> None:
        """Give a node what it has room for, and ask for its news."""
        given: list[ScanTask] = []
        if not self._watch.stop.requested:
            if not handle.under_way:
                handle.alone = False
            if not handle.alone:
                given = self._backlog.take(self._room_at(handle))
                self._want_back(handle.slots - len(handle.under_way) - len(given), handle)
            if not handle.under_way and not given and not self._backlog.has_fresh():
                elsewhere = sum(other.ready for other in self._nodes.values()) > 1
                retry = self._backlog.take_again(handle.node.id, elsewhere=elsewhere)
                if retry is not None:
                    handle.alone, given = True, [retry]
        handle.under_way.update({task.name: task for task in given})
        if handle.under_way:
            handle.exchange([_sent(task) if self._runner.furnish else _absolute(task) for task in given])

    def _room_at(self, handle: NodeHandle) -> int:
        """As many tasks wait at a node as it works on, but none while another could begin it at once."""
        elsewhere = any(
            other.ready and not other.alone and len(other.under_way) < other.slots
            for other in self._nodes.values()
            if other is not handle
        )
        return handle.slots * (1 if elsewhere else 2) - len(handle.under_way)

    def _want_back(self, room: int, idle: NodeHandle) -> None:
        """At the end of a run, tasks that wait at one node while another is idle are taken back."""
        for other in self._nodes.values():
            if room > 0 and other is not idle and not self._backlog.has_fresh():
                other.wanted_back = min(room, max(0, len(other.under_way) - other.slots))
                room -= other.wanted_back

    def _take(self, handle: NodeHandle, news: News) -> Iterator[Completed | Failed]:
        message = news.message
        if isinstance(message, Abort):
            raise message.error
        task = handle.under_way.get(news.name)
        if task is None:
            return
        if isinstance(message, Progress):
            self._watch.progress(task, message.read)
        elif isinstance(message, Done):
            del handle.under_way[news.name]
            self._backlog.done(task)
            yield Completed(task, message.receipt, message.seconds)
        elif isinstance(message, Broken):
            del handle.under_way[news.name]
            self._watch.progress(task, 0)
            failed = self._backlog.failed(task, handle.node.id, message.reason, message.detail)
            if failed is not None:
                yield failed

    def _lose_silent(self) -> Iterator[Failed]:
        limit = self._runner.patience.silence
        for handle in list(self._nodes.values()):
            if handle.ready and handle.call is not None and time.monotonic() - handle.called > limit:
                yield from self._lose(handle, f"no answer for {limit:.0f} seconds")

    def _lose(self, handle: NodeHandle, reason: str) -> Iterator[Failed]:
        """A node is gone: its tasks go to others; it may come back a few times."""
        handle.dismiss()
        node = handle.node.id
        del self._nodes[node]
        losses = self._losses[node] = self._losses.get(node, 0) + 1
        self._again_at[node] = time.monotonic() + RECRUIT_SECONDS * 2**losses
        facts = {"node": handle.name, "reason": reason, "shards": len(handle.under_way)}
        self._watch.note("node_lost", facts)
        if losses >= LOSSES_OF_A_NODE:
            self._left_out[node] = f"node {handle.name} was lost {losses} times, at last: {reason}"
        for task in handle.under_way.values():
            self._watch.progress(task, 0)
            said = f"its node was lost while nothing else ran there: {reason}"
            failed = self._backlog.lost(task, node, said, alone=handle.alone)
            if failed is not None:
                yield failed
        self._tell_crew()

    def _leave_out(self, handle: NodeHandle, reason: str) -> None:
        handle.dismiss()
        del self._nodes[handle.node.id]
        self._left_out[handle.node.id] = reason
        self._watch.note("node_left_out", {"node": handle.name, "reason": reason})

    def _nobody(self) -> str:
        seconds = f"{self._runner.patience.nodes:.0f} seconds"
        if self._left_out:
            return f"no node of the Ray cluster is left: {list(self._left_out.values())[-1]}"
        if self._nodes:
            least = min(handle.slots for handle in self._nodes.values())
            return f"no node of the Ray cluster had {least} cores free for {seconds}: other jobs have them"
        return f"no node of the Ray cluster was alive for {seconds}"

    def _tell_cluster(self, living: list[ClusterNode]) -> None:
        import ray  # noqa: PLC0415

        facts = {"address": self._head.address, "nodes": len(living)}
        self._watch.note("cluster", facts | {"ray": ray.__version__})

    def _tell_crew(self) -> None:
        ready = [handle for handle in self._nodes.values() if handle.ready]
        stages = [handle.stage for handle in self._nodes.values()]
        slots = sum(handle.slots for handle in ready)
        self._watch.crew(Crew(len(ready), slots, stages.count(Stage.FURNISHING), stages.count(Stage.LOOKING)))


def _pantry(stocks: tuple[Stock, ...]) -> Any:
    """The actor on this node that others fetch from."""
    import ray  # noqa: PLC0415
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415

    from countermark.scan.runners.ray_pantry import Pantry  # noqa: PLC0415

    here = NodeAffinitySchedulingStrategy(this_node(), soft=False)
    options = {"num_cpus": 0, "max_concurrency": 4, "scheduling_strategy": here, "enable_task_events": False}
    return ray.remote(Pantry).options(**options).remote(stocks)


def _sent(task: ScanTask) -> ScanTask:
    """As it goes to a node that was furnished, without the salt: what grows large may pass through Ray's store."""
    task = _absolute(task)
    return replace(task, search=_without_salt(task.search)) if task.search.salt is not None else task


@lru_cache(maxsize=4)
def _without_salt(search: SearchSettings) -> SearchSettings:
    return replace(search, salt=None)


def _absolute(task: ScanTask) -> ScanTask:
    """The same task with absolute paths: workers on other nodes stand in other folders."""
    shard = replace(task.shard, path=_full(task.shard.path))
    return replace(task, run=_full(task.run), shard=shard, search=_absolute_search(task.search))


@lru_cache(maxsize=4)
def _absolute_search(search: SearchSettings) -> SearchSettings:
    def at(path: str | None) -> str | None:
        return None if path is None else _full(path)

    robots = replace(search.reservations, robots=at(search.reservations.robots))
    return replace(
        search,
        index=_full(search.index),
        controls=at(search.controls),
        embedding=at(search.embedding),
        notes=at(search.notes),
        reservations=robots,
    )


def _full(path: str) -> str:
    return path if is_url(path) else str(Path(path).absolute())
