"""`countermark trap plan`: what is tested and how, fixed before anything is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from countermark.cli.model_options import model_options, scorer_of
from countermark.cli.trap_language import LANG, spoken
from countermark.cli.trap_options import BACKGROUND, FILE, LEDGER, plan_choices

if TYPE_CHECKING:
    from pathlib import Path


@click.command("plan")
@click.argument("folder", type=FILE)
@click.option("--key", required=True, type=FILE, help="The key that the traps were drawn with.")
@model_options
@click.option(
    "--channel", "channels", multiple=True, metavar="NAME", help="Only this channel; all by default."
)
@plan_choices
@BACKGROUND
@LEDGER
@click.option("-o", "--out", required=True, type=FILE, metavar="PLAN", help="The plan that is written.")
@LANG
def command(*, folder: Path, key: Path, out: Path, ledger: Path | None, **given: Any) -> None:
    """Fix how the traps of FOLDER are tested against MODEL, and say what the test could show. Nothing is asked.

    The plan names the traps, the model by the digest of its weights, the score that decides, the level and the claims.
    Its own digest is in it: trap test refuses a plan of which a byte was changed. Have the digest time-stamped before
    the test, and nobody can say that the choice was made after seeing the answers.

    Candidates that hosted models were shown (the ledger) are left out where they would spoil the test.

    \b
    Examples:
      countermark trap plan traps/ --key private/traps.key --model models/tiny -o plan.json
      countermark trap plan traps/ --key private/traps.key --model http://127.0.0.1:8000/v1 --name big \\
          --channel web --claims channels --alpha 0.001 --background archive/1990.txt -o plan.json

    \b
    Exit codes:
      0    the plan is written
      2    another key, no trap, a model that cannot be opened, a work that is burnt
      5    the plan cannot be written, or stands there already with other choices
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.trap_options import ledger_of, ledger_path, settings_of, tell_plan
    from countermark.memorization.traps import trap_file
    from countermark.memorization.traps.key import read_key
    from countermark.memorization.traps.testing import plan_traps, texts_of

    settings = settings_of(given, given["channels"])
    secret, planted = read_key(key), trap_file.read_traps(folder / trap_file.NAME)
    planted.check_key(secret)
    held = ledger_of(ledger_path(ledger, key, out), secret)
    background = texts_of(given["background"])
    scorer = scorer_of(given)
    plan, contests = plan_traps(planted.traps, secret, held, scorer.identity, background, settings)
    write_once(out, plan)
    tell_plan(out, plan, contests, spoken(given["lang"]), hosted=scorer.hosted)


def write_once(path: Path, plan: Any) -> None:
    """Write a plan where there is none, or the same. Raises OutputError: another is never written over."""
    from countermark.errors import OutputError
    from countermark.memorization.study.plan import plan_bytes, write_plan

    if path.exists() and (not path.is_file() or path.read_bytes() != plan_bytes(plan)):
        raise OutputError(
            f"{path}: stands there already, with other choices; a plan is not replaced: give another -o"
        )
    write_plan(path, plan)
