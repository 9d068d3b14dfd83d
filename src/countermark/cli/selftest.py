"""`countermark selftest`: measure what is found of one's own works."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable


@click.command("selftest")
@click.argument("works", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="The language to speak."
)
@click.option(
    "--hosts",
    type=click.Path(path_type=Path),
    help="A folder of texts to plant in, instead of this machine's.",
)
@click.option(
    "--each",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="Passages for each length and alteration.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed draws other passages.")
@click.option("--json", "as_json", is_flag=True, help="Print every count as JSON.")
def command(
    works: tuple[Path, ...], lang: str, hosts: Path | None, each: int, seed: int, as_json: bool
) -> None:
    """Plant altered copies of passages of WORKS in real text, and count what is found.

    Passages of 20 to 500 words are copied verbatim, with other typography, in HTML, misread as by OCR, and with
    words changed; then the real index and the real matching look for them, in a temporary folder. Text that the
    works are not in gives the false alarms. Nothing leaves this machine.
    """
    from countermark.cli.works_reading import Reading
    from countermark.selftest import hosts as texts
    from countermark.selftest import summary
    from countermark.selftest.planting import plant
    from countermark.selftest.trial import run
    from countermark.works.reading import read_works

    reading = Reading(read_works(list(works)))
    files = list(reading)
    reading.end_line()
    reading.tell_refused()
    host_texts = texts.machine_hosts() if hosts is None else texts.folder_hosts(hosts)
    field = plant(files, host_texts, each, seed)
    result = run(files, field, _progress(len(field.records)))
    described = summary.describe(host_texts, None if hosts is None else str(hosts))
    if as_json:
        click.echo(json.dumps(summary.facts(result, described, seed), ensure_ascii=False, indent=2))
        return
    for line in summary.lines(result, lang, " ".join(map(str, works)), described):
        click.echo(line)


def _progress(total: int) -> Callable[[int], None]:
    if not sys.stderr.isatty():
        return lambda _: None

    def show(done: int) -> None:
        click.echo(f"\rSearching {done:,} of {total:,} texts", err=True, nl=done == total)

    return show
