"""Taking an address apart, and which IP addresses may be asked."""

from __future__ import annotations

import pytest

from countermark.captures.served_address import kind_of, names_loopback, parse_address
from countermark.errors import InputError


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("https://example.org:443/a#b", "https://example.org/a"),
        ("http://example.org:8080/a?b=c d".replace(" ", "%20"), "http://example.org:8080/a?b=c%20d"),
        ("https://bücher.example/œuvre", "https://xn--bcher-kva.example/%C5%93uvre"),
        ("http://[2001:DB8::1]:81/", "http://[2001:db8::1]:81/"),
        ("https://example.org/a%2Fb/../c", "https://example.org/a%2Fb/../c"),
    ],
)
def test_one_spelling(url: str, spelled: str) -> None:
    """An address has one spelling; its path is left as it was written."""
    assert parse_address(url).url == spelled
    assert parse_address(spelled).url == spelled


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://exa mple.org/",
        "https://example.org/a\r\nX-Injected: 1",
        "https://example.org\\@other.example/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://a..b/",
        "https://example.org/" + "a" * 9000,
    ],
)
def test_what_is_no_address(url: str) -> None:
    """Each is refused with one message, and nothing is sent."""
    with pytest.raises(InputError):
        parse_address(url)


@pytest.mark.parametrize(
    ("ip", "kind"),
    [
        ("93.184.216.34", "public"),
        ("2606:2800:220:1:248:1893:25c8:1946", "public"),
        ("127.0.0.1", "loopback"),
        ("127.8.9.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::127.0.0.1", "loopback"),
        ("10.1.2.3", "local"),
        ("172.16.0.1", "local"),
        ("192.168.1.1", "local"),
        ("169.254.169.254", "local"),
        ("100.64.0.1", "local"),
        ("0.0.0.0", "local"),  # noqa: S104  an address to refuse, not to listen on
        ("224.0.0.1", "local"),
        ("255.255.255.255", "local"),
        ("::", "local"),
        ("fe80::1%eth0", "local"),
        ("fd00::1", "local"),
        ("fec0::1", "local"),
        ("ff02::1", "local"),
        ("::ffff:169.254.169.254", "local"),
        ("2002:a00:1::1", "local"),
        ("64:ff9b::a9fe:a9fe", "local"),
        ("192.0.0.192", "local"),  # RFC 6890; not in the tables of every Python
        ("192.0.2.1", "local"),
        ("192.88.99.1", "local"),
        ("198.18.0.1", "local"),
        ("198.51.100.1", "local"),
        ("203.0.113.1", "local"),
        ("240.0.0.1", "local"),
        ("64:ff9b:1::1", "local"),
        ("64:ff9b::c000:c0", "local"),
        ("::ffff:192.0.0.192", "local"),
        ("2002:c000:c0::1", "local"),
        ("100::1", "local"),
        ("2001:2::1", "local"),
        ("2001:db8::1", "local"),
        ("3fff::1", "local"),
        ("5f00::1", "local"),
    ],
)
def test_kinds_of_ip_addresses(ip: str, kind: str) -> None:
    """IPv4 within IPv6 is judged as IPv4."""
    assert kind_of(ip) == kind


def test_loopback_by_name() -> None:
    """Only what says so in so many words; a name that leads there does not."""
    assert all(map(names_loopback, ("localhost", "www.localhost", "127.0.0.1", "::1")))
    assert not any(map(names_loopback, ("example.org", "localhost.example.org", "10.0.0.1", "2130706433")))


def test_what_is_told_of_a_long_address_is_printable() -> None:
    """A site's redirect may hold anything."""
    with pytest.raises(InputError) as refused:
        parse_address("https://example.org/\x1b[2J" + "a" * 9000)
    assert str(refused.value).isprintable()
