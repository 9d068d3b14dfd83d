"""`countermark kit verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from countermark.kit.verifying import Verified

SHOWN = 50


@click.command("verify")
@click.argument("medium", type=click.Path(path_type=Path))
@click.option("--root", metavar="CODE", help="The root code, as it was written down in the room.")
@click.option(
    "--kit", type=click.Path(path_type=Path), help="The kit, where it is at hand: was it this one that ran?"
)
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def command(
    ctx: click.Context, /, *, medium: Path, root: str | None, kit: Path | None, as_json: bool
) -> None:
    """Verify a sealed MEDIUM: every file, every log to its end, receipts against findings, and the root code.

    It also says what no check can show. Without this programme, `sha256sum -c SHA256SUMS` in MEDIUM checks the files.

    \b
    Examples:
      countermark kit verify medium/ --root 7F3K-2Q9M-…
      countermark kit verify medium/ --root 7F3K-2Q9M-… --kit kit/ --json

    \b
    Exit codes:
      0    it verifies
      1    it does not; each file is named with what is wrong
      2    it has no seal, or an option cannot be used
      4    the kit given was itself changed
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.kit.verifying import NOT_SHOWN, verify_medium

    done = verify_medium(medium, root=root, kit=kit)
    if as_json:
        told = {
            "verifies": not done.wrong,
            "root": done.seal.code,
            "root_compared": done.compared,
            "wrong": done.wrong,
        }
        counts = {
            "files": done.files,
            "receipts": done.receipts,
            "findings": done.rows,
            "not_shown": NOT_SHOWN,
        }
        click.echo(json.dumps({**told, **counts}, ensure_ascii=False, indent=2))
    elif done.wrong:
        _tell_wrong(medium, done.wrong)
    else:
        _tell(medium, done)
    ctx.exit(1 if done.wrong else 0)


def _tell_wrong(medium: Path, wrong: list[str]) -> None:
    from countermark.cli.progress import printable

    for said in wrong[:SHOWN]:
        click.echo(printable(f"Wrong: {said}"), err=True)
    if len(wrong) > SHOWN:
        click.echo(f"and {len(wrong) - SHOWN:,} more", err=True)
    click.echo(f"{medium}: does not verify.", err=True)


def _tell(medium: Path, done: Verified) -> None:
    from countermark.cli.progress import counted
    from countermark.kit.verifying import NOT_SHOWN

    click.echo(
        f"{medium}: verifies. {counted(done.files, 'file')}, {counted(done.receipts, 'receipt')}, "
        f"{counted(done.rows, 'finding')}."
    )
    if done.compared:
        click.echo(f"The root code is the one given: {done.seal.code}")
    else:
        click.echo(f"Compare the root code with what was written down in the room: {done.seal.code}")
    if not done.seal.facts.get("complete"):
        click.echo("The run was closed before all of the corpus was scanned.")
    click.echo("What this does not show:")
    for said in NOT_SHOWN:
        click.echo(f"  {said}.")
