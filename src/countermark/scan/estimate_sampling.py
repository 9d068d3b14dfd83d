"""Taking the sample of an estimate: shards in their turns, in worker processes, until the time is over."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from countermark.scan.estimate_sample import MEASURED, Limit, drawn, measure_shard, read_measured, strata_of
from countermark.scan.estimate_total import Stratum
from countermark.scan.receipt import receipt_name
from countermark.scan.runners.base import Completed, Stop, Watch
from countermark.scan.shard import ScanTask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from countermark.corpus.base import Shard
    from countermark.scan.estimate_sample import Measured
    from countermark.scan.runners.base import Runner
    from countermark.scan.search import SearchBackend, SearchSettings

SECONDS = 40.0
"""No shard is begun so many seconds after the first was measured; with what is under way it is about a minute."""

SLOW_START = 4
"""So many times as long the first may take: on a busy machine workers start slowly."""

PER_SHARD = Limit(32 << 20, 4.0)
MOST = 60
"""So many shards of a stratum are sampled at most."""


class Sampled(NamedTuple):
    """What was measured: the strata, each with the shards that were read; how long it took; the bytes written.

    `because` says why the last shard that failed did.
    """

    strata: tuple[Stratum, ...]
    measured: tuple[Measured, ...]
    seconds: float
    written: int
    because: str


class Sampling(NamedTuple):
    """Into which folder a sample is searched, with what, and for how many seconds."""

    run: Path
    search: SearchSettings
    backend: SearchBackend
    seconds: float
    progress: Callable[[int, int], None]

    def of(self, shards: Sequence[Shard], runner: Runner) -> Sampled:
        """Sample the shards of a plan."""
        strata = strata_of(shards)
        before, begun = size_of(self.run), time.perf_counter()
        names, because = self._searched(self._tasks(list(drawn(strata, MOST))), runner)
        seconds = time.perf_counter() - begun
        measured = {
            shard: read_measured(self.run / MEASURED / f"{name}.json") for shard, name in names.items()
        }
        written = size_of(self.run) - before - size_of(self.run / MEASURED)
        return Sampled(
            tuple(_stratum(name, held, measured) for name, held in strata.items()),
            tuple(measured.values()),
            seconds,
            max(0, written),
            because,
        )

    def _tasks(self, shards: list[Shard]) -> list[ScanTask]:
        run, identity = str(self.run), self.search.identity
        return [
            ScanTask(receipt_name(shard, identity), shard, run, self.search, self.backend) for shard in shards
        ]

    def _searched(self, tasks: list[ScanTask], runner: Runner) -> tuple[dict[str, str], str]:
        """The receipt's name of each shard that was searched, and why one was not, if any was not."""
        names: dict[str, str] = {}
        because, stop = "", Stop()
        timer = _timer(self.seconds * SLOW_START, stop)
        try:
            self.progress(0, len(tasks))
            for outcome in runner.map(partial(measure_shard, limit=PER_SHARD), tasks, Watch(stop)):
                if not names:
                    timer.cancel()
                    timer = _timer(self.seconds, stop)
                if isinstance(outcome, Completed):
                    names[outcome.task.shard.name] = outcome.task.name
                else:
                    because = f": {outcome.task.shard.name}: {outcome.reasons[-1]}"
                self.progress(len(names), len(tasks))
        finally:
            timer.cancel()
        return names, because


def _timer(seconds: float, stop: Stop) -> threading.Timer:
    """Ask for the end after so many seconds."""
    timer = threading.Timer(seconds, setattr, (stop, "requested", True))
    timer.daemon = True
    timer.start()
    return timer


def _stratum(name: str, shards: list[Shard], measured: dict[str, Measured]) -> Stratum:
    units = tuple(measured[shard.name].unit for shard in shards if shard.name in measured)
    return Stratum(name, len(shards), sum(shard.size for shard in shards), units)


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
