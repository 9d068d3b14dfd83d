"""What the public sees of an organisation, and the mails, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from countermark.web.organisations.figures import naming
from countermark.web.organisations.models import State

if TYPE_CHECKING:
    from django.test import Client


def verified(make: Any, **changes: Any) -> Any:
    """A verified organisation with an address."""
    return make(state=State.VERIFIED, proof="dns", verified_at=timezone.now(), slug="musicians", **changes)


def test_the_public_page(visitor: Client, make: Any) -> None:
    """What is known and how; members labelled as stated; nothing of the representative."""
    verified(make, roll_number=12, domain="xn--exmple-4nf.org")
    for language in ("fr", "en"):
        page = visitor.get(f"/{language}/organisations/musicians/")
        html = page.content.decode()
        assert page.status_code == 200
        assert "xn--exmple-4nf.org" in html
        assert "12" in html
        assert "Ada" not in html
        assert "ada@" not in html
        assert not page.cookies
    assert "as stated by the organisation" in html


@pytest.mark.parametrize("state", ["pending", "refused", "withdrawn"])
def test_only_verified_ones_have_a_page(visitor: Client, make: Any, state: str) -> None:
    """The others answer as if they did not exist."""
    make(state=state, slug="musicians")
    assert visitor.get("/en/organisations/musicians/").status_code == 404


def test_small_counts_are_merged(make: Any) -> None:
    """Fewer than five who name it are not counted out; withdrawn ones and other organisations do not count."""
    from countermark.web.roll.models import Entry, Standing

    row = verified(make)

    def enter(number: int, **changes: Any) -> None:
        values = {"kind": "person", "organisation_id": row.pk, "position": number, "committed": number}
        Entry.objects.create(number=number, **(values | changes))

    for number in range(1, 5):
        enter(number)
    enter(5, standing=Standing.WITHDRAWN)
    enter(6, organisation_id=row.pk + 1)
    enter(7, kind="organisation")
    assert naming(row).count is None
    enter(8)
    assert naming(row).count == 5


def test_hostile_names_stay_text(visitor: Client, make: Any, link: Any) -> None:
    """On every page that shows them."""
    row = make(name="<img src=x onerror=alert(1)>", representative="<b>Ada</b>", role='"><script>')
    pages = [visitor.get(link(row)), visitor.get(link(row) + "withdraw/")]
    row.state, row.slug, row.verified_at = State.VERIFIED, "x", timezone.now()
    row.save()
    pages += [visitor.get(link(row)), visitor.get("/en/organisations/x/")]
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert "<img src=x" not in html
        assert "<b>Ada" not in html
        assert not re.search(r"<style|\bstyle=|<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "kind", ["organisation_confirm", "organisation_verified", "organisation_known", "organisation_invitation"]
)
def test_mails_are_plain_and_whole(site: None, settings: Any, kind: str, language: str) -> None:
    """A subject of one line, no entities in names, links in the language of the mail."""
    from countermark.web.mail.letters import words_of

    context = {
        "token": "T" * 43,
        "invitation": "I" * 43,
        "name": "Fils & Filles d’Éole",
        "known": "Éole",
        "domain": "eole.example.org",
        "slug": "eole",
    }
    subject, body = words_of(kind, language, context)
    assert subject
    assert "&amp;" not in subject + body
    assert "{" not in subject + body
    assert re.search(rf"^{settings.SITE_ORIGIN}/({language}|accounts)/\S+$", body, re.MULTILINE)
