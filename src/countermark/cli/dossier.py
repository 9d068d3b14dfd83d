"""`countermark dossier`: seal evidence, verify, redact and time-stamp it. One file for each command."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "key": Entry("countermark.cli.dossier_key:command", "Make the key that signs dossiers."),
    "seal": Entry("countermark.cli.dossier_seal:command", "Seal runs, a claim and the log of attempts."),
    "verify": Entry("countermark.cli.dossier_verify:command", "Verify a dossier, offline."),
    "timestamp": Entry("countermark.cli.dossier_timestamp:command", "Add a time stamp (RFC 3161)."),
    "redact": Entry("countermark.cli.dossier_redact:command", "Copy a dossier without chosen works."),
    "replay": Entry("countermark.cli.dossier_replay:command", "Find one finding again in its shard."),
}


@click.group("dossier", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Seal what a search found into a bag that anyone can verify with sha256sum and openssl.

    Nothing is sent anywhere, but for `timestamp --authority`, which sends one digest to the authority that you name.

    \b
    Examples:
      countermark dossier key new --out my-key.pem
      countermark dossier seal run/ --claim claim/ --key my-key.pem --out dossier/
      countermark dossier verify dossier/
      countermark dossier redact dossier/ --withhold-work delorme-1998 --reason "unpublished" --out public/
    """  # noqa: D301  \b is click's mark for lines that stay as they are
