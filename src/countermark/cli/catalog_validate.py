"""`countermark catalog validate`: what a catalog lacks for a claim."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.cli.progress import counted, printable

if TYPE_CHECKING:
    from countermark.works.catalog.validate import Check

SHOWN = 10
EXAMPLES = 3


@click.command("validate")
@click.argument("catalog", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(catalog: Path, as_json: bool) -> None:
    """Say what CATALOG lacks for a claim, and what in it contradicts itself.

    Exit code 1 where something contradicts: conflicting dates, titles or shares, an identifier in dispute. What is
    merely missing is no error: which of it matters depends on the rule that a claim stands on.

    \b
    Examples:
      countermark catalog validate ours.catalog
      countermark catalog validate ours.catalog --json | jq .gaps
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.works.catalog import Catalog
    from countermark.works.catalog.validate import validate

    with Catalog.open(catalog) as read:
        check = validate(read)
    if as_json:
        click.echo(json.dumps(_facts(check), ensure_ascii=False, indent=2))
    else:
        _tell(check, catalog)
    if check.errors:
        sys.exit(1)


def _facts(check: Check) -> dict[str, object]:
    return {
        "works": check.works,
        "sound": check.sound,
        "errors": check.errors,
        "conflicts": dict(sorted(check.conflicts.items())),
        "gaps": dict(sorted(check.gaps.items())),
        "suggestions": check.suggestions,
        "refused": check.refused,
        "examples": check.examples,
    }


def _tell(check: Check, catalog: Path) -> None:
    from countermark.works.catalog.validate import GAPS

    click.echo(f"{catalog}: {counted(check.works, 'work')}.")
    if not check.sound:
        click.echo("The file was changed after it was made: import its sources again.")
    contradictions = [(name, count, f"conflict {name}") for name, count in check.conflicts.most_common()]
    missing = [(GAPS[name], check.gaps[name], f"gap {name}") for name in GAPS if check.gaps[name]]
    _table("What contradicts itself", contradictions, check)
    _table("What is missing", missing, check)
    refused = sorted(check.refused.items(), key=lambda item: (-item[1], item[0]))
    _table("What the import did not use, or remarked", [(name, count, "") for name, count in refused], check)
    if check.suggestions:
        click.echo(
            f"{counted(check.suggestions, 'pair')} of works have the same title and author and were not joined."
        )
    if check.errors:
        click.echo(f"Next: countermark catalog show {catalog} WORK shows what each source says of a work.")
    else:
        click.echo(f"Next: countermark link {catalog} LISTING, or countermark claim {catalog} RUN")


def _table(head: str, rows: list[tuple[str, int, str]], check: Check) -> None:
    """At most ten rows, with examples of each."""
    if not rows:
        return
    click.echo(f"{head}:")
    width = max(len(f"{count:,}") for _, count, _ in rows)
    broad = max(len(name) for name, _, _ in rows[:SHOWN])
    for name, count, key in rows[:SHOWN]:
        examples = ", ".join(check.examples.get(key, [])[:EXAMPLES])
        click.echo(printable(f"  {count:>{width},}  {name:{broad}}  {examples}".rstrip()))
    if len(rows) > SHOWN:
        click.echo(f"  and {len(rows) - SHOWN:,} more kinds: --json lists them")
