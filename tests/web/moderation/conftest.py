"""Signatures to decide on, and people who may or may not."""

from __future__ import annotations

import secrets
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.web.accounts.models import Organiser
    from countermark.web.signing.models import Signature

_serial = count(1)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Limits, lists, switches and names are read anew in each test."""
    from countermark.web.abuse.memory import forget

    forget()
    yield
    forget()


@pytest.fixture
def account(site: None) -> Callable[..., Organiser]:
    """Make an account; `factor=True` gives it an authenticator app."""
    from allauth.mfa.models import Authenticator

    from countermark.web.accounts.models import Organiser

    def make(name: str, *, factor: bool = True, staff: bool = False, chief: bool = False) -> Organiser:
        user = Organiser.objects.create_user(name, f"{name}@example.org", is_staff=staff, is_superuser=chief)
        if factor:
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        return user

    return make


@pytest.fixture
def moderator(account: Callable[..., Organiser]) -> Organiser:
    """A moderator with a second factor."""
    return account("moda", staff=True)


@pytest.fixture
def desk(moderator: Organiser) -> Client:
    """The browser of the moderator."""
    client = Client()
    client.force_login(moderator, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def signature(site: None) -> Callable[..., Signature]:
    """Make a confirmed signature."""
    from countermark.web.abuse.emails import email_key
    from countermark.web.signing.models import Display, Signature, State

    def make(**given: Any) -> Signature:
        number = next(_serial)
        email = given.pop("email", f"person{number}@mail.example")
        now = timezone.now()
        values: dict[str, Any] = {
            "uid": secrets.token_bytes(16),
            "name": f"Person {number}",
            "email": email,
            "email_key": email_key(email),
            "trades": ",musician,",
            "country": "FR",
            "display": Display.NAME_AND_TRADE,
            "language": "en",
            "text_version": 1,
            "consent_version": 1,
            "created_at": now,
            "confirmed_at": now,
            "state": State.CONFIRMED,
        }
        return Signature.objects.create(**{**values, **given})

    return make
