"""The Ray runner: the workers of the local runner, on every node of a Ray cluster.

One actor per node holds that node's workers (`ray_agent`); the driver keeps at most twice as many tasks under way as
the cluster has slots (`ray_crew`), whatever the number of shards. Nothing of a scan is kept in Ray: findings and
receipts are written by the workers themselves, so that a new driver goes on where a dead one ended.
"""

from __future__ import annotations

import time
from collections.abc import Reversible
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from countermark.scan.runners.local import usable_cores
from countermark.scan.runners.ray_cluster import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.scan.runners.base import Completed, Failed, Scan, Watch
    from countermark.scan.shard import ScanTask


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds.

    On a stop, for shards under way (`stop`); for a node that does not answer (`silence`), after which its shards are
    given to others; for any node to be free at the beginning, or to come back when all are gone (`nodes`); and for the
    head to answer again (`head`).
    """

    stop: float = 5.0
    silence: float = 60.0
    nodes: float = 300.0
    head: float = 20.0


@dataclass(frozen=True, slots=True)
class RayRunner:
    """Scans on the Ray cluster at `address` (HOST:PORT), or on a cluster of this machine alone where that is None.

    `slots` is the number of worker processes per node, by default one per core that Ray counts there. With `furnish`
    each node is checked and gets the index on its own disk before it scans.
    """

    address: str | None = None
    slots: int | None = None
    furnish: bool = True
    patience: Patience = field(default_factory=Patience)

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Yield one outcome per task; see `Runner.map`.

        A shard is quarantined for what it did itself, as on one machine; the death of a node is no fault of the shards
        that it had. Raises RunError where a node cannot take part, or where no node is left.
        """
        from countermark.scan.runners.ray_crew import ClusterCrew  # noqa: PLC0415

        last = next(reversed(tasks), None) if isinstance(tasks, Reversible) else None
        queue = iter(tasks)
        first = next(queue, None)
        if first is None:
            return
        with joined(self.address, self.slots or usable_cores()):
            crew = ClusterCrew(self, scan, chain([first], queue), watch, (first, last or first))
            deadline = None
            try:
                while crew.busy() or not (watch.stop.requested or crew.finished()):
                    if watch.stop.requested:
                        if deadline is None:
                            crew.drop_waiting()
                            deadline = time.monotonic() + self.patience.stop
                        if watch.stop.now or time.monotonic() >= deadline:
                            break
                    else:
                        crew.recruit()
                        crew.assign()
                    yield from crew.outcomes()
            finally:
                crew.dismiss()
