"""Those who run the site: their account and its passkey, what waits for them, invalidations, a switch, the admin."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from web.browser.looking import look, press
from web.browser.organiser_journey import with_security_key
from web.browser.signing_journey import Person, apply_for, number_of, reload_until, sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from web.browser.conftest import Account, Site

NOTABLE = "Sidonie Renommée"
PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/logout/",
    "/accounts/invitation/no-such-invitation/",
    "/organiser/",
    "/moderation/",
    "/moderation/switches/challenge/",
    "/moderation/switches/message/",
    "/moderation/review/",
    "/moderation/review/release/?because=notable-name",
    "/moderation/comments/",
    "/moderation/comments/?shown=1",
    "/moderation/organisations/",
    "/moderation/invalidations/",
    "/moderation/invalidations/new/",
]


@pytest.fixture
def desk(open_page: Callable[..., Page], administrator: Account) -> Page:
    """The administrator's browser, in English."""
    return open_page(kept=administrator.kept)


@pytest.fixture
def visitor(open_page: Callable[..., Page]) -> Page:
    """The browser of somebody who signs."""
    return open_page()


def make_notable(desk: Page, name: str) -> None:
    """Write a name into the list of notable names, in the admin."""
    desk.goto("/admin/moderation/notablename/add/")
    desk.fill("#id_name", name)
    press(desk, desk.locator("input[name=_save]"))
    assert desk.locator("ul.messagelist .success").count() == 1


def turn(desk: Page, name: str, *, on: bool) -> None:
    """Turn a peak switch, which asks once more."""
    desk.goto(f"/moderation/switches/{name}/")
    press(desk, desk.locator(f"main button[name=on][value='{int(on)}']").first)
    assert desk.locator(".messages .success").count() == 1


