"""An organisation signs: the form, what it refuses, and what nobody learns from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from countermark.web.mail.models import Message
from countermark.web.organisations.models import Organisation, State

if TYPE_CHECKING:
    from django.test import Client

ADDRESS = "/en/organisations/sign/"


def test_the_form_in_both_languages(visitor: Client) -> None:
    """It shows what is signed, ticks nothing beforehand, sets no cookie and has no script or style inside."""
    for language, title in (
        ("fr", "Pas d’entraînement sans licence"),
        ("en", "No training without a licence"),
    ):
        page = visitor.get(f"/{language}/organisations/sign/")
        html = page.content.decode()
        assert page.status_code == 200
        assert title in html
        assert not re.search(r"<input[^>]*\bchecked", html)
        assert not re.search(r"<style|\bstyle=|\bon\w+=|<script(?![^>]*\bsrc=)", html)
        assert not page.cookies


def test_an_application_is_taken_and_answered_by_mail(visitor: Client, form: dict[str, str]) -> None:
    """A row that is not public yet, and one mail in the language of the page."""
    page = visitor.post("/fr/organisations/sign/", form)
    assert page.status_code == 302
    assert page["Location"].endswith("/fr/organisations/sent/")
    row = Organisation.objects.get()
    assert (row.state, row.domain, row.members_stated, row.contact) == (
        "pending",
        form["domain"],
        1200,
        False,
    )
    mail = Message.objects.get()
    assert (mail.kind, mail.recipient, mail.language) == ("organisation_confirm", form["email"], "fr")
    assert visitor.get(page["Location"]).status_code == 200
    assert visitor.get(f"/fr/organisations/{row.slug}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 161),
        ("name", "1" * 20),
        ("name", "Union\u202enoinU"),
        ("name", "Uni\u0000on"),
        ("name", "Uni\u043en"),  # a Cyrillic о
        ("kind", "gang"),
        ("domain", "localhost"),
        ("domain", "169.254.169.254"),
        ("country", "XX"),
        ("members_stated", "-3"),
        ("members_stated", "1e9"),
        ("members_stated", "9" * 30),
        ("email", "ada"),
        ("email", "ada@example.org\nBcc: all@example.org"),
        ("email", "a@b.org,c@d.org"),
        ("email", "x" * 200 + "@example.org"),
        ("mandate", ""),
        ("publish", ""),
        ("role", "\u200b"),
    ],
)
def test_what_the_form_refuses(visitor: Client, form: dict[str, str], field: str, value: str) -> None:
    """The page comes back with the field named; nothing is written."""
    page = visitor.post(ADDRESS, form | {field: value})
    assert page.status_code == 422
    assert f'href="#field-{field}"' in page.content.decode()
    assert not Organisation.objects.exists()


def test_hostile_names_are_shown_as_text(visitor: Client, form: dict[str, str]) -> None:
    """HTML in a name stays text in the form."""
    html = visitor.post(ADDRESS, form | {"name": "<script>alert(1)</script>", "role": ""}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_a_known_domain_looks_the_same(visitor: Client, form: dict[str, str], make: Any) -> None:
    """Pending, verified or unknown: one page; a verified one is told by mail only, its own link to itself only."""
    answers = [visitor.post(ADDRESS, form) for _ in range(2)]
    Organisation.objects.all().delete()
    Message.objects.all().delete()
    make(
        state=State.VERIFIED, verified_at=timezone.now(), slug="musicians", email="head@musicians.example.org"
    )
    answers.append(visitor.post(ADDRESS, form))
    answers.append(visitor.post(ADDRESS, form | {"email": "head@musicians.example.org"}))
    assert len({(page.status_code, page["Location"], page.content) for page in answers}) == 1
    kinds = {mail.recipient: mail.kind for mail in Message.objects.all()}
    assert kinds == {
        form["email"]: "organisation_known",
        "head@musicians.example.org": "organisation_verified",
    }
    assert "token" not in Message.objects.get(kind="organisation_known").context
    assert Organisation.objects.count() == 1


def test_too_many_are_refused(visitor: Client, form: dict[str, str]) -> None:
    """One network sends ten an hour; of one address, what is beyond five a day is dropped without a word."""
    mail = [form["email"]] * 6 + [f"{n}@example.org" for n in range(5)]
    codes = [visitor.post(ADDRESS, form | {"email": address}).status_code for address in mail]
    assert codes == [302] * 10 + [429]
    assert Organisation.objects.count() == 5 + 4


def test_nothing_is_taken_when_closed(visitor: Client, form: dict[str, str]) -> None:
    """A statement that is closed says so."""
    from countermark.web.statement.models import Statement

    Statement.objects.update(closes_at=timezone.now())
    page = visitor.post(ADDRESS, form)
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main")[1]
    assert not Organisation.objects.exists()


def test_only_get_and_post(visitor: Client) -> None:
    """Other methods are not answered."""
    assert visitor.put(ADDRESS).status_code == 405
    assert visitor.delete("/en/organisations/sent/").status_code == 405
