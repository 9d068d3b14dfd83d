"""Proof of a mandate by what only the holder of a domain can write: a record in DNS, or a file on its site."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from countermark.web.organisations import reach
from countermark.web.organisations.models import Proof

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PATH: Final = "/.well-known/countermark.txt"
PREFIX: Final = "countermark="

REASONS: Final[dict[str, StrOrPromise]] = {
    "absent": _("nothing there yet"),
    "other": _("something is there, but not the text below"),
    "no-answer": _("the domain’s name servers did not answer"),
    "no-address": _("the domain has no address"),
    "not-public": _("the domain leads to an address that is not public"),
    "certificate": _("the site’s certificate is not valid for this domain"),
    "too-slow": _("the site took too long"),
    "no-connection": _("the site could not be reached"),
    "redirected": _("the site redirects; the file must be at this very address"),
    "not-found": _("the site has no such file"),
    "too-large": _("the file is larger than 64 kB"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at a domain: the proof, or a reason of `REASONS` for each way."""

    proof: Proof | None
    dns: str = ""
    file: str = ""


def record_name(domain: str) -> str:
    """The name whose TXT record is looked at."""
    return f"_countermark.{domain}"


def file_address(domain: str) -> str:
    """The address of the file that is looked at."""
    return f"https://{domain}{PATH}"


def record_value(token: str) -> str:
    """What the TXT record says."""
    return f"{PREFIX}{token}"


def look(domain: str, token: str) -> Finding:
    """Look in DNS, then on the site. Takes up to half a minute in the worst case: never call it in a transaction."""
    in_dns = _in_dns(domain, token)
    if not in_dns:
        return Finding(Proof.DNS)
    in_file = _in_file(domain, token)
    return Finding(None, in_dns, in_file) if in_file else Finding(Proof.WELL_KNOWN)


def _in_dns(domain: str, token: str) -> str:
    try:
        found = reach.answers(record_name(domain), "TXT")
    except reach.ReachError as error:
        return error.reason
    return _verdict(found, (token, record_value(token)))


def _in_file(domain: str, token: str) -> str:
    try:
        content = reach.download(domain, PATH)
    except reach.ReachError as error:
        return error.reason
    return _verdict(content.decode("utf-8-sig", "replace").splitlines(), (token, record_value(token)))


def _verdict(lines: list[str], accepted: tuple[str, ...]) -> str:
    """Empty where a line is one of the accepted texts; otherwise the reason."""
    for line in lines:
        if any(hmac.compare_digest(line.strip().encode(), text.encode()) for text in accepted):
            return ""
    return "other" if any(line.strip() for line in lines) else "absent"
