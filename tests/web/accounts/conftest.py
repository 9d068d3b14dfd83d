"""Accounts with and without a second factor, and browsers that log in and read codes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

if TYPE_CHECKING:
    from countermark.web.accounts.models import Organiser

PASSWORD = "a sentence that only tests know"  # noqa: S105


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """The language of an earlier test's page does not stay."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _counts_begin_anew() -> None:
    """Allauth counts attempts in the cache, which outlives a test; hashing need not be slow here."""
    cache.clear()


@pytest.fixture(autouse=True)
def _hash_at_once(settings: Any) -> None:
    """Passwords are hashed quickly in tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account(site: None) -> Callable[..., Organiser]:
    """Make an account with a verified mail address, and a second factor where asked."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from countermark.web.accounts.models import Organiser

    def build(email: str = "ada@example.org", *, second_factor: bool = False, **changes: Any) -> Organiser:
        user = Organiser(username=email, email=email, **changes)
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if second_factor:
            TOTP.activate(user, generate_totp_secret())
        return user

    return build


@pytest.fixture
def log_in(site: None) -> Callable[[str], Client]:
    """A browser that sent the login form."""

    def build(email: str, password: str = PASSWORD) -> Client:
        client = Client()
        client.post("/accounts/login/", {"login": email, "password": password})
        return client

    return build


@pytest.fixture
def code_of() -> Callable[[Organiser], str]:
    """What the authenticator app of an account shows now."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
    from allauth.mfa.utils import decrypt

    def read(user: Organiser) -> str:
        secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
        return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))

    return read
