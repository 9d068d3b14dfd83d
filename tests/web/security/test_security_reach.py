"""Domains that strangers write: none leads inside, and slow ones hold few threads."""

from __future__ import annotations

import ipaddress

import pytest
from django.utils import timezone

from countermark.web.config.tokens import new_uid
from countermark.web.organisations import actions, proofs, reach
from countermark.web.organisations.models import Organisation

INSIDE = [
    "0.0.0.0",  # noqa: S104 - only looked at
    *("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "224.0.0.1", "192.0.2.1", "::1"),
    *("::ffff:127.0.0.1", "::127.0.0.1", "fe80::1", "fec0::1", "fd00::1", "2002:7f00:1::", "64:ff9b::7f00:1"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_not_public(address: str) -> None:
    """Loopback, private, link-local, site-local, the cloud's metadata, and IPv4 hidden in IPv6."""
    assert not reach.is_public(ipaddress.ip_address(address))


@pytest.mark.django_db
def test_few_looks_at_a_time(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fifth at one moment is put off, without looking."""
    row = Organisation.objects.create(
        uid=new_uid(), slug="x", name="Guild", kind="guild", domain="guild.example.org", country="FR",
        email="a@guild.example.org", language="en", text_version=1, created_at=timezone.now(),
    )  # fmt: skip
    looked: list[str] = []

    def look(domain: str, _token: str) -> proofs.Finding:
        looked.append(domain)
        return proofs.Finding(None, "absent", "absent")

    monkeypatch.setattr(proofs, "look", look)
    held = [actions._LOOKS.acquire(blocking=False) for _ in range(4)]
    assert held == [True] * 4
    try:
        assert not actions.check_domain(row)
    finally:
        for _ in held:
            actions._LOOKS.release()
    row.refresh_from_db()
    assert (looked, row.outcome) == ([], "no-answer,too-slow")
