"""The retention clock: what is forgotten, from every room, and how much of each was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.sessions.models import Session
from django.db import transaction

from countermark.web.abuse.limits import forget_old
from countermark.web.abuse.models import UsedChallenge
from countermark.web.accounts import invitations
from countermark.web.mail.delivery import forget_finished
from countermark.web.organisations import actions as organisations
from countermark.web.registry.storage import sweep
from countermark.web.signing.retention import forget_addresses, forget_mail_after_close, purge_pending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

RULES: Final[Mapping[str, Callable[[datetime], int]]] = {
    "forms not confirmed in 7 days": purge_pending,
    "network digests after 30 days": forget_addresses,
    "mail addresses after the close": forget_mail_after_close,
    "mails that are finished": lambda _: forget_finished(),
    "organisations not verified in 30 days": organisations.forget_old,
    "invitations after 30 days": invitations.forget_old,
    "counts of rate limits": lambda _: forget_old(),
    "proofs of work handed in": lambda now: UsedChallenge.objects.filter(expires_at__lt=now).delete()[0],
    "sessions that ended": lambda now: Session.objects.filter(expire_date__lt=now).delete()[0],
}


def forget_due(now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Forget what is due, each rule in a transaction of its own, and tell how much; `dry_run` only counts."""
    done = {}
    for name, rule in RULES.items():
        with transaction.atomic():
            done[name] = rule(now)
            if dry_run:
                transaction.set_rollback(True)
    if not dry_run:
        done["files of members who left"] = sweep()
    return done
