"""`countermark dossier key`: the key that signs dossiers."""

from __future__ import annotations

import os
from pathlib import Path

import click

from countermark.cli.extras import needs_claims
from countermark.errors import InputError


@click.group("key")
def command() -> None:
    """Make the key that signs dossiers."""


@command.command("new", short_help="Draw a new key.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The file to write; never overwritten."
)
@click.option("--passphrase", "ask", is_flag=True, help="Lock the key with a passphrase, asked for twice.")
@click.option("--passphrase-env", metavar="NAME", help="Take the passphrase from this environment variable.")
def new(out: Path, ask: bool, passphrase_env: str | None) -> None:
    """Draw an Ed25519 key and write it to a file that only you can read (PKCS#8 PEM, mode 0600).

    The fingerprint is printed. Give it to those who will verify, by another way than the dossier: it is how they know
    that a seal is yours.

    \b
    Examples:
      countermark dossier key new --out my-key.pem
      countermark dossier key new --out my-key.pem --passphrase
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_claims()
    from countermark.evidence.dossier.keys import new_key

    key = new_key(out, passphrase_of(ask=ask, environment=passphrase_env, new=True))
    click.echo(f"Key: {out}\nFingerprint: {key.fingerprint}\nKeep a copy of the file in a safe place.")


def passphrase_of(*, ask: bool, environment: str | None, new: bool = False) -> str | None:
    """The passphrase, from a prompt or from the environment variable named; None where neither is asked for."""
    if environment is not None:
        found = os.environ.get(environment)
        if not found:
            raise InputError(
                f"--passphrase-env {environment}: there is no such environment variable, or it is empty"
            )
        return found
    if ask:
        answer: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
        return answer
    return None
