"""A visitor who fills in the signing form, and the mails that come of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What processes keep in memory for seconds does not go from test to test."""
    from countermark.web.abuse import memory
    from countermark.web.statement import recent

    memory.forget()
    recent.forget()
    yield
    memory.forget()
    recent.forget()


def filled(**changes: Any) -> dict[str, Any]:
    """A form as most people fill it in; a field of None is not sent."""
    fields: dict[str, Any] = {
        "name": "Anaïs Dubœuf",
        "email": "anais@example.fr",
        "trades": ["composer", "musician"],
        "other_trade": "",
        "country": "FR",
        "organisation": "",
        "link": "",
        "comment": "",
        "display": "1",
        "publish": "on",
        "text_version": "1",
        "reference": "",
        "proof_of_work": "",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


@pytest.fixture
def send(visitor: Client) -> Callable[..., Any]:
    """Send the form from a page of the site."""

    def send(path: str = "/fr/sign/", **changes: Any) -> Any:
        return visitor.post(path, filled(**changes), headers={"sec-fetch-site": "same-origin"})

    return send


@pytest.fixture
def post(visitor: Client) -> Callable[..., Any]:
    """Press a button of a page of the site."""

    def post(path: str, fields: dict[str, Any] | None = None) -> Any:
        return visitor.post(path, fields or {}, headers={"sec-fetch-site": "same-origin"})

    return post


@pytest.fixture
def post_box(site: None) -> Callable[[], list[Any]]:
    """Deliver what waits, and give the mails of the test so far."""

    def deliver() -> list[Any]:
        from django.core import mail

        from countermark.web.mail.delivery import deliver_some

        deliver_some()
        return list(mail.outbox)

    return deliver


@pytest.fixture
def link_in() -> Callable[[str, str], str]:
    """Find the path of the first link to a page in a mail."""

    def find(body: str, page: str) -> str:
        found = re.search(rf"http://127\.0\.0\.1:8000(/\w\w/{page}/[\w-]+/)", body)
        assert found is not None, body
        return found[1]

    return find


@pytest.fixture
def signed(send: Callable[..., Any], post: Callable[..., Any]) -> Callable[..., Any]:
    """Sign and confirm; give the signature."""

    def sign(**changes: Any) -> Any:
        from countermark.web.config.tokens import make_token
        from countermark.web.signing.models import PendingSignature, Signature

        assert send(**changes).status_code == 303
        pending = PendingSignature.objects.latest("pk")
        path = f"/fr/confirm/{make_token('confirm', bytes(pending.uid))}/"
        assert post(path).status_code == 303
        return Signature.objects.get(uid=bytes(pending.uid))

    return sign


@pytest.fixture
def enter(site: None) -> Callable[[], int]:
    """Let the roll's sequencer enter who waits."""

    def enter() -> int:
        from countermark.web.roll.sequencer import tick
        from countermark.web.signing.source import SignatureSource

        return tick([SignatureSource()])

    return enter
