"""How somebody who runs the site, or acts for an organisation, makes an account with a second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from typing import TYPE_CHECKING, Any

from web.browser.looking import press

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import CDPSession, Page

PASSWORD = "the lamp on the river is never quite out"  # noqa: S105  of the tests' own accounts
PERIOD = 30


def code_of(secret: str, at: float) -> str:
    """The six digits that an authenticator app shows at a time (RFC 6238, with SHA-1)."""
    counter = struct.pack(">Q", int(at) // PERIOD)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def make_account(page: Page, address: str, look: Callable[[Page], list[str]] | None = None) -> list[str]:
    """Follow an invitation, choose a password, log in, set up an authenticator app; return what `look` finds wrong."""
    look = look or _do_not_look
    page.goto(address)
    email = page.locator("input[name=username]").input_value()
    wrong = look(page)
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main button.primary"))
    log_in(page, email)
    wrong += look(page)
    return wrong + add_authenticator_app(page, look)


def _do_not_look(_: Page) -> list[str]:
    return []


def log_in(page: Page, email: str) -> None:
    """With the password alone."""
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("form:has(#id_password) button.primary"))


def add_authenticator_app(page: Page, look: Callable[[Page], list[str]]) -> list[str]:
    """Read the secret that the page shows, and type the code that an app would show; return what is wrong."""
    page.goto("/accounts/2fa/totp/activate/")
    wrong = look(page)
    page.fill("#id_password", PASSWORD)  # asked once more, since somebody else may sit at the machine by now
    press(page, page.locator("form:has(#id_password) button.primary"))
    wrong += look(page)
    for _ in range(2):  # at the end of its half minute a code may be too old when it arrives
        secret = page.locator("#authenticator_secret").input_value()
        page.fill("input[name=code]", code_of(secret, time.time()))
        press(page, page.locator("form:has(input[name=code]) button.primary"))
        if "/totp/activate/" not in page.url:
            return wrong + look(page)
    raise AssertionError(f"the code was not taken: {page.locator('main').inner_text()}")


def with_security_key(page: Page) -> CDPSession:
    """Give the browser a key that is in the machine and asks nobody: a virtual authenticator (WebAuthn, section 11)."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return wire