def test_account_of_an_organiser_with_a_passkey(
    open_page: Callable[..., Page], administrator: Account
) -> None:
    """Made by invitation without a fault that axe finds; a passkey is added, and opens the door by itself."""
    assert administrator.wrong == []
    page = open_page(width=320, kept=administrator.kept)
    with_security_key(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("input[name=name]", "Desk")
    page.check("input[name=passwordless]")
    press(page, page.locator("#mfa_webauthn_add"))
    page.goto("/accounts/2fa/webauthn/")
    wrong = look(page)
    assert "Desk" in page.locator("main table").inner_text()

    page.context.clear_cookies()
    page.goto("/moderation/")
    assert "/accounts/login/" in page.url
    press(page, page.locator("#passkey_login"))
    page.goto("/moderation/")
    assert page.locator("h1").inner_text() == "What waits"
    page.goto("/accounts/logout/")
    press(page, page.locator("main form button").first)
    page.goto("/moderation/")
    assert "/accounts/login/" in page.url
    assert wrong == []


@pytest.mark.parametrize(("language", "width"), [("fr", 320), ("en", 1200)])
def test_pages_of_moderation_have_no_faults(
    open_page: Callable[..., Page], administrator: Account, live: Site, language: str, width: int
) -> None:
    """Each page of the accounts and of moderation, with something on it."""
    visitor, desk = open_page(), open_page(language, width, kept=administrator.kept)
    name = f"{NOTABLE} {'Aubin' if language == 'fr' else 'Blyth'}"
    make_notable(desk, name)
    sign(visitor, live, Person.new(name, language))
    sign(visitor, live, Person.new("Rae Comments", language), comment="For those who come after.")
    apply_for(visitor, "Guild of Waiting", f"chair@waiting-{secrets.token_hex(4)}.example.org", "en")
    wrong = []
    for address in PAGES:
        desk.goto(address)
        assert desk.locator("html").get_attribute("lang") == language
        wrong += look(desk)
    desk.goto("/moderation/organisations/")
    for verb in ("verify", "refuse"):
        desk.goto("/moderation/organisations/")
        press(desk, desk.locator(f"main a[href$='do={verb}']").first)
        wrong += look(desk)
    assert wrong == []


def test_a_held_signature_is_released(desk: Page, visitor: Page, live: Site) -> None:
    """A notable name waits for a person; once released it gets its number."""
    name = f"{NOTABLE} Cassin"
    make_notable(desk, name)
    sign(visitor, live, Person.new(name, "en"))
    assert "A person will look at it" in visitor.locator("#number").inner_text()
    desk.goto("/moderation/review/")
    held = desk.locator("article", has_text=name)
    assert "notable name" in held.inner_text()
    press(desk, held.locator("button[value=release]"))
    assert "The signature counts." in desk.locator(".messages").inner_text()
    assert number_of(visitor) >= 1


def test_a_comment_is_shown_once_it_is_read(desk: Page, visitor: Page, live: Site) -> None:
    """No comment is public before a moderator ticked it; hidden again, it goes."""
    words = f"A line that is mine, {secrets.token_hex(4)}."
    sign(visitor, live, Person.new("Noa Comments", "en"), comment=words)
    number = number_of(visitor)
    visitor.goto(f"/en/roll/{number}/")
    assert visitor.locator("blockquote").count() == 0
    desk.goto("/moderation/comments/")
    desk.locator(".sheet", has_text=words).locator("input[name=pick]").check()
    press(desk, desk.locator("button[value=show]"))
    reload_until(visitor, "blockquote")
    assert visitor.locator("blockquote").inner_text() == words


def test_an_invalidation_is_looked_at_done_and_undone(desk: Page, visitor: Page, live: Site) -> None:
    """Two signatures of one mail domain go and come back; the preview names how many are meant."""
    domain = f"farm-{secrets.token_hex(4)}.example.net"
    for at in range(2):
        sign(visitor, live, Person(f"Jo Bulk {'AB'[at]}", f"jo{at}@{domain}", "en"))
    number = number_of(visitor)
    mine = visitor.url
    desk.goto("/moderation/invalidations/new/")
    press(desk, desk.locator("main button.primary"))
    assert desk.locator("#errors").count() == 1
    wrong = look(desk)
    desk.fill("#id_domain", domain)
    desk.select_option("#id_reason", index=1)
    press(desk, desk.locator("main button.primary"))
    assert desk.locator(".count b").inner_text() == "2"
    wrong += look(desk)
    press(desk, desk.locator("button[value=invalidate]"))
    wrong += look(desk)
    visitor.goto(mine)
    assert "set aside" in visitor.locator("#number").inner_text()
    press(desk, desk.locator("button[value=undo]"))
    wrong += look(desk)
    visitor.goto(mine)
    assert number_of(visitor) == number
    desk.goto("/moderation/invalidations/")
    assert "undone" in desk.locator("tbody tr").first.inner_text()
    wrong += look(desk)
    assert wrong == []


def test_proof_of_work_is_done_by_the_browser(open_page: Callable[..., Page], desk: Page, live: Site) -> None:
    """With the switch on, the script calculates and the signature counts; without scripts a person looks first."""
    scripts, none = open_page("fr", 320), open_page("en", 320, scripts=False)
    turn(desk, "challenge", on=True)
    try:
        sign(scripts, live, Person.new("Pim Calculates", "fr"))
        sign(none, live, Person.new("Wim Without", "en"))
    finally:
        turn(desk, "challenge", on=False)
    assert number_of(scripts) >= 1
    assert "A person will look at it" in none.locator("#number").inner_text()
    desk.goto("/moderation/review/")
    held = desk.locator("article", has_text="Wim Without")
    assert "no proof of work" in held.inner_text()
    assert desk.locator("article", has_text="Pim Calculates").count() == 0


def test_the_admin_works_under_the_policy(desk: Page) -> None:
    """Lists, forms and the search of the admin break no rule of the content policy; the page fails when one does."""
    for address in (
        "/admin/",
        "/admin/signing/signature/",
        "/admin/abuse/switch/",
        "/admin/abuse/raterule/",
        "/admin/abuse/listentry/add/",
        "/admin/statement/text/",
        "/admin/accounts/logged/",
        "/admin/moderation/invalidation/",
    ):
        answer = desk.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    desk.goto("/admin/signing/signature/")
    desk.fill("#searchbar", "nobody of this name")
    press(desk, desk.locator("#changelist-search [type=submit]"))
    assert desk.locator("#result_list tbody tr").count() == 0
