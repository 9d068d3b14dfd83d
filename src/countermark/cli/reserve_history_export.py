"""`countermark reserve history export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from countermark.cli.reserve_language import LANG, spoken
from countermark.errors import InputError


@click.command("export")
@click.argument("folder", metavar="HISTORY", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="FILE.json or FILE.csv.")
@click.option("--url", "urls", multiple=True, metavar="ADDRESS", help="Only this address (repeatable).")
@click.option("--use", "uses", multiple=True, metavar="USE", help="Only this use (repeatable).")
@click.option(
    "--agent", "agents", multiple=True, metavar="NAME", help="As asked by this user agent (repeatable)."
)
@LANG
def command(folder: Path, out: Path, **given: Any) -> None:
    """Write from when to when each answer was seen in HISTORY.

    JSON holds every interval with its captures and their digests. CSV has a row per address with the columns
    reserved_from and reservation_protocol, which `countermark catalog import` knows, and which are about text and
    data mining: since which capture that has been reserved, up to the last one. The folder itself goes into a
    dossier: `dossier seal … --reservation HISTORY`.

    \b
    Examples:
      countermark reserve history export history/ --out intervals.json
      countermark reserve history export history/ --url https://example.org/essay.html --out reserved.csv
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.atomic import write_bytes
    from countermark.captures.history.export import as_csv, as_json
    from countermark.captures.history.timeline import timelines
    from countermark.cli.progress import printable
    from countermark.cli.reserve_history_show import uses_of
    from countermark.reservations.use import Use

    uses = uses_of(given["uses"])
    if out.suffix.lower() == ".csv":
        if uses not in ([], [Use.TDM]):
            raise InputError("--use: a catalog's columns are about tdm; give --out FILE.json for other uses")
        data = as_csv(folder, given["urls"], given["agents"])
    elif out.suffix.lower() == ".json":
        data = as_json(folder, timelines(folder, given["urls"], given["agents"], uses))
    else:
        raise InputError(f"--out {out}: a name that ends with .json or .csv is accepted")
    write_bytes(out, data)
    click.echo(printable(spoken(given["lang"]).say("history.written", file=out)))
