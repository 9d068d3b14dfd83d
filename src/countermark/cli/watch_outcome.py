"""What `countermark watch` does and tells: the plan, the scan, the comparison."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from countermark.cli.progress import ProgressDisplay, counted, duration, printable, size
from countermark.cli.scan_tokenizers import lines, tell_tokenizers
from countermark.errors import InputError
from countermark.media import Medium

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from countermark.evidence.watch.changes import Comparison
    from countermark.scan import RunOutcome, ScanProgress, ScanSettings
    from countermark.scan.carrying import CarryingRunner
    from countermark.scan.runners.base import Runner

QUARANTINED: Final = 6
INTERRUPTED: Final = 130
SOMETHING_NEW: Final = 1
SHOWN: Final = 10

_SAID: Final = {
    "newly-found": "newly found",
    "first-looked-for": "first looked for",
    "no-longer-found": "no longer found",
    "not-looked-at": "not looked at",
    "changed": "changed",
    "moved": "moved",
    "same": "the same",
}


def tell_plan(last: Path, settings: ScanSettings, *, as_json: bool) -> None:
    """Say what would be carried and what scanned; bytes are not compared, and nothing is written."""
    from countermark.scan.carrying import carriable, last_run
    from countermark.scan.carrying_settings import settings_of, why_all_anew
    from countermark.scan.plan import make_plan
    from countermark.scan.search import IndexBackend

    run = last_run(last)
    facts = IndexBackend().describe(settings.index, settings.salt)
    plan = make_plan(
        settings.corpus,
        text_column=settings.text_column,
        corpus=settings.corpus_name,
        medium=Medium(facts.medium),
        tokenizers=settings.tokenizers,
    )
    nothing = why_all_anew(settings_of(last), settings, facts, plan)
    kept = [] if nothing else carriable(plan.shards, run)
    bytes_kept = sum(shard.size for shard in kept)
    told: dict[str, Any] = {
        "corpus": plan.corpus,
        "shards": len(plan.shards),
        "bytes": plan.bytes,
        "may_be_carried": len(kept),
        "bytes_that_may_be_carried": bytes_kept,
        "to_scan": len(plan.shards) - len(kept),
        "nothing_carried": nothing,
        "refused": plan.refused.total,
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{printable(plan.corpus)}: {counted(len(plan.shards), 'shard')}, {size(plan.bytes)} on disk.")
    for line in lines(plan.tokenizer_facts()):
        click.echo(line)
    if nothing:
        click.echo(f"Nothing can be carried: {nothing}.")
    else:
        click.echo(
            f"May be carried from {last.name}, if the bytes are the same: {counted(len(kept), 'shard')}, "
            f"{size(bytes_kept)}."
        )
    click.echo(
        f"To scan: {counted(told['to_scan'], 'shard')}, {size(plan.bytes - bytes_kept)}. Nothing was written."
    )


def run_watch(
    last: Path, settings: ScanSettings, day: date, inner: Runner | None, *, as_json: bool, telling: bool
) -> int:
    """Carry, scan, compare and tell; return the exit code. With `telling` it is 1 where something is new.

    `inner` scans what cannot be carried; None stands for the local runner.
    """
    from countermark.evidence.summary import conclude
    from countermark.evidence.watch.write import write_watch
    from countermark.storage.mirror import publish

    outcome, runner = _scanned(last, settings, inner, quiet=as_json)
    if outcome.interrupted or not outcome.complete:
        click.echo("Stopped; give the same command again to go on.", err=True)
        return INTERRUPTED
    conclude(outcome.run)
    comparison = write_watch(last, outcome.run, day)
    publish(settings.out, settings.mirror)
    carried = _carried(outcome.run)
    if as_json:
        click.echo(json.dumps(_facts(outcome, comparison, carried, runner), ensure_ascii=False, indent=2))
    else:
        _tell(outcome, comparison, carried, runner)
    if outcome.quarantined:
        return QUARANTINED
    if not (outcome.frames if outcome.medium == Medium.IMAGE else outcome.records):
        return InputError.exit_code
    return SOMETHING_NEW if telling and _is_news(comparison) else 0


def _scanned(
    last: Path, settings: ScanSettings, inner: Runner | None, *, quiet: bool
) -> tuple[RunOutcome, CarryingRunner]:
    from countermark.cli.extras import needs_audio, needs_image
    from countermark.index.manifest import read_manifest
    from countermark.scan import run_scan
    from countermark.scan.carrying import CarryingRunner, last_run
    from countermark.scan.runners.local import LocalRunner, usable_cores

    medium = read_manifest(settings.index).medium
    if medium != Medium.TEXT:
        (needs_image if medium == Medium.IMAGE else needs_audio)()
    workers = settings.workers or usable_cores()
    runner = CarryingRunner(inner or LocalRunner(workers), last_run(last), workers)
    with ProgressDisplay("Watching", quiet=quiet) as display:
        outcome = run_scan(
            settings,
            progress=lambda progress: _show(display, progress),
            runner=runner,
            planned=partial(tell_tokenizers, quiet=quiet),
        )
    return outcome, runner


def _show(display: ProgressDisplay, progress: ScanProgress) -> None:
    of = counted(progress.all_shards, "shard")
    note = f"{progress.shards:,} of {of}, {counted(progress.findings, 'finding')}"
    if progress.quarantined:
        note += f", {progress.quarantined:,} in quarantine"
    display.show(progress.bytes, progress.all_bytes, fresh=progress.scanned_bytes, note=note)


def _carried(run: Path) -> int:
    """How many shards of the run were carried, by this command or one before it that was stopped."""
    from countermark.scan.carrying import carried_in
    from countermark.scan.folder import RunFolder
    from countermark.scan.runlog import read_events

    return sum(carried_in(read_events(RunFolder(run).log_path)).values())


def _is_news(comparison: Comparison) -> bool:
    facts = comparison.facts
    return bool(facts["works"]["newly-found"] or facts["findings"]["new"])


def _facts(
    outcome: RunOutcome, comparison: Comparison, carried: int, runner: CarryingRunner
) -> dict[str, Any]:
    return {
        "run": str(outcome.place or outcome.run),
        "shards": outcome.shards,
        "carried": carried,
        "nothing_carried": runner.nothing,
        "quarantined": {name: list(reasons) for name, reasons in sorted(outcome.quarantined.items())},
        "seconds": round(outcome.seconds, 3),
        "watch": comparison.facts,
    }


def _tell(outcome: RunOutcome, comparison: Comparison, carried: int, runner: CarryingRunner) -> None:
    facts = comparison.facts
    click.echo(
        f"{printable(outcome.corpus)}: {counted(outcome.shards, 'shard')} in {duration(outcome.seconds)}, "
        f"{carried:,} of them carried from {printable(comparison.last.path.resolve().name)}."
    )
    if runner.nothing:
        click.echo(f"Nothing could be carried: {runner.nothing}.")
    if facts["now"]["unread"]:
        names = ", ".join(printable(name) for name in list(facts["now"]["unread"])[:SHOWN])
        files = counted(len(facts["now"]["unread"]), "file")
        click.echo(f"Not read: {files}: {names}. What stands there is not known.")
    works = facts["works"]
    told = ", ".join(f"{works[name]:,} {_SAID[name]}" for name in _SAID if works[name] or name in _ALWAYS)
    click.echo()
    click.echo(
        f"Works since the last run: {told}. Being listed is not proof that a model was trained on them."
    )
    _tell_works([work for work in facts["of_works"] if work["change"] != "moved"])
    click.echo()
    click.echo(f"Next: open {outcome.run / 'watch' / 'watch.en.html'} (watch.fr.html in French)")


_ALWAYS: Final = ("newly-found", "no-longer-found")


def _tell_works(works: list[dict[str, Any]]) -> None:
    if not works:
        return
    click.echo(f"{'new':>7}  {'gone':>7}  {'since the last run':<18}  work")
    for work in works[:SHOWN]:
        by = f", {work['work_author']}" if work["work_author"] else ""
        named = printable(f"{work['work_title']}{by}")
        click.echo(f"{work['new']:>7,}  {work['gone']:>7,}  {_SAID[work['change']]:<18}  {named}")
    if len(works) > SHOWN:
        click.echo(f"and {len(works) - SHOWN:,} more; watch/changes.json has them all")
