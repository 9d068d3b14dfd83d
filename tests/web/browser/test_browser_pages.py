"""Every public page in every language: no accessibility fault that axe finds, and nothing wider than the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from web.browser.looking import faults, press, widest
from web.browser.signing_journey import BUTTON, Person, confirm, fill, number_of, send

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from web.browser.conftest import Site

PAGES = [
    "",
    "sign/",
    "sign/sent/",
    "statement/",
    "figures/",
    "roll/",
    "roll/?q=nobody-of-this-name",
    "verify/",
    "organisations/",
    "organisations/sign/",
    "found/",
    "privacy/",
    "about/",
    "accessibility/",
    "share/",
    "embed/",
    "api/",
    "mine/",
    "no-such-page/",
]
UNLOCALISED = ["/accounts/login/", "/accounts/password/reset/", "/health/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_have_no_faults_that_axe_finds(
    chromium: Browser, live: Site, language: str, scheme: Any
) -> None:
    """Each page, at 320 px, in light and dark."""
    context = chromium.new_context(
        base_url=live.origin,
        color_scheme=scheme,
        locale=language,
        viewport={"width": 320, "height": 800},
        reduced_motion="reduce",
    )
    page = context.new_page()
    found, wide = [], []
    for address in [*(f"/{language}/{path}" for path in PAGES), *UNLOCALISED]:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        found += faults(page)
        if widest(page) > 320:
            wide.append(address)
    context.close()
    assert found == []
    assert wide == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_states_of_the_forms_have_no_faults(page: Page, live: Site, language: str) -> None:
    """Errors, confirmation, thanks, my signature, withdrawal: before and after."""
    found = []
    page.goto(f"/{language}/sign/")
    press(page, page.locator(BUTTON).last)
    found += faults(page)
    page.goto(f"/{language}/organisations/sign/")
    press(page, page.locator(BUTTON).last)
    found += faults(page)

    person = Person.new("Ada Signs", language)
    fill(page, person)
    found += faults(page)
    send(page)
    page.goto(live.mailbox.link(person.email, "/confirm/"))
    found += faults(page)
    confirm(page, live, person)
    number = number_of(page)
    found += faults(page)
    page.goto(f"/{language}/roll/{number}/")
    found += faults(page)
    page.goto(f"/{language}/roll/")
    found += faults(page)
    for part in ("/mine/", "/withdraw/"):
        page.goto(live.mailbox.link(person.email, part, number=2))
        found += faults(page)
    press(page, page.locator("main button.danger"))
    found += faults(page)
    page.goto(live.mailbox.link(person.email, "/mine/", number=2))
    found += faults(page)
    assert found == []


def test_at_double_zoom_nothing_is_lost(chromium: Browser, live: Site) -> None:
    """A screen of 1280 px at 200 % is 640 CSS pixels wide: no page scrolls sideways."""
    context = chromium.new_context(base_url=live.origin, viewport={"width": 640, "height": 400})
    page = context.new_page()
    wide = []
    for path in PAGES:
        page.goto(f"/fr/{path}")
        if widest(page) > 640:
            wide.append(path)
    context.close()
    assert wide == []
