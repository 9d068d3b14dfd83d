"""What every runner promises: each task ends as completed or as failed, and none is lost or done twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

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
    """A task that ended with a receipt, after so many seconds of wall time in its worker."""

    task: ScanTask
    receipt: Receipt
    seconds: float


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


@dataclass(frozen=True, slots=True)
class Watch:
    """What a runner looks at and tells: the request to stop, and the bytes read of each task so far.

    A task that begins again is told as 0 bytes.
    """

    stop: Stop = field(default_factory=Stop)
    progress: Callable[[ScanTask, int], None] = lambda _task, _bytes: None


class Runner(Protocol):
    """Scans tasks somewhere."""

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Yield one outcome per task, in the order in which they end.

        When a stop is requested, no further task begins; the iterator ends once those under way have ended or
        the runner's patience is over. Errors that concern the whole run (OutputError, UnusableIndexError,
        RunError) are raised.
        """
        ...
