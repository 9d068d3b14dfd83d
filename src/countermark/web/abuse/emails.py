"""Mail addresses: one canonical spelling for each mailbox, and a key that stands for it in the database.

The providers whose addresses have several spellings are data: `providers.toml`.
"""

from __future__ import annotations

import hmac
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final

import idna
from django.conf import settings

from countermark.web.config.keys import derive


@dataclass(frozen=True, slots=True)
class Provider:
    """How a provider reads the part before the @."""

    domain: str
    ignored: dict[int, None]
    tag: str


def _read_providers() -> tuple[dict[str, Provider], frozenset[str]]:
    content = tomllib.loads(resources.files(__package__).joinpath("providers.toml").read_text("utf-8"))
    providers: dict[str, Provider] = {}
    for domain, row in content["provider"].items():
        provider = Provider(domain, dict.fromkeys(map(ord, row.get("ignored", ""))), row.get("tag", ""))
        for name in (domain, *row.get("aliases", ())):
            providers[name] = provider
    return providers, frozenset(providers) | frozenset(content["mailboxes"]["domains"])


_CONTENT: Final = _read_providers()
PROVIDERS: Final = _CONTENT[0]  # {domain or alias: Provider}
MAILBOXES: Final = _CONTENT[1]  # domains on which anybody may have a mailbox


def ascii_domain(domain: str) -> str:
    """A domain in lower case, as it stands in DNS (`œuvre.fr` is `xn--uvre-f4a.fr`; RFC 5891, UTS 46).

    A name that cannot be encoded comes back in lower case: it will not receive mail, but it still has one spelling.
    """
    domain = domain.strip().rstrip(".").lower()
    return domain if domain.isascii() else _encoded(domain)


@lru_cache(maxsize=1024)
def _encoded(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return unicodedata.normalize("NFKC", domain).lower()


def domain_of(email: str) -> str:
    """The domain of an address, as in `ascii_domain`; empty where there is none."""
    return ascii_domain(email.rpartition("@")[2]) if "@" in email else ""


def canonical(email: str) -> str:
    """One spelling for all the addresses that reach one mailbox, as far as its provider documents them.

    Capitals never matter: RFC 5321 would let them, no provider in use does. A name that only consists of a tag or
    of ignored characters is kept as it is.
    """
    local, _, domain = email.strip().rpartition("@")
    domain = ascii_domain(domain)
    local = local.lower() if local.isascii() else unicodedata.normalize("NFC", local).lower()
    provider = PROVIDERS.get(domain)
    if provider is None:
        return f"{local}@{domain}"
    bare = local.partition(provider.tag)[0] if provider.tag else local
    return f"{bare.translate(provider.ignored) or local}@{provider.domain}"


def email_key(email: str) -> bytes:
    """32 bytes that stand for the mailbox; without the site's root key they cannot be traced to an address."""
    return hmac.digest(_key(settings.ROOT_KEY), canonical(email).encode("utf-8", "surrogatepass"), "sha256")


@cache
def _key(root: bytes) -> bytes:
    return derive(root, "email")


def masked(email: str) -> str:
    """What a moderator sees of an address: its first letter and its domain (`a***@example.org`)."""
    local, at, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}" if at else ""
