"""`countermark catalog mapping`: how a table's columns would be read."""

from __future__ import annotations

from pathlib import Path

import click

from countermark.cli.progress import printable
from countermark.errors import InputError

SHOWN = 40  # columns; a table of more is shown in part, and saved whole


@click.command("mapping")
@click.argument("table", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="The mapping to write; INPUT.mapping.toml by default."
)
@click.option("--force", is_flag=True, help="Replace the file that stands there, with your corrections.")
def command(table: Path, out: Path | None, force: bool) -> None:
    """Propose how the columns of INPUT (CSV, XLSX, Parquet) are read, and save that as a file to correct.

    \b
    Examples:
      countermark catalog mapping songs.xlsx
      countermark catalog import songs.xlsx --mapping songs.xlsx.mapping.toml --out songs.catalog
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.extras import needs_claims

    needs_claims()
    from countermark.cli.catalog_outputs import check_new
    from countermark.media import Refusal
    from countermark.works.importers.opening import open_inputs
    from countermark.works.importers.table import propose_mapping, save_mapping

    opened = next(iter(open_inputs([table])), None)
    if opened is None or isinstance(opened, Refusal):
        raise InputError(opened.detail if opened else f"{table}: holds no file; a table is accepted")
    target = out or table.with_name(f"{table.name}.mapping.toml")
    check_new(target, [table], force=force)  # a mapping of ours too: it may have been corrected by hand
    mapping = propose_mapping(opened)
    rows = mapping.rows()
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(4)]
    for row in rows[:SHOWN]:
        cells = [f"{cell:{min(width, 40)}}" for cell, width in zip(row, widths, strict=False)]
        click.echo(printable("  ".join([*cells, row[4]]).rstrip()))
    if len(rows) > SHOWN:
        click.echo(f"and {len(rows) - SHOWN:,} more columns: see {target}")
    save_mapping(mapping, target)
    click.echo(f"{target}: correct it where it is wrong.")
    click.echo(f"Next: countermark catalog import {table} --mapping {target} --out {table.stem}.catalog")
