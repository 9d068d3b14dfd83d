"""`countermark roll`: verify the roll of a site, offline."""

from __future__ import annotations

import click

EXAMPLES = """\b
Examples:
  countermark roll verify export.json
  countermark roll verify export.json --key 6a0f… --since export-of-last-month.json
  countermark roll verify my-proof.json --key 6a0f…
  countermark roll verify consistency.json --since head-i-kept.json

\b
Exit codes:
  0    it verifies
  1    it does not: a hash, a signature or the file's own lines contradict it
  2    a file cannot be used
"""


@click.group("roll")
def command() -> None:
    """Verify the roll of a site: nothing is sent anywhere, and the site need not be asked."""


@command.command("verify", epilog=EXAMPLES, short_help="Verify an export of a roll, or a proof.")
@click.argument("file", type=click.Path())
@click.option("--key", metavar="HEX", help="The key of the log or its fingerprint, known from elsewhere.")
@click.option("--since", metavar="OLDER", type=click.Path(), help="An earlier export, proof or head.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def verify(context: click.Context, file: str, key: str | None, since: str | None, as_json: bool) -> None:
    """Verify FILE: the export of a roll, the proof of one number, or a proof that a roll only grew.

    A site serves the same verifier as one file, /roll/verify_roll.py, for machines without Countermark.
    """
    from countermark.roll.verify import run

    context.exit(run(file, key, since, as_json))
