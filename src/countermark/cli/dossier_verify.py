"""`countermark dossier verify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.extras import needs_claims
from countermark.errors import DossierError, InputError

if TYPE_CHECKING:
    from countermark.evidence.dossier.stamp_check import StampCheck
    from countermark.evidence.dossier.verify import Verified

SHOWN = 50
_FILE = click.Path(path_type=Path)


FINGERPRINT = 64  # hexadecimal digits of a SHA-256


@click.command("verify")
@click.argument("bag", type=_FILE)
@click.option("--key-fingerprint", metavar="HEX", help="The signer's fingerprint, known from elsewhere.")
@click.option(
    "--chain", type=_FILE, help="Certificates of the time-stamp authority, known from elsewhere (PEM)."
)
@click.option(
    "--trusted-list", type=_FILE, help="An EU trusted list (XML): is the authority a qualified one?"
)
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    bag: Path,
    key_fingerprint: str | None,
    chain: Path | None,
    trusted_list: Path | None,
    as_json: bool,
) -> None:
    """Verify the dossier BAG: every file, the signature, the stamps, the logs. Nothing is fetched.

    BAG/data/VERIFY.txt says how to do it with sha256sum and openssl alone.

    \b
    Examples:
      countermark dossier verify dossier/
      countermark dossier verify dossier/ --key-fingerprint "$FINGERPRINT" --chain authority.pem --json

    \b
    Exit codes:
      0    it verifies
      1    it does not; each file is named with what is wrong
      2    an option cannot be used
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_claims()
    from countermark.evidence.dossier.verify import verify_dossier

    if not bag.is_dir():
        raise DossierError(f"{bag}: is no folder; the folder of a dossier is accepted, which holds bagit.txt")
    if key_fingerprint is not None and len("".join(key_fingerprint.split()).replace(":", "")) != FINGERPRINT:
        raise InputError(
            f"--key-fingerprint: a fingerprint has {FINGERPRINT} hexadecimal digits; give all of them"
        )

    done = verify_dossier(bag, key_fingerprint, chain, trusted_list)
    if as_json:
        click.echo(json.dumps(_facts(done), ensure_ascii=True, indent=2))
    else:
        _tell(bag, done)
    ctx.exit(0 if done.holds else 1)


def _facts(done: Verified) -> dict[str, Any]:
    redaction = done.redaction
    return {
        "holds": done.holds,
        "problems": [problem._asdict() for problem in done.problems],
        "notes": done.notes,
        "files": done.files,
        "key_fingerprint": done.fingerprint,
        "key_is_the_one_given": done.pinned,
        "redacted": len(redaction["withheld"]) if redaction else 0,
        "stamps": [asdict(stamp) for stamp in done.stamps],
        "statement": done.facts,
    }


def _tell(bag: Path, done: Verified) -> None:
    from countermark.cli.progress import counted
    from countermark.evidence.report.legible import one_line

    for problem in done.problems[:SHOWN]:
        click.echo(f"  {one_line(problem.path)}: {one_line(problem.message, 400)}")
    if len(done.problems) > SHOWN:
        click.echo(f"  and {len(done.problems) - SHOWN:,} more (--json lists them all)")
    for stamp in done.stamps:
        click.echo(f"Time stamp {one_line(stamp.name)}: {in_words(stamp)}")
    for note in done.notes:
        click.echo(f"Note: {one_line(note, 400)}")
    if done.fingerprint:
        click.echo(f"Key: {done.fingerprint}{' (the one that you gave)' if done.pinned else ''}")
    if done.holds:
        click.echo(f"{one_line(str(bag))} verifies: {counted(done.files, 'file')}.")
    else:
        click.echo(f"{one_line(str(bag))} does NOT verify: {counted(len(done.problems), 'problem')}.")


def in_words(stamp: StampCheck) -> str:
    """A stamp on one line: when, by whom, which kind, and who verified it."""
    from countermark.evidence.report.legible import one_line

    if not stamp.holds:
        return f"does not hold: {one_line(stamp.reason, 400)}"
    said = ", ".join(f"{name} {outcome}" for name, outcome in stamp.verifiers.items())
    by = one_line(stamp.authority) or "an authority that is not named"
    when = f"{stamp.time} (accuracy {stamp.accuracy}) by {by}"
    return f"{when}; {stamp.kind}; serial {stamp.serial}, policy {stamp.policy}; {one_line(said, 300)}"
