"""allauth's pages in our dress: every page, in both languages, without inline script or style."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from django.test import Client

INLINE = re.compile(r"<style|\bstyle=|\son[a-z]+=\"|<script(?![^>]*\b(?:src=|type=\"application/json\"))")
OUTSIDE = re.compile(r"(?:src|href)=\"(?:https?:)?//(?!testserver|127\.0\.0\.1)")
OPEN = ["login/", "logout/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/done/"]
OPEN += ["password/reset/key/1-x/", "inactive/", "confirm-email/", "confirm-email/x/", "invitation/x/"]
OWN = [
    "email/",
    "password/change/",
    "reauthenticate/",
    "logout/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
]
OWN += ["2fa/webauthn/add/"]
WITH_FACTOR = ["2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/"]
WITH_FACTOR += ["2fa/reauthenticate/", "2fa/webauthn/"]


def check(page: Any, language: str) -> None:
    """What holds for every page."""
    html = page.content.decode()
    assert page.status_code in (200, 404), page
    assert f'<html lang="{language}">' in html
    assert 'class="masthead"' in html
    assert html.count("<h1") == 1
    assert not INLINE.search(html)
    assert not OUTSIDE.search(html)
    assert not re.search(r"\{[{%]", html)
    assert "script-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_before_the_login(visitor: Client, language: str) -> None:
    """Each is ours, in the browser's language."""
    for address in OPEN:
        check(
            visitor.get(f"/accounts/{address}", headers={"Accept-Language": language}, follow=True), language
        )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_an_account(account: Any, log_in: Any, code_of: Any, language: str) -> None:
    """Without a second factor, then with one."""
    account()
    client = log_in("ada@example.org")
    client.post("/accounts/reauthenticate/", {"password": "a sentence that only tests know"})
    for address in OWN:
        check(client.get(f"/accounts/{address}", headers={"Accept-Language": language}), language)
    user = account("bob@example.org", second_factor=True)
    client = log_in("bob@example.org")
    check(client.get("/accounts/2fa/authenticate/", headers={"Accept-Language": language}), language)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(user)})
    for address in WITH_FACTOR:
        check(
            client.get(f"/accounts/{address}", headers={"Accept-Language": language}, follow=True), language
        )


def test_pages_of_security_keys(account: Any, log_in: Any) -> None:
    """The list, renaming and removal of a key; scripts are files."""
    from allauth.mfa.models import Authenticator

    user = account()
    client = log_in("ada@example.org")
    client.post("/accounts/reauthenticate/", {"password": "a sentence that only tests know"})
    key = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "<b>Blue</b>", "credential": {}}
    )
    for address in ("", f"keys/{key.pk}/edit/", f"keys/{key.pk}/remove/"):
        page = client.get(f"/accounts/2fa/webauthn/{address}", headers={"Accept-Language": "en"})
        check(page, "en")
        assert "<b>Blue" not in page.content.decode()
    key.delete()
    html = client.get("/accounts/2fa/webauthn/add/").content.decode()
    assert re.findall(r'<script src="([^"]+)"', html) == [
        "/static/mfa/js/webauthn-json.js",
        "/static/mfa/js/webauthn.js",
        "/static/accounts/keys.js",
        "/static/account/js/onload.js",
    ]


def test_the_login_in_french(visitor: Client) -> None:
    """Allauth's own words are French too."""
    html = visitor.get("/accounts/login/", headers={"Accept-Language": "fr"}).content.decode()
    assert "Mot de passe" in html
    assert "Password" not in html


def test_our_templates_come_first() -> None:
    """Allauth's own are found after ours."""
    for name in ("allauth/layouts/base.html", "account/login.html", "mfa/webauthn/authenticator_list.html"):
        assert "countermark" in Path(get_template(name).origin.name).parts  # type: ignore[attr-defined]


def test_only_these_pages_set_cookies(visitor: Client, account: Any, log_in: Any) -> None:
    """A session that exists is neither read nor renewed on public pages."""
    account()
    client = log_in("ada@example.org")
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"
    client.cookies["sessionid"]["max-age"] = "marked"
    page = client.get("/en/organisations/sign/")
    assert not page.cookies
    assert "ada@example.org" not in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "login/",
        "logout/",
        "password/reset/",
        "password/change/",
        "email/",
        "reauthenticate/",
        "2fa/totp/activate/",
        "2fa/authenticate/",
        "2fa/webauthn/add/",
        "2fa/webauthn/login/",
    ],
)
def test_every_post_needs_its_token(account: Any, log_in: Any, address: str) -> None:
    """A form of another site is refused, logged in or not."""
    account()
    logged_in = log_in("ada@example.org")
    client = Client(enforce_csrf_checks=True)
    client.cookies = logged_in.cookies
    assert client.post(f"/accounts/{address}", {"login": "x", "email": "x"}).status_code == 403


