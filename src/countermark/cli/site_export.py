"""`countermark site export`: the roll to hand over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.web.upkeep.handover import Handover
    from countermark.web.upkeep.pdf_signing import Signer


@click.command("export")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format", "form", type=click.Choice(["csv", "json", "pdf"]), help="By default that of OUT's name."
)
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option(
    "--pkcs12",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your certificate, to sign the PDF with.",
)
@click.option("--unsigned", is_flag=True, help="Leave the PDF unsigned.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def export(
    out: Path, form: str | None, language: str, pkcs12: Path | None, unsigned: bool, as_json: bool
) -> None:
    """Write the roll to OUT, to hand over: what the public pages show, up to the newest signed head.

    A CSV opens in a spreadsheet; cells that could be taken for a formula begin with an apostrophe. The PDF holds the
    statement, the counts, the names and how to check them; it is signed (PAdES) with a certificate that the site makes
    for itself, or with yours. The passphrase of yours is asked, or read from COUNTERMARK_PASSPHRASE.

    \b
    Examples:
      countermark site export roll.csv
      countermark site export roll.pdf --language en
      countermark site export roll.pdf --pkcs12 guilde.p12
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    form = form or out.suffix.lstrip(".").lower()
    if form not in ("csv", "json", "pdf"):
        raise InputError(f"{out}: say --format csv, json or pdf, or let the name end with one of them")
    passphrase = _passphrase(pkcs12) if pkcs12 and form == "pdf" else ""
    from countermark.web.config.start import database_told, start

    start()
    from django.utils import timezone

    from countermark.web.upkeep.handover import hand_over

    with database_told():
        handover = hand_over(language, timezone.now())
        signer = None
        if form == "pdf" and not unsigned:
            signer = _signer(handover, pkcs12, passphrase)
        _write(handover, out, form, signer)
    _tell(handover, out, signer, as_json=as_json)


def _passphrase(path: Path) -> str:
    import os

    given = os.environ.get("COUNTERMARK_PASSPHRASE")
    return (
        given if given is not None else str(click.prompt(f"Passphrase of {path}", hide_input=True, err=True))
    )


def _signer(handover: Handover, path: Path | None, passphrase: str) -> Signer:
    from django.conf import settings

    from countermark.web.upkeep.pdf_signing import organisers_signer, own_signer

    if path is not None:
        return organisers_signer(path, passphrase)
    return own_signer(settings.DATA, handover.statement.organiser, handover.made_at)


def _write(handover: Handover, out: Path, form: str, signer: Signer | None) -> None:
    from countermark.atomic import replacing, write_bytes
    from countermark.web.upkeep.handover_files import write_csv, write_json
    from countermark.web.upkeep.handover_pdf import pdf_of
    from countermark.web.upkeep.pdf_signing import signed

    if form != "pdf":
        with replacing(out) as file:
            (write_csv if form == "csv" else write_json)(handover, file)
        return
    document = pdf_of(handover)
    if signer is not None:
        reason = {"fr": "Remise de la déclaration", "en": "Handing over the statement"}[handover.language]
        document = signed(document, signer, name=handover.statement.organiser, reason=reason)
    write_bytes(out, document)


def _tell(handover: Handover, out: Path, signer: Signer | None, *, as_json: bool) -> None:
    facts: dict[str, Any] = {"out": str(out), "counts": handover.counts, "head": handover.head_document()}
    if signer is not None:
        facts["certificate_sha256"] = signer.fingerprint
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    from countermark.cli.progress import counted

    click.echo(f"{out}: {counted(handover.counts['signatories'], 'signatory', 'signatories')}.")
    if signer is not None:
        whose = "the site's own certificate" if signer.own else "your certificate"
        click.echo(f"Signed with {whose}; publish its SHA-256, so that others can tell: {signer.fingerprint}")
