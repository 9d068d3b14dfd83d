"""`countermark trap burnt`: what hosted models were shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from countermark.cli.trap_options import FILE, LEDGER

if TYPE_CHECKING:
    from pathlib import Path


@click.command("burnt")
@click.option("--key", type=FILE, help="The key; its ledger stands beside it. The key itself is not read.")
@LEDGER
@click.option("--json", "as_json", is_flag=True, help="Print the ledger as JSON.")
def command(*, key: Path | None, ledger: Path | None, as_json: bool) -> None:
    """List which works' candidates a hosted model was shown, how many questions, and when.

    Who runs such a model may keep what it is asked, and a later model may have learnt it. A later test of the work then
    ranks only candidates that were shown like the published one; where there are none, the work is refused by name.

    \b
    Examples:
      countermark trap burnt --key private/traps.key
      countermark trap burnt --ledger private/traps.key.burnt.jsonl --json

    \b
    Exit codes:
      0    listed, also where nothing is burnt
      2    neither --key nor --ledger, or not a ledger
      4    the ledger was changed: its chain is broken
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.progress import counted, printable
    from countermark.memorization.traps.burnt import shown_in

    if key is None and ledger is None:
        raise click.UsageError("Missing option '--key' or '--ledger'.")
    path = ledger or (key.with_name(f"{key.name}.burnt.jsonl") if key else None)
    shown = shown_in(path) if path else []
    if as_json:
        click.echo(json.dumps([one._asdict() for one in shown], ensure_ascii=False, indent=2))
        return
    if not shown:
        click.echo(printable(f"{path}: nothing is burnt."))
    for one in shown:
        told = (
            f"work {one.work}, channel {one.channel}: {counted(one.questions, 'question')} shown to {one.to}"
        )
        click.echo(printable(f"{told}, from {one.first[:10]} to {one.last[:10]}"))
