"""From addresses to domains.

Without a list of public suffixes nobody can tell `example.co.uk` from `co.uk`. So a domain here is the host without
`www.`, unless the user gives such a list (the file of publicsuffix.org): then it is the registrable domain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from countermark.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

MAX_HOST: Final = 255
_HOST: Final = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
_NUMERIC: Final = re.compile(r"[\d.]+|\[[0-9a-f:.]+\]")


def host_of(url: str) -> str:
    """The host of an address in lower case, "" where it has none that can be one."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
    if ":" in host:
        return f"[{host}]" if _is_ip(host) else ""
    return host if len(host) <= MAX_HOST and _HOST.fullmatch(host) else ""


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Suffixes:
    """A list of public suffixes: plain rules, `*.` rules without their star, and `!` exceptions."""

    plain: frozenset[str]
    wild: frozenset[str]
    exceptions: frozenset[str]

    def registrable(self, host: str) -> str:
        """The registrable domain of a host: the public suffix and one label more; the host itself where it is one."""
        labels = host.split(".")
        for start in range(len(labels)):
            name, parent = ".".join(labels[start:]), ".".join(labels[start + 1 :])
            if name in self.exceptions:
                return name
            if name in self.plain or parent in self.wild:
                return ".".join(labels[max(0, start - 1) :])
        return ".".join(labels[-2:])  # the list's own rule for what it does not name: `*`


def read_suffixes(path: Path) -> Suffixes:
    """Read a list in the form of publicsuffix.org. Raises InputError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no list of public suffixes that can be read: {error}") from error
    rules = {rule for line in lines if (rule := line.split("//")[0].strip().lower())}
    known = {form for rule in rules for form in _forms(rule)}
    if not known or any(" " in rule for rule in rules):
        raise InputError(f"{path}: no list of public suffixes; accepted is the form of publicsuffix.org")
    return Suffixes(
        frozenset(rule for rule in known if rule[:1] not in {"*", "!"}),
        frozenset(rule[2:] for rule in known if rule.startswith("*.")),
        frozenset(rule[1:] for rule in known if rule.startswith("!")),
    )


def _forms(rule: str) -> tuple[str, ...]:
    """A rule as it stands, and in the ASCII form that addresses have."""
    try:
        labels = [label.encode("idna").decode() if label.isalnum() else label for label in rule.split(".")]
    except UnicodeError:
        return (rule,)
    return (rule, ".".join(labels))


class Domains:
    """Domains of addresses; remembers the last hosts."""

    def __init__(self, suffixes: Suffixes | None = None) -> None:
        self._suffixes = suffixes
        self._of_host = lru_cache(1 << 14)(self._domain)

    def of(self, url: str) -> str:
        """The domain of an address, "" where it has no host."""
        host = host_of(url)
        return self._of_host(host) if host else ""

    def _domain(self, host: str) -> str:
        if _NUMERIC.fullmatch(host):
            return host
        host = host.removeprefix("www.") if host.count(".") > 1 else host
        return host if self._suffixes is None else self._suffixes.registrable(host)
