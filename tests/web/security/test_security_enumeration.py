"""Nobody learns from the site whether an address has signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from countermark.web.abuse import challenge
from countermark.web.mail.models import Message
from countermark.web.organisations.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


@pytest.mark.django_db
def test_a_proof_of_work_is_spent_for_known_addresses_too(
    confirmed: Callable[..., Any], send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a second form with the same proof would tell whether the first one's address was known."""
    confirmed()
    spent: list[str] = []
    monkeypatch.setattr(challenge, "needed", lambda: True)

    def check(proof: str) -> bool:
        spent.append(proof)
        return True

    monkeypatch.setattr(challenge, "check", check)
    for email in ("anais@example.fr", "nobody@example.fr"):
        assert send(email=email, proof_of_work=email).status_code == 303
    assert spent == ["anais@example.fr", "nobody@example.fr"]


@pytest.mark.django_db
def test_known_and_unknown_are_answered_alike(
    confirmed: Callable[..., Any], visitor: Client, send: Callable[..., Any]
) -> None:
    """The same status, address and headers, and one row in the outbox each, for both forms."""
    confirmed()
    answers = []
    for email in ("anais@example.fr", "nobody@example.fr"):
        before = Message.objects.count()
        signed, again = send(email=email), visitor.post("/en/mine/", {"email": email})
        answers.append(
            [
                (answer.status_code, sorted(answer.headers.items()), answer.content)
                for answer in (signed, again)
            ]
            + [Message.objects.count() - before]
        )
    assert answers[0] == answers[1]


@pytest.mark.django_db
def test_the_form_of_organisations_tells_nothing_of_an_address(visitor: Client) -> None:
    """An address that had its mails of today gets the same page as any other, and nothing more."""
    fields = {
        "name": "Guild of Examples",
        "kind": "guild",
        "domain": "guild.example.org",
        "country": "FR",
        "representative": "Ada Example",
        "role": "Chair",
        "email": "ada@guild.example.org",
        "mandate": "on",
        "publish": "on",
    }
    answers = [visitor.post("/en/organisations/sign/", fields) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {302}
    assert Organisation.objects.count() == 5
