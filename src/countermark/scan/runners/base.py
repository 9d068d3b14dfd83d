"""What every runner promises: each task ends as completed or as failed, and none is lost or done twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from countermark.scan.receipt import Receipt
from countermark.scan.shard import ScanTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ATTEMPTS = 2
"""A shard that fails this often (an unexpected error, or the death of its worker) is quarantined."""

Report = Callable[[int], None]
Scan = Callable[[ScanTask, Report], Receipt]


@dataclass(frozen=True, slots=True)
class Completed:
    """A task that ended with a receipt, after so many seconds of wall time in its worker.

    `carried` says of a result that was carried over from an earlier run where it comes from, for the log.
    """

    task: ScanTask
    receipt: Receipt
    seconds: float
    carried: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A task that failed `ATTEMPTS` times; `reasons` says how each time, `detail` is the last traceback."""

    task: ScanTask
    reasons: tuple[str, ...]
    detail: str


@dataclass(slots=True)
class Stop:
    """How the run is asked to end early: after the shards under way, or at once."""

    requested: bool = False
    now: bool = False


class Crew(NamedTuple):
    """Who is at work: nodes with so many worker processes (`slots`), those that get ready, and those that must start.

    A node gets ready while the index is brought there and the kernels are compiled.
    """

    nodes: int = 0
    slots: int = 0
    preparing: int = 0
    awaited: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """What a runner looks at and tells: the request to stop, and the bytes read of each task so far.

    A task that begins again is told as 0 bytes. `note` takes an event and its facts for the run log, `crew` every
    few seconds who is at work: both only from runners that use more than this machine.
    """

    stop: Stop = field(default_factory=Stop)
    progress: Callable[[ScanTask, int], None] = lambda _task, _bytes: None
    note: Callable[[str, dict[str, Any]], None] = lambda _event, _facts: None
    crew: Callable[[Crew], None] = lambda _crew: None


class Runner(Protocol):
    """Scans tasks somewhere."""

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Yield one outcome per task, in the order in which they end.

        When a stop is requested, no further task begins; the iterator ends once those under way have ended or
        the runner's patience is over. Errors that concern the whole run (OutputError, UnusableIndexError,
        RunError) are raised.
        """
        ...
