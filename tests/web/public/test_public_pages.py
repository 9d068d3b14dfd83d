"""Every public page, in both languages: what it is, what it loads, and what hostile words become on it."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone, translation

from countermark.web.abuse.memory import forget
from countermark.web.abuse.models import Switch
from countermark.web.organisations.models import Organisation
from countermark.web.public.errors import fault
from countermark.web.public.figures import count
from countermark.web.registry.models import Run
from countermark.web.roll.models import Standing
from countermark.web.statement.models import Statement
from countermark.web.statement.texts import in_force, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from countermark.web.roll.models import Entry

PAGES = (
    *("home", "statement", "figures", "roll", "verify", "organisations", "found", "privacy", "about"),
    *("accessibility", "share", "embed_help", "api_help"),
)
LANGUAGES = ("fr", "en")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7|add:7 }}"
LOADING = {("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src"), ("form", "action")}


class Parts(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.inside: list[str] = []
        self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.inside.append(tag)

    def handle_data(self, data: str) -> None:
        """Note the title, and what stands inside of scripts and styles."""
        last = self.inside[-1] if self.inside else ""
        if last == "title" and not self.title:
            self.title = data
        assert not (last in {"script", "style"} and data.strip()), data

    def named(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every tag of a name."""
        return [attributes for name, attributes in self.tags if name == tag]


def parts_of(response: Any) -> Parts:
    """Parse an answer."""
    parts = Parts()
    parts.feed(response.content.decode())
    return parts


def address(name: str, language: str, *args: object) -> str:
    """The address of a page in a language."""
    with translation.override(language):
        return reverse(name, args=args)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole(visitor: Client, enter: Callable[..., Entry], name: str, language: str) -> None:
    """200, its language, a title, one h1, both languages linked, no cookie, nothing inline, nothing from elsewhere."""
    enter()
    response = visitor.get(address(name, language))
    assert response.status_code == 200
    parts = parts_of(response)
    assert parts.named("html")[0]["lang"] == language
    assert parts.title.strip(" ·")
    assert len(parts.named("h1")) == 1
    alternates = {link["hreflang"]: link["href"] for link in parts.named("link") if link.get("hreflang")}
    assert {code: urlsplit(url).path for code, url in alternates.items()} == {
        code: address(name, code) for code in LANGUAGES
    }
    assert not response.cookies
    assert response.headers["Content-Language"] == language
    check_nothing_inline_or_foreign(parts)


def check_nothing_inline_or_foreign(parts: Parts) -> None:
    """No style or event attribute, no inline script or style, no address of another host is loaded."""
    for tag, attributes in parts.tags:
        assert tag != "style"
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")], tag
        for name, value in attributes.items():
            assert not value.strip().lower().startswith("javascript:")
            if (tag, name) in LOADING:
                assert urlsplit(value).netloc in ("", "127.0.0.1:8000"), value
        if tag == "script":
            assert attributes.get("src")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_words(visitor: Client, enter: Callable[..., Entry], language: str) -> None:
    """Markup in names, organisations, runs and searches is shown, never obeyed."""
    enter(name=HOSTILE, folded="script", organisation_name=HOSTILE)
    Organisation.objects.create(
        uid=bytes(16), slug="hostile", name=HOSTILE, kind="union", domain="example.org", country="FR",
        representative="A", role="B", email="a@example.org", state="verified", proof="dns", language="fr",
        text_version=1, created_at=timezone.now(), verified_at=timezone.now(), members_stated=3,
    )  # fmt: skip
    Run.objects.create(
        digest="0" * 64, data_set=HOSTILE, summary={"works": HOSTILE}, imported_at=timezone.now(),
        published_at=timezone.now(),
    )  # fmt: skip
    Statement.objects.filter(pk=1).update(organiser=HOSTILE)
    pages = [address(name, language) for name in PAGES] + [address("roll_entry", language, 1)]
    pages += [f"{address('roll', language)}?q={HOSTILE}&organisation={HOSTILE}", f"/{language}/feed.atom"]
    for page in pages:
        body = visitor.get(page).content.decode()
        assert "<script>alert" not in body, page
        assert "<img src=x" not in body, page


