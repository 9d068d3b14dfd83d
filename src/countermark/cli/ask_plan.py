"""`countermark ask plan`: what is sent, how often, and how it is judged, fixed before any answer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.model_options import generator_of, model_options, tell_lines
from countermark.cli.model_works import gathered, require_consent, salt_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.memorization.asking.public import PublicText
    from countermark.memorization.asking.rules import Rules
    from countermark.memorization.drivers.driver import Generator
    from countermark.memorization.extraction.controls import Gathered
    from countermark.memorization.study.plan import Plan

FILE = click.Path(path_type=Path)
SENT = "passages of the works and the controls"
SEND = click.option(
    "--send-texts",
    is_flag=True,
    help="Send passages of the works to a server that is somebody else's, who may keep them.",
)
BURN = click.option(
    "--burn", is_flag=True, help="Show a hosted model the versions of multiple choice; the ledger is kept."
)
LEDGER = click.option(
    "--ledger",
    type=FILE,
    metavar="FILE",
    help="The ledger of what hosted models were shown; by default beside the key.",
)
_RULES = (
    click.option(
        "--template-language",
        "language",
        type=click.Choice(["en", "fr"]),
        default="en",
        show_default=True,
        help="The language of the prompts, of works and controls alike.",
    ),
    click.option("--passages", type=int, default=2, show_default=True, help="Passages of each work."),
    click.option("--words", type=int, default=50, show_default=True, help="Words of a passage."),
    click.option(
        "--samples",
        type=int,
        default=4,
        show_default=True,
        help="Answers to each prompt at temperature 1, besides the one at temperature 0.",
    ),
    click.option("--tokens", type=int, default=300, show_default=True, help="The most tokens of an answer."),
    click.option("--run-words", "run", type=int, default=50, show_default=True, help="Words of a long run."),
    click.option(
        "--alpha", type=float, default=0.05, show_default=True, help="The level, after Holm over the works."
    ),
    click.option(
        "--quoted-letters",
        type=int,
        default=80,
        show_default=True,
        help="Letters in public text that make a quotation.",
    ),
)


def _rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_RULES):
        command = option(command)
    return command


@click.command("plan")
@click.argument("works", nargs=-1, type=FILE)
@click.option(
    "--controls",
    multiple=True,
    type=FILE,
    metavar="CONTROLS",
    help="Control works, published after the model: as like the works as can be, 99 or more. May be repeated.",
)
@model_options
@click.option("--model-name", default="", metavar="NAME", help="The same as --name.")
@click.option(
    "--model-date",
    default="",
    metavar="YYYY-MM-DD",
    help="When the model was released; controls published until then are left out.",
)
@click.option(
    "--statement", default="", metavar="TEXT", help="How you know this date; printed as you give it."
)
@click.option(
    "--may-search/--no-search",
    default=None,
    help="Whether the service may look things up. By default one behind an address may.",
)
@click.option(
    "--quotations",
    type=FILE,
    metavar="INDEX",
    help="An index of public text: runs of what it holds do not count.",
)
@click.option("--salt-file", type=FILE, help="The salt of a sealed index of public text.")
@_rule_options
@click.option(
    "--traps", type=FILE, metavar="FOLDER", help="Traps that were applied: for the exact tests, with --key."
)
@click.option("--key", type=FILE, help="The key that the traps were drawn with.")
@click.option(
    "--exact",
    type=click.Choice(["both", "suffix", "choice"]),
    default="both",
    show_default=True,
    help="Which exact tests: a random text that comes out, a published version that is picked, or both.",
)
@click.option(
    "--versions", type=int, default=4, show_default=True, help="The most versions of a multiple choice."
)
@LEDGER
@SEND
@click.option(
    "-o", "--out", required=True, type=FILE, metavar="FILE", help="The plan; its texts go beside it."
)
@click.option("--json", "as_json", is_flag=True, help="Print what the plan asks as JSON.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
def command(*, out: Path, as_json: bool, lang: str | None, **given: Any) -> None:
    """Fix in a plan what is asked of MODEL about WORKS: folders, files, or a catalogue, as `index build` reads them.

    Each work gets the same number of prompts: its first sentence with title and author, and passages of 50 words, plain
    and with the request to continue. What the prompts give is not scored. The plan holds digests and places, no text;
    the texts are kept beside it. It says how small a p so many controls allow. Nothing is asked yet.

    With --traps and --key it fixes the exact tests, too, and says what they could show; then works and controls may be
    left out.

    \b
    Examples:
      countermark ask plan novels/ --controls new-novels/ --model models/base -o plan.json
      countermark ask plan novels.csv --controls new/ --model http://127.0.0.1:8000/v1 --name base \\
          --model-date 2024-06-01 --quotations bible.index --samples 8 -o plan.json
      countermark ask plan --traps traps/ --key private/traps.key --model models/base -o plan.json

    \b
    Exit codes:
      0    the plan is written
      2    works, controls, traps, key, model or an option that cannot be used
      3    an index of public text that is damaged or foreign
      5    something cannot be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.language import language_of_locale
    from countermark.memorization.asking.planning import planned
    from countermark.memorization.asking.sentences import LANGUAGES, lines_of_plan
    from countermark.memorization.extraction.controls import smallest_p
    from countermark.memorization.extraction.texts import folder_beside
    from countermark.memorization.study.plan import write_plan

    _require_fitting(given)
    rules, sides, store = _rules(given), gathered(given) if given["works"] else None, folder_beside(out)
    exact = _exact(given, rules, out)
    generator = writer_of(given)
    require_consent(generator, SENT, send=given["send_texts"])
    plan = _planned(sides, generator, rules, given | {"store": store, "exact_facts": exact})
    digest, asked = write_plan(out, plan), planned(plan)
    if as_json:
        least, held = smallest_p(asked.controls, asked.works) if asked.works else (None, None)
        facts = {"plan": str(out), "digest": digest, **asked._asdict(), "gate": plan.members["gate"]}
        facts |= {"smallest_p": least, "smallest_holm_p": held}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    language = LANGUAGES[lang or language_of_locale(os.environ)]
    tell_lines([language.say("plan", path=str(out), texts=str(store))])
    tell_lines([*lines_of_plan(plan, asked, language), language.say("next")])


