"""An application as a browser sends it, and organisations in each state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

FORM = {
    "name": "Union of Fictional Musicians",
    "kind": "union",
    "domain": "musicians.example.org",
    "country": "FR",
    "members_stated": "1200",
    "representative": "Ada Example",
    "role": "General secretary",
    "email": "ada@musicians.example.org",
    "mandate": "on",
    "publish": "on",
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """The language of an earlier test's page does not stay."""
    with translation.override("en"):
        yield


@pytest.fixture
def form() -> dict[str, str]:
    """What a representative fills in."""
    return dict(FORM)


@pytest.fixture
def make(site: None) -> Callable[..., Any]:
    """Make an organisation; pending unless told otherwise."""
    from countermark.web.config.tokens import new_uid
    from countermark.web.organisations.models import Organisation

    def build(**changes: Any) -> Organisation:
        uid = new_uid()
        values: dict[str, Any] = {
            "uid": uid,
            "slug": f"pending-{uid.hex()}",
            "name": FORM["name"],
            "kind": "union",
            "domain": FORM["domain"],
            "country": "FR",
            "members_stated": 1200,
            "representative": "Ada Example",
            "role": "General secretary",
            "email": FORM["email"],
            "language": "en",
            "text_version": 1,
            "created_at": timezone.now(),
        }
        return Organisation.objects.create(**(values | changes))

    return build


@pytest.fixture
def link() -> Callable[[Any], str]:
    """The address of an organisation's own page."""
    from django.urls import reverse

    from countermark.web.config.tokens import make_token

    def address(organisation: Any) -> str:
        return reverse("organisation_confirm", args=[make_token("organisation", organisation.uid)])

    return address


@pytest.fixture
def nothing_outside(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], list[str]]:
    """DNS as a table {(name, kind): answers} in place of the internet; empty at first."""
    from countermark.web.organisations import reach

    records: dict[tuple[str, str], list[str]] = {}
    monkeypatch.setattr(reach, "answers", lambda name, kind: records.get((name, kind), []))
    return records
