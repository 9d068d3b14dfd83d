"""`countermark site create-organiser`, `access`, `erase` and `retention`."""

from __future__ import annotations

import json

import click

from countermark.errors import InputError


@click.command("create-organiser")
@click.argument("email")
@click.option("--superuser", is_flag=True, help="With all rights: settings, lists, accounts of others.")
@click.option("--json", "as_json", is_flag=True, help="Print the address as JSON.")
def create_organiser(email: str, superuser: bool, as_json: bool) -> None:
    """Invite EMAIL to run the site, and print the address where the account is made: password, then second factor.

    The address serves once, within seven days; hand it over by a way that nobody else reads.

    \b
    Examples:
      countermark site create-organiser claire@guilde.example --superuser
      countermark site create-organiser moderator@guilde.example
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.web.config.start import database_told, start

    start()
    from countermark.web.accounts.organisers import create_organiser as invite

    with database_told():
        address = invite(email, superuser)
    click.echo(json.dumps({"email": email, "address": address}) if as_json else address)
    if not as_json:
        click.echo("Open this address to make the account; it serves once, within seven days.", err=True)


@click.command("access")
@click.argument("email")
def access(email: str) -> None:
    """Print as JSON all that the site holds about EMAIL: signature, forms, mails, works, organisations, account.

    Send it only to the address itself: being asked is no proof of who asks.

    \b
    Example:
      countermark site access ada@example.org > ada.json
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    _address(email)
    from countermark.web.config.start import database_told, start

    start()
    from countermark.web.upkeep.people import held

    with database_told():
        found = held(email)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))


@click.command("erase")
@click.argument("email")
@click.option("--dry-run", is_flag=True, help="Count what would be erased, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def erase(email: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Erase all that the site holds about EMAIL: signature, forms, mails, member space with its works.

    The number on the roll stays, empty, and a withdrawal is appended: the roll still verifies. Backups made before
    still hold the data until they are deleted. An account is not erased here; take it away in the admin.

    \b
    Examples:
      countermark site erase ada@example.org --dry-run
      countermark site erase ada@example.org --yes
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    _address(email)
    from countermark.web.config.start import database_told, start

    start()
    from countermark.web.upkeep.forgetting import forget_journal
    from countermark.web.upkeep.people import erase as erase_all

    if not dry_run and not yes:
        click.confirm("Erase all that is held about this address? It cannot be undone.", abort=True, err=True)
    with database_told():
        done = erase_all(email, dry_run=dry_run)
        if not dry_run:
            forget_journal()
    _tell(done, "Nothing was changed." if dry_run else "Erased.", as_json=as_json)


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Count what is due, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def retention(dry_run: bool, as_json: bool) -> None:
    """Forget now what is due: forms after 7 days, network digests after 30, addresses some months after the close.

    The worker does this every hour; the command is for a look, or for a site without a worker.

    \b
    Example:
      countermark site retention --dry-run
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.web.config.start import database_told, start

    start()
    from django.utils import timezone

    from countermark.web.upkeep.forgetting import forget_due

    with database_told():
        done = forget_due(timezone.now(), dry_run=dry_run)
    _tell(done, "Nothing was changed." if dry_run else "Forgotten.", as_json=as_json)


def _tell(done: dict[str, int], last: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False))
        return
    width = max(map(len, done))
    for name, count in done.items():
        click.echo(f"{name.replace('_', ' '):{width}}  {count:,}")
    click.echo(last)


def _address(email: str) -> None:
    if "@" not in email or len(email) > 254 or not email.isprintable():
        raise InputError(f"{email!r} is no mail address")
