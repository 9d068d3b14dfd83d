"""Deliver what waits in the outbox: none lost, none twice.

Each mail is claimed in a committed transaction before its content flows. If the worker dies or the connection breaks
after that, the mail is `uncertain`: it may have arrived, and is never sent again by itself.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
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
LONG: Final = 0.1  # seconds; before a longer pause, how the last mail ended is written down first
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
    bounds the rate: a worker that takes SQLite's one writer's lock again at once would starve those who sign.
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


class Ending(NamedTuple):
    """How a mail ended, to be written down: `QUEUED` where it is to be tried again."""

    row: Message
    state: MessageState
    error: str = ""


def _deliver(due: list[int], transport: Transport) -> int:
    """One commit a mail: it writes down how the last one ended and claims the next."""
    pause = 1 / rate if (rate := settings.MAILS_PER_SECOND) else 0.0
    ending: Ending | None = None
    sent = 0
    for pk in due:
        begun = time.monotonic()
        row = _turn(ending, pk)
        ending = None if row is None else _send(row, transport)
        sent += ending is not None and ending.state == MessageState.SENT
        if pause > LONG:
            _turn(ending)
            ending = None
        time.sleep(max(pause - (time.monotonic() - begun), 0.0))
    _turn(ending)
    return sent


def _turn(ending: Ending | None, pk: int | None = None) -> Message | None:
    """Write an ending down and claim a mail, together."""
    if ending is None and pk is None:
        return None
    with transaction.atomic():
        if ending is not None:
            _finish(ending)
        return None if pk is None else claim(pk)


def claim(pk: int) -> Message | None:
    """Take a mail for this worker, committed before its content flows; None where it was dropped or taken meanwhile."""
    return next(iter(list(Message.objects.raw(CLAIM, [pk]))), None)


def _send(row: Message, transport: Transport) -> Ending:
    try:
        mail = letter_of(row)
    except Exception as error:
        logger.exception("a mail cannot be written", extra={"kind": row.kind})
        return Ending(row, MessageState.FAILED, type(error).__name__)
    try:
        transport.send(mail, parseaddr(settings.DEFAULT_FROM_EMAIL)[1], row.recipient)
    except LaterError as error:
        again = row.attempts <= len(DELAYS)
        return Ending(row, MessageState.QUEUED if again else MessageState.FAILED, str(error))
    except NeverError as error:
        return Ending(row, MessageState.FAILED, str(error))
    except UnknownError as error:
        return Ending(row, MessageState.UNCERTAIN, str(error))
    return Ending(row, MessageState.SENT)


def _finish(ending: Ending) -> None:
    """Write down how it ended. What was sent or refused for good keeps neither recipient nor content."""
    row, state, error = ending
    if state == MessageState.QUEUED:
        if _postpone(row, error):
            return
        state = MessageState.DROPPED  # its recipient left meanwhile (`outbox.drop`)
    statement = FINISH if state == MessageState.UNCERTAIN else FORGET
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(state), now, _without(row, error), row.pk])
    if error:
        logger.warning("a mail did not go", extra={"kind": row.kind, "state": str(state)})


def _postpone(row: Message, error: str) -> bool:
    waiting = Message.objects.filter(pk=row.pk).exclude(recipient="")
    later = timezone.now() + DELAYS[row.attempts - 1]
    return bool(waiting.update(state=MessageState.QUEUED, not_before=later, error=_without(row, error)))


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
