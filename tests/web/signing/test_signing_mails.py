"""The mails of this room: links, words, and nothing that a form could smuggle into them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from countermark.web import signing

CONTEXT = {
    "token": "T" * 43,
    "mine": "M" * 43,
    "name": "Anaïs <b> & Cie",
    "number": 12345,
    "state": "confirmed",
    "title": "L’œuvre & la “licence”",
    "version": 3,
    "sha256": "a" * 64,
    "domain": "anais.example",
    "code": "countermark-abc",
}
LINKS = {
    "confirm": {"confirm/T", "withdraw/M"},
    "already": {"mine/M", "withdraw/M"},
    "held": {"mine/M", "withdraw/M"},
    "signed": {"mine/M", "withdraw/M"},
    "withdrawn": {"sign/"},
    "member_link": {"mine/M", "withdraw/M"},
    "ask_proof": {"mine/T", "withdraw/T"},
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", sorted(LINKS))
def test_every_mail_has_its_links_in_its_language(kind: str, language: str) -> None:
    """A subject of one line, whole links of this site, no HTML and no unescaped template."""
    from countermark.web.mail.letters import words_of

    subject, body = words_of(kind, language, CONTEXT)
    assert subject
    assert "\n" not in subject
    found = re.findall(r"http://\S+", body)
    assert all(link.startswith(f"http://127.0.0.1:8000/{language}/") for link in found)
    assert all(any(f"/{language}/{part}" in link for link in found) for part in LINKS[kind])
    for odd in ("&amp;", "&lt;", "&#x27;", "{{", "{%", "None", "\n\n\n"):
        assert odd not in subject + body


def test_every_mail_to_a_signatory_is_looked_at_here() -> None:
    """A kind that is added stands in the list above: each mail leads to the withdrawal."""
    rooms = Path(signing.__file__).parents[1]
    found = {path.stem for path in rooms.glob("*/templates/mail/*.txt")}
    others = {"plain", "foot", *(kind for kind in found if kind.startswith("organisation_"))}
    assert found - others == set(LINKS)


def test_a_mail_to_a_stranger_carries_no_words_of_the_sender() -> None:
    """The first mail goes to an address that somebody typed: neither name nor comment can advertise in it."""
    from countermark.web.mail.letters import words_of

    subject, body = words_of("confirm", "fr", CONTEXT)
    assert "Anaïs" not in subject + body


@pytest.mark.parametrize(
    ("number", "state", "words"),
    [(7, "confirmed", "is 7."), (None, "held", "person will look"), (None, "confirmed", "being entered")],
)
def test_who_signed_already_reads_how_it_stands(number: int | None, state: str, words: str) -> None:
    """The number, or that it is looked at, or that it is on its way."""
    from countermark.web.mail.letters import words_of

    assert words in words_of("already", "en", {**CONTEXT, "number": number, "state": state})[1]


def test_the_mail_of_the_number_names_text_and_digest() -> None:
    """What was signed can be compared later: title, version and SHA-256 stand in the mail."""
    from countermark.web.mail.letters import words_of

    subject, body = words_of("signed", "en", CONTEXT)
    assert "12345" in subject
    assert all(str(CONTEXT[part]) in body for part in ("title", "version", "sha256", "number"))
    assert "proof.json" in body


def test_message_ids_are_stable_and_tell_no_count(settings: Any) -> None:
    """The same row has the same identifier; neighbours have nothing in common."""
    from countermark.web.mail.letters import message_id

    assert message_id(41) == message_id(41) != message_id(42)