def writer_of(given: dict[str, Any]) -> Generator:
    """The model that writes, by the options of asking, where --model-name is --name. Raises as `generator_of`."""
    if given["name"] and given["model_name"] and given["name"] != given["model_name"]:
        raise click.UsageError("--name and --model-name are the same option; give one of them")
    return generator_of(given | {"name": given["name"] or given["model_name"]})


def _require_fitting(given: dict[str, Any]) -> None:
    """Refuse options that do not go together."""
    if bool(given["works"]) != bool(given["controls"]):
        raise click.UsageError("works need --controls, and controls need works")
    if (given["traps"] is None) != (given["key"] is None):
        raise click.UsageError("--traps needs --key, and --key needs --traps")
    if not given["works"] and given["traps"] is None:
        raise click.UsageError("give works and --controls, or --traps and --key")
    if given["salt_file"] is not None and given["quotations"] is None:
        raise click.UsageError("--salt-file is for a sealed index given with --quotations")


def _rules(given: dict[str, Any]) -> Rules:
    from countermark.cli.days import day_of
    from countermark.memorization.asking.rules import Rules

    if given["model_date"]:
        day_of(given["model_date"], "--model-date")
    names = ("language", "passages", "words", "samples", "tokens", "run", "alpha", "quoted_letters")
    return Rules(**{name: given[name] for name in names})


def _exact(given: dict[str, Any], rules: Rules, out: Path) -> dict[str, Any] | None:
    """The member `exact` of the plan."""
    if given["traps"] is None:
        return None
    from countermark.cli.trap_options import ledger_path
    from countermark.memorization.asking.exact_plan import TESTS, Chosen, History, plan_exact
    from countermark.memorization.traps import trap_file
    from countermark.memorization.traps.key import read_key

    key, planted = read_key(given["key"]), trap_file.read_traps(given["traps"] / trap_file.NAME)
    planted.check_key(key)
    tests = TESTS if given["exact"] == "both" else (given["exact"],)
    history = History(ledger_path(given["ledger"], given["key"], out), key)
    return plan_exact(planted.traps, key, history, rules, Chosen(tests, given["versions"]))


def _planned(
    sides: tuple[Gathered, Gathered] | None, generator: Generator, rules: Rules, given: dict[str, Any]
) -> Plan:
    from countermark.memorization.asking.planning import Said, plan_asking

    return plan_asking(
        sides,
        generator.identity,
        rules,
        store=given["store"],
        said=Said(given["model_date"], given["statement"], given["may_search"]),
        public=_public(given),
        exact=given["exact_facts"],
    )


def _public(given: dict[str, Any]) -> PublicText | None:
    if given["quotations"] is None:
        return None
    from countermark.memorization.asking.public import PublicText

    return PublicText(given["quotations"], salt_of(given))
