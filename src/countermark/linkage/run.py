"""A link run: plan, prepare, link what is not linked yet. Resumes where an earlier run ended, as a scan does."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from countermark import __version__
from countermark.atomic import make_folder, temporary_target
from countermark.corpus.listing import list_shards
from countermark.errors import CorpusError, CountermarkError, InputError, OutputError
from countermark.linkage import shapes
from countermark.linkage.addresses import sites_of
from countermark.linkage.catalog import digest_sought, read_sought, write_sought
from countermark.linkage.picture_rows import named_column
from countermark.linkage.picture_shapes import is_of_pictures, picture_shape, require_pictures
from countermark.linkage.picture_shapes import propose as propose_pictures
from countermark.linkage.picture_shard import link_picture_shard
from countermark.linkage.picture_works import SITE, picture_works, sought_site
from countermark.linkage.rows import FORMATS, column_names, read_rows
from countermark.linkage.settings import PICTURE_SCHEME, SCHEME, LinkOutcome, LinkPlan, LinkProgress
from countermark.linkage.shard import LinkTask, counts_path, link_shard, links_path
from countermark.media import Refusal
from countermark.scan import attempts
from countermark.scan.folder import RunFolder, require_same
from countermark.scan.interrupt import stop_on_signals
from countermark.scan.ledger import Ledger
from countermark.scan.plan import WHOLE, Plan, corpus_name, plan_of
from countermark.scan.receipt import ScanIdentity, receipt_name
from countermark.scan.runlog import RunLog
from countermark.scan.runners.base import Completed, Stop, Watch
from countermark.scan.runners.local import LocalRunner, usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from countermark.corpus.base import Shard
    from countermark.linkage.catalog import Sought
    from countermark.linkage.settings import LinkSettings
    from countermark.linkage.shapes import Shape
    from countermark.scan.receipt import Receipt
    from countermark.scan.runners.base import Failed, Scan
    from countermark.works.entry import CatalogWork

SAMPLE_ROWS = 5
_OWN_FOLDERS = ("links", "counts")


def plan_link(settings: LinkSettings) -> LinkPlan:
    """What `run_link` would read with the same settings; nothing is written. Raises InputError."""
    plan = _plan(settings)
    shape, columns = _shape(settings, plan)
    wanted = [named_column(column, columns, plan.shards[0].name) for _, column in shape.mapping]
    first = next(iter(read_rows(plan.shards[0], wanted)), None)
    sample = []
    for row in range(min(SAMPLE_ROWS, len(first.rows) if first else 0)):
        texts = first.columns if first else ()
        sample.append({role: text[row].as_py() for (role, _), text in zip(shape.mapping, texts, strict=True)})
    return LinkPlan(plan.corpus, len(plan.shards), plan.bytes, shape, tuple(columns), tuple(sample))


def run_link(
    settings: LinkSettings,
    works: Iterable[CatalogWork],
    controls: Iterable[CatalogWork] = (),
    *,
    progress: Callable[[LinkProgress], None] = lambda _: None,
    stop: Stop | None = None,
) -> LinkOutcome:
    """Link a catalog with a listing into a run folder, or go on where an earlier run ended.

    Raises InputError, RunError or OutputError; whatever was finished before stays and is not read again.
    """
    stop = stop or Stop()
    plan = _plan(settings)
    shape, columns = _shape(settings, plan)
    folder = RunFolder(settings.out, WHOLE)
    with folder.claimed():
        wanted = _prepare(folder, settings, plan, shape, works, controls)
        tasks = list(_tasks(folder, plan, shape, wanted))
        _clear_temporaries(folder, {task.name for task in tasks})
        log = RunLog(folder.log_path)
        attempt = attempts.begin(settings.out, _attempt_facts(wanted), settings.attempts)
        log.append(
            "start",
            {"command": list(settings.command), "settings": wanted, "engine": __version__, **attempt.facts},
        )
        pictures = wanted["index"]["scheme"] == PICTURE_SCHEME
        run = _Run(folder, log, tasks, progress, stop, link_picture_shard if pictures else link_shard)
        try:
            with stop_on_signals(stop):
                run.link(LocalRunner(max(1, min(settings.workers or usable_cores(), len(tasks)))))
        except CountermarkError as error:
            with suppress(OutputError):  # on a full disk even these lines may find no room
                log.append("failed", {"reason": str(error)})
                attempt.end("failed", {"reason": str(error)})
            raise
        finally:
            _clear_temporaries(folder, {task.name for task in tasks})
        outcome = run.outcome(plan, shape, columns)
        event = "interrupted" if outcome.interrupted else "finish"
        totals = {
            "shards": outcome.shards,
            "rows": outcome.rows,
            "refused": outcome.refused,
            "findings": outcome.findings,
        }
        log.append(event, totals | {"seconds": round(outcome.seconds, 3)})
        attempt.end(event, totals)
    return outcome


def _plan(settings: LinkSettings) -> Plan:
    """The shards of the listing; what is no listing is refused by name."""

    def listing() -> Iterator[Shard | Refusal]:
        for found in list_shards(settings.listings):
            if isinstance(found, Refusal) or found.format in FORMATS:
                yield found
            else:
                detail = "is no listing; read are Parquet, CSV, TSV and JSON Lines, compressed or not"
                yield Refusal(found.name, -1, "no-listing", detail)

    try:
        return plan_of(listing(), settings.name or corpus_name(settings.listings), WHOLE)
    except InputError as error:
        accepted = "; Parquet, CSV, TSV and JSON Lines are read, compressed or not"
        raise InputError(str(error).replace("nothing to scan", "nothing to link") + accepted) from error


def _shape(settings: LinkSettings, plan: Plan) -> tuple[Shape, list[str]]:
    """The mapping: what the user gave, or what the columns of the first readable shard propose."""
    failed: CorpusError | None = None
    for shard in islice(plan.shards, 20):
        try:
            columns = column_names(shard)
        except CorpusError as error:
            failed = error
            continue
        return _shape_of(settings, columns), columns
    raise InputError(str(failed))


def _shape_of(settings: LinkSettings, columns: Sequence[str]) -> Shape:
    """What columns are; where pictures or sites are looked for, what they are in a listing of pictures."""
    mapped = shapes.given(settings.maps, columns)
    if mapped:
        shape = shapes.Shape("as given", mapped)
    elif (known := picture_shape(columns)) is not None:
        shape = known
    elif settings.pictures or settings.sites:
        shape = shapes.Shape("by the names of its columns", propose_pictures(columns))
    else:
        shape = shapes.propose(columns)
    if settings.pictures or settings.sites:
        require_pictures(shape.mapping, columns)
    elif not is_of_pictures(shape.mapping):
        shapes.require_use(shape.mapping, columns)
    return shape


def _scheme(settings: LinkSettings, shape: Shape) -> str:
    """The rules: those of listings of pictures, or of all others."""
    asked = settings.pictures or settings.sites
    return PICTURE_SCHEME if asked or is_of_pictures(shape.mapping) else SCHEME


def _others(settings: LinkSettings, plan: Plan) -> list[Sought]:
    """The pictures and sites that are looked for; what cannot be read of them is refused by name."""
    found = []
    for work in picture_works(settings.pictures) if settings.pictures else ():
        if isinstance(work, Refusal):
            plan.refused.add([work])
        else:
            found.append(work)
    if settings.pictures and not found:
        given = ", ".join(map(str, settings.pictures))
        raise InputError(
            f"{given}: no picture could be read; JPEG, PNG, WebP, AVIF, GIF, TIFF and BMP are read"
        )
    return found + [sought_site(site) for site in sites_of(settings.sites)]


def _prepare(
    folder: RunFolder, settings: LinkSettings, plan: Plan, shape: Shape,
    works: Iterable[CatalogWork], controls: Iterable[CatalogWork],
) -> dict[str, Any]:  # fmt: skip
    """Make the folder's settings and its catalog, or check that those there are the same."""
    snapshot = settings.snapshot_date.isoformat() if settings.snapshot_date else None
    with folder.setting_up():
        made_with = folder.settings()
        if made_with is None:
            folder.require_empty()
        catalog = folder.path / "catalog.parquet"
        fresh = folder.path / ".catalog.parquet"
        write_sought(fresh, works, controls, snapshot, _others(settings, plan))
        digest = digest_sought(fresh)
        sought = read_sought(fresh)
        mapping = [f"{role}={column}" for role, column in shape.mapping]
        wanted = {
            "run": 1,
            "kind": "link",
            "corpus": plan.corpus,
            "snapshot_date": snapshot,
            "index": {"identity": digest, "scheme": _scheme(settings, shape),
                      "works": sum(not work.is_control and work.medium != SITE for work in sought),
                      "catalog": settings.catalog},
            "controls": {"works": sum(work.is_control for work in sought), "files": settings.controls},
            "engine": __version__,
            "reader": {"text_column": " ".join(mapping), "mapping": mapping, "shape": shape.name},
            "shards": plan.facts(),
            "refused": plan.refused.counts,
        }  # fmt: skip
        if made_with is not None:
            try:
                require_same(folder.path, made_with, wanted)
            except CountermarkError:
                fresh.unlink(missing_ok=True)
                raise
        else:
            folder.write_settings(wanted)
        fresh.replace(catalog)
        folder.make_folders()
        for name in _OWN_FOLDERS:
            make_folder(folder.path / name)
    return wanted


