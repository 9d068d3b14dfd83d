"""A run: plan, prepare, scan what is not scanned yet, and say what remains."""

from __future__ import annotations

import platform
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark import __version__
from countermark.errors import CountermarkError, OutputError
from countermark.media import Medium
from countermark.scan.attempts import Attempt, begin
from countermark.scan.folder import RunFolder, require_same
from countermark.scan.interrupt import stop_on_signals
from countermark.scan.outcome import DryRun, RunOutcome
from countermark.scan.plan import Plan, make_plan
from countermark.scan.prepare import comparable, digest_folder, planned_settings, prepare, search_settings
from countermark.scan.progressing import ProgressCallback, Progressing, Tasks
from countermark.scan.receipt import receipt_name
from countermark.scan.run_place import run_at
from countermark.scan.runlog import RunLog
from countermark.scan.runners.base import Runner, Stop
from countermark.scan.runners.local import LocalRunner, usable_cores
from countermark.scan.search import IndexBackend, SearchBackend
from countermark.storage.mirror import Mirror
from countermark.storage.place import is_url, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.scan.receipt import ScanIdentity
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


def run_scan(
    settings: ScanSettings,
    *,
    progress: ProgressCallback = lambda _: None,
    backend: SearchBackend | None = None,
    runner: Runner | None = None,
    stop: Stop | None = None,
    planned: Callable[[Plan], None] = lambda _: None,
) -> RunOutcome:
    """Scan a corpus into a run folder, or go on where an earlier run ended.

    A run folder at a URL is worked on in a mirror, and workers write to the URL. Raises InputError, UnusableIndexError,
    RunError or OutputError; whatever was finished before stays and is not scanned again. While shards are scanned,
    SIGINT and SIGTERM end the run in order (`RunOutcome.interrupted`). `planned` is told the plan, before anything is
    written.
    """
    backend, stop = backend or IndexBackend(), stop or Stop()
    facts = backend.describe(settings.index, settings.salt)
    plan = _plan(settings, facts)
    planned(plan)
    with run_at(settings.out, settings.part, settings.mirror) as place:
        folder = RunFolder(place.path, settings.part)
        with folder.claimed():
            prepared = prepare(folder, settings, facts, plan, backend)
            search = prepared.search
            del facts  # of millions of works they are large, and a run is long
            place.publish()
            tasks = Tasks(plan, str(settings.out), search, backend)
            folder.clear_temporaries(tasks.names())
            log = RunLog(folder.log_path)
            attempts = settings.attempts or place.attempts
            attempt = begin(place.path, _attempt_facts(settings, plan, search.identity), attempts)
            log.append("start", {**_start_facts(settings, prepared.settings, plan), **attempt.facts})
            run = Progressing(folder, log, tasks, progress, stop, recheck=settings.recheck)
            try:
                with stop_on_signals(stop):
                    run.scan(runner or LocalRunner(_workers(settings, len(tasks))))
            except CountermarkError as error:
                _tell_failure(log, attempt, failure(error, withheld=not settings.excerpts))
                raise
            finally:
                folder.clear_temporaries(tasks.names())
            place.collect()
            outcome = run.outcome(plan, settings.out)
            event, totals = "interrupted" if outcome.interrupted else "finish", _totals(outcome)
            log.append(event, totals)
            attempt.end(event, totals)
    return outcome


def failure(error: CountermarkError, *, withheld: bool) -> str:
    """What a log says of an error; where nothing of the corpus is kept its kind alone, as messages quote columns."""
    return type(error).__name__ if withheld else str(error)


def _tell_failure(log: RunLog, attempt: Attempt, reason: str) -> None:
    with suppress(OutputError):  # on a full disk even these lines may find no room
        log.append("failed", {"reason": reason})
        attempt.end("failed", {"reason": reason})


def plan_scan(settings: ScanSettings, backend: SearchBackend | None = None) -> DryRun:
    """What `run_scan` would do with the same settings; nothing is written, no kernels either."""
    backend = backend or IndexBackend(compiles=False)
    facts = backend.describe(settings.index, settings.salt)
    plan = _plan(settings, facts)
    folder = RunFolder(_at_hand(settings), settings.part)
    made_with = folder.settings()
    done = 0
    if made_with is not None:
        files = digest_folder(settings.controls) if settings.controls else None
        require_same(folder.path, comparable(made_with), planned_settings(settings, facts, plan, files))
        identity = search_settings(folder.path, settings, made_with).identity
        done = sum(folder.done(receipt_name(shard, identity)) is not None for shard in plan.iter_mine())
    mine = tuple(plan.iter_mine())
    size = sum(shard.size for shard in mine)
    workers = _workers(settings, len(mine))
    return DryRun(
        plan.corpus,
        len(plan.shards),
        plan.bytes,
        mine,
        size,
        done,
        plan.refused.total,
        workers,
        plan.tokenizer_facts(),
    )


def _at_hand(settings: ScanSettings) -> Path:
    """The run folder, or the mirror of what is at its URL so far."""
    if not is_url(settings.out):
        return Path(settings.out)
    mirror = Mirror(str(settings.out), settings.mirror)
    mirror.pull()
    return mirror.folder


def _plan(settings: ScanSettings, facts: IndexFacts) -> Plan:
    return make_plan(
        settings.corpus,
        text_column=settings.text_column,
        corpus=settings.corpus_name,
        part=settings.part,
        medium=Medium(facts.medium),
        tokenizers=settings.tokenizers,
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
        "command": [shown(word) for word in settings.command],
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
