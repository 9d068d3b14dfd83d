"""What answers carry: pages of one person are never kept or listed, cookies are tied to the host."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import InputError
from countermark.web.config.environment import read_environment
from countermark.web.config.logs import JsonLines
from countermark.web.config.tokens import make_token

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

PAGES = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/moderation/",
    "/organiser/",
    "/admin/",
    "/en/members/",
    "/accounts/invitation/x/",
    "/en/members/open/x/",
    "/en/organisations/mandate/x/",
    "/en/mine/x/",
    "/en/confirm/x/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_private_pages_are_never_kept_nor_listed(visitor: Client, path: str) -> None:
    """Not by a proxy, not by the browser, not by a search engine; and their address goes to no other site."""
    answer = visitor.get(path)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/", "/en/roll/", "/en/sign/", "/en/mine/", "/api/v1/count"])
def test_readers_and_signers_get_no_cookie(visitor: Client, path: str) -> None:
    """Not even where they send one."""
    visitor.cookies["sessionid"] = "a" * 32
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "X-Robots-Tag" not in answer.headers


@pytest.mark.django_db
def test_a_link_serves_one_purpose(confirmed: Callable[..., Any], visitor: Client) -> None:
    """The token of one page opens no other, and none after the withdrawal."""
    uid = bytes(confirmed().uid)
    mine, confirm = make_token("mine", uid), make_token("confirm", uid)
    assert visitor.get(f"/en/mine/{confirm}/").status_code == 404
    assert visitor.get(f"/en/confirm/{mine}/").status_code == 404
    assert visitor.get(f"/en/organisations/mandate/{mine}/").status_code == 404
    assert visitor.get(f"/accounts/invitation/{mine}/").status_code == 404
    assert visitor.get(f"/en/mine/{mine}/").status_code == 200
    assert visitor.post(f"/en/withdraw/{mine}/").status_code == 200
    for path in (f"/en/mine/{mine}/", f"/en/confirm/{confirm}/", f"/en/mine/{mine}/data.json"):
        assert visitor.get(path).status_code == 404
    assert visitor.post(f"/en/confirm/{confirm}/").status_code == 404


@pytest.mark.django_db
def test_other_sites_and_hosts_are_refused(visitor: Client) -> None:
    """Forms of other origins, unknown hosts, and what a proxy is said to have written where none is trusted."""
    from django.test import Client as Browser

    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"referer": "http://evil.example/en/sign/"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8000"},
        {},
    ):
        assert Browser(headers=headers).post("/en/sign/", {}).status_code == 403
    assert visitor.get("/en/sign/", headers={"host": "evil.example"}).status_code == 400
    forwarded = visitor.get("/", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"})
    assert forwarded.headers["Location"] == "/en/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/logout/?next=https://evil.example/",
        "//evil.example/en",
        "/en/roll/?page=0&organisation=//evil.example",
    ],
)
def test_nothing_leads_to_another_site(visitor: Client, path: str) -> None:
    """Redirections stay here, whatever the address says."""
    answer = visitor.get(path)
    assert not answer.headers.get("Location", "").startswith(("//", "http"))


@pytest.mark.django_db
def test_the_login_leads_to_no_other_site(visitor: Client) -> None:
    """Whoever logs in by a prepared link lands here."""
    from countermark.web.accounts.invitations import accept_new, invite
    from countermark.web.accounts.models import Role

    accept_new(invite("mod@example.org", Role.MODERATOR), "a sentence only I know")
    for address in ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"):
        visitor.logout()
        fields = {"login": "mod@example.org", "password": "a sentence only I know", "next": address}
        answer = visitor.post("/accounts/login/", fields)
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/organiser/"


@pytest.mark.slow
def test_cookies_of_a_site_with_https_are_tied_to_its_host(tmp_path: Path) -> None:
    """`__Host-`, Secure: nobody below the domain or on another port can set them."""
    code = (
        "import django; django.setup(); from django.conf import settings as s; import json; print(json.dumps("
        "[s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN, s.SECURE_HSTS_SECONDS > 3e7]))"
    )
    environment = os.environ | {
        "COUNTERMARK_DATA": str(tmp_path / "site"),
        "COUNTERMARK_ORIGIN": "https://statement.example.org",
        "DJANGO_SETTINGS_MODULE": "countermark.web.config.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert json.loads(done.stdout) == ["__Host-session", "__Host-csrf", True, True, "/", None, True]
    assert (tmp_path / "site").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["DATABASE_URL", "EMAIL_URL"])
@pytest.mark.parametrize("password", ["hunter/two", "[hunter", "hunter:two@x:y/"])
def test_no_password_in_errors(name: str, password: str) -> None:
    """What an address with a password cannot be read as does not quote it."""
    scheme = "postgres" if name == "DATABASE_URL" else "smtp"
    with pytest.raises(InputError) as raised:
        read_environment({name: f"{scheme}://user:{password}@host:port/name"})
    assert "hunter" not in str(raised.value)
    assert name in str(raised.value)


def test_no_person_in_logs() -> None:
    """Addresses, tokens, and the row that PostgreSQL quotes when it refuses one, are struck out."""
    said = (
        "o'brien@musée.example /mine/"
        + "a" * 43
        + "/\nDETAIL:  Failing row contains (1, Zoé Ferrand, FR).\nnext"
    )
    record = logging.LogRecord("x", logging.ERROR, "", 0, said, (), None)
    line = json.loads(JsonLines().format(record))["message"]
    for secret in ("brien", "musée", "aaaa", "Zoé"):
        assert secret not in line
    assert line.endswith("next")