def test_a_roll_entry_says_what_a_number_stands_for(visitor: Client, enter: Callable[..., Entry]) -> None:
    """Listed, unnamed, withdrawn and invalidated ones; and no page for a number that nobody has."""
    enter(name="Zoé Ferrand")
    enter(name="", trades="", country="", display=3)
    enter(standing=Standing.WITHDRAWN, name="")
    enter(standing=Standing.INVALIDATED, name="Not Shown")
    texts = [visitor.get(address("roll_entry", "en", n)).content.decode() for n in (1, 2, 3, 4)]
    assert "Zoé Ferrand" in texts[0]
    assert "shows no name" in texts[1]
    assert "withdrawn" in texts[2]
    assert "invalidated" in texts[3]
    assert "Not Shown" not in texts[3]
    for number in (0, 5, 2**31, 10**30):
        assert visitor.get(f"/en/roll/{number}/").status_code == 404
    assert "Not Shown" not in visitor.get("/api/v1/roll/4").content.decode()


def test_pages_of_the_roll(visitor: Client, enter: Callable[..., Entry]) -> None:
    """Fifty on a page; every entry on one page; beyond the last, back to the first."""
    for _ in range(120):
        enter()
    numbers: list[int] = []
    for page in (1, 2, 3):
        body = visitor.get(f"/en/roll/?page={page}").content.decode()
        numbers += [int(number) for number in re.findall(r'href="/en/roll/(\d+)/"', body)]
    assert sorted(numbers) == list(range(1, 121))
    for wrong in ("0", "4", "-1", "x", "9" * 30, "²"):
        assert visitor.get(f"/en/roll/?page={wrong}").status_code == 302
    filtered = visitor.get("/en/roll/?page=9&country=FR")
    assert filtered.headers["Location"] == "/en/roll/?country=FR"


def test_filters_find_those_who_show_it(visitor: Client, enter: Callable[..., Entry]) -> None:
    """By trade, country and the beginning of a name; unknown values are no filter."""
    enter(name="Anna Weiss", folded="anna weiss", trades=",composer,musician,", country="DE")
    enter(name="Paul Roux", folded="paul roux")
    for query, found in {
        "q=wei": "Anna", "trade=composer": "Anna", "country=DE": "Anna", "q=ROUX": "Paul", "trade=writer": "Paul",
    }.items():  # fmt: skip
        body = visitor.get(f"/fr/roll/?{query}").content.decode()
        assert found in body
        assert ({"Anna", "Paul"} - {found}).pop() not in body
    both = visitor.get("/fr/roll/?trade=nothing&country=ZZ").content.decode()
    assert "Anna" in both
    assert "Paul" in both


