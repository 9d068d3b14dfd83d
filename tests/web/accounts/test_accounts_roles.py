"""Second factors stand before what signatories wrote; sessions exist only where somebody logs in."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from countermark.web.accounts.roles import (
    has_second_factor,
    may_skip_second_factor,
    mfa_required,
    moderator_required,
)
from countermark.web.organisations.roles import representative_required


def shown(request: HttpRequest) -> HttpResponse:
    """A page with data of signatories."""
    return HttpResponse("data")


def ask(guard: Any, user: Any) -> HttpResponse:
    """What a guarded page answers to somebody."""
    request = RequestFactory().get("/organiser/")
    request.user = user
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    answer: HttpResponse = guard(shown)(request)
    return answer


@pytest.mark.parametrize("guard", [mfa_required, moderator_required, representative_required])
def test_strangers_are_led_to_the_login(site: None, guard: Any) -> None:
    """With the way back."""
    page = ask(guard, AnonymousUser())
    assert page.status_code == 302
    assert page["Location"] == "/accounts/login/?next=/organiser/"


def test_a_second_factor_comes_first(account: Any) -> None:
    """Without one, the page to set it up; with one, the data."""
    assert ask(mfa_required, account())["Location"] == "/accounts/2fa/"
    assert ask(mfa_required, account("b@example.org", second_factor=True)).content == b"data"


def test_recovery_codes_are_no_second_factor(account: Any) -> None:
    """They replace one that was lost."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = account()
    RecoveryCodes.activate(user)
    assert not has_second_factor(user)


def test_moderators_only(account: Any) -> None:
    """Others who logged in get 403, and a moderator needs a second factor."""
    with pytest.raises(PermissionDenied):
        ask(moderator_required, account(second_factor=True))
    assert ask(moderator_required, account("b@example.org", is_staff=True)).status_code == 302
    user = account("c@example.org", is_staff=True, second_factor=True)
    assert ask(moderator_required, user).content == b"data"
    user.is_active = False
    with pytest.raises(PermissionDenied):
        ask(moderator_required, user)


@pytest.mark.parametrize(
    ("origin", "said", "skips"),
    [
        ("http://127.0.0.1:8000", True, True),
        ("http://[::1]:8000", True, True),
        ("http://127.0.0.1:8000", False, False),
        ("http://127.0.0.1:8000", "yes", False),
        ("https://statement.example.org", True, False),
        ("https://localhost.example.org", True, False),
    ],
)
def test_skipping_needs_both_loopback_and_the_setting(
    settings: Any, account: Any, origin: str, said: object, skips: bool
) -> None:
    """And even then only for moderation, not for members' data."""
    settings.SITE_ORIGIN, settings.MODERATORS_MAY_SKIP_SECOND_FACTOR = origin, said
    user = account(is_staff=True)
    assert may_skip_second_factor() is skips
    assert (ask(moderator_required, user).content == b"data") is skips
    assert ask(mfa_required, user).status_code == 302


def test_representatives_have_a_mandate(account: Any) -> None:
    """A second factor alone opens no organisation's page."""
    with pytest.raises(PermissionDenied):
        ask(representative_required, account(second_factor=True))


def test_the_admin_has_the_same_door(account: Any, log_in: Any, visitor: Client, code_of: Any) -> None:
    """Its own login form is not reachable, and a password alone does not open it."""
    page = visitor.get("/admin/login/?next=/admin/")
    assert page["Location"].startswith("/accounts/login/")
    assert visitor.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302
    account("mod@example.org", is_staff=True, is_superuser=True)
    client = log_in("mod@example.org")
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/"
    user = account("head@example.org", is_staff=True, is_superuser=True, second_factor=True)
    client = log_in("head@example.org")
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(user)})
    assert client.get("/admin/").status_code == 200
