"""Shards that do things to their workers, for the tests of runners: the shard's name says what."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from countermark.corpus.base import Shard
from countermark.errors import OutputError
from countermark.scan.receipt import Receipt, ScanIdentity, Source, shard_facts
from countermark.scan.search import IndexBackend, SearchSettings
from countermark.scan.shard import ScanTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

IDENTITY = ScanIdentity("i", None, "s", "e")


def tasks_of(scratch: Path, names: Iterable[str], size: int = 100) -> list[ScanTask]:
    """One task per name; `scratch` is where shards of so many bytes leave marks."""
    search = SearchSettings("works.index", None, IDENTITY, "corpus", None)
    return [
        ScanTask(name, Shard(name, name, "plain", size), str(scratch), search, IndexBackend())
        for name in names
    ]


def niceness(_task: ScanTask, _report: Callable[[int], None]) -> Receipt:
    """Say how the worker stands with the scheduler, as its failure."""
    raise ValueError(f"niceness {os.nice(0)}")


def act(task: ScanTask, report: Callable[[int], None]) -> Receipt:
    """Do what the first word of the shard's name says, and return an empty receipt."""
    scratch = Path(task.run)
    mark = scratch / f"{task.name}.mark"
    begun_before = mark.exists()
    mark.write_text(str(os.getpid()))
    action = task.shard.name.split("-")[0]
    if action == "kill" or (action == "killonce" and not begun_before):
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "exit":
        os._exit(3)
    if action == "raise" or (action == "raiseonce" and not begun_before):
        raise ValueError("not today")
    if action == "full":
        raise OutputError("findings: no room left")
    if action == "enospc":
        raise OSError(28, "No space left on device", "findings")
    while action == "wait" and not (scratch / "go-on").exists():
        time.sleep(0.02)
    report(task.shard.size)
    return Receipt(
        task.name, "corpus", None, shard_facts(task.shard), Source("0", 0, 0), IDENTITY, 1, 1, 1, {}, 0, "0"
    )
