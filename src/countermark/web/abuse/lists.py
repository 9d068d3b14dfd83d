"""The lists: what is done with signatures from a mail address, a domain or a network.

An entry for the address itself decides before one for its domain, and one for the domain before one for the network;
among domains and networks the narrower decides before the wider. `*.example.org` is one label more than example.org,
`**.example.org` one or more; neither is example.org itself.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, cast

from disposable_email_domains import blocklist
from django.core.exceptions import ValidationError

from countermark.web.abuse.emails import canonical, domain_of
from countermark.web.abuse.memory import Remembered
from countermark.web.abuse.models import ListEntry
from countermark.web.abuse.patterns import tidy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.web.abuse.address import Address

Verdict = Literal["allow", "hold", "block"]
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Matcher:
    """The entries, arranged so that a question costs a few look-ups however many entries there are."""

    emails: dict[str, Verdict] = field(default_factory=dict)
    domains: dict[str, Verdict] = field(default_factory=dict)
    one_label: dict[str, Verdict] = field(default_factory=dict)
    any_label: dict[str, Verdict] = field(default_factory=dict)
    networks: dict[tuple[int, int], dict[int, Verdict]] = field(default_factory=dict)
    prefixes: tuple[tuple[int, int], ...] = ()

    def add(self, kind: str, pattern: str, verdict: Verdict) -> None:
        """Take an entry in; raises ValidationError where its pattern cannot be read."""
        pattern = tidy_pattern(kind, pattern)
        if kind == ListEntry.Kind.EMAIL:
            self.emails[canonical(pattern)] = verdict
        elif kind == ListEntry.Kind.NETWORK:
            network = ipaddress.ip_network(pattern)
            width = network.max_prefixlen - network.prefixlen
            same = self.networks.setdefault((network.version, width), {})
            same[int(network.network_address) >> width] = verdict
            self.prefixes = tuple(sorted(self.networks))  # few bits left open first: narrow before wide
        else:
            labels, table = self._table_of(pattern)
            table[labels] = verdict

    def _table_of(self, pattern: str) -> tuple[str, dict[str, Verdict]]:
        if pattern.startswith("**."):
            return pattern[3:], self.any_label
        if pattern.startswith("*."):
            return pattern[2:], self.one_label
        return pattern, self.domains

    def of_domain(self, domain: str) -> Verdict | None:
        """What the narrowest entry for a domain says."""
        found = self.domains.get(domain)
        if found or not (self.one_label or self.any_label):
            return found
        rest = domain.partition(".")[2]
        found = self.one_label.get(rest)
        while found is None and rest:
            found = self.any_label.get(rest)
            rest = rest.partition(".")[2]
        return found

    def of_network(self, address: Address) -> Verdict | None:
        """What the narrowest entry for an address says."""
        number = int(address)
        for version, width in self.prefixes:
            if version == address.version:
                found = self.networks[version, width].get(number >> width)
                if found:
                    return found
        return None


def compiled(entries: Iterable[tuple[str, str, str]]) -> Matcher:
    """The matcher of (kind, pattern, verdict); an entry that cannot be read is left out and logged."""
    matcher = Matcher()
    for kind, pattern, verdict in entries:
        try:
            matcher.add(kind, pattern, cast("Verdict", verdict))
        except ValidationError:
            logger.warning("a list entry cannot be read and is not applied", extra={"kind": kind})
    return matcher


_matcher: Final = Remembered(
    lambda: compiled(ListEntry.objects.values_list("kind", "pattern", "verdict").iterator())
)


def is_disposable(domain: str) -> bool:
    """Whether a domain, or one that it is part of, hands out mailboxes for minutes."""
    while "." in domain:
        if domain in blocklist:
            return True
        domain = domain.partition(".")[2]
    return False


def verdict(email: str, address: Address) -> Verdict | None:
    """What is done with a signature: "allow" (without limits), "hold", "block", or None where nothing is listed.

    Disposable mailboxes that no entry names are held, not refused.
    """
    matcher, domain = _matcher(), domain_of(email)
    found = matcher.emails.get(canonical(email)) if matcher.emails else None
    found = found or matcher.of_domain(domain) or matcher.of_network(address)
    return found or ("hold" if is_disposable(domain) else None)
