"""What is forgotten, and when. Each function takes the time, so that tests and the worker use one clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef

from countermark.web.signing.actions.confirm import PENDING_DAYS
from countermark.web.signing.models import Consent, PendingSignature, Purpose, Signature
from countermark.web.statement.models import Statement

if TYPE_CHECKING:
    from datetime import datetime

NETWORK_KEPT: Final = timedelta(days=30)


def purge_pending(now: datetime) -> int:
    """Delete forms that were not confirmed within seven days; return how many."""
    old = PendingSignature.objects.filter(created_at__lte=now - timedelta(days=PENDING_DAYS))
    return old.delete()[0]


def forget_addresses(now: datetime) -> int:
    """Erase the keyed digest of the network that a signature came from, after 30 days; return of how many."""
    old = Signature.objects.filter(created_at__lte=now - NETWORK_KEPT, address_key__isnull=False)
    return old.update(address_key=None)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later; the 28th where a month might be too short."""
    years, month = divmod(moment.month - 1 + months, 12)
    day = min(moment.day, 28) if moment.day > 28 else moment.day
    return moment.replace(year=moment.year + years, month=month + 1, day=day)


def forget_mail_after_close(now: datetime) -> int:
    """Erase the mail addresses of those who did not ask to be written to; return of how many.

    That is due so many months after the close as the statement says. The links in their mails go on working.
    """
    statement = Statement.objects.filter(pk=1).first()
    if statement is None or statement.closes_at is None:
        return 0
    if now < months_after(statement.closes_at, statement.retention_months):
        return 0
    wants = Consent.objects.filter(
        signature=OuterRef("pk"), purpose=Purpose.CONTACT, withdrawn_at__isnull=True
    )
    kept = Signature.objects.exclude(email="").exclude(Exists(wants))
    return kept.update(email="", email_key=None)
