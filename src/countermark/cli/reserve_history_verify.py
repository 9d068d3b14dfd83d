"""`countermark reserve history verify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.reserve_language import LANG, spoken

if TYPE_CHECKING:
    from countermark.captures.history.verify import Judged, JudgeStamp, Verified
    from countermark.language import Language

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
@LANG
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def command(
    ctx: click.Context, folder: Path | None, ca: Path | None, *, lang: str | None, recipe: bool, as_json: bool
) -> None:
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
        _tell(done, folder, spoken(lang), own=ca is None)
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


def _tell(done: Verified, folder: Path, say: Language, *, own: bool) -> None:
    from countermark.cli.progress import printable

    lines = [f"  {problem}" for problem in done.problems[:SHOWN]]
    if (more := len(done.problems) - SHOWN) > 0:
        lines.append(f"  {say.say('history.more-problems', count=more)}")
    lines += [
        say.say("history.stamp-over", line=str(line), told=judged.told)
        for line, judged in done.stamps.items()
        if judged.holds
    ]
    lines += [say.say("history.note", note=note) for note in done.notes]
    if done.holds:
        responses = say.say("history.responses", n=done.responses)
        said = {"responses": responses, "first": done.first, "last": done.last}
        lines.append(say.say("history.verifies", folder=folder, n=done.captures, **said))
        lines.append(say.say("history.last-line", head=done.head))
    else:
        lines.append(say.say("history.broken", folder=folder, n=len(done.problems)))
    if done.stamps and own:
        lines.append(say.say("history.own-certificates"))
    for line in lines:
        click.echo(printable(line))
