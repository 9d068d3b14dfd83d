"""What `countermark scan --dry-run` tells, and the facts that `--json` prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from countermark.scan import DryRun, RunOutcome, ScanSettings

SHOWN = 10
OF_MEDIA = ("text_bytes", "medium", "picture_bytes", "frames", "sound_bytes", "sound_seconds")
"""The facts of a run that say how much of each medium was read."""


def tell_plan(settings: ScanSettings, *, as_json: bool) -> None:
    """Print what a scan would do."""
    from countermark.cli.progress import counted, printable, size
    from countermark.cli.scan_tokenizers import lines
    from countermark.scan import plan_scan

    plan = plan_scan(settings)
    if as_json:
        click.echo(json.dumps(_plan_facts(plan), ensure_ascii=False, indent=2))
        return
    click.echo(f"{plan.corpus}: {counted(plan.all_shards, 'shard')}, {size(plan.all_bytes)} on disk.")
    if settings.part.of > 1:
        click.echo(f"Part {settings.part}: {counted(len(plan.shards), 'shard')}, {size(plan.bytes)}.")
    for shard in plan.shards[:SHOWN]:
        click.echo(f"  {printable(shard.name)}  {shard.format}  {size(shard.size)}")
    if len(plan.shards) > SHOWN:
        click.echo(f"  and {len(plan.shards) - SHOWN:,} more")
    for line in lines(plan.tokenizers):
        click.echo(line)
    if plan.done:
        click.echo(f"Scanned already: {plan.done:,}.")
    if plan.refused:
        refused = counted(plan.refused, "file that is", "files that are")
        click.echo(f"Not read: {refused} no corpus; the run lists the reasons.")
    click.echo(f"With {counted(plan.workers, 'worker')}. Nothing was written.")


def _plan_facts(plan: DryRun) -> dict[str, Any]:
    return {
        "corpus": plan.corpus,
        "plan_shards": plan.all_shards,
        "plan_bytes": plan.all_bytes,
        "shards": [shard.name for shard in plan.shards],
        "bytes": plan.bytes,
        "done": plan.done,
        "refused": plan.refused,
        "workers": plan.workers,
        **({"tokenizers": list(plan.tokenizers)} if plan.tokenizers else {}),
    }


def outcome_facts(outcome: RunOutcome) -> dict[str, Any]:
    """What a program reads of a run."""
    return {
        "run": str(outcome.place or outcome.run),
        "corpus": outcome.corpus,
        "part": str(outcome.part),
        "shards": outcome.shards,
        "scanned": outcome.scanned,
        "skipped": outcome.skipped,
        "quarantined": {name: list(reasons) for name, reasons in sorted(outcome.quarantined.items())},
        "remaining": outcome.remaining,
        "interrupted": outcome.interrupted,
        "records": outcome.records,
        "text_bytes": outcome.text_bytes,
        "medium": outcome.medium,
        "picture_bytes": outcome.picture_bytes,
        "frames": outcome.frames,
        "sound_bytes": outcome.sound_bytes,
        "sound_seconds": outcome.sound_seconds,
        "refused": outcome.refused,
        "findings": outcome.findings,
        **({"tokenizers": list(outcome.tokenizers)} if outcome.tokenizers else {}),
    }
