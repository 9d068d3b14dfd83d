"""A run: plan, prepare, scan what is not scanned yet, and say what remains."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from countermark import __version__
from countermark.errors import CountermarkError, OutputError
from countermark.media import Medium
from countermark.scan.attempts import Attempt, begin
from countermark.scan.folder import RunFolder, require_same
from countermark.scan.interrupt import stop_on_signals
from countermark.scan.ledger import Ledger
from countermark.scan.outcome import DryRun, RunOutcome, ScanProgress
from countermark.scan.plan import Plan, make_plan
from countermark.scan.prepare import comparable, digest_folder, planned_settings, prepare, search_settings
from countermark.scan.receipt import Receipt, ScanIdentity, receipt_name
from countermark.scan.runlog import RunLog
from countermark.scan.runners.base import Completed, Failed, Runner, Stop, Watch
from countermark.scan.runners.local import LocalRunner, usable_cores
from countermark.scan.search import IndexBackend, SearchBackend
from countermark.scan.shard import ScanTask, scan_shard

if TYPE_CHECKING:
    from countermark.scan.search import IndexFacts
    from countermark.scan.settings import ScanSettings

NOTED_PACKAGES = (
    "numpy",
    "numba",
    "pyarrow",
    "opencv-python-headless",
    "pillow",
    "simplejpeg",
    "av",
    "onnxruntime",
)

ProgressCallback = Callable[[ScanProgress], None]


def run_scan(
    settings: ScanSettings,
    *,
    progress: ProgressCallback = lambda _: None,
    backend: SearchBackend | None = None,
    runner: Runner | None = None,
    stop: Stop | None = None,
) -> RunOutcome:
    """Scan a corpus into a run folder, or go on where an earlier run ended.

    Raises InputError, UnusableIndexError, RunError or OutputError; whatever was finished before stays and is
    not scanned again. While shards are scanned, SIGINT and SIGTERM end the run in order
    (`RunOutcome.interrupted`).
    """
    backend, stop = backend or IndexBackend(), stop or Stop()
    facts = backend.describe(settings.index, settings.salt)
    plan = _plan(settings, facts)
    folder = RunFolder(settings.out, settings.part)
    with folder.claimed():
        prepared = prepare(folder, settings, facts, plan, backend)
        search, out = prepared.search, str(settings.out)
        tasks = [
            ScanTask(receipt_name(shard, search.identity), shard, out, search, backend) for shard in plan.mine
        ]
        folder.clear_temporaries({task.name for task in tasks})
        runner = runner or LocalRunner(_workers(settings, len(tasks)))
        log = RunLog(folder.log_path)
        attempt = begin(settings.out, _attempt_facts(settings, plan, search.identity), settings.attempts)
        log.append("start", {**_start_facts(settings, prepared.settings, plan), **attempt.facts})
        run = _Run(folder, log, tasks, progress, stop)
        try:
            with stop_on_signals(stop):
                run.scan(runner)
        except CountermarkError as error:
            _tell_failure(log, attempt, str(error))
            raise
        finally:
            folder.clear_temporaries({task.name for task in tasks})
        outcome = run.outcome(plan, search.identity)
        event, totals = "interrupted" if outcome.interrupted else "finish", _totals(outcome)
        log.append(event, totals)
        attempt.end(event, totals)
    return outcome


def _tell_failure(log: RunLog, attempt: Attempt, reason: str) -> None:
    with suppress(OutputError):  # on a full disk even these lines may find no room
        log.append("failed", {"reason": reason})
        attempt.end("failed", {"reason": reason})


def plan_scan(settings: ScanSettings, backend: SearchBackend | None = None) -> DryRun:
    """What `run_scan` would do with the same settings; nothing is written."""
    backend = backend or IndexBackend()
    facts = backend.describe(settings.index, settings.salt)
    plan = _plan(settings, facts)
    folder = RunFolder(settings.out, settings.part)
    made_with = folder.settings()
    done = 0
    if made_with is not None:
        files = digest_folder(settings.controls) if settings.controls else None
        require_same(folder.path, comparable(made_with), planned_settings(settings, facts, plan, files))
        identity = search_settings(folder.path, settings, made_with).identity
        done = sum(folder.done(receipt_name(shard, identity)) is not None for shard in plan.mine)
    mine = tuple(plan.mine)
    size = sum(shard.size for shard in mine)
    workers = _workers(settings, len(mine))
    return DryRun(plan.corpus, len(plan.shards), plan.bytes, mine, size, done, plan.refused.total, workers)


class _Run:
    """The shards of one part: which are done, which are under way, and the totals so far."""

    def __init__(
        self,
        folder: RunFolder,
        log: RunLog,
        tasks: list[ScanTask],
        progress: ProgressCallback,
        stop: Stop,
    ) -> None:
        self.folder, self.log, self.tasks, self.stop = folder, log, tasks, stop
        self.ledger = Ledger(folder, log)
        self.progress = progress
        self.begun = time.monotonic()
        self.receipts: dict[str, Receipt] = {}
        self.quarantined: dict[str, tuple[str, ...]] = {}
        self.all_bytes = sum(task.shard.size for task in tasks)
        self.findings = 0
        self.skipped = 0
        self.skipped_bytes = 0
        self.ended_bytes = 0
        self.under_way: dict[str, int] = {}

    def scan(self, runner: Runner) -> None:
        """Scan every task that has no sound receipt yet."""
        waiting = []
        for task in self.tasks:
            receipt = self.folder.done(task.name)
            if receipt is None:
                waiting.append(task)
            else:
                self.receipts[task.name] = receipt
                self.findings += receipt.findings
                self.skipped += 1
                self.skipped_bytes += task.shard.size
                self.folder.release(task.name)
        if self.skipped:
            self.log.append("resumed", {"shards_scanned_earlier": self.skipped, "shards": len(waiting)})
            self.ledger.found(self.receipts)
        self._tell()
        for outcome in runner.map(scan_shard, waiting, Watch(self.stop, self._read)):
            self.under_way.pop(outcome.task.name, None)
            self.ended_bytes += outcome.task.shard.size
            if isinstance(outcome, Completed):
                self._completed(outcome)
            else:
                self._failed(outcome)
            self._tell()

    def outcome(self, plan: Plan, identity: ScanIdentity) -> RunOutcome:
        """The totals, and how many shards of the whole plan nobody has scanned yet."""
        known = self.folder.scanned_names() | self.folder.quarantined_names()
        missing = sum(receipt_name(shard, identity) not in known for shard in plan.shards)
        receipts = self.receipts.values()
        return RunOutcome(
            run=self.folder.path,
            corpus=plan.corpus,
            part=self.folder.part,
            shards=len(self.tasks),
            scanned=len(self.receipts) - self.skipped,
            skipped=self.skipped,
            quarantined=self.quarantined,
            remaining=missing,
            interrupted=self.stop.requested and len(receipts) + len(self.quarantined) < len(self.tasks),
            records=sum(receipt.records for receipt in receipts),
            text_bytes=sum(receipt.text_bytes for receipt in receipts),
            refused=plan.refused.total + sum(receipt.refused_rows for receipt in receipts),
            findings=self.findings,
            seconds=time.monotonic() - self.begun,
            medium=plan.medium,
            picture_bytes=sum((receipt.pictures or {}).get("bytes", 0) for receipt in receipts),
            frames=sum((receipt.pictures or {}).get("frames", 0) for receipt in receipts),
            sound_bytes=sum((receipt.recordings or {}).get("bytes", 0) for receipt in receipts),
            sound_seconds=sum((receipt.recordings or {}).get("seconds", 0) for receipt in receipts),
        )

    def _completed(self, outcome: Completed) -> None:
        self.receipts[outcome.task.name] = outcome.receipt
        self.findings += outcome.receipt.findings
        self.ledger.completed(outcome)

    def _failed(self, outcome: Failed) -> None:
        self.quarantined[outcome.task.shard.name] = outcome.reasons
        self.ledger.failed(outcome)

    def _read(self, task: ScanTask, count: int) -> None:
        self.under_way[task.name] = min(count, task.shard.size)
        self._tell()

    def _tell(self) -> None:
        scanned = self.ended_bytes + sum(self.under_way.values())
        self.progress(
            ScanProgress(
                bytes=self.skipped_bytes + scanned,
                all_bytes=self.all_bytes,
                scanned_bytes=scanned,
                shards=len(self.receipts) + len(self.quarantined),
                all_shards=len(self.tasks),
                findings=self.findings,
                quarantined=len(self.quarantined),
            )
        )


def _plan(settings: ScanSettings, facts: IndexFacts) -> Plan:
    return make_plan(
        settings.corpus,
        text_column=settings.text_column,
        corpus=settings.corpus_name,
        part=settings.part,
        medium=Medium(facts.medium),
    )


def _workers(settings: ScanSettings, tasks: int) -> int:
    return max(1, min(settings.workers or usable_cores(), tasks))


def _start_facts(settings: ScanSettings, made_with: dict[str, Any], plan: Plan) -> dict[str, Any]:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    versions = {"countermark": __version__, "python": platform.python_version()}
    for package in NOTED_PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "absent"
    return {
        "command": list(settings.command),
        "settings": made_with,
        "part": str(settings.part),
        "shards_of_part": len(plan.mine),
        "versions": versions,
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": usable_cores()},
    }


def _attempt_facts(settings: ScanSettings, plan: Plan, identity: ScanIdentity) -> dict[str, Any]:
    return {
        "kind": "scan",
        "corpus": plan.corpus,
        "snapshot_date": settings.snapshot_date.isoformat() if settings.snapshot_date else None,
        "index": identity.index,
        "controls": identity.controls,
        "reservations": identity.reservations,
        "part": str(settings.part),
        "engine": identity.engine,
    }


def _totals(outcome: RunOutcome) -> dict[str, Any]:
    beside = {
        Medium.IMAGE: {"picture_bytes": outcome.picture_bytes, "frames": outcome.frames},
        Medium.AUDIO: {"sound_bytes": outcome.sound_bytes, "sound_seconds": outcome.sound_seconds},
    }
    return {
        **beside.get(Medium(outcome.medium), {}),
        "shards": outcome.shards,
        "scanned": outcome.scanned,
        "skipped": outcome.skipped,
        "quarantined": sorted(outcome.quarantined),
        "remaining_of_plan": outcome.remaining,
        "records": outcome.records,
        "text_bytes": outcome.text_bytes,
        "refused": outcome.refused,
        "findings": outcome.findings,
        "seconds": round(outcome.seconds, 3),
    }
