"""A person signs, verifies the roll offline and withdraws: in both languages, with and without scripts."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from web.browser.looking import press
from web.browser.signing_journey import BUTTON, Person, confirm, fill, number_of, send

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from web.browser.conftest import Site


def verified(live: Site, browser_page: Page, folder: Path) -> dict[str, Any]:
    """What the downloaded verifier says of the downloaded roll, in a Python without anything installed."""
    for name, address in (("roll.json", "/roll/export.json"), ("verify_roll.py", "/roll/verify_roll.py")):
        (folder / name).write_bytes(browser_page.request.get(live.origin + address).body())
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify_roll.py", "roll.json", "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def withdraw(page: Page, live: Site, person: Person) -> None:
    """Follow the link to withdraw in the mail that tells the number, and press the button."""
    page.goto(live.mailbox.link(person.email, "/withdraw/", number=2))
    press(page, page.locator("main button.danger"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_sign_confirm_verify_withdraw_verify(
    chromium: Browser, live: Site, tmp_path: Path, language: str, scripts: bool
) -> None:
    """The whole way, on a narrow screen, with no cookie set anywhere."""
    context = chromium.new_context(
        base_url=live.origin, java_script_enabled=scripts, viewport={"width": 320, "height": 800}
    )
    page = context.new_page()
    person = Person.new("Zoé Müller-Þórsdóttir", language)
    fill(page, person)
    send(page)
    confirm(page, live, person)
    number = number_of(page)
    assert number >= 1

    before = verified(live, page, tmp_path)
    exported = json.loads((tmp_path / "roll.json").read_text(encoding="utf-8"))
    assert person.name in json.dumps(exported, ensure_ascii=False)
    withdraw(page, live, person)
    for _ in range(50):
        after = verified(live, page, tmp_path)
        if after["size"] > before["size"]:
            break
        page.wait_for_timeout(200)
    assert after["size"] == before["size"] + 1
    assert after["listed"] == before["listed"] - 1
    assert person.name not in (tmp_path / "roll.json").read_text(encoding="utf-8").encode().decode(
        "unicode_escape", "ignore"
    )
    assert context.cookies() == []
    context.close()


def test_looking_at_the_link_confirms_nothing(page: Page, live: Site) -> None:
    """A program that follows the mail's link, as mail scanners do, signs nothing."""
    person = Person.new("Robin Scanned", "en")
    fill(page, person)
    send(page)
    link = live.mailbox.link(person.email, "/confirm/")
    for _ in range(3):
        assert page.request.get(link).status == 200
    page.goto(link)
    assert page.locator(BUTTON).count() == 1


def test_faults_are_told_at_the_top_and_at_the_field(page: Page) -> None:
    """An empty form comes back with a summary whose links lead to the fields, and keeps what was written."""
    page.goto("/en/sign/")
    page.fill("#id_name", "  ")
    page.fill("#id_email", "not-an-address")
    press(page, page.locator(BUTTON).last)
    assert page.locator("#errors li").count() >= 3
    assert page.input_value("#id_email") == "not-an-address"
    page.locator("#errors a").first.click()
    assert "#field-" in page.url


def test_with_the_keyboard_alone(page: Page, live: Site) -> None:
    """Tab, space, arrows and Enter are enough to sign, and the focus is always seen."""
    person = Person.new("Kim Tastatur", "en")
    page.goto("/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#id_name").focus()
    page.keyboard.type(person.name)
    page.keyboard.press("Tab")
    page.keyboard.type(person.email)
    _tab_to(page, "document.activeElement.tagName === 'SUMMARY'")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    _tab_to(page, "document.activeElement.id === 'id_country'")
    page.keyboard.type("Franc")
    _tab_to(page, "document.activeElement.name === 'display'")
    page.keyboard.press("Space")
    _tab_to(page, "document.activeElement.name === 'publish'")
    page.keyboard.press("Space")
    _tab_to(page, "document.activeElement.matches('button.primary')")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign/sent/")
    assert live.mailbox.link(person.email, "/confirm/")


def _tab_to(page: Page, condition: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    raise AssertionError(f"the keyboard does not lead to: {condition}")
