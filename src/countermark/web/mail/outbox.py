"""Queue a mail: one row in the caller's transaction, so that a mail exists exactly if what it tells of does."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection
from django.utils import timezone

from countermark.errors import InputError
from countermark.web.mail.addresses import is_deliverable
from countermark.web.mail.models import Message, MessageState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

INSERT: Final = (
    "INSERT INTO mail_message (kind, recipient, recipient_key, language, context, priority, state, attempts,"
    " not_before, created_at, error) VALUES (%s, %s, %s, %s, %s, %s, %s, 0, %s, %s, '')"
)
AT_ONCE: Final = timedelta(0)


class Letter(NamedTuple):
    """A mail to queue: its template, to whom, in which language, with which values."""

    kind: str
    recipient: str
    recipient_key: bytes
    language: str
    context: Mapping[str, Any]
    priority: int = 5


def queue(
    kind: str,
    recipient: str,
    recipient_key: bytes,
    language: str,
    context: Mapping[str, Any],
    *,
    priority: int = 5,
    delay: timedelta = AT_ONCE,
) -> None:
    """Queue one mail in the caller's transaction; raises InputError where `recipient` is not one plain address."""
    queue_all([Letter(kind, recipient, recipient_key, language, context, priority)], delay=delay)


def queue_all(letters: Iterable[Letter], *, delay: timedelta = AT_ONCE) -> None:
    """Queue several mails at once; as `queue`."""
    now = timezone.now()
    adapt = connection.ops.adapt_datetimefield_value
    due, written = adapt(now + delay), adapt(now)
    rows = [_row(letter, MessageState.QUEUED, due, written) for letter in letters]
    with connection.cursor() as cursor:
        if len(rows) == 1:
            cursor.execute(INSERT, rows[0])
        elif rows:
            cursor.executemany(INSERT, rows)


def _row(letter: Letter, state: str, due: object, written: object) -> tuple[Any, ...]:
    if letter.recipient and not is_deliverable(letter.recipient):
        raise InputError("a mail has one plain address as its recipient, without spaces, commas or line ends")
    return (
        letter.kind,
        letter.recipient,
        letter.recipient_key,
        letter.language,
        json.dumps(letter.context, ensure_ascii=False),
        letter.priority,
        str(state),
        due,
        written,
    )


def feign(kind: str, language: str) -> None:
    """Write a row that is never sent and names nobody, so that an unknown address costs as much as a known one."""
    adapt = connection.ops.adapt_datetimefield_value
    now = adapt(timezone.now())
    nobody = Letter(kind, "", secrets.token_bytes(32), language, {})
    with connection.cursor() as cursor:
        cursor.execute(INSERT, _row(nobody, MessageState.DROPPED, now, now))


def drop(recipient_key: bytes, kinds: Collection[str] | None = None) -> int:
    """Drop what is queued to somebody, of `kinds` only where given; return how many mails.

    What they say is erased, in every state. A mail that is being sent at this moment may still arrive; without its
    recipient it is not tried again.
    """
    rows = Message.objects.filter(recipient_key=recipient_key)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    dropped = rows.filter(state=MessageState.QUEUED).update(
        state=MessageState.DROPPED, recipient="", context={}, finished_at=timezone.now()
    )
    rows.exclude(recipient="").update(recipient="", context={})
    return dropped
