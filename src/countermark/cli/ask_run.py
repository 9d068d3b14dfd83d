"""`countermark ask run`: the prompts of a plan, asked and logged."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.ask_plan import BURN, FILE, LEDGER, SEND, SENT, writer_of
from countermark.cli.model_options import AskingDisplay, model_options, tell_failures, tell_lines
from countermark.cli.model_works import require_consent

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.asking.running import Keyed
    from countermark.memorization.drivers.driver import Generator
    from countermark.memorization.study.plan import Plan


@click.command("run")
@click.argument("plan", type=FILE)
@model_options
@click.option("--model-name", default="", metavar="NAME", help="The same as --name.")
@click.option("--key", type=FILE, help="The key of the traps, where the plan has exact tests.")
@LEDGER
@SEND
@BURN
@click.option(
    "-o", "--out", required=True, type=FILE, metavar="RUN", help="The folder of the run, new or begun."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, and no progress.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
def command(*, plan: Path, out: Path, as_json: bool, lang: str | None, **given: Any) -> None:
    """Ask MODEL as PLAN says: the self-test of the driver first, then every prompt of works and controls alike.

    Each prompt and answer is logged in RUN; the log is chained. Versions of a multiple choice are secret: they are
    logged by a keyed digest. A run that was stopped goes on when the same command is given again, and asks nothing
    twice that was answered.

    A refusal is counted where the server says so, never by the words of an answer. A prompt that fails twice while the
    model answers others is counted as failed; where the model answers nothing, the run stops.

    \b
    Examples:
      countermark ask run plan.json --model models/base -o run/
      countermark ask run plan.json --model http://127.0.0.1:8000/v1 --name base --key private/traps.key -o run/

    \b
    Exit codes:
      0    done, whatever was found
      2    a changed plan, another key or model, a driver that fails its self-test, a model that does not answer
      4    the folder of the run is in use or another's, or a log was changed
      5    something cannot be written
      130  stopped with Ctrl-C; give the command again to go on
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.language import language_of_locale
    from countermark.memorization.asking.sentences import LANGUAGES, lines_of_result
    from countermark.memorization.study.plan import read_plan

    fixed = read_plan(plan, "ask")
    path = _run(fixed, plan, out, given | {"quiet": as_json})
    result = json.loads(path.read_bytes())
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2, sort_keys=True))
        return
    tell_lines(lines_of_result(result, str(path), LANGUAGES[lang or language_of_locale(os.environ)]))
    tell_failures(path.parent)


def _run(plan: Plan, path: Path, out: Path, given: dict[str, Any]) -> Path:
    from countermark.memorization.asking.running import Asking, run_asking
    from countermark.memorization.drivers.self_test import self_test
    from countermark.memorization.extraction.texts import folder_beside
    from countermark.memorization.study.plan import require_model
    from countermark.memorization.study.run import begin
    from countermark.memorization.traps.testing import log_secret

    keyed = _keyed(plan, path, given)
    generator = writer_of(given)
    require_consent(generator, SENT, send=given["send_texts"])
    _require_burning(generator, keyed, burn=given["burn"])
    require_model(plan, generator.identity)  # a model that is not the plan's leaves no folder behind
    secret = b"" if keyed is None else log_secret(keyed.key)
    with (
        AskingDisplay("Asking", quiet=given["quiet"]) as display,
        begin(out, plan, secret=secret) as study,
    ):
        asking = Asking(lambda asked: self_test(None, asked).to_json(), display.show)
        return run_asking(study, folder_beside(path), generator, asking, keyed)


def _keyed(plan: Plan, path: Path, given: dict[str, Any]) -> Keyed | None:
    """What the exact tests need."""
    from countermark.errors import PlanError

    if not plan.members.get("exact"):
        if given["key"] is not None:
            raise PlanError(
                "the plan has no exact tests: leave --key out, or make a new plan with --traps and --key"
            )
        return None
    if given["key"] is None:
        raise PlanError("the plan has exact tests: give the key of its traps with --key")
    from countermark.cli.trap_options import ledger_path
    from countermark.memorization.asking.exact_plan import History, exact_in
    from countermark.memorization.asking.running import Keyed
    from countermark.memorization.traps.key import read_key

    key = read_key(given["key"])
    history = History(ledger_path(given["ledger"], given["key"], path), key, but=plan.digest)
    return Keyed(key, exact_in(plan, key, history), history)


def _require_burning(generator: Generator, keyed: Keyed | None, *, burn: bool) -> None:
    from countermark.errors import ModelError

    if generator.hosted and keyed is not None and keyed.exact.questions and not burn:
        raise ModelError(
            f"{generator.identity.address}: is somebody else's: the questions of multiple choice would show it secret "
            "versions, and later models may know them. Give --burn to do so all the same (the ledger is kept), or make "
            "a plan with --exact suffix, which shows none"
        )