def test_an_invitation_needs_its_token(site: None) -> None:
    """As every other form of an account."""
    from countermark.web.accounts.invitations import invite
    from countermark.web.accounts.models import Organiser, Role

    client = Client(enforce_csrf_checks=True)
    page = client.post(
        f"/accounts/invitation/{invite('a@b.org', Role.MODERATOR)}/", {"password": "a long sentence"}
    )
    assert page.status_code == 403
    assert not Organiser.objects.exists()


def test_the_password_reset_tells_nothing(visitor: Client, account: Any, mailoutbox: Any) -> None:
    """Known and unknown addresses get the same page; only the known one gets a mail."""
    account()
    pages = [
        visitor.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in ("ada@example.org", "nobody@example.org")
    ]
    bodies = {re.sub(r'value="[A-Za-z0-9]{64}"', "", page.content.decode()) for page in pages}
    assert len(bodies) == 1
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"]]
    assert "/accounts/password/reset/key/" in mailoutbox[0].body


def test_a_wrong_login_tells_nothing(visitor: Client, account: Any) -> None:
    """The same words for a wrong password and for an unknown address."""
    account()
    errors = [
        re.findall(
            r'<div class="errors".*?</div>',
            visitor.post("/accounts/login/", {"login": email, "password": "wrong"}).content.decode(),
            re.DOTALL,
        )
        for email in ("ada@example.org", "nobody@example.org")
    ]
    assert errors[0]
    assert errors[0] == errors[1]


def test_logins_are_limited(visitor: Client, account: Any) -> None:
    """Allauth counts failures for each account, and then even the right password waits."""
    account()
    for _ in range(12):
        visitor.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    right = {"login": "ada@example.org", "password": "a sentence that only tests know"}
    assert visitor.post("/accounts/login/", right).status_code in (200, 429)


def test_nobody_signs_up(visitor: Client) -> None:
    """The form is not there, and posting makes no account."""
    from countermark.web.accounts.models import Organiser

    data = {"email": "eve@example.org", "password1": "a sentence that only tests know"}
    visitor.post("/accounts/signup/", data)
    assert not Organiser.objects.exists()
    assert "password1" not in visitor.get("/accounts/signup/").content.decode()


def test_secrets_of_second_factors_are_sealed(account: Any) -> None:
    """What the database holds is not what the app holds."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import decrypt

    user = account(second_factor=True)
    kept = Authenticator.objects.get(user=user).data["secret"]
    assert len(decrypt(kept)) == 32
    assert decrypt(kept) not in kept


def test_an_app_is_set_up(account: Any, log_in: Any) -> None:
    """The password again, the secret from the page, a code, and then the recovery codes, each in our dress."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    from countermark.web.accounts.roles import has_second_factor

    user = account()
    client = log_in("ada@example.org")
    address = "/accounts/2fa/totp/activate/"
    assert client.get(address)["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": "a sentence that only tests know"})
    html = client.get(address).content.decode()
    assert 'src="data:image/svg+xml' in html
    secret = re.findall(r'id="authenticator_secret"[^>]* value="([A-Z2-7]{32})"', html)[0]
    assert client.post(address, {"code": "12"}).status_code == 200
    assert not has_second_factor(user)
    client.post(address, {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))})
    assert has_second_factor(user)
    page = client.get("/accounts/2fa/recovery-codes/", headers={"Accept-Language": "en"})
    check(page, "en")
    assert len(re.findall(r"\b[0-9a-f]{8}\b", page.content.decode())) >= 10


def test_a_code_serves_once(account: Any, log_in: Any, code_of: Any) -> None:
    """Read over somebody's shoulder, it is of no use."""
    user = account(second_factor=True)
    code = code_of(user)
    first, second = log_in("ada@example.org"), log_in("ada@example.org")
    assert first.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_login_leads_nowhere_else(account: Any, target: str) -> None:
    """`next` stays on this site."""
    account()
    data = {"login": "ada@example.org", "password": "a sentence that only tests know", "next": target}
    assert Client().post("/accounts/login/", data)["Location"] == "/organiser/"
