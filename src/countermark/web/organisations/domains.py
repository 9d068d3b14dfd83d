"""Domains: one spelling each, shown so that look-alikes are seen, and which mail addresses speak for them."""

from __future__ import annotations

import ipaddress
import re
from importlib import resources
from typing import Final

import idna
from disposable_email_domains import blocklist
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from countermark.web.abuse.emails import MAILBOXES, domain_of

LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
LONGEST: Final = 253
# names that lead nowhere on the public internet (RFC 6761, RFC 7686, RFC 8375, RFC 9476)
NOT_PUBLIC: Final = frozenset(
    ("localhost", "local", "internal", "intranet", "lan", "invalid", "onion", "arpa", "alt")
)


def _read_shared() -> frozenset[str]:
    text = resources.files(__package__).joinpath("shared_domains.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


SHARED: Final = _read_shared()  # under which anybody may have a domain of their own


def normalised(text: str) -> str:
    """A domain as it stands in DNS, from what people write: an address with path, `www.`, capitals, accents.

    Raises ValidationError saying what is accepted.
    """
    host = SCHEME.sub("", text.strip())
    host = re.split(r"[/?#\\\s]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].strip(".")
    try:
        domain = idna.encode(host.lower(), uts46=True).decode("ascii") if host else ""
    except (idna.IDNAError, UnicodeError):
        domain = ""
    domain = domain.removeprefix("www.") if domain.count(".") > 1 else domain
    if not _is_public_name(domain):
        raise ValidationError(_("Write the organisation’s domain alone, such as example.org."), code="domain")
    if domain in SHARED:
        raise ValidationError(
            _("Many organisations share this domain. Write the one that is yours alone."), code="shared"
        )
    return domain


def _is_public_name(domain: str) -> bool:
    labels = domain.split(".")
    if not 0 < len(domain) <= LONGEST or len(labels) < 2 or not all(map(LABEL.fullmatch, labels)):
        return False
    return labels[-1] not in NOT_PUBLIC and not labels[-1].isdigit() and not _is_address(domain)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def shown(domain: str) -> str:
    """A domain for readers: `musée.fr (xn--muse-dpa.fr)`; as it is where it is plain ASCII."""
    if "xn--" not in domain:
        return domain
    try:
        return f"{idna.decode(domain)} ({domain})"
    except (idna.IDNAError, UnicodeError):
        return domain


def anybody_has_mail_on(domain: str) -> bool:
    """Whether a mailbox on `domain` says nothing about who holds the domain: mail providers, throw-away addresses."""
    return domain in MAILBOXES or domain in blocklist or domain in SHARED


def speaks_for(email: str, domain: str) -> bool:
    """Whether whoever reads mail at `email` has a place in the organisation that holds `domain`.

    The address is on the domain or below it; providers of mailboxes for everybody are refused on both sides.
    """
    of_mail = domain_of(email)
    if not of_mail or anybody_has_mail_on(domain) or anybody_has_mail_on(of_mail):
        return False
    return of_mail == domain or of_mail.endswith(f".{domain}")
