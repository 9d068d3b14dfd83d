"""One mailbox has one canonical address, and two people never share one."""

from __future__ import annotations

import pytest

from countermark.web.abuse.emails import MAILBOXES, PROVIDERS, canonical, domain_of, email_key, masked


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("Ana.Diaz@Example.ORG", "ana.diaz@example.org"),
        (" ana@example.org ", "ana@example.org"),
        ("ana+news@example.org", "ana+news@example.org"),
        ("A.na+news@googlemail.com", "ana@gmail.com"),
        ("a.n.a@gmail.com.", "ana@gmail.com"),
        ("...@gmail.com", "...@gmail.com"),
        ("+tag@gmail.com", "+tag@gmail.com"),
        ("ana+x@me.com", "ana@icloud.com"),
        ("a.na@icloud.com", "a.na@icloud.com"),
        ("a_n-a.d+x@pm.me", "anad@proton.me"),
        ("ana+x@hotmail.com", "ana@hotmail.com"),
        ("ana+x@yahoo.com", "ana+x@yahoo.com"),
        ("a.na@orange.fr", "a.na@orange.fr"),
        ("ana@ŒUVRE.fr", "ana@xn--uvre-f4a.fr"),
        ("ana@xn--uvre-f4a.fr", "ana@xn--uvre-f4a.fr"),
        ("E\u0301lo@example.org", "élo@example.org"),
        ("\u00c9lo@example.org", "élo@example.org"),
    ],
)
def test_each_mailbox_has_one_spelling(email: str, expected: str) -> None:
    """Dots, tags, aliases and IDN count only as their provider documents them."""
    assert canonical(email) == expected
    assert canonical(canonical(email)) == canonical(email)


def test_the_table_of_providers_is_sound() -> None:
    """Every alias leads to a provider that leads to itself, and all names are in lower case."""
    for name, provider in PROVIDERS.items():
        assert name == name.lower()
        assert PROVIDERS[provider.domain] is provider
        assert name in MAILBOXES


@pytest.mark.parametrize(
    "email", ["", "@", "ana", "ana@", "@x", "a@b@c", "a@\ud800", "a\ud800@b", "a@" + "x" * 5000, "a@xn--\x00"]
)
def test_nonsense_has_a_key_all_the_same(email: str) -> None:
    """No input makes an error: the form has refused it, or will."""
    assert len(email_key(email)) == 32
    assert isinstance(domain_of(email), str)


def test_the_key_is_that_of_the_mailbox() -> None:
    """Spellings share a key; mailboxes do not."""
    assert email_key("a.na@gmail.com") == email_key("ANA+1@googlemail.com")
    assert email_key("ana@gmail.com") != email_key("ana@gmx.de")


def test_a_masked_address_shows_no_more_than_its_first_letter() -> None:
    """A moderator sees where a mail comes from, not whose it is."""
    assert masked("ana.diaz@example.org") == "a***@example.org"
    assert masked("") == ""
