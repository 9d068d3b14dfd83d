"""Where a request comes from is believed only as far as our own proxies say it; keys change each day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import RequestFactory

from countermark.web.abuse import address

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


def _from(peer: str, forwarded: str = "") -> str:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return str(address.client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 198.51.100.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "<script>", str(address.UNKNOWN)),
        (1, "9" * 100_000, str(address.UNKNOWN)),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, proxies: int, forwarded: str, expected: str
) -> None:
    """What a client writes into the header itself is never taken for its address."""
    settings.TRUSTED_PROXIES = proxies
    assert _from("192.0.2.1", forwarded) == expected


def test_a_network_is_a_24_or_a_48() -> None:
    """Neighbours of one network share it."""
    import ipaddress

    assert str(address.network_of(ipaddress.ip_address("203.0.113.9"))) == "203.0.113.0/24"
    assert str(address.network_of(ipaddress.ip_address("2001:db8:1:2::3"))) == "2001:db8:1::/48"


def test_the_key_is_that_of_the_network_and_of_the_day() -> None:
    """Neighbours have one key, others another, and tomorrow all have new ones."""

    def key(peer: str) -> bytes:
        return address.address_key(RequestFactory().get("/", REMOTE_ADDR=peer))

    with time_machine.travel(datetime(2026, 11, 22, 23, 59, tzinfo=UTC), tick=False) as clock:
        today = key("203.0.113.9")
        assert len(today) == 16
        assert key("203.0.113.200") == today
        assert key("203.0.114.9") != today
        assert key("2001:db8::1") == key("2001:db8:0:9::1") != today
        clock.shift(120)
        assert key("203.0.113.9") != today
