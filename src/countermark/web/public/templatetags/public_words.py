"""Filters: numbers, names of codes, and the words for what stands on the roll, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from countermark.web.fields.countries import country_name
from countermark.web.moderation.models import Reason
from countermark.web.organisations.models import Kind, Proof
from countermark.web.signing.trades import trade_name, unpacked

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()

GRADES: Final[dict[str, tuple[str, StrOrPromise]]] = {
    "identical": ("●", _("identical: a passage stands there unchanged")),
    "copy": ("◕", _("copy: a passage stands there with small changes")),
    "identifier": ("◑", _("identifier: a number or address of the work stands there")),
    "name": ("○", _("name: only the title or the author stands there")),
    "shared": ("◌", _("shared element: a part that many pictures share stands there; not counted as found")),
}
PICTURE_GRADES: Final[dict[str, StrOrPromise]] = {
    "identical": _("identical: the same picture stands there, as a whole"),
    "copy": _("copy: the picture, or a part of it, stands there"),
}


def _language() -> str:
    return get_language() or "en"


@register.filter
def grouped(number: object) -> str:
    """A whole number in groups of three: narrow no-break spaces in French, commas in English."""
    try:
        text = f"{int(str(number)):,}"
    except ValueError:
        return ""
    return text.replace(",", "\u202f") if _language() == "fr" else text


@register.filter
def trade(code: str) -> str:
    """The name of a trade."""
    return trade_name(code, _language())


@register.filter
def trades(column: str) -> str:
    """The names of the trades of a row, between commas."""
    names = [trade_name(code, _language()) for code in unpacked(column)]
    return " · ".join(names)


@register.filter
def country(code: str) -> str:
    """The name of a country."""
    return country_name(code, _language())


@register.filter
def kind_name(code: str) -> StrOrPromise:
    """What an organisation is."""
    return Kind(code).label if code in Kind.values else code


@register.filter
def proof_name(code: str) -> StrOrPromise:
    """How an organisation's mandate was shown."""
    return Proof(code).label if code in Proof.values else code


@register.filter
def reason(code: str) -> StrOrPromise:
    """Why entries were invalidated."""
    return Reason(code).label if code in Reason.values else code or Reason.OTHER.label


@register.filter
def grade_name(code: str) -> StrOrPromise:
    """What a grade of findings says."""
    return GRADES[code][1] if code in GRADES else code


@register.filter
def picture_grade_name(code: str) -> StrOrPromise:
    """What a grade of findings says of pictures."""
    return PICTURE_GRADES[code] if code in PICTURE_GRADES else grade_name(code)


@register.filter
def grade_sign(code: str) -> str:
    """The shape of a grade."""
    return GRADES[code][0] if code in GRADES else ""
