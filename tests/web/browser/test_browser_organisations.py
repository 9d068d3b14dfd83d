"""A guild signs, proves its mandate by mail, and its representative sees who shares a signature with it."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import pytest

from web.browser.looking import look, press
from web.browser.organiser_journey import make_account
from web.browser.signing_journey import Person, apply_for, reload_until, sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from web.browser.conftest import Site

NOBODY: dict[str, list[object]] = {"cookies": [], "origins": []}


def prove(page: Page, live: Site, email: str) -> list[str]:
    """Follow the mail to the page of the mandate, sign there, look at the public page; return what is wrong."""
    page.goto(live.mailbox.link(email, "/mandate/"))
    wrong = look(page)
    press(page, page.locator("form:has(input[value=mail]) button"))
    wrong += look(page)
    mandate = page.url
    press(page, page.locator("main a.button[href*='/organisations/']"))
    assert re.search(r"\b1\D?200\b", page.locator("main dl").inner_text())
    wrong += look(page)
    page.goto(mandate)
    press(page, page.locator("form:has(input[value=invite]) button"))
    return wrong + look(page)


@pytest.mark.parametrize(("language", "width", "scripts"), [("fr", 320, True), ("en", 1200, False)])
def test_an_organisation_signs_and_sees_its_members(
    open_page: Callable[..., Page], live: Site, language: str, width: int, scripts: bool
) -> None:
    """Application, mandate, public page, account, shared signatures, withdrawal; the signer may have no scripts."""
    mark = secrets.token_hex(4)
    name, email = f"Guilde des lampes {mark}", f"chair@lamps-{mark}.example.org"
    page, signer = open_page(language, width), open_page(language, 320, scripts=scripts)
    apply_for(signer, name, email, language)
    wrong = prove(page, live, email)

    signer.goto(f"/{language}/sign/")
    reload_until(signer, f"#organisations option[value='{name}']")
    sign(signer, live, Person.new("Ada Shares", language), organisation=name)

    inside = open_page(language, width, kept=NOBODY)
    invitation = live.mailbox.link(email, "/accounts/invitation/", number=3)
    make_account(inside, invitation.replace(live.origin, live.named))
    inside.goto("/organiser/")
    wrong += look(inside)
    press(inside, inside.locator("main a", has_text=name))
    assert inside.locator("tbody tr", has_text="Ada Shares").count() == 1
    assert "@" not in inside.locator("main").inner_text()
    wrong += look(inside)
    answer = inside.goto("/moderation/")
    assert answer is not None
    assert answer.status == 403
    wrong += look(inside)
    wrong += withdraw(page, live, email)
    assert wrong == []


def withdraw(page: Page, live: Site, email: str) -> list[str]:
    """Follow the link to withdraw in the mail that says that the organisation has signed; return what is wrong."""
    page.goto(live.mailbox.link(email, "/withdraw/", number=2))
    wrong = look(page)
    press(page, page.locator("main button.danger"))
    wrong += look(page)
    page.goto(live.mailbox.link(email, "/withdraw/", number=2))
    assert page.locator("main button.danger").count() == 0
    return wrong + look(page)