def test_no_mail_address_is_on_the_roll(visitor: Client, enter: Callable[..., Entry]) -> None:
    """The pages of the roll have no address but the organiser's."""
    enter()
    for page in ("/fr/roll/", "/fr/roll/1/", "/api/v1/roll"):
        assert "@" not in visitor.get(page).content.decode().replace("organiser@example.org", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_download_has_the_published_digest(visitor: Client, language: str) -> None:
    """`sha256sum` of the text that is downloaded is the digest that the page shows."""
    publish({"fr": ("Titre\u0301", "Corps  \r\nsuite"), "en": ("Title", "Body")})
    for version in (1, 2):
        text = in_force(language, version)
        assert text is not None
        response = visitor.get(address("statement_text", language, version))
        assert hashlib.sha256(response.content).hexdigest() == text.sha256
        assert text.sha256 in visitor.get(address("statement", language)).content.decode()
        assert response.headers["Content-Disposition"].startswith("attachment")
    assert visitor.get(address("statement_text", language, 3)).status_code == 404


def test_faults_have_pages_in_the_readers_language(visitor: Client) -> None:
    """404 in the language of the address, or of the browser; without details of the machine."""
    english = visitor.get("/en/nothing/")
    french = visitor.get("/nothing/", HTTP_ACCEPT_LANGUAGE="fr-CA,en;q=0.5")
    assert (english.status_code, french.status_code) == (404, 404)
    assert parts_of(english).named("html")[0]["lang"] == "en"
    assert parts_of(french).named("html")[0]["lang"] == "fr"
    assert "Traceback" not in english.content.decode()


@pytest.mark.parametrize(
    ("wanted", "there"), [("fr", "/fr/"), ("de, en;q=0.8", "/en/"), ("", "/en/"), ("fr;q=0, en", "/en/")]
)
def test_the_root_leads_to_a_language(visitor: Client, wanted: str, there: str) -> None:
    """302 by Accept-Language, and it says that it varies."""
    response = visitor.get("/", HTTP_ACCEPT_LANGUAGE=wanted)
    assert (response.status_code, response.headers["Location"]) == (302, there)
    assert response.headers["Vary"] == "Accept-Language"


def test_peak_switches_take_their_thing_off(visitor: Client, enter: Callable[..., Entry]) -> None:
    """Each with words that say so; the rest of the page stays."""
    enter(name="Zoé Ferrand", folded="zoe ferrand")
    for name, page, gone in (
        ("no_roll", "/en/roll/", "Zoé"),
        ("no_search", "/en/roll/?q=zoe", "Zoé"),
        ("no_figures", "/en/figures/", "By trade"),
        ("read_only", "/en/", '<form method="post"'),
    ):
        assert gone in visitor.get(page).content.decode()
        Switch.objects.update_or_create(name=name, defaults={"on": True})
        forget()
        response = visitor.get(page)
        assert response.status_code == 200
        assert gone not in response.content.decode()
        assert 'class="notice' in response.content.decode()
        Switch.objects.update(on=False)
        forget()


def test_the_message_stands_on_top(visitor: Client) -> None:
    """The organiser's message, in the language of the page."""
    Switch.objects.create(name="message", on=True, message_fr="Bonjour à tous", message_en="Hello all")
    forget()
    assert "Bonjour à tous" in visitor.get("/fr/").content.decode()
    assert "Hello all" in visitor.get("/en/").content.decode()


def test_what_was_found_denies_what_it_does_not_show(visitor: Client) -> None:
    """The page says what being listed does not prove, with and without runs; unpublished ones are not there."""
    denial = "Being listed is not proof that a model was trained on it."
    assert denial in visitor.get("/en/found/").content.decode()
    summary = {
        "complete": True,
        "works": {"total": 42, "in_data_set": 34},
        "searched": {"records": 1200},
        "findings": {"by_grade": {"copy": 7}},
    }
    now = timezone.now()
    Run.objects.create(digest="1" * 64, data_set="Shown", summary=summary, imported_at=now, published_at=now)
    Run.objects.create(digest="2" * 64, data_set="Kept back", summary=summary, imported_at=now)
    body = visitor.get("/en/found/").content.decode()
    assert denial in body
    assert "Kept back" not in body
    assert "<strong>34</strong>of 42 works searched for are listed" in body


def test_the_count_has_its_parts(visitor: Client, enter: Callable[..., Entry]) -> None:
    """The front page says how many, and how many of them show no name."""
    for _ in range(3):
        enter()
    enter(display=3, name="", trades="", country="")
    count()
    body = re.sub(r"\s+", " ", visitor.get("/en/").content.decode())
    assert "<strong>4</strong>" in body
    assert "<strong>4</strong> people have signed" in body
    assert "1 of them shows no name." in body


def test_a_closed_statement_has_no_form(visitor: Client) -> None:
    """Before it opens and after it closes nothing can be signed, and the page says so."""
    from countermark.web.statement.recent import forget as forget_statement

    Statement.objects.update(closes_at=timezone.now())
    forget_statement()
    body = visitor.get("/en/").content.decode()
    assert '<form method="post"' not in body
    assert "cannot be signed at present" in body


def test_a_site_without_a_statement_stands(db: None, client: Client) -> None:
    """Every page says what will be there."""
    for name in PAGES:
        response: HttpResponse = client.get(address(name, "fr"))  # type: ignore[assignment]
        assert response.status_code == 200, name


@override_settings(SITE_ORIGIN="https://statement.example.org")
def test_addresses_are_those_of_the_site(visitor: Client) -> None:
    """Whatever host a request names, links that leave the site name its own."""
    for page in ("/en/share/", "/en/embed/", "/sitemap.xml", "/en/feed.atom", "/api/v1/statement"):
        body = visitor.get(page).content.decode()
        assert "https://statement.example.org/" in body
        assert "testserver" not in body


def test_a_fault_without_a_database_has_a_page_too(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the machine is told, in either language."""

    def gone(*_: object, **__: object) -> None:
        raise OperationalError("disk I/O error at /srv/secret")

    monkeypatch.setattr("countermark.web.public.errors.render", gone)
    response = fault(rf.get("/fr/"))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "This is not possible now" in response.content.decode()
    assert "secret" not in response.content.decode()
