"""Whose fault it is: shards are blamed for what they did, and nodes may come and go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from countermark.scan.runners.base import Failed
from countermark.scan.runners.ray_backlog import IN_COMPANY, Backlog
from scan.runner_doubles import tasks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.scan.shard import ScanTask


def backlog(count: int = 3) -> Backlog:
    """A backlog of so many tasks, named 0, 1 and so on."""
    return Backlog(iter(tasks_of(Path("scratch"), [str(number) for number in range(count)])))


def names(tasks: list) -> list[str]:  # type: ignore[type-arg]
    return [task.name for task in tasks]


def test_tasks_are_taken_in_order_and_only_as_many_as_wanted() -> None:
    """The queue is read as far as it is needed, and no further."""
    read: list[str] = []

    def queue() -> Iterator[ScanTask]:
        for task in tasks_of(Path("scratch"), map(str, range(10**5))):
            read.append(task.name)
            yield task

    log = Backlog(queue())
    assert names(log.take(2)) == ["0", "1"]
    assert log.take(0) == []
    assert read == ["0", "1"]
    assert log.has_fresh()
    assert len(read) == 3


def test_failed_shards_are_tried_once_more_on_another_node() -> None:
    """The node where it failed gets it again only where there is no other."""
    log = backlog(1)
    (task,) = log.take(5)
    assert log.failed(task, "a", "ValueError", "…") is None
    assert not log.finished()
    assert log.take_again("a", elsewhere=True) is None
    assert log.take_again("b", elsewhere=True) is task
    assert log.finished()
    outcome = log.failed(task, "b", "KeyError", "where")
    assert outcome == Failed(task, ("ValueError", "KeyError"), "where")
    assert log.finished()


def test_one_node_tries_again_itself() -> None:
    """On the only node there is, a shard gets its second attempt all the same."""
    log = backlog(1)
    (task,) = log.take(1)
    log.failed(task, "a", "x", "")
    assert log.take_again("a", elsewhere=False) is task


def test_lost_nodes_blame_nobody() -> None:
    """What a dead node had comes first of all, whatever is left."""
    log = backlog(3)
    (first,) = log.take(1)
    assert log.lost(first, "a", "gone", alone=False) is None
    assert names(log.take(5)) == ["0", "1", "2"]


def test_a_shard_that_brings_nodes_down_is_found_out() -> None:
    """After some losses in company it is tried alone; only losses there count, and they end."""
    log = backlog(1)
    for _ in range(IN_COMPANY):
        (task,) = log.take(1)
        assert log.lost(task, "a", "gone", alone=False) is None
    for attempt in range(2):
        assert log.take(1) == []
        alone = log.take_again("b", elsewhere=attempt == 0) or log.take_again("a", elsewhere=False)
        assert alone is task
        outcome = log.lost(task, "b", "gone", alone=True)
    assert outcome == Failed(task, ("gone", "gone"), "")
    assert log.finished()


def test_tasks_given_back_are_taken_again_without_blame() -> None:
    """A task that waited behind a long one goes to a node that is idle."""
    log = backlog(1)
    (task,) = log.take(1)
    log.returned(task)
    assert log.take(1) == [task]
    log.done(task)
    assert log.finished()
