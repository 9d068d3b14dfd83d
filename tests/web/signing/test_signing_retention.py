"""What is forgotten and when, by time travel; erasure and access by address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def test_forms_go_after_seven_days(send: Callable[..., Any], time_machine: Any) -> None:
    """Not after six days and 23 hours; after seven days."""
    from django.utils import timezone

    from countermark.web.signing.models import PendingSignature
    from countermark.web.signing.retention import purge_pending

    begun = timezone.now()
    send()
    time_machine.move_to(begun + timedelta(days=6, hours=23))
    assert purge_pending(timezone.now()) == 0
    time_machine.move_to(begun + timedelta(days=7, minutes=1))
    assert purge_pending(timezone.now()) == 1
    assert PendingSignature.objects.count() == 0


def test_networks_are_forgotten_after_thirty_days(signed: Callable[..., Any], time_machine: Any) -> None:
    """The keyed digest is there for 29 days, and erased after 30."""
    from django.utils import timezone

    from countermark.web.signing.retention import forget_addresses

    begun = timezone.now()
    signature = signed()
    assert len(bytes(signature.address_key)) == 16
    time_machine.move_to(begun + timedelta(days=29))
    assert forget_addresses(timezone.now()) == 0
    time_machine.move_to(begun + timedelta(days=30, minutes=1))
    assert forget_addresses(timezone.now()) == 1
    signature.refresh_from_db()
    assert signature.address_key is None


def test_addresses_go_some_months_after_the_close(
    signed: Callable[..., Any], time_machine: Any, visitor: Any
) -> None:
    """Not of those who asked to be written to; links go on working."""
    from django.utils import timezone

    from countermark.web.config.tokens import make_token
    from countermark.web.signing.models import Signature
    from countermark.web.signing.retention import forget_mail_after_close
    from countermark.web.statement.models import Statement

    begun = timezone.now()
    silent, wants = signed(), signed(email="wants@example.fr", contact="on")
    assert forget_mail_after_close(begun + timedelta(days=4000)) == 0
    Statement.objects.update(closes_at=begun, retention_months=6)
    assert forget_mail_after_close(begun + timedelta(days=180)) == 0
    time_machine.move_to(begun + timedelta(days=185))
    assert forget_mail_after_close(timezone.now()) == 1
    assert forget_mail_after_close(timezone.now()) == 0
    assert list(Signature.objects.order_by("pk").values_list("email", flat=True)) == ["", "wants@example.fr"]
    silent.refresh_from_db()
    assert silent.email_key is None
    assert wants.consents.filter(purpose="contact").exists()
    assert visitor.get(f"/en/mine/{make_token('mine', silent.uid)}/").status_code == 200


@pytest.mark.parametrize(
    ("moment", "months", "later"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2026, 11, 15), 3, (2027, 2, 15)),
        ((2026, 12, 1), 12, (2027, 12, 1)),
    ],
)
def test_months_are_counted_on_the_calendar(
    moment: tuple[int, int, int], months: int, later: tuple[int, int, int]
) -> None:
    """Over the end of a year, and into shorter months."""
    from countermark.web.signing.retention import months_after

    assert months_after(datetime(*moment, tzinfo=UTC), months) == datetime(*later, tzinfo=UTC)


def test_erasing_an_address_leaves_nothing_of_it(
    signed: Callable[..., Any], send: Callable[..., Any], enter: Callable[[], int]
) -> None:
    """Signature, forms and mails go, without a mail; the number stays, empty. Another person is untouched."""
    from countermark.web.mail.models import Message
    from countermark.web.roll.models import Entry
    from countermark.web.signing.erasure import access, erase
    from countermark.web.signing.models import Signature

    signed()
    signed(email="other@example.fr")
    enter()
    send(email="pending@example.fr")
    assert erase("ANAIS@example.fr") == {"signatures": 1, "forms": 0, "mails": 2}
    assert erase("pending@example.fr") == {"signatures": 0, "forms": 1, "mails": 1}
    assert access("anais@example.fr") == {"signature": None, "forms": [], "mails": []}
    assert Signature.objects.get().email == "other@example.fr"
    assert [entry.standing for entry in Entry.objects.order_by("number")] == ["withdrawn", "listed"]
    assert not Message.objects.filter(recipient__in=["anais@example.fr", "pending@example.fr"]).exists()


def test_an_access_request_tells_all(signed: Callable[..., Any], send: Callable[..., Any]) -> None:
    """Signature, consents, mails, and forms that wait, as JSON values."""
    import json

    from countermark.web.signing.erasure import access

    signed()
    send(email="waits@example.fr")
    told = access("anais@example.fr")
    assert told["signature"]["email"] == "anais@example.fr"
    assert [consent["purpose"] for consent in told["signature"]["consents"]] == ["publish"]
    assert access("waits@example.fr")["forms"][0]["name"] == "Anaïs Dubœuf"
    assert json.loads(json.dumps(told)) == told
