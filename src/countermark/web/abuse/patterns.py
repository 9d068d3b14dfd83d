"""What an entry of the lists may be: its one spelling, or why it cannot be read."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from countermark.web.abuse.emails import ascii_domain

DOMAIN: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*")
LONGEST: Final = 254


def tidy_pattern(kind: str, pattern: str) -> str:
    """The pattern as it is kept; raises ValidationError saying what is accepted."""
    pattern = pattern.strip()[:LONGEST]
    return {"network": _network, "email": _email}.get(kind, _domain)(pattern)


def _network(pattern: str) -> str:
    try:
        return str(ipaddress.ip_network(pattern, strict=False))
    except ValueError:
        raise ValidationError(
            _("This pattern is not a network: accepted are 192.0.2.0/24, 2001:db8::/32 or one address.")
        ) from None


def _email(pattern: str) -> str:
    local, at, domain = pattern.rpartition("@")
    if not (local and at and DOMAIN.fullmatch(ascii_domain(domain))):
        raise ValidationError(_("This pattern is not a mail address: accepted is somebody@example.org."))
    return f"{local}@{ascii_domain(domain)}"


def _domain(pattern: str) -> str:
    stars = next((stars for stars in ("**.", "*.") if pattern.startswith(stars)), "")
    domain = ascii_domain(pattern[len(stars) :])
    if not DOMAIN.fullmatch(domain):
        raise ValidationError(
            _("This pattern is not a domain: accepted are example.org, *.example.org and **.example.org.")
        )
    return stars + domain
