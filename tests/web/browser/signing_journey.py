"""What a person does on the site, step by step, as the browser tests of several files need it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from web.browser.looking import press

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.browser.conftest import Site

BUTTON = "main button.primary"


@dataclass(frozen=True)
class Person:
    """Somebody who signs."""

    name: str
    email: str
    language: str

    @classmethod
    def new(cls, name: str, language: str) -> Person:
        """Somebody with a mail address of their own."""
        return cls(name, f"{secrets.token_hex(6)}@example.net", language)


def fill(page: Page, person: Person, display: str = "1", *, publish: bool = True, form: str = "") -> None:
    """Fill the form, by default that on the statement's page, as a poet in France."""
    page.goto(f"/{person.language}/{form}")
    page.fill("#id_name", person.name)
    page.fill("#id_email", person.email)
    box = page.locator("input[name=trades][value=poet]")
    page.locator("details:has(input[value=poet]) > summary").click()
    box.check()
    page.select_option("#id_country", "FR")
    page.locator(f"input[name=display][value='{display}']").check()
    if publish:
        page.locator("input[name=publish]").check()


def send(page: Page) -> None:
    """Send the form and arrive at the page that says to look for the mail."""
    press(page, page.locator(BUTTON).last)
    assert page.url.endswith("/sign/sent/")


def apply_for(page: Page, name: str, email: str, language: str) -> None:
    """Send the form by which a guild signs, on the domain of its representative's mail address."""
    page.goto(f"/{language}/organisations/sign/")
    page.fill("#id_name", name)
    page.select_option("#id_kind", "guild")
    page.fill("#id_domain", email.partition("@")[2])
    page.select_option("#id_country", "FR")
    page.fill("#id_members_stated", "1200")
    page.fill("#id_representative", "Ada Chair")
    page.fill("#id_role", "chair")
    page.fill("#id_email", email)
    page.check("#id_mandate")
    page.check("#id_publish")
    press(page, page.locator(BUTTON).last)
    assert page.url.endswith("/organisations/sent/")


def sign(page: Page, live: Site, person: Person, *, comment: str = "", organisation: str = "") -> None:
    """Fill, send and confirm; with a comment, or as a member of an organisation that shares the signature with it."""
    fill(page, person, form="sign/")
    page.fill("#id_comment", comment)
    if organisation:
        page.fill("#id_organisation", organisation)
        page.check("input[name=share]")
    send(page)
    confirm(page, live, person)


def confirm(page: Page, live: Site, person: Person) -> None:
    """Follow the mail's link, and press the button that signs."""
    page.goto(live.mailbox.link(person.email, "/confirm/"))
    press(page, page.locator(BUTTON))
    assert "/signed/" in page.url


def number_of(page: Page) -> int:
    """The number that the page shows once the roll has it; without scripts the person asks again."""
    reload_until(page, "#number .count")
    return int("".join(mark for mark in page.locator("#number .count").inner_text() if mark.isdigit()))


def reload_until(page: Page, selector: str) -> None:
    """Ask for the page again until something is on it: pages are kept for seconds, and the worker has its pace."""
    for _ in range(100):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(200)
        page.reload()
    raise AssertionError(
        f"{selector} does not come on {page.url}:\n{page.locator('main').inner_text()[:2000]}"
    )
