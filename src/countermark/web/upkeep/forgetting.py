"""The retention clock: what is forgotten, from every room, and how much of each was."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, transaction

from countermark.web.abuse import alarms
from countermark.web.abuse.limits import forget_old
from countermark.web.abuse.models import UsedChallenge
from countermark.web.accounts import invitations
from countermark.web.mail.delivery import forget_finished
from countermark.web.moderation.invalidations import forget_networks
from countermark.web.organisations import actions as organisations
from countermark.web.registry.storage import sweep
from countermark.web.signing.retention import forget_addresses, forget_mail_after_close, purge_pending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

RULES: Final[Mapping[str, Callable[[datetime], int]]] = {
    "forms not confirmed in 7 days": purge_pending,
    "network digests after 30 days": forget_addresses,
    "networks in invalidations after 30 days": forget_networks,
    "alarms after 30 days": alarms.forget_old,
    "mail addresses after the close": forget_mail_after_close,
    "mails that are finished": lambda _: forget_finished(),
    "organisations not verified in 30 days": organisations.forget_old,
    "invitations after 30 days": invitations.forget_old,
    "counts of rate limits": lambda _: forget_old(),
    "proofs of work handed in": lambda now: UsedChallenge.objects.filter(expires_at__lt=now).delete()[0],
    "sessions that ended": lambda now: Session.objects.filter(expire_date__lt=now).delete()[0],
}


def forget_journal() -> bool:
    """Empty SQLite's write-ahead log, where what was deleted may stand for a while longer; tells whether it could be.

    Waits for nobody: where somebody reads at this moment, the next call does it. PostgreSQL sees to its own.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        waiting = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=200")
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout={int(waiting)}")
    return not busy


def forget_due(now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Forget what is due, and tell how much; `dry_run` only counts.

    Rules are not in one transaction, and a large one is not in one either: signing never waits for long.
    """
    done = {}
    for name, rule in RULES.items():
        with transaction.atomic() if dry_run else nullcontext():
            done[name] = rule(now)
            if dry_run:
                transaction.set_rollback(True)
    if not dry_run:
        done["files of members who left"] = sweep()
        forget_journal()
    return done
