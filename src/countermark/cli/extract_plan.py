"""`countermark extract plan`: which windows of which works are asked, fixed before any answer."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.model_options import model_options, scorer_of, tell, tell_lines
from countermark.cli.model_works import gathered, require_consent, salt_of

if TYPE_CHECKING:
    from countermark.memorization.drivers.driver import ModelIdentity, Scorer
    from countermark.memorization.extraction.controls import Gathered
    from countermark.memorization.extraction.planning import Planned
    from countermark.memorization.extraction.quotations import Quotations
    from countermark.memorization.extraction.rules import Rules
    from countermark.memorization.study.plan import Plan

FILE = click.Path(path_type=Path)
# Sentences of ours, to measure the speed: nothing of the works is asked outside the log.
MEASURED = (
    "The train was late, so we sat on the bench outside the station and counted the windows of the inn. "
)
SENT = "the works and the controls"
SEND = click.option(
    "--send-texts",
    is_flag=True,
    help="Send the works to a server that is somebody else's, who may keep them.",
)


@click.command("plan")
@click.argument("works", nargs=-1, required=True, type=FILE)
@click.option(
    "--controls",
    multiple=True,
    required=True,
    type=FILE,
    metavar="CONTROLS",
    help="Control works, published after the model: as like the works as can be. May be repeated.",
)
@model_options
@click.option(
    "--reference", metavar="MODEL", help="A model older than the works: what it gives too is dropped."
)
@click.option("--reference-name", default="", metavar="NAME", help="Its name on its server.")
@click.option(
    "--model-date",
    default="",
    metavar="YYYY-MM-DD",
    help="When the model was released; controls published until then are left out.",
)
@click.option("--reference-date", default="", metavar="YYYY-MM-DD", help="When the older model was released.")
@click.option(
    "--statement", default="", metavar="TEXT", help="How you know these dates; printed as you give it."
)
@click.option(
    "--quotations", type=FILE, metavar="INDEX", help="An index of public text: what it holds is not asked."
)
@click.option("--salt-file", type=FILE, help="The salt of a sealed index of public text.")
@click.option("--prefix", type=int, default=50, show_default=True, help="Tokens that the model is given.")
@click.option("--continuation", type=int, default=50, show_default=True, help="Tokens that it must write.")
@click.option("--stride", type=int, default=25, show_default=True, help="Tokens from window to window.")
@click.option("--threshold", type=float, default=1e-3, show_default=True, help="The least p_z of a hit.")
@click.option(
    "--rule",
    type=click.Choice(["t1", "top-k"]),
    default="t1",
    show_default=True,
    help="The decoding that decides: from all tokens, or from the 40 most probable. Both are shown.",
)
@click.option(
    "--alpha", type=float, default=0.05, show_default=True, help="The level, after Holm over the works."
)
@click.option(
    "--quoted-letters",
    type=int,
    default=80,
    show_default=True,
    help="Letters in public text that make a quotation.",
)
@SEND
@click.option(
    "-o", "--out", required=True, type=FILE, metavar="FILE", help="The plan; its texts go beside it."
)
@click.option("--json", "as_json", is_flag=True, help="Print what the plan asks as JSON.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
def command(*, out: Path, as_json: bool, lang: str | None, **given: Any) -> None:
    """Fix in a plan what is asked of MODEL about WORKS: folders, files, or a catalogue, as `index build` reads them.

    Every work is cut into windows of 50 + 50 of the model's own tokens, one every 25. The plan holds digests and
    places, no text; the texts are kept beside it. It says how small a p so many controls allow, and whether words
    alone tell works and controls apart: then no p will be given. Nothing of the works is asked yet; a server cuts them
    into tokens.

    \b
    Examples:
      countermark extract plan novels/ --controls new-novels/ --model models/base -o plan.json
      countermark extract plan novels.csv --controls new/ --model http://127.0.0.1:8000/v1 --name base \\
          --model-date 2024-06-01 --reference models/older --quotations bible.index -o plan.json

    \b
    Exit codes:
      0    the plan is written
      2    works, controls, model or an option that cannot be used
      3    an index of public text that is damaged or foreign
      5    something cannot be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.language import language_of_locale
    from countermark.memorization.extraction.planning import planned
    from countermark.memorization.extraction.sentences import LANGUAGES, lines_of_plan
    from countermark.memorization.extraction.texts import folder_beside
    from countermark.memorization.study.plan import write_plan

    rules = _rules(given)
    works, controls = gathered(given)
    reference = _reference(given)  # first, so that memory need not hold both
    scorer = scorer_of(given)
    require_consent(scorer, SENT, send=given["send_texts"])
    given |= {"rules": rules, "older": reference, "store": folder_beside(out)}
    plan = _planned(works, controls, scorer, given)
    asked = planned(plan)
    seconds = _seconds(scorer, rules, asked)
    digest = write_plan(out, plan)
    if as_json:
        facts = {"plan": str(out), "digest": digest, **asked._asdict(), "gate": plan.members["gate"]}
        click.echo(json.dumps(facts | {"seconds": seconds}, ensure_ascii=False, indent=2))
        return
    language = LANGUAGES[lang or language_of_locale(os.environ)]
    tell_lines([language.say("plan", path=str(out), texts=str(folder_beside(out)))])
    tell_lines(lines_of_plan(plan, asked, language))
    if seconds is not None:
        from countermark.cli.progress import duration

        tell_lines([language.say("time", time=duration(seconds))])
    tell_lines([language.say("next")])


