"""`countermark reserve check`: what is reserved, and who says so."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.cli.reserve_check_sources import Checked
    from countermark.reservations.use import Answer, Use

REQUIRE = "a use and an answer joined by =, like train=reserved, are accepted"


@dataclass(frozen=True, slots=True)
class Asking:
    """What the options say. `agents` are asked for one by one; `compared` are fetched as, over the network."""

    url: str
    agents: tuple[str, ...]
    compared: tuple[str, ...]
    language: str


@click.command("check")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--url", default="", metavar="URL", help="The address that a file or folder is served at.")
@click.option(
    "--agent", "agents", multiple=True, metavar="NAME", help="Ask for this user agent (repeatable)."
)
@click.option(
    "--as", "compared", multiple=True, metavar="NAME", help="For a URL: fetch as this agent too, and compare."
)
@click.option(
    "--require", multiple=True, metavar="USE=ANSWER", help="End with 1 unless the answer is this or stricter."
)
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(sources: tuple[str, ...], *, as_json: bool, require: tuple[str, ...], **given: Any) -> None:
    """Say what each SOURCE reserves, for which use, and where it says so.

    A SOURCE is a file (robots.txt, tdmrep.json, a page, a picture, PDF, EPUB, an ONIX record), a folder as it is
    published, a WARC file, or an address. Only an address is fetched, with the site's robots.txt, tdmrep.json and
    ai.txt; nothing else uses the network.

    \b
    Examples:
      countermark reserve check public/ --url https://example.org
      countermark reserve check photo.jpg book.epub
      countermark reserve check https://example.org/essay.html --agent GPTBot --as GPTBot
      countermark reserve check public/ --require generative=reserved --require train=reserved

    \b
    Exit codes:
      0    every SOURCE was looked at, and what --require asks for holds
      1    an answer is less strict than --require asks for
      2    a SOURCE or an option cannot be used, or an address does not answer at all
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.reserve_check_sources import check
    from countermark.language import language_of_locale, printable

    wanted = [_required(written) for written in require]
    asking = Asking(
        given["url"],
        given["agents"],
        given["compared"],
        given["lang"] or language_of_locale(os.environ),
    )
    checked = [found for source in sources for found in check(source, asking)]
    if as_json:
        click.echo(json.dumps([found.facts() for found in checked], indent=1, sort_keys=True))
    else:
        explained = next((found for found in reversed(checked) if found.files or found.agents), None)
        for position, found in enumerate(checked):
            lines = found.lines(asking.language, legend=found is explained)
            click.echo("\n" * bool(position) + "\n".join(lines))
    short = [line for found in checked for line in _short(found, wanted)]
    for line in short:
        click.echo(printable(line), err=True)
    if short:
        raise SystemExit(1)


def _required(written: str) -> tuple[Use, Answer]:
    from countermark.reservations.telling import parse_use
    from countermark.reservations.use import Answer

    use, _, answer = written.partition("=")
    if answer.strip().lower() not in tuple(Answer):
        raise InputError(f"--require {written}: {REQUIRE}; answers are {', '.join(Answer)}")
    try:
        return parse_use(use), Answer(answer.strip().lower())
    except ValueError as error:
        raise InputError(f"--require {written}: {REQUIRE} ({error})") from None


def _short(found: Checked, wanted: list[tuple[Use, Answer]]) -> list[str]:
    """What falls short of what was required, one line each."""
    from countermark.reservations.use import USES, strictness

    return [
        f"{name}: {use} is {answers[USES.index(use)]}, required is {answer}"
        for use, answer in wanted
        for name, answers in found.answers()
        if strictness(answers[USES.index(use)]) < strictness(answer)
    ]
