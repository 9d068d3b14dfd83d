"""`countermark catalog export`: a catalog as CSV, JSON-LD, or the works list of an index."""

from __future__ import annotations

from pathlib import Path

import click

from countermark.cli.progress import counted

NAMES = {"csv": ".csv", "jsonld": ".jsonld", "works-csv": ""}


@click.command("export")
@click.argument("catalog", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice([*NAMES]),
    default="csv",
    show_default=True,
    help="CSV for spreadsheets, JSON-LD (schema.org) for machines, or the works list that `index build` reads.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file to write; NAME.csv, NAME.jsonld or works.csv."
)
@click.option("--force", is_flag=True, help="Replace the files that stand there.")
def command(catalog: Path, form: str, out: Path | None, force: bool) -> None:
    """Write CATALOG in a form that others read, and that `countermark catalog import` reads back.

    A file that exists is left as it is, unless --force is given.

    \b
    Examples:
      countermark catalog export ours.catalog
      countermark catalog export ours.catalog --format jsonld --out ours.jsonld
      countermark catalog export ours.catalog --format works-csv --out texts/works.csv
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.catalog_outputs import check_new
    from countermark.works.catalog import Catalog
    from countermark.works.catalog.export_csv import export_csv, export_works_list, rights_beside
    from countermark.works.catalog.jsonld import export_jsonld

    target = out or (
        catalog.with_name("works.csv") if form == "works-csv" else catalog.with_suffix(NAMES[form])
    )
    with Catalog.open(catalog) as read:
        for one in [target, rights_beside(target)] if form == "csv" else [target]:
            check_new(one, [catalog], force=force)
        if form == "csv":
            beside, editions, rights = export_csv(read.works(), target)
            click.echo(f"{target}: {counted(editions, 'row')}, a row for each edition.")
            click.echo(f"{beside}: {counted(rights, 'rights fact')}.")
            click.echo(
                f"Next: countermark catalog import {target} {beside} --out again.catalog reads them back."
            )
        elif form == "jsonld":
            click.echo(f"{target}: {counted(export_jsonld(read.works(), target), 'work')}.")
            click.echo(f"Next: countermark catalog import {target} --out again.catalog reads it back.")
        else:
            rows, without = export_works_list(read.works(), target)
            said = f"; {counted(without, 'work')} without files left out" if without else ""
            click.echo(f"{target}: {counted(rows, 'file')}{said}.")
            click.echo(f"Next: countermark index build {target} --out works.index")