def _rules(given: dict[str, Any]) -> Rules:
    from countermark.cli.days import day_of
    from countermark.memorization.extraction.rules import Rules

    for option in ("model_date", "reference_date"):
        if given[option]:
            day_of(given[option], f"--{option.replace('_', '-')}")
    names = ("prefix", "continuation", "stride", "threshold", "rule", "alpha", "quoted_letters")
    return Rules(**{name: given[name] for name in names})


def _planned(works: Gathered, controls: Gathered, scorer: Scorer, given: dict[str, Any]) -> Plan:
    from countermark.memorization.extraction.planning import Said, plan_extraction

    return plan_extraction(
        works,
        controls,
        scorer,
        given["rules"],
        store=given["store"],
        said=Said(given["model_date"], given["reference_date"], given["statement"]),
        reference=given["older"],
        quotations=_quotations(given),
    )


def _reference(given: dict[str, Any]) -> ModelIdentity | None:
    if not given["reference"]:
        return None
    scorer = scorer_of(reference_options(given))
    require_consent(scorer, SENT, send=given["send_texts"])
    return scorer.identity


def reference_options(given: dict[str, Any]) -> dict[str, Any]:
    """The options that name the older model, as those of the model: a server of it needs no key."""
    return given | {"model": given["reference"], "name": given["reference_name"], "api_key": ""}


def _quotations(given: dict[str, Any]) -> Quotations | None:
    if given["quotations"] is None:
        if given["salt_file"] is not None:
            raise click.UsageError("--salt-file is for a sealed index given with --quotations")
        return None
    from countermark.memorization.extraction.quotations import Quotations

    return Quotations(given["quotations"], salt_of(given))


def _seconds(scorer: Scorer, rules: Rules, asked: Planned) -> float | None:
    """How long the questions may take, from a few windows of neutral text; None on somebody else's machine."""
    from countermark.memorization.drivers.driver import Query
    from countermark.memorization.extraction.windows import cut_windows

    if scorer.hosted:
        return None
    tell("Measuring the speed on sentences of ours.")
    text = MEASURED * (1 + (rules.prefix + rules.continuation + 8 * rules.stride) // 10)
    windows = cut_windows(text, scorer.tokens, rules).windows[:8]
    queries = [Query(text[one.start : one.border], text[one.border : one.end]) for one in windows]
    if not queries:
        return None
    scorer.logprobs(queries[:1])
    begun = time.monotonic()
    scorer.logprobs(queries)
    return round((time.monotonic() - begun) / len(queries) * asked.queries, 1)
