"""The shards of one part of a run: which are done, which are under way, and the totals so far.

Of a shard nothing is kept but its place in the plan and one byte that says whether it is done: a run of a hundred
thousand shards takes little more memory than one of ten.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from countermark.scan.ledger import Ledger, facts_of
from countermark.scan.outcome import RunOutcome, ScanProgress, Totals
from countermark.scan.receipt import receipt_name
from countermark.scan.runners.base import Completed, Crew, Failed, Watch
from countermark.scan.shard import ScanTask, rescan_shard, scan_shard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.scan.folder import RunFolder
    from countermark.scan.plan import Plan
    from countermark.scan.runlog import RunLog
    from countermark.scan.runners.base import Runner, Stop
    from countermark.scan.search import SearchBackend, SearchSettings
    from countermark.storage.place import Place

ProgressCallback = Callable[[ScanProgress], None]
NO_DETAIL = "withheld: what an error says may quote the data set, of which nothing is kept"


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks of a part, each made when it is wanted."""

    plan: Plan
    run: str
    search: SearchSettings
    backend: SearchBackend

    def __len__(self) -> int:
        """How many shards the part has."""
        return self.plan.part.count(len(self.plan.shards))

    def __iter__(self) -> Iterator[ScanTask]:
        """In the order of the listing."""
        return map(self._task, self.plan.iter_mine())

    def at(self, place: int) -> ScanTask:
        """The task at a place in that order."""
        part = self.plan.part
        return self._task(self.plan.shards[part.number - 1 + place * part.of])

    def _task(self, shard: Shard) -> ScanTask:
        name = receipt_name(shard, self.search.identity)
        return ScanTask(name, shard, self.run, self.search, self.backend)

    def names(self) -> Iterator[str]:
        """The names of their receipts."""
        return (receipt_name(shard, self.search.identity) for shard in self.plan.iter_mine())


@dataclass(frozen=True, slots=True)
class Waiting:
    """The tasks that are not done, in the order of the listing, and backwards for who looks at the last."""

    tasks: Tasks
    done: bytearray

    def __iter__(self) -> Iterator[ScanTask]:
        """From the first on."""
        return (task for place, task in enumerate(self.tasks) if not self.done[place])

    def __reversed__(self) -> Iterator[ScanTask]:
        """From the last on."""
        places = range(len(self.done) - 1, -1, -1)
        return (self.tasks.at(place) for place in places if not self.done[place])


