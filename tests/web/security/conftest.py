"""A visitor with bad intentions: the form of the signing tests, and a site that forgets between tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

FORM = {
    "name": "Anaïs Dubœuf",
    "email": "anais@example.fr",
    "trades": ["composer"],
    "country": "FR",
    "display": "1",
    "publish": "on",
    "text_version": "1",
}


@pytest.fixture
def send(visitor: Client) -> Callable[..., Any]:
    """Send the signing form with some fields changed."""

    def send(**changes: Any) -> Any:
        return visitor.post("/en/sign/", FORM | changes)

    return send


@pytest.fixture
def confirmed(send: Callable[..., Any], visitor: Client) -> Callable[..., Any]:
    """Sign and confirm; give the signature."""

    def sign(**changes: Any) -> Any:
        from countermark.web.config.tokens import make_token
        from countermark.web.signing.models import PendingSignature, Signature

        assert send(**changes).status_code == 303
        uid = bytes(PendingSignature.objects.latest("pk").uid)
        assert visitor.post(f"/en/confirm/{make_token('confirm', uid)}/").status_code == 303
        return Signature.objects.get(uid=uid)

    return sign
