"""Notable names: held for review before they are listed, unless the mail address proves their bearer."""

from __future__ import annotations

from typing import Final

from countermark.web.abuse.emails import domain_of
from countermark.web.abuse.memory import Remembered
from countermark.web.moderation.models import NotableName
from countermark.web.moderation.names import skeleton

REASON: Final = "notable-name"

_domains: Final = Remembered(lambda: dict(NotableName.objects.values_list("folded", "domain")))


def check(name: str, email: str) -> str:
    """`notable-name` where a person must look first, or "".

    A confirmed mail address on the domain that is known of the bearer is proof enough.
    """
    names = _domains()
    if not names:
        return ""
    domain = names.get(skeleton(name))
    if domain is None or proves(email, domain):
        return ""
    return REASON


def proves(email: str, domain: str) -> bool:
    """Whether a mail address is on the domain or below it."""
    own = domain_of(email)
    return bool(domain) and (own == domain or own.endswith(f".{domain}"))


def forget() -> None:
    """Read the names again."""
    _domains.forget()


def notable(name: str) -> NotableName | None:
    """The notable name that a signature bears."""
    return NotableName.objects.filter(folded=skeleton(name)).first()
