"""The first account of a site, and later ones, made from the terminal."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from email_validator import EmailNotValidError, validate_email

from countermark.errors import InputError
from countermark.web.accounts.invitations import invite
from countermark.web.accounts.log import record
from countermark.web.accounts.models import Role


def create_organiser(email: str, superuser: bool) -> str:
    """Invite somebody as a moderator, or as an administrator, and return the address that makes the account.

    No password passes through the terminal: whoever opens the address chooses it. Raises InputError where `email` is no
    mail address.
    """
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InputError(f"{email!r} is not a mail address: {error}") from None
    if len(address) > 150:
        raise InputError("the mail address is longer than 150 characters")
    role = Role.ADMINISTRATOR if superuser else Role.MODERATOR
    token = invite(address, role)
    record("terminal", "invited", role)
    return f"{settings.SITE_ORIGIN}{reverse('invitation', args=[token])}"
