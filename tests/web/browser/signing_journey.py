"""What a person does on the site, step by step, as the browser tests of several files need it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


def fill(page: Page, person: Person, display: str = "1", *, publish: bool = True) -> None:
    """Fill the form on the statement's page as a poet in France."""
    page.goto(f"/{person.language}/")
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
    page.locator(BUTTON).last.click()
    page.wait_for_url("**/sign/sent/")


def confirm(page: Page, live: Site, person: Person) -> None:
    """Follow the mail's link, and press the button that signs."""
    page.goto(live.mailbox.link(person.email, "/confirm/"))
    page.locator(BUTTON).click()
    page.wait_for_url("**/signed/**")


def number_of(page: Page) -> int:
    """The number that the page shows once the roll has it; without scripts the person asks again."""
    for _ in range(100):
        if page.locator("#number .count").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    return int("".join(mark for mark in page.locator("#number .count").inner_text() if mark.isdigit()))
