"""Domains: spelling, look-alikes, and who speaks for them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from countermark.web.organisations.domains import normalised, shown, speaks_for


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("example.org", "example.org"),
        (" HTTPS://www.Example.ORG/contact?x=1 ", "example.org"),
        ("example.org.", "example.org"),
        ("musée.example.org", "xn--muse-dpa.example.org"),
        ("ada@guild.example.org", "guild.example.org"),
        ("example.org:8443", "example.org"),
        ("www.fr", "www.fr"),
    ],
)
def test_one_spelling(written: str, domain: str) -> None:
    """What people paste becomes the name in DNS."""
    assert normalised(written) == domain


@pytest.mark.parametrize(
    "written",
    [
        "",
        "example",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "10.0.0.1:80",
        "2130706433",
        "a..b",
        "-a.org",
        "x.local",
        "printer.internal",
        "exa mple",
        "example.org\x00",
        "a" * 64 + ".org",
        "http://",
        "..",
        "0x7f.1",
        "co.uk",
        "asso.fr",
        "wordpress.com",
        "foo.arpa",
        "_dmarc.example.org",
        "ex\u202eample.org",
        "a." * 127 + "org",
    ],
)
def test_what_is_no_organisations_domain(written: str) -> None:
    """Addresses, names that are not public, and domains that many share are refused."""
    with pytest.raises(ValidationError):
        normalised(written)


def test_look_alikes_show_their_spelling_in_dns() -> None:
    """A Cyrillic letter in a domain is seen."""
    assert shown(normalised("ex\u0430mple.org")) == "ex\u0430mple.org (xn--exmple-4nf.org)"
    assert shown("example.org") == "example.org"
    assert shown("xn--\u00ff.org") == "xn--\u00ff.org"


@pytest.mark.parametrize(
    ("email", "domain", "speaks"),
    [
        ("ada@example.org", "example.org", True),
        ("ada@press.example.org", "example.org", True),
        ("ADA@EXAMPLE.ORG", "example.org", True),
        ("ada@example.org", "press.example.org", False),
        ("ada@notexample.org", "example.org", False),
        ("ada@example.org.evil.net", "example.org", False),
        ("ada@gmail.com", "gmail.com", False),
        ("ada@gmail.com", "example.org", False),
        ("ada@orange.fr", "orange.fr", False),
        ("ada@evil.asso.fr", "asso.fr", False),
        ("ada@mailinator.com", "mailinator.com", False),
        ('"ada@example.org"@evil.net', "example.org", False),
        ("ada", "example.org", False),
    ],
)
def test_who_speaks_for_a_domain(email: str, domain: str, speaks: bool) -> None:
    """Mail on the domain or below it; never a mailbox that anybody can have."""
    assert speaks_for(email, domain) is speaks