def _attempt_facts(wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "link",
        "corpus": wanted["corpus"],
        "snapshot_date": wanted["snapshot_date"],
        "catalog": wanted["index"],
        "controls": wanted["controls"],
        "engine": wanted["engine"],
    }


def _tasks(folder: RunFolder, plan: Plan, shape: Shape, wanted: dict[str, Any]) -> Iterator[LinkTask]:
    mapping = " ".join(f"{role}={column}" for role, column in shape.mapping)
    scheme = f"{wanted['index']['scheme']} {hashlib.sha256(mapping.encode()).hexdigest()[:12]}"
    identity = ScanIdentity(wanted["index"]["identity"], None, scheme, wanted["engine"])
    for shard in plan.shards:
        yield LinkTask(
            receipt_name(shard, identity), shard, str(folder.path), shape.mapping, identity,
            wanted["corpus"], wanted["snapshot_date"],
        )  # fmt: skip


def _clear_temporaries(folder: RunFolder, names: set[str]) -> None:
    folder.clear_temporaries(names)
    for own in _OWN_FOLDERS:
        for path in (folder.path / own).glob(".*"):
            if temporary_target(path.name) is not None:
                path.unlink(missing_ok=True)


class _Run:
    """The shards of a run: which are done, which are under way, and the totals so far."""

    def __init__(
        self,
        folder: RunFolder,
        log: RunLog,
        tasks: list[LinkTask],
        progress: Callable[[LinkProgress], None],
        stop: Stop,
        link: Callable[..., Receipt],
    ) -> None:
        self.folder, self.log, self.tasks, self.progress, self.stop = folder, log, tasks, progress, stop
        self.link_one = link
        self.ledger = Ledger(folder, log)
        self.begun = time.monotonic()
        self.receipts: dict[str, Receipt] = {}
        self.quarantined: dict[str, tuple[str, ...]] = {}
        self.all_bytes = sum(task.shard.size for task in tasks)
        self.skipped = self.skipped_bytes = self.ended_bytes = 0
        self.under_way: dict[str, int] = {}

    def link(self, runner: LocalRunner) -> None:
        """Link every shard that has no sound receipt yet."""
        waiting = []
        for task in self.tasks:
            receipt = self._done(task.name)
            if receipt is None:
                waiting.append(task)
                continue
            self.receipts[task.name] = receipt
            self.skipped += 1
            self.skipped_bytes += task.shard.size
            self.folder.release(task.name)
        if self.skipped:
            self.log.append("resumed", {"shards_linked_earlier": self.skipped, "shards": len(waiting)})
            self.ledger.found(self.receipts)
        self._tell()
        # The runner knows tasks by `name`, `shard` and `run` only, which those of a link have as well.
        scan, tasks = cast("Scan", self.link_one), cast("Any", waiting)
        for outcome in runner.map(scan, tasks, Watch(self.stop, self._read)):
            self.under_way.pop(outcome.task.name, None)
            self.ended_bytes += outcome.task.shard.size
            if isinstance(outcome, Completed):
                self._completed(outcome)
            else:
                self._failed(outcome)
            self._tell()

    def outcome(self, plan: Plan, shape: Shape, columns: Sequence[str]) -> LinkOutcome:
        """The totals."""
        taken = {column for _, column in shape.mapping}
        receipts = self.receipts.values()
        return LinkOutcome(
            run=self.folder.path,
            corpus=plan.corpus,
            shape=shape.name,
            mapping=shape.mapping,
            unused=tuple(column for column in columns if column not in taken),
            shards=len(self.tasks),
            linked=len(self.receipts) - self.skipped,
            skipped=self.skipped,
            quarantined=self.quarantined,
            interrupted=self.stop.requested and len(receipts) + len(self.quarantined) < len(self.tasks),
            rows=sum(receipt.records for receipt in receipts),
            refused=plan.refused.total + sum(receipt.refused_rows for receipt in receipts),
            findings=sum(receipt.findings for receipt in receipts),
            seconds=time.monotonic() - self.begun,
        )

    def _done(self, name: str) -> Receipt | None:
        """The receipt `name`, if it is sound and the files beside it are those that it states."""
        receipt = self.folder.done(name)
        if receipt is None:
            return None
        paths = {"links": links_path(self.folder.path, name), "counts": counts_path(self.folder.path, name)}
        with suppress(OSError):
            if receipt.shard.get("files") == {
                kind: hashlib.sha256(path.read_bytes()).hexdigest() for kind, path in paths.items()
            }:
                return receipt
        return None

    def _completed(self, outcome: Completed) -> None:
        self.receipts[outcome.task.name] = outcome.receipt
        self.ledger.completed(outcome)

    def _failed(self, outcome: Failed) -> None:
        self.quarantined[outcome.task.shard.name] = outcome.reasons
        self.ledger.failed(outcome)

    def _read(self, task: Any, count: int) -> None:
        self.under_way[task.name] = min(count, task.shard.size)
        self._tell()

    def _tell(self) -> None:
        linked = self.ended_bytes + sum(self.under_way.values())
        done = len(self.receipts) + len(self.quarantined)
        found = sum(receipt.findings for receipt in self.receipts.values())
        self.progress(
            LinkProgress(self.skipped_bytes + linked, self.all_bytes, linked, done, len(self.tasks), found)
        )


__all__ = ["plan_link", "run_link"]