class Progressing:
    """One part of a run, on its way."""

    def __init__(
        self,
        folder: RunFolder,
        log: RunLog,
        tasks: Tasks,
        progress: ProgressCallback,
        stop: Stop,
        *,
        recheck: bool = False,
    ) -> None:
        self.folder, self.log, self.tasks, self.progress, self.stop = folder, log, tasks, progress, stop
        self.ledger = Ledger(folder, log)
        self.begun = time.monotonic()
        self.totals = Totals()
        self.quarantined: dict[str, tuple[str, ...]] = {}
        self.shards = len(tasks)
        self.all_bytes = sum(shard.size for shard in tasks.plan.iter_mine())
        self.skipped = self.skipped_bytes = self.ended_bytes = 0
        self.under_way: dict[str, int] = {}
        self.crew = Crew()
        self._seen: tuple[object, ...] = ()
        self._changed_at = self.begun
        self._recheck = recheck
        self._earlier: dict[str, str] = {}  # where all is hashed again: the digests of the receipts, by name
        self._changed = self._not_rechecked = 0
        self._done = bytearray(self.shards)

    def scan(self, runner: Runner) -> None:
        """Scan every task that has no sound receipt yet; with `recheck`, those too whose source has changed."""
        self._find_done()
        self._tell()
        watch = Watch(self.stop, self._read, self.log.append, self._crew)
        try:
            for outcome in runner.map(
                rescan_shard if self._earlier else scan_shard, Waiting(self.tasks, self._done), watch
            ):
                self.under_way.pop(outcome.task.name, None)
                self.ended_bytes += outcome.task.shard.size
                if isinstance(outcome, Completed):
                    self._completed(outcome)
                else:
                    self._failed(outcome)
                self._tell()
            if self._recheck:
                self.ledger.rechecked(self.skipped + self._changed - self._not_rechecked, self._changed)
        finally:
            self.ledger.settle(now=True)

    def outcome(self, plan: Plan, place: Place) -> RunOutcome:
        """The totals, and how many shards of the whole plan nobody has scanned yet."""
        known = self.folder.scanned_names() | self.folder.quarantined_names()
        identity, totals = self.tasks.search.identity, self.totals
        return RunOutcome(
            run=self.folder.path,
            corpus=plan.corpus,
            part=self.folder.part,
            shards=self.shards,
            scanned=totals.receipts - self.skipped,
            skipped=self.skipped,
            quarantined=self.quarantined,
            remaining=sum(receipt_name(shard, identity) not in known for shard in plan.shards),
            interrupted=self.stop.requested and self._ended < self.shards,
            records=totals.records,
            text_bytes=totals.text_bytes,
            refused=plan.refused.total + totals.refused,
            findings=totals.findings,
            seconds=time.monotonic() - self.begun,
            medium=plan.medium,
            tokenizers=plan.tokenizer_facts(),
            picture_bytes=totals.picture_bytes,
            frames=totals.frames,
            sound_bytes=totals.sound_bytes,
            sound_seconds=totals.sound_seconds,
            place=place,
        )

    def _find_done(self) -> None:
        """Count the shards that were scanned earlier, and log those that the log does not know."""
        there = self.folder.scanned_names()
        if not there:
            return
        logged = self.ledger.logged()
        unlogged: list[dict[str, Any]] = []
        for place, task in enumerate(self.tasks):
            receipt = self.folder.done(task.name) if task.name in there else None
            if receipt is None:
                continue
            if self._recheck:
                self._earlier[task.name] = facts_of(receipt)["sha256"]
            else:
                self._done[place] = 1
                self.totals.add(receipt)
                self.skipped += 1
                self.skipped_bytes += task.shard.size
            self.folder.release(task.name)
            if task.name not in logged:
                unlogged.append(facts_of(receipt))
        earlier = self.skipped + len(self._earlier)
        if earlier:
            waiting = self.shards - earlier
            self.log.append("resumed", {"shards_scanned_earlier": earlier, "shards": waiting})
            self.ledger.add_found(unlogged)

    def _completed(self, outcome: Completed) -> None:
        self.totals.add(outcome.receipt)
        before = self._earlier.get(outcome.task.name)
        if before is not None and before == facts_of(outcome.receipt)["sha256"]:
            self.skipped += 1
            return
        if before is not None:
            self._changed += 1
            self.ledger.changed(outcome.receipt, before)
        self.ledger.completed(outcome)

    def _failed(self, outcome: Failed) -> None:
        if self.tasks.search.identity.excerpts:
            outcome = _without_quotations(outcome)
        self.quarantined[outcome.task.shard.name] = outcome.reasons
        earlier = self.folder.done(outcome.task.name) if outcome.task.name in self._earlier else None
        if earlier is None:
            self.ledger.failed(outcome)
            return
        self.totals.add(earlier)  # it vouches for what was read then, and stays
        self.skipped += 1
        self._not_rechecked += 1
        self.ledger.not_rechecked(outcome)

    @property
    def _ended(self) -> int:
        """How many shards have a receipt, or are given up."""
        return self.totals.receipts + len(self.quarantined) - self._not_rechecked

    def _read(self, task: ScanTask, count: int) -> None:
        self.under_way[task.name] = min(count, task.shard.size)
        self.ledger.settle()
        self._tell()

    def _crew(self, crew: Crew) -> None:
        self.crew = crew
        self._tell()

    def _tell(self) -> None:
        scanned = self.ended_bytes + sum(self.under_way.values())
        now, seen = time.monotonic(), (scanned, self._ended, self.crew)
        if seen != self._seen:
            self._seen, self._changed_at = seen, now
        self.progress(
            ScanProgress(
                bytes=self.skipped_bytes + scanned,
                all_bytes=self.all_bytes,
                scanned_bytes=scanned,
                shards=self._ended,
                all_shards=self.shards,
                findings=self.totals.findings,
                quarantined=len(self.quarantined),
                still=now - self._changed_at,
                **self.crew._asdict(),
            )
        )


def _without_quotations(outcome: Failed) -> Failed:
    """Of each reason the kind of the error, where excerpts are withheld."""
    kinds = tuple(reason.partition(":")[0] for reason in outcome.reasons)
    return replace(outcome, reasons=kinds, detail=NO_DETAIL)
