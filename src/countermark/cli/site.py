"""`countermark site`: what one does for a site besides serving it. One file per family of commands."""

from __future__ import annotations

from pathlib import Path

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "check": Entry(
        "countermark.cli.site_check:check", "Say whether settings, database, worker and roll are sound."
    ),
    "create-organiser": Entry(
        "countermark.cli.site_people:create_organiser", "Invite somebody who runs the site."
    ),
    "publish-text": Entry(
        "countermark.cli.site_statement:publish_text", "Publish a version of the statement."
    ),
    "open": Entry("countermark.cli.site_statement:open_statement", "Let people sign."),
    "close": Entry("countermark.cli.site_statement:close_statement", "Let nobody sign any more."),
    "export": Entry(
        "countermark.cli.site_export:export", "Write the roll to hand over: CSV, JSON or signed PDF."
    ),
    "backup": Entry("countermark.cli.site_backup:backup", "Copy the running site into one file."),
    "restore": Entry("countermark.cli.site_backup:restore", "Bring a site back from a backup."),
    "access": Entry("countermark.cli.site_people:access", "Print all that is held about a mail address."),
    "erase": Entry("countermark.cli.site_people:erase", "Erase all that is held about a mail address."),
    "retention": Entry("countermark.cli.site_people:retention", "Forget now what is due to be forgotten."),
    "export-works": Entry("countermark.cli.site_works:export_works", "Write members' works out for a scan."),
    "import-run": Entry("countermark.cli.site_works:import_run", "Read what a scan found of members' works."),
    "publish-run": Entry(
        "countermark.cli.site_works:publish_run", "Show the summary of a run on the public page."
    ),
    "manage": Entry("countermark.cli.site_check:manage", "Run one of Django's own commands."),
}


@click.group("site", cls=LazyGroup, entries=COMMANDS)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The site's folder. By default COUNTERMARK_DATA, or ./countermark-site.",
)
@click.pass_context
def command(ctx: click.Context, data: Path | None) -> None:
    """Set up a site, back it up, hand its roll over, and answer those who ask about their data.

    The commands work while the site runs, unless they say otherwise.

    \b
    Examples:
      countermark site check
      countermark site create-organiser claire@guilde.example --superuser
      countermark site --data /srv/statement backup statement.tar.zst
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    if data is not None:
        from countermark.web.config.start import name_data

        name_data(data)
    ctx.obj = data
