"""`countermark catalog`: works out of real catalogue files, in one file of their own."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "import": Entry("countermark.cli.catalog_import:command", "Read catalogue files into one catalog."),
    "validate": Entry(
        "countermark.cli.catalog_validate:command", "Say what is missing or wrong for a claim."
    ),
    "show": Entry("countermark.cli.catalog_show:command", "Show a catalog, or one work fully."),
    "export": Entry("countermark.cli.catalog_export:command", "Write CSV, JSON-LD, or a works list."),
    "mapping": Entry("countermark.cli.catalog_mapping:command", "Propose how a table's columns are read."),
}


@click.group("catalog", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Make a catalog of works from real catalogue files, and look into it.

    ONIX, CWR, DDEX, CSV and XLSX, feeds, WordPress, NewsML, MARC, folders of documents, pictures and audio: their
    records become works with editions, owners and dates, in one file. Records are joined by identifiers, never by a
    name alone. Nothing leaves this machine.

    \b
    Examples:
      countermark catalog import onix.xml songs.csv --out ours.catalog
      countermark catalog validate ours.catalog
      countermark catalog show ours.catalog 9782070360024
    """  # noqa: D301  \b is click's mark for lines that stay as they are
