"""Hostile fields: numbers without end, letters that nobody sees, links in the names of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from countermark.web.fields.names import is_clean
from countermark.web.signing.models import PendingSignature

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["9" * 6000, "٣" * 5000, "-1", "1e3", "²"])
def test_a_number_without_end_is_no_fault_of_ours(send: Callable[..., Any], version: str) -> None:
    """A version that no integer should be made of is answered like any other wrong one."""
    assert send(text_version=version).status_code == 409


@pytest.mark.parametrize(
    "name",
    [
        "\u3164",
        "\uffa0",
        "\u115f\u1160",
        "Jean\u2800",
        "Je\ufe0fan",
        "J\u034fean",
        "Z\u20dd\u20dd\u20dd\u20dd\u20dd",
    ],
)
def test_letters_that_nobody_sees_are_refused(name: str) -> None:
    """Hangul fillers are letters to Unicode, and show nothing; enclosing marks pile up as accents do."""
    assert not is_clean(name)


@pytest.mark.parametrize("name", ["葛\U000e0100城", "김철수", "Nguyễn Thị", "❤️ Zoé", "علی‌رضا"])
def test_real_names_stay(name: str) -> None:
    """Variants of ideographs, Hangul, Vietnamese, a heart and a Persian joiner are people's own."""
    assert is_clean(name)


@pytest.mark.django_db
def test_an_invisible_name_signs_nothing(send: Callable[..., Any]) -> None:
    """The form refuses it with a word beside the field."""
    assert send(name="\u3164\u3164").status_code == 422
    assert not PendingSignature.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "email", "comment", "link", "organisation"])
@pytest.mark.parametrize("text", ["a\0b", "a\u202eb", "x" * 200_000, "a\r\nBcc: you@example.org"])
def test_every_field_is_hostile(send: Callable[..., Any], field: str, text: str) -> None:
    """NUL, turned writing, much too long, an injected header: refused or harmless, never a fault."""
    answer = send(**{field: text})
    assert answer.status_code in ((303, 422) if field == "comment" else (422,))


@pytest.mark.django_db
def test_more_than_the_body_may_hold_is_refused(visitor: Client) -> None:
    """A megabyte in a field is 400, and no row."""
    assert visitor.post("/en/sign/", {"name": "x" * 2**20}).status_code == 400
    assert not PendingSignature.objects.exists()
