"""`countermark letter`: a draft from the facts of a claim."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import click

KINDS = ("reservation-notice", "access-request", "removal-request", "article-53", "licence-offer")


@click.command("letter")
@click.argument("claim", metavar="CLAIM", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="Which letter.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
@click.option(
    "--sender",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML: name, address, email, capacity, place.",
)
@click.option(
    "--terms",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML of an offer: price, currency, period, uses, credit, valid_until.",
)
@click.option("--date", "dated", metavar="YYYY-MM-DD", help="The date of the letter; today by default.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html"]),
    default="text",
    show_default=True,
    help="HTML opens in any word processor.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File to write; standard output by default.")
def command(
    claim: Path,
    kind: str,
    lang: str | None,
    sender: Path | None,
    terms: Path | None,
    dated: str | None,
    form: str,
    out: Path | None,
) -> None:
    """Draft a letter from the claim folder CLAIM. Nothing is sent.

    What the facts do not say stays a place in [brackets]. A company is named only where works stand in a data set
    word for word, as a copy or under their identifier, and a quoted sentence ties the company to that data set.

    \b
    Examples:
      countermark letter claim/ --kind access-request --lang fr
      countermark letter claim/ --kind removal-request --sender me.toml --out letter.txt
      countermark letter claim/ --kind licence-offer --terms terms.toml --format html --out offer.html
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.atomic import write_bytes
    from countermark.claims.letters.compose import Kind, as_page, compose
    from countermark.claims.letters.facts import read_facts
    from countermark.language import language_of_locale

    language = lang or language_of_locale(os.environ)
    facts = read_facts(claim, date=_date(dated), sender=sender, terms=terms)
    letter = compose(Kind(kind), facts, language)
    text = letter.text if form == "text" else as_page(letter, language)
    if letter.remark:
        click.echo(f"countermark: {letter.remark}", err=True)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_bytes(out, text.encode())
        click.echo(f"Draft: {out}. Read it, fill in the brackets, and send it yourself.")


def _date(given: str | None) -> str:
    if given is None:
        return datetime.now(UTC).astimezone().date().isoformat()
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise click.BadParameter(
            f"{given!r} is no date; YYYY-MM-DD is accepted", param_hint="--date"
        ) from None
