"""The lists say what they say, the narrower before the wider."""

from __future__ import annotations

import ipaddress

import pytest
from django.core.exceptions import ValidationError

from countermark.web.abuse import lists
from countermark.web.abuse.models import ListEntry

NOWHERE = ipaddress.ip_address("192.0.2.77")


def _listed(*rows: tuple[str, str, str]) -> None:
    for kind, pattern, verdict in rows:
        entry = ListEntry(kind=kind, pattern=pattern, verdict=verdict)
        entry.full_clean()
        entry.save()


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("a@evil.example", "block"),
        ("a@x.evil.example", None),
        ("a@one.example", None),
        ("a@x.one.example", "hold"),
        ("a@y.x.one.example", None),
        ("a@any.example", None),
        ("a@x.any.example", "block"),
        ("a@z.y.x.any.example", "block"),
        ("a@good.any.example", "allow"),
        ("a@notany.example", None),
        ("A@EVIL.example.", "block"),
        ("friend@evil.example", "allow"),
        ("b.ad+7@googlemail.com", "block"),
        ("bad@gmx.de", None),
        ("a@xn--uvre-f4a.fr", "hold"),
    ],
)
@pytest.mark.usefixtures("db")
def test_domains_and_addresses(email: str, expected: str | None) -> None:
    """Globs, exact domains and canonical addresses, the narrowest first."""
    _listed(
        ("domain", "evil.example", "block"),
        ("domain", "*.one.example", "hold"),
        ("domain", "**.any.example", "block"),
        ("domain", "good.any.example", "allow"),
        ("domain", "œuvre.fr", "hold"),
        ("email", "friend@evil.example", "allow"),
        ("email", "bad@gmail.com", "block"),
    )
    assert lists.verdict(email, NOWHERE) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", "block"),
        ("10.1.9.9", "allow"),
        ("10.1.9.10", "hold"),
        ("11.0.0.1", None),
        ("2001:db8:5::1", "hold"),
        ("2001:db9::1", None),
    ],
)
@pytest.mark.usefixtures("db")
def test_networks(address: str, expected: str | None) -> None:
    """CIDR of both versions, the longest prefix first."""
    _listed(
        ("network", "10.0.0.0/8", "block"),
        ("network", "10.1.9.0/24", "hold"),
        ("network", "10.1.9.9", "allow"),
        ("network", "2001:db8::/32", "hold"),
    )
    assert lists.verdict("a@example.org", ipaddress.ip_address(address)) == expected


@pytest.mark.usefixtures("db")
def test_a_disposable_mailbox_is_held_unless_an_entry_says_otherwise() -> None:
    """Held, never refused; and a moderator may allow the domain."""
    assert lists.verdict("a@mailinator.com", NOWHERE) == "hold"
    assert lists.verdict("a@sub.mailinator.com", NOWHERE) == "hold"
    _listed(("domain", "mailinator.com", "allow"))
    assert lists.verdict("a@mailinator.com", NOWHERE) == "allow"


@pytest.mark.usefixtures("db")
def test_a_change_is_seen_at_once_in_this_process() -> None:
    """Saving and deleting an entry forgets what was remembered."""
    assert lists.verdict("a@b.example", NOWHERE) is None
    entry = ListEntry.objects.create(kind="domain", pattern="b.example", verdict="block")
    assert lists.verdict("a@b.example", NOWHERE) == "block"
    entry.delete()
    assert lists.verdict("a@b.example", NOWHERE) is None


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("network", "10.0.0.0/99"),
        ("network", "example.org"),
        ("domain", "ex*mple.org"),
        ("domain", "*.*.example.org"),
        ("domain", "a b.example"),
        ("domain", "someone@example.org"),
        ("domain", "**."),
        ("email", "example.org"),
    ],
)
@pytest.mark.usefixtures("db")
def test_a_pattern_that_means_nothing_is_refused(kind: str, pattern: str) -> None:
    """The form says which patterns are accepted; and one in the database does no harm."""
    with pytest.raises(ValidationError, match="pattern"):
        ListEntry(kind=kind, pattern=pattern, verdict="block").full_clean()
    ListEntry.objects.create(kind=kind, pattern=pattern, verdict="block")
    assert lists.verdict("a@example.com", NOWHERE) is None


def test_ten_thousand_entries_cost_a_few_look_ups() -> None:
    """The matcher does not walk through the entries."""
    matcher = lists.compiled(("domain", f"**.d{number}.example", "block") for number in range(10_000))
    assert matcher.of_domain("x.y.d9999.example") == "block"
    assert matcher.of_domain("x.y.d10000.example") is None
