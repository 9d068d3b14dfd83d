"""`countermark site publish-text`, `open` and `close`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

LARGEST_TEXT = 200_000  # bytes; a statement is a page or two
TEXT = click.Path(path_type=Path, dir_okay=False)


@click.command("publish-text")
@click.option("--fr", "french", type=TEXT, required=True, help="The text in French.")
@click.option("--en", "english", type=TEXT, required=True, help="The text in English.")
@click.option("--organiser", metavar="NAME", help="Who calls for signatures; ends the demonstration.")
@click.option("--contact", metavar="EMAIL", help="Where signatories may write.")
@click.option("--address", metavar="TEXT", help="The organiser's postal address, for the privacy page.")
@click.option("--dry-run", is_flag=True, help="Show version and digests, and publish nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish_text(french: Path, english: Path, dry_run: bool, yes: bool, **organiser: str | None) -> None:
    """Publish a new version of the statement, in both languages at once.

    Each file is Markdown in UTF-8; its first line is the title. A published version stays for ever: those who signed
    an earlier one have signed that one. Its SHA-256 digest stands on the page, in mails and on the roll.

    \b
    Examples:
      countermark site publish-text --fr texte.md --en text.md --dry-run
      countermark site publish-text --fr texte.md --en text.md --organiser "La Guilde" --contact bonjour@guilde.example
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    texts = {"fr": _text(french), "en": _text(english)}
    from countermark.web.config.start import database_told, start

    start()
    from countermark.web.statement.texts import digest_of

    for language, (title, body) in texts.items():
        click.echo(f"{language}  {digest_of(title, body)}  {title}")
    if dry_run:
        click.echo("Nothing was published.")
        return
    if not yes:
        click.confirm("Publish this version? It cannot be changed afterwards.", abort=True, err=True)
    with database_told():
        version = _publish(texts, organiser)
    click.echo(f"Published as version {version}.")


def _text(path: Path) -> tuple[str, str]:
    """Title and body of a file."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start:,}") from error
    if len(content) > LARGEST_TEXT or "\0" in text:
        raise InputError(f"{path}: accepted is a text of at most {LARGEST_TEXT:,} bytes, without NUL")
    title, _, body = text.strip().partition("\n")
    title = title.removeprefix("#").strip()
    if not 0 < len(title) <= 200 or not body.strip():
        raise InputError(
            f"{path}: the first line is the title (at most 200 characters), and the text follows"
        )
    return title, body.strip() + "\n"


def _publish(texts: dict[str, tuple[str, str]], organiser: dict[str, str | None]) -> int:
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from countermark.web.accounts.log import record
    from countermark.web.statement.texts import publish

    statement = _statement()
    if organiser["organiser"]:
        statement.organiser, statement.demonstration = organiser["organiser"], False
    statement.contact_email = organiser["contact"] or statement.contact_email
    statement.organiser_address = organiser["address"] or statement.organiser_address
    try:
        statement.full_clean(validate_constraints=False, validate_unique=False)
    except ValidationError as error:
        raise InputError(
            "; ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
        ) from error
    with transaction.atomic():
        statement.save()
        version = publish(texts)
        record("command line", "text.publish", f"version {version}")
    return version


@click.command("open")
@click.option("--at", metavar="TIME", help="When, as 2027-01-15T09:00+01:00; by default now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def open_statement(at: str | None, yes: bool) -> None:
    """Let people sign, from now or from a time on.

    \b
    Example:
      countermark site open --at 2027-01-15T09:00+01:00
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    moment = _instant(at)
    _begin(f"Open the statement{_at(moment)}?", yes=yes)
    _set("statement.open", moment, opened=True)
    click.echo(f"The statement opens{_at(moment)}." if moment else "The statement is open.")


@click.command("close")
@click.option("--at", metavar="TIME", help="When, as 2027-03-31T23:59+02:00; by default now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def close_statement(at: str | None, yes: bool) -> None:
    """Let nobody sign any more, from now or from a time on; withdrawals stay possible.

    The retention clock starts at the close: mail addresses are erased some months later (six, unless set otherwise).

    \b
    Example:
      countermark site close --at 2027-03-31T23:59+02:00
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    moment = _instant(at)
    _begin(f"Close the statement{_at(moment)}? Mail addresses are erased some months later.", yes=yes)
    _set("statement.close", moment, opened=False)
    click.echo(f"The statement closes{_at(moment)}." if moment else "The statement is closed.")


def _begin(question: str, *, yes: bool) -> None:
    from countermark.web.config.start import start

    start()
    if not yes:
        click.confirm(question, abort=True, err=True)


def _instant(text: str | None) -> datetime | None:
    from datetime import datetime

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--at {text}: accepted is a time as 2027-01-15T09:00+01:00") from error
    if moment.tzinfo is None:
        raise InputError(f"--at {text}: the offset from UTC is missing, as in {text}+01:00 or {text}Z")
    return moment


def _at(moment: datetime | None) -> str:
    return f" at {moment.isoformat(timespec='minutes')}" if moment else ""


def _set(action: str, moment: datetime | None, *, opened: bool) -> None:
    from django.db import transaction
    from django.utils import timezone

    from countermark.web.accounts.log import record
    from countermark.web.config.start import database_told

    with database_told(), transaction.atomic():
        statement = _statement()
        when = moment or timezone.now()
        if opened:
            statement.opened_at = when
            if statement.closes_at is not None and statement.closes_at <= when:
                statement.closes_at = None
        else:
            statement.closes_at = when
        statement.save(update_fields=["opened_at", "closes_at"])
        record("command line", action, at=when.isoformat())


def _statement() -> Any:
    from countermark.web.statement.models import Statement

    found = Statement.objects.filter(pk=1).first()
    if found is None:
        raise InputError("this site has no statement yet; `countermark serve` writes the first")
    return found
