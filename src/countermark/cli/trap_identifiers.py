"""`countermark trap identifiers`: random strings that published works already carry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.model_options import model_options, scorer_of
from countermark.cli.trap_language import LANG, spoken
from countermark.cli.trap_options import BACKGROUND, FILE, LEDGER, plan_choices

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.traps.identifiers import Identifiers

_SHOWN = 40


def _optional_model(function: Any) -> Any:
    """The options of a model, of which none is needed to look for identifiers."""
    command = model_options(function)
    for option in command.__click_params__:
        if option.name == "model":
            option.required = False
    return command


@click.command("identifiers")
@click.argument("works", nargs=-1, required=True, type=FILE, metavar="CATALOG_OR_FOLDER…")
@_optional_model
@click.option(
    "--candidates", type=click.IntRange(2, 100_000), default=1000, show_default=True,
    help="How many each identifier is ranked among.",
)  # fmt: skip
@plan_choices
@BACKGROUND
@LEDGER
@click.option(
    "-o", "--out", type=FILE, metavar="PLAN", help="Write the plan of a test of them; needs --model."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@LANG
def command(*, works: tuple[Path, ...], out: Path | None, as_json: bool, **given: Any) -> None:
    """Find identifiers in the texts of works that were drawn uniformly, and say how many bits each has.

    UUIDs (version 4; of version 7 the random end), digests and their beginnings, short links, numbers of videos, ULIDs
    and other random strings in addresses or after a word such as asset, id or ref. What counts up, holds a time or was
    made from a name is listed with the reason why it cannot be used.

    With --model and -o, the plan of a rank test is written: each identifier among fresh ones of its format. That test
    needs no key.

    \b
    Examples:
      countermark trap identifiers works/
      countermark trap identifiers works/ --model models/tiny -o plan.json
      countermark trap test plan.json --model models/tiny -o run/

    \b
    Exit codes:
      0    listed, also where there is none
      2    no work that can be read; with -o, no identifier, or a model that cannot be opened
      5    the plan cannot be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    if (out is None) != (given["model"] is None):
        raise click.UsageError("Give --model and -o together: the plan is one of a model.")
    seen = _look(works)
    if as_json:
        click.echo(json.dumps(_facts(seen), ensure_ascii=False, indent=2))
    else:
        _tell(seen)
    if out is not None:
        _plan(seen, out, given, quiet=as_json)


def _look(works: tuple[Path, ...]) -> Identifiers:
    from countermark.cli.works_reading import Reading
    from countermark.memorization.traps.identifiers import identifiers_in
    from countermark.works.reading import read_works

    reading = Reading(read_works(works))
    seen = identifiers_in((file.work.work_id, file.work.title, file.asset.text) for file in reading)
    reading.end_line()
    reading.tell_refused()
    return seen


def _tell(seen: Identifiers) -> None:
    from countermark.cli.progress import counted, printable

    click.echo(f"{counted(len(seen.found), 'identifier')} that can be used:")
    for one in seen.found[:_SHOWN]:
        click.echo(
            printable(f"  {one.text}  {one.format.name}, {one.bits:.0f} bits, in {one.title} ({one.work})")
        )
    _more(len(seen.found))
    if seen.refused:
        click.echo(f"{counted(len(seen.refused), 'other')} that cannot:")
        for other in seen.refused[:_SHOWN]:
            click.echo(printable(f"  {other.text}  {other.why}, in {other.work}"))
        _more(len(seen.refused))


def _more(count: int) -> None:
    if count > _SHOWN:
        click.echo(f"  and {count - _SHOWN:,} more (--json lists them all)")


def _facts(seen: Identifiers) -> dict[str, Any]:
    from countermark.memorization.traps.identifiers import facts_of

    return {
        "found": [facts_of(one) | {"bits": round(one.bits, 1)} for one in seen.found],
        "refused": [one._asdict() for one in seen.refused],
    }


def _plan(seen: Identifiers, out: Path, given: dict[str, Any], *, quiet: bool) -> None:
    from countermark.cli.trap_options import ledger_of, ledger_path, settings_of, tell_plan
    from countermark.cli.trap_plan import write_once
    from countermark.memorization.traps.testing import plan_identifiers, texts_of

    settings = settings_of(given)
    ledger = ledger_of(ledger_path(given["ledger"], None, out), None)
    background = texts_of(given["background"])
    scorer = scorer_of(given)
    plan, contests = plan_identifiers(
        seen.found, given["candidates"], ledger, scorer.identity, background, settings
    )
    write_once(out, plan)
    if not quiet:
        tell_plan(out, plan, contests, spoken(given["lang"]), hosted=scorer.hosted)
