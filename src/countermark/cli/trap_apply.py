"""`countermark trap apply`: planted copies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.trap_language import LANG, spoken
from countermark.cli.trap_language import tell as say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.language import Language
    from countermark.memorization.traps.planting.applying import Copy

_FILE = click.Path(path_type=Path)


@click.command("apply")
@click.argument("folder", type=_FILE)
@click.option("--key", required=True, type=_FILE, help="The key that the sheet was made with.")
@click.option("--works", type=_FILE, metavar="FOLDER", help="Where the works are, if they were moved since.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@LANG
def command(
    *, folder: Path, key: Path, works: Path | None, dry_run: bool, as_json: bool, lang: str | None
) -> None:
    """Plant what the editor approved in the sheet of FOLDER, in copies of the works.

    The copies are in FOLDER/copies, a folder for each channel; the works themselves are not touched. Each copy is read
    again as a reader of its format reads it: it is written only if it says exactly what it should. FOLDER/traps.json is
    all that a test needs beside the key.

    --dry-run shows what is published: do not let it decide what is approved.

    \b
    Examples:
      countermark trap apply traps/ --key private/traps.key --dry-run
      countermark trap apply traps/ --key private/traps.key

    \b
    Exit codes:
      0    planted
      2    nothing approved, another key, a work that changed since, a sheet that cannot be read
      5    something could not be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.memorization.traps.key import read_key
    from countermark.memorization.traps.planting.applying import copies_of, write_copies
    from countermark.memorization.traps.sheet import read_sheet

    secret, sheet, language = read_key(key), read_sheet(folder), spoken(lang)
    facts: list[dict[str, Any]] = []

    def make() -> Iterator[Copy]:
        return copies_of(folder, sheet, secret, works)

    def tell(copy: Copy) -> None:
        facts.append(_facts(copy, changes=dry_run))
        if not as_json:
            _tell(copy, language, changes=dry_run)

    if dry_run:
        for copy in make():
            tell(copy)
    else:
        write_copies(folder, make, secret, tell)
    if as_json:
        click.echo(json.dumps({"written": not dry_run, "copies": facts}, ensure_ascii=False, indent=2))
    elif dry_run:
        say(language, "dry")
    else:
        say(language, "read", n=len(facts))
        say(language, "commit", folder=str(folder), file=str(key))


def _tell(copy: Copy, language: Language, *, changes: bool) -> None:
    from countermark.cli.progress import printable

    trap, altered = copy.planted.trap, sum(one.old != one.new for one in copy.changes)
    say(
        language,
        "variants" if trap.form == "variants" else "line",
        copy=str(copy.target),
        places=language.say("places", n=len(copy.changes)),
        altered=altered,
        candidates=trap.candidates,
    )
    for one in copy.changes if changes else ():
        shown = f"…{one.before}[{one.old} → {one.new}]{one.after}…" if one.old != one.new else ""
        if shown:
            click.echo(printable("  " + " ".join(shown.split())))


def _facts(copy: Copy, *, changes: bool) -> dict[str, Any]:
    return {
        "work": copy.planted.trap.work,
        "channel": copy.planted.trap.channel,
        "file": str(copy.target),
        "digest": copy.planted.copy,
        "candidates": copy.planted.trap.candidates,
        "places": len(copy.changes),
        "read_again": True,
        # What is published is shown only where it was asked for: the output may be kept.
        "changes": [one.__dict__ for one in copy.changes] if changes else [],
    }
