"""`countermark reserve history verify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from countermark.captures.history.verify import Judged, JudgeStamp, Verified

SHOWN = 50
_FILE = click.Path(path_type=Path)


@click.command("verify")
@click.argument("folder", metavar="HISTORY", type=_FILE, required=False)
@click.option(
    "--ca", type=_FILE, metavar="FILE", help="Certificates of the authority, known from elsewhere (PEM)."
)
@click.option(
    "--recipe", is_flag=True, help="Print a shell script that verifies with sha256sum and openssl alone."
)
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def command(ctx: click.Context, folder: Path | None, ca: Path | None, *, recipe: bool, as_json: bool) -> None:
    """Check that nothing in HISTORY was changed: the chain, each capture and what it holds, each time stamp.

    That captures were cut off at the end a chain cannot show: compare the digest of the last line with the one that you
    noted, or look which captures are stamped. Nothing is fetched.

    \b
    Examples:
      countermark reserve history verify history/
      countermark reserve history verify history/ --ca tsa.pem
      countermark reserve history verify --recipe > verify-history.sh

    \b
    Exit codes:
      0    it verifies
      1    it does not; the first broken place is named first
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    if recipe:
        from countermark.captures.history.recipe import RECIPE

        click.echo(RECIPE, nl=False)
        return
    if folder is None:
        raise click.UsageError("give the folder of a HISTORY, or --recipe")
    from countermark.captures.history.verify import verify

    done = verify(folder, _judging(ca))
    if as_json:
        facts = asdict(done) | {"holds": done.holds, "stamps": _stamps(done)}
        click.echo(json.dumps(facts, indent=2))
    else:
        _tell(done, folder)
        if done.stamps and ca is None:
            click.echo(
                "The stamps were judged with the certificates beside them; --ca FILE takes those you know."
            )
    ctx.exit(0 if done.holds else 1)


def _judging(ca: Path | None) -> JudgeStamp | None:
    from countermark.cli.extras import needs_claims
    from countermark.errors import InputError, MissingExtraError

    try:
        needs_claims()
    except MissingExtraError:
        if ca is not None:
            raise
        return None
    from countermark.cli.reserve_history_stamp import judge

    if ca is None:
        return judge
    if not ca.is_file():
        raise InputError(f"--ca {ca}: there is no such file")

    def judge_by(response: Path, data: bytes, certificates: Path) -> Judged:  # noqa: ARG001  those given count
        return judge(response, data, ca)

    return judge_by


def _stamps(done: Verified) -> list[dict[str, Any]]:
    return [{"line": line, **judged._asdict()} for line, judged in done.stamps.items()]


def _tell(done: Verified, folder: Path) -> None:
    from countermark.cli.progress import counted, printable

    for problem in done.problems[:SHOWN]:
        click.echo(printable(f"  {problem}"))
    if len(done.problems) > SHOWN:
        click.echo(f"  and {len(done.problems) - SHOWN:,} more (--json lists them all)")
    for line, judged in done.stamps.items():
        if judged.holds:
            click.echo(printable(f"Time stamp over line {line}: {judged.told}"))
    for note in done.notes:
        click.echo(printable(f"Note: {note}"))
    if not done.holds:
        click.echo(f"{folder} does NOT verify: {counted(len(done.problems), 'problem')}.")
        return
    click.echo(
        f"{folder} verifies: {counted(done.captures, 'capture')} with {counted(done.responses, 'response')}, "
        f"{done.first} to {done.last}."
    )
    click.echo(f"SHA-256 of the last line: {done.head}")
