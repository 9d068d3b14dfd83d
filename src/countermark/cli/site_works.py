"""`countermark site export-works`, `import-run` and `publish-run`: members' works, and what a scan found of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command("export-works")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def export_works(folder: Path, as_json: bool) -> None:
    """Write members' works into FOLDER, new: a catalogue of uploaded texts, and each deposited index with its salt.

    Members entrusted them to be searched for in data sets, and for nothing else. Delete FOLDER when the scan is done.

    \b
    Example:
      countermark site export-works works/
      countermark index build works/catalogue/works.csv --out works.index
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.web.config.start import database_told, start

    start()
    from countermark.cli.progress import counted
    from countermark.web.registry.exporting import export_catalogue

    with database_told():
        done = export_catalogue(folder)
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    deposits = counted(done.deposits, "deposited index", "deposited indices")
    click.echo(f"{folder}: {counted(done.texts, 'uploaded work')}, {deposits}.")
    for name in done.missing[:10]:
        click.echo(f"  its file is missing: {name}", err=True)
    click.echo(f"Next: {folder}/README.md says how to scan with them.")


@click.command("import-run")
@click.argument("run", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--data-set", metavar="NAME", help="The name that people will read; by default the corpus's own."
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def import_run(run: Path, data_set: str | None, dry_run: bool, as_json: bool) -> None:
    """Read the run folder RUN, and let each member see what was found of their works.

    Nothing is public before `countermark site publish-run`; then only counts are.

    \b
    Examples:
      countermark site import-run run/ --dry-run
      countermark site import-run run/ --data-set "Common Crawl, May 2023"
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.web.config.start import database_told, start

    start()
    from countermark.web.registry.runs import import_run as read_run

    with database_told():
        done = read_run(run, data_set, dry_run=dry_run)
    facts = asdict(done)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        click.echo(f"{name.replace('_', ' '):{width}}  {value}")
    click.echo(
        "Nothing was written." if dry_run else f"Next: countermark site publish-run {done.digest[:12]}"
    )


@click.command("publish-run")
@click.argument("digest")
@click.option("--withdraw", is_flag=True, help="Take it off the public page again.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish_run(digest: str, withdraw: bool, yes: bool) -> None:
    """Show the counts of an imported run on the public page “What was found”; DIGEST is what the import printed.

    Counts below the smallest cell (five, unless set otherwise) are merged; no title and no name is shown.

    \b
    Examples:
      countermark site publish-run 41ffce5f7790
      countermark site publish-run 41ffce5f7790 --withdraw
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.web.config.start import database_told, start

    start()
    from countermark.web.registry.runs import publish_run as publish
    from countermark.web.registry.runs import run_of, unpublish_run

    with database_told():
        run = run_of(digest)
        if not yes:
            verb = "Take off the public page" if withdraw else "Show on the public page"
            click.confirm(f"{verb}: {run.data_set}?", abort=True, err=True)
        (unpublish_run if withdraw else publish)(run, "command line")
    click.echo("Taken off the public page." if withdraw else "Published.")
