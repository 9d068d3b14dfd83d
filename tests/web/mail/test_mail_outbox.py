"""Queueing: one row in the caller's transaction, and nothing that a header could be made of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_mail_is_a_row_of_the_caller_s_transaction(put: Callable[..., Any]) -> None:
    """What is rolled back was not queued."""
    from django.db import transaction

    from countermark.web.mail.models import Message

    class StopError(Exception):
        pass

    def fail() -> None:
        with transaction.atomic():
            put()
            raise StopError

    with pytest.raises(StopError):
        fail()
    assert Message.objects.count() == 0
    row = put(delay=timedelta(hours=1), priority=3)
    assert (row.state, row.priority, row.attempts) == ("queued", 3, 0)
    assert row.not_before - row.created_at == timedelta(hours=1)
    assert row.context == {"subject": "Bonjour", "body": "Mot"}


@pytest.mark.parametrize(
    "recipient",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org\nRCPT TO:<b@example.org>",
        "a@example.org, b@example.org",
        "A <a@example.org>",
        "a b@example.org",
        "a@example.org>",
        "a@exämple.org",
        "@example.org",
        "a@" + "x" * 300,
        "a@b\x00c",
    ],
)
def test_a_recipient_is_one_plain_address(put: Callable[..., Any], recipient: str) -> None:
    """Anything else is refused before it is written."""
    from countermark.errors import InputError
    from countermark.web.mail.models import Message

    with pytest.raises(InputError):
        put(recipient)
    assert Message.objects.count() == 0


def test_dropping_erases_what_waits_to_somebody(put: Callable[..., Any]) -> None:
    """Only what is queued, only to that key."""
    from countermark.web.mail.outbox import drop, queue

    row = put()
    queue("plain", "b@example.org", b"other" + bytes(27), "fr", {})
    assert drop(b"k" * 32) == 1
    row.refresh_from_db()
    assert (row.state, row.recipient, row.context) == ("dropped", "", {})
    assert drop(b"k" * 32) == 0


def test_dropping_can_be_of_some_kinds(put: Callable[..., Any]) -> None:
    """An organisation that is refused takes no mail from a signatory of the same address."""
    from countermark.web.mail.outbox import drop

    row = put()
    assert drop(b"k" * 32, ("organisation_confirm",)) == 0
    row.refresh_from_db()
    assert (row.state, row.recipient) == ("queued", "a@example.org")


def test_what_is_uncertain_is_erased_with_the_rest(put: Callable[..., Any]) -> None:
    """Its state stays, as it tells that the mail may have gone."""
    from countermark.web.mail.delivery import claim, recover
    from countermark.web.mail.outbox import drop

    row = put()
    claim(row.pk)
    recover()
    assert drop(b"k" * 32) == 0
    row.refresh_from_db()
    assert (row.state, row.recipient, row.context) == ("uncertain", "", {})


def test_a_feigned_mail_names_nobody_and_is_never_sent(db: None) -> None:
    """It costs a row, and delivery passes over it."""
    from countermark.web.mail.delivery import deliver_some
    from countermark.web.mail.models import Message
    from countermark.web.mail.outbox import feign

    feign("already", "fr")
    assert deliver_some() == 0
    assert (Message.objects.get().recipient, Message.objects.get().state) == ("", "dropped")


def test_django_s_own_mails_go_through_the_outbox(db: None, settings: Any) -> None:
    """What allauth sends becomes a row for each recipient, of kind "plain"."""
    from django.core.mail import EmailMessage

    from countermark.web.mail.models import Message

    settings.EMAIL_BACKEND = "countermark.web.mail.backend.OutboxBackend"
    sent = EmailMessage(
        "Hello\n there", "Your <link> & code", to=["A B <a@example.org>"], bcc=["c@example.org"]
    ).send()
    assert sent == 1
    assert list(Message.objects.order_by("pk").values_list("kind", "recipient")) == [
        ("plain", "a@example.org"),
        ("plain", "c@example.org"),
    ]
    assert Message.objects.latest("pk").context == {"subject": "Hello there", "body": "Your <link> & code"}
