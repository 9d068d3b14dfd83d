"""`countermark trap test`: what a model knows of what was published."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.model_options import AskingDisplay, model_options, scorer_of, tested
from countermark.cli.trap_options import BACKGROUND, FILE, LEDGER, ledger_of, ledger_path

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.drivers.driver import Scorer
    from countermark.memorization.study.folder import Study
    from countermark.memorization.study.plan import Plan
    from countermark.memorization.traps.key import TrapKey


@click.command("test")
@click.argument("plan", type=FILE)
@click.option("--key", type=FILE, help="The key of the traps; a plan of identifiers needs none.")
@model_options
@BACKGROUND
@click.option(
    "--earlier",
    multiple=True,
    type=FILE,
    metavar="RUN",
    help="An earlier test of these works, of another model; name them all, for e-values over the tests.",
)
@LEDGER
@click.option("--burn", is_flag=True, help="Show a hosted model all candidates; the ledger is kept.")
@click.option(
    "-o", "--out", required=True, type=FILE, metavar="RUN", help="The folder of the run, new or begun."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, and no progress.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
def command(*, plan: Path, out: Path, as_json: bool, lang: str | None, **given: Any) -> None:
    """Test MODEL as PLAN says: the self-test of the driver first, then every candidate, then the ranks.

    Each question and answer is logged in RUN, by the number of the candidate; the log is chained. A run that was
    stopped goes on when the same command is given again, and asks nothing twice that was answered.

    A model on somebody else's machine is shown all candidates, which burns them: that needs --burn. A server of your
    own needs --own.

    \b
    Examples:
      countermark trap test plan.json --key private/traps.key --model models/tiny -o run/
      countermark trap test plan.json --key private/traps.key --model models/v2 --earlier run/ -o run-v2/

    \b
    Exit codes:
      0    tested, whatever was shown
      2    a changed plan, another key or model, a driver that fails its self-test, a model that does not answer
      4    the folder of the run is in use or another's, or a log was changed
      5    something cannot be written
      130  stopped with Ctrl-C; give the command again to go on
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.language import language_of_locale
    from countermark.memorization.study.plan import read_plan, require_model
    from countermark.memorization.traps.key import read_key

    fixed = read_plan(plan, "trap")
    key = read_key(given["key"]) if given["key"] else None
    scorer = scorer_of(given)
    require_model(fixed, scorer.identity)
    _require_consent(scorer, burn=given["burn"], ledger=bool(key or given["ledger"]))
    result = _run(fixed, plan, key, scorer, given | {"out": out, "quiet": as_json})
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2, sort_keys=True))
        return
    _tell(result, out, lang or language_of_locale(os.environ))


def _require_consent(scorer: Scorer, *, burn: bool, ledger: bool) -> None:
    from countermark.errors import ModelError, PlanError

    if not scorer.hosted:
        return
    if not burn:
        raise ModelError(
            f"{scorer.identity.address}: is somebody else's: the test would show it all candidates, who may keep them, "
            "and later models may know them. Give --burn to do so all the same (the ledger is kept), or --own where "
            "the server is yours"
        )
    if (
        not ledger
    ):  # a key has its ledger beside it; identifiers have no key, and plans of them stand anywhere
        raise PlanError(
            "name the ledger of what was shown with --ledger, the same for every test of these identifiers: fewer "
            "candidates shown first, and more later, would favour the identifier itself, which is among both"
        )


def _run(
    plan: Plan, path: Path, key: TrapKey | None, scorer: Scorer, given: dict[str, Any]
) -> dict[str, Any]:
    from countermark.memorization.study.run import begin
    from countermark.memorization.traps.testing import (
        background_of,
        contests_in,
        earlier_of,
        log_secret,
        run_test,
        texts_of,
    )

    ledger = ledger_of(ledger_path(given["ledger"], given["key"], path), key, but=plan.digest)
    contests = contests_in(plan, key, ledger)
    background = background_of(plan, contests, texts_of(given["background"]))
    earlier = [earlier_of(folder) for folder in given["earlier"]]
    with begin(given["out"], plan, secret=log_secret(key)) as study:
        report = _self_tested(study, scorer, given)
        with AskingDisplay("Asking", quiet=given["quiet"]) as display:
            return run_test(
                study,
                scorer,
                contests,
                background,
                ledger=ledger,
                self_test=report,
                earlier=earlier,
                progress=display.show,
            )


def _self_tested(study: Study, scorer: Scorer, given: dict[str, Any]) -> dict[str, Any]:
    """What the self-test says; one that failed is in the log as well."""
    from countermark.errors import ModelError

    try:
        return tested(scorer, given)
    except ModelError as error:
        study.note("failed", {"keys": [], "why": str(error)[:500]})
        raise


def _tell(result: dict[str, Any], out: Path, lang: str) -> None:
    from countermark.cli.progress import printable
    from countermark.memorization.study.outcome import RESULT
    from countermark.memorization.traps.sentences import LANGUAGES, lines_of

    for line in lines_of(result, str(out / RESULT), LANGUAGES[lang]):
        click.echo(printable(line))
