"""`countermark extract run`: the windows of a plan, asked and logged."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.extract_plan import FILE, SEND, SENT, reference_options
from countermark.cli.model_options import AskingDisplay, model_options, scorer_of, tell_lines, tested
from countermark.cli.model_works import require_consent

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.drivers.driver import Scorer
    from countermark.memorization.study.plan import Plan


@click.command("run")
@click.argument("plan", type=FILE)
@model_options
@click.option("--reference", metavar="MODEL", help="The older model, where the plan names one.")
@click.option("--reference-name", default="", metavar="NAME", help="Its name on its server.")
@click.option(
    "--batch", type=click.IntRange(min=1, max=1024), default=16, show_default=True, help="Windows at a time."
)
@SEND
@click.option(
    "-o", "--out", required=True, type=FILE, metavar="RUN", help="The folder of the run, new or begun."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, and no progress.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
def command(*, plan: Path, out: Path, as_json: bool, lang: str | None, **given: Any) -> None:
    """Ask MODEL as PLAN says: the self-test of the driver first, then every window of works and controls alike.

    Each question and answer is logged in RUN, texts included; the log is chained. A run that was stopped goes on when
    the same command is given again, and asks nothing twice that was answered.

    \b
    Examples:
      countermark extract run plan.json --model models/base -o run/
      countermark extract run plan.json --model models/base --reference models/older -o run/

    \b
    Exit codes:
      0    done, whatever was found
      2    a changed plan, another model, a driver that fails its self-test, a model that does not answer
      4    the folder of the run is in use or another's, or a log was changed
      5    something cannot be written
      130  stopped with Ctrl-C; give the command again to go on
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.language import language_of_locale
    from countermark.memorization.extraction.sentences import LANGUAGES, lines_of_result
    from countermark.memorization.study.plan import read_plan

    fixed = read_plan(plan, "extract")
    _require_reference(fixed, given)
    path = _run(fixed, plan, out, given | {"quiet": as_json})
    result = json.loads(path.read_bytes())
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2, sort_keys=True))
        return
    tell_lines(lines_of_result(result, str(path), LANGUAGES[lang or language_of_locale(os.environ)]))


def _require_reference(plan: Plan, given: dict[str, Any]) -> None:
    from countermark.errors import PlanError

    named = plan.members.get("reference")
    if isinstance(named, dict) and not given["reference"]:
        raise PlanError(f"the plan names an older model ({named.get('name', '')}): give it with --reference")
    if not named and given["reference"]:
        raise PlanError("the plan names no older model; leave --reference out, or make a new plan with it")


def _run(plan: Plan, path: Path, out: Path, given: dict[str, Any]) -> Path:
    from countermark.memorization.extraction.running import REFERENCE, Asking, run_extraction
    from countermark.memorization.extraction.texts import folder_beside
    from countermark.memorization.study.plan import require_model
    from countermark.memorization.study.run import begin

    options = {"model": given, REFERENCE: reference_options(given)}
    role = "model"

    def opened(asked: str) -> Scorer:
        nonlocal role
        role = asked
        scorer = scorer_of(options[role])
        require_consent(scorer, SENT, send=given["send_texts"])
        require_model(plan, scorer.identity, role)
        return scorer

    ready = [opened("model")]  # a model that is not the plan's leaves no folder behind
    with (
        AskingDisplay("Asking", quiet=given["quiet"]) as display,
        begin(out, plan) as study,
    ):
        asking = Asking(lambda scorer: tested(scorer, options[role]), given["batch"], display.show)
        return run_extraction(
            study, folder_beside(path), lambda asked: ready.pop() if ready else opened(asked), asking
        )
