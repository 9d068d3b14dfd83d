"""Read what was written into the signing form, and say of each field what is wrong.

This is the one place where the form's rules stand; it is on the hot path, so it builds no Django form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from countermark.web.fields.countries import COUNTRIES
from countermark.web.fields.names import has_letter, is_clean, tidy
from countermark.web.mail.addresses import is_deliverable
from countermark.web.signing.affiliations import affiliation
from countermark.web.signing.models import Display
from countermark.web.signing.trades import MOST, OTHER, TRADES, packed

if TYPE_CHECKING:
    from django.http import QueryDict

    Faults = dict[str, list[str]]

LONGEST: Final = {
    "name": 80,
    "email": 254,
    "other_trade": 60,
    "organisation": 120,
    "link": 200,
    "comment": 500,
}
DISPLAYS: Final = {str(display.value): display.value for display in Display}


@dataclass(slots=True)
class Entry:
    """What a person wrote, clean where no fault is named. `text_version` is that of the statement they read."""

    name: str = ""
    email: str = ""
    trades: str = ""
    other_trade: str = ""
    country: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""
    link: str = ""
    comment: str = ""
    display: int = 0
    publish: bool = False
    contact: bool = False
    share: bool = False
    text_version: int = 0


def read(data: QueryDict) -> tuple[Entry, Faults]:
    """The entry, and {field: what is wrong and what is accepted}; lengths are looked at before anything else."""
    faults: Faults = {}
    texts = {name: data.get(name, "") for name in LONGEST}
    for name, text in texts.items():
        if len(text) > LONGEST[name]:
            faults[name] = [_("This is too long: at most %(most)s characters.") % {"most": LONGEST[name]}]
        elif not is_clean(text, lines=name == "comment"):
            faults[name] = [
                _("This holds characters that nobody can see, such as control characters; type it anew.")
            ]
    if faults:
        return Entry(), faults
    entry = Entry(
        name=_name(texts["name"], faults),
        email=address_of(texts["email"], faults),
        comment=_paragraphs(texts["comment"]),
        link=_link(texts["link"].strip(), faults),
        text_version=_version(data.get("text_version", "")),
    )
    _read_trades(data, entry, faults)
    entry.country = data.get("country", "")
    if entry.country not in COUNTRIES:
        faults["country"] = [_("Choose a country from the list.")]
    entry.organisation_id, entry.organisation_name = affiliation(tidy(texts["organisation"]))
    _read_consents(data, entry, faults)
    return entry, faults


def _version(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _name(text: str, faults: Faults) -> str:
    name = tidy(text)
    if not name:
        faults["name"] = [_("Write the name that you sign with; a pen name is welcome.")]
    elif not has_letter(name):
        faults["name"] = [_("A name has at least one letter.")]
    return name


def address_of(text: str, faults: Faults) -> str:
    """The mail address in its normal form; its syntax alone is looked at (RFC 5321), no server is asked."""
    text = text.strip()
    if not text:
        faults["email"] = [_("Write your mail address: we send you a link to confirm.")]
        return ""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        found = None
    address = (found.ascii_email or "") if found else ""
    if not is_deliverable(address):
        faults["email"] = [
            _("This is not a mail address that we can write to; it looks like name@example.org.")
        ]
    return address


def _paragraphs(text: str) -> str:
    lines = (tidy(line) for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()


def _link(text: str, faults: Faults) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        good = (
            parts.scheme in ("http", "https")
            and "." in (parts.hostname or "")
            and "@" not in parts.netloc
            and not set(text) & set(" <>\"'`\\")
        )
    except ValueError:
        good = False
    if not good:
        faults["link"] = [_("A link begins with https:// or http:// and names a site.")]
    return text


def _read_trades(data: QueryDict, entry: Entry, faults: Faults) -> None:
    chosen = set(data.getlist("trades"))
    entry.other_trade = tidy(data.get("other_trade", ""))
    if entry.other_trade:
        chosen.add(OTHER)
    if not chosen or len(chosen) > MOST or not chosen <= TRADES.keys():
        faults["trades"] = [_("Choose from one to %(most)s trades.") % {"most": MOST}]
        return
    if OTHER in chosen and not has_letter(entry.other_trade):
        faults["other_trade"] = [_("Say in words what your other trade is.")]
    entry.trades = packed(chosen)


def _read_consents(data: QueryDict, entry: Entry, faults: Faults) -> None:
    entry.display = DISPLAYS.get(data.get("display", ""), 0)
    entry.publish, entry.contact, entry.share = (
        name in data and data.get(name) != "" for name in ("publish", "contact", "share")
    )
    faults.update(consent_faults(entry.display, publish=entry.publish))
    if entry.share and not entry.organisation_name:
        faults["share"] = [_("Name your organisation above, or leave this box empty.")]


def consent_faults(display: int, *, publish: bool) -> Faults:
    """What is wrong between what is to be shown and the consent to publish it."""
    if not display:
        return {"display": [_("Choose what the public may see of your signature.")]}
    if display != Display.UNNAMED and not publish:
        return {
            "publish": [
                _(
                    "To show your name we need your consent to publish it. Tick this box, or choose to show no name."
                )
            ]
        }
    return {}
