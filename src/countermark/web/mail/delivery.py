"""Deliver what waits in the outbox: none lost, none twice.

Each mail is claimed in a committed transaction before its content flows. If the worker dies or the connection breaks
after that, the mail is `uncertain`: it may have arrived, and is never sent again by itself.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from countermark.web.mail.letters import letter_of
from countermark.web.mail.models import Message, MessageState
from countermark.web.mail.transport import LaterError, NeverError, UnknownError, transport_of_settings

if TYPE_CHECKING:
    from collections.abc import Collection

    from countermark.web.mail.transport import Transport

logger = logging.getLogger(__name__)
# after a temporary refusal; together about a day and a half, well within the seven days of a confirmation link
DELAYS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720))
LONGEST_ERROR: Final = 300
KEPT_AFTERWARDS: Final = timedelta(days=30)
CLAIM: Final = (
    "UPDATE mail_message SET state = 'sending', attempts = attempts + 1"
    " WHERE id = %s AND state = 'queued' RETURNING *"
)
FINISH: Final = "UPDATE mail_message SET state = %s, finished_at = %s, error = %s WHERE id = %s"
FORGET: Final = (
    "UPDATE mail_message SET state = %s, finished_at = %s, error = %s, recipient = '', context = '{}'"
    " WHERE id = %s"
)


def deliver_some(
    limit: int = 50, *, transport: Transport | None = None, kinds: Collection[str] | None = None
) -> int:
    """Send up to `limit` mails that are due, of `kinds` only where given; return how many went.

    Without a connection nothing is claimed and 0 is returned. `settings.MAILS_PER_SECOND` (0: as fast as it goes)
    bounds the rate.
    """
    waiting = Message.objects.filter(state=MessageState.QUEUED, not_before__lte=timezone.now())
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    due = list(waiting.order_by("priority", "not_before", "id").values_list("pk", flat=True)[:limit])
    if not due:
        return 0
    transport = transport or transport_of_settings()
    try:
        transport.open()
    except LaterError as error:
        logger.warning("the mail server cannot be reached", extra={"reason": str(error), "count": len(due)})
        return 0
    try:
        return _deliver(due, transport)
    finally:
        transport.close()


def _deliver(due: list[int], transport: Transport) -> int:
    pause = 1 / rate if (rate := getattr(settings, "MAILS_PER_SECOND", 0)) else 0.0
    sent = 0
    for pk in due:
        begun = time.monotonic()
        row = claim(pk)
        sent += row is not None and _send(row, transport)
        left = pause - (time.monotonic() - begun)
        if left > 0:
            time.sleep(left)
    return sent


def claim(pk: int) -> Message | None:
    """Take a mail for this worker, committed before its content flows; None where it was dropped or taken meanwhile."""
    return next(iter(list(Message.objects.raw(CLAIM, [pk]))), None)


def _send(row: Message, transport: Transport) -> bool:
    try:
        mail = letter_of(row)
    except Exception as error:
        logger.exception("a mail cannot be written", extra={"kind": row.kind})
        _finish(row, MessageState.FAILED, type(error).__name__)
        return False
    try:
        transport.send(mail, parseaddr(settings.DEFAULT_FROM_EMAIL)[1], row.recipient)
    except LaterError as error:
        _postpone(row, str(error))
    except NeverError as error:
        _finish(row, MessageState.FAILED, str(error))
    except UnknownError as error:
        _finish(row, MessageState.UNCERTAIN, str(error))
    else:
        _finish(row, MessageState.SENT)
        return True
    return False


def _postpone(row: Message, error: str) -> None:
    if row.attempts > len(DELAYS):
        _finish(row, MessageState.FAILED, error)
        return
    Message.objects.filter(pk=row.pk).update(
        state=MessageState.QUEUED,
        not_before=timezone.now() + DELAYS[row.attempts - 1],
        error=_without(row, error),
    )


def _finish(row: Message, state: MessageState, error: str = "") -> None:
    """Write down how it ended. What was sent or refused for good keeps neither recipient nor content."""
    statement = FINISH if state == MessageState.UNCERTAIN else FORGET
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(state), now, _without(row, error), row.pk])
    if error:
        logger.warning("a mail did not go", extra={"kind": row.kind, "state": str(state)})


def _without(row: Message, error: str) -> str:
    """A server's words without the address that they often repeat."""
    return error.replace(row.recipient, "–")[:LONGEST_ERROR] if row.recipient else error[:LONGEST_ERROR]


def recover() -> int:
    """Mails that a dead worker left `sending` become `uncertain`; return how many. Called when a worker begins."""
    return Message.objects.filter(state=MessageState.SENDING).update(
        state=MessageState.UNCERTAIN, finished_at=timezone.now(), error="the worker ended while it was sent"
    )


def forget_finished() -> int:
    """Erase recipient and content of what ended a day ago, delete rows of 30 days ago; return how many rows changed."""
    finished = (MessageState.SENT, MessageState.FAILED, MessageState.DROPPED, MessageState.UNCERTAIN)
    day = timedelta(days=1)
    now = timezone.now()
    ended = Message.objects.filter(state__in=finished)
    erased = ended.exclude(recipient="").filter(finished_at__lt=now - day).update(recipient="", context={})
    deleted, _ = ended.filter(created_at__lt=now - KEPT_AFTERWARDS).delete()
    return erased + deleted
