"""What somebody typed, without saying what it is.

A text is taken for an identifier only where its form, and its check digit if there is one, leave no doubt. Not
guessed are, without their names before them: eight digits in one piece (a date, a GTIN-8, an ISSN), `1998-2003`
(years), IPI name numbers that do not begin with 00, and the eleven signs of a video.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.works.identifiers.films import VIDEO_ADDRESS
from countermark.works.identifiers.identifier import IdentifierError
from countermark.works.identifiers.parties import is_orcid
from countermark.works.identifiers.schemes import ALIASES, SCHEMES, parse_identifier
from countermark.works.identifiers.trade import ASIN_ADDRESS
from countermark.works.identifiers.typed import compact, plain

if TYPE_CHECKING:
    from countermark.works.identifiers.identifier import Identifier

_ADDRESSES: Final = (
    (
        "eidr",
        re.compile(
            r"(?:https?://)?(?:dx\.)?doi\.org/10\.5240/.*|https?://(?:ui\.)?eidr\.org/.*", re.IGNORECASE
        ),
    ),
    ("doi", re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/.*", re.IGNORECASE)),
    ("orcid", re.compile(r"(?:https?://)?(?:www\.)?orcid\.org/.*", re.IGNORECASE)),
    ("isni", re.compile(r"https?://(?:www\.)?isni\.org/.*", re.IGNORECASE)),
    ("issn", re.compile(r"https?://portal\.issn\.org/resource/ISSN/.*", re.IGNORECASE)),
    ("youtube", VIDEO_ADDRESS),
    ("asin", ASIN_ADDRESS),
    ("url", re.compile(r"https?://.*", re.IGNORECASE | re.DOTALL)),
)
_AS_TYPED: Final = (
    ("isrc", re.compile(r"(?i:[A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5})|[A-Z]{2} [A-Z0-9]{3} \d{2} \d{5}")),
    ("lei", re.compile(r"[0-9A-Za-z]{18}\d{2}")),
)
"""Forms in which spaces would make an identifier out of a sentence."""
_FORMS: Final = (
    ("eidr", re.compile(r"10\.5240/[0-9A-F]{20}.")),
    ("doi", re.compile(r"10\.[0-9]{4,9}[./].*", re.DOTALL)),
    ("isbn", re.compile(r"(?:978|979(?!0))\d{10}")),
    ("isbn", re.compile(r"\d{9}[\dX]")),
    ("ismn", re.compile(r"(?:M|9790)\d{9}")),
    ("iswc", re.compile(r"T\d{10}")),
    ("iswc", re.compile(r"T\d{3}\.\d{3}\.\d{4}")),
    ("asin", re.compile(r"B0[A-Z0-9]{8}")),
    ("isni", re.compile(r"\d{15}[\dX]")),
    ("ipi", re.compile(r"00\d{9}")),
    ("gtin", re.compile(r"\d{12,14}")),
    ("grid", re.compile(r"A1[A-Z0-9]{16}")),
    ("isan", re.compile(r"[0-9A-F]{16}[0-9A-Z]|[0-9A-F]{16}[0-9A-Z][0-9A-F]{8}[0-9A-Z]")),
)
_ISSN: Final = re.compile(r"\d{4}-\d{3}[\dXx]")
_YEARS: Final = re.compile(r"(?:1[5-9]|20)\d\d-(?:1[5-9]|20)\d\d")
_LABELLED: Final = re.compile(r"(?:(?:urn|info):)?([a-z]+)[-:/\s0-9]", re.IGNORECASE)


def guess_identifier(text: str) -> Identifier | None:
    """The identifier that somebody typed, or None where it is none, is damaged, or could be several things."""
    try:
        written = plain(text)
    except IdentifierError:
        return None
    if scheme := labelled_scheme(written) or _scheme_of(written):
        return _orcid_or_isni(_read(scheme, text))
    return None


def labelled_scheme(text: str) -> str:
    """The scheme whose name stands before the number (`ISBN 978-…`, `urn:isbn:…`, `doi:10.…`), or the empty string."""
    if not (found := _LABELLED.match(text)):
        return ""
    label = found[1].lower()
    scheme = ALIASES.get(label, label)
    return scheme if scheme in SCHEMES and SCHEMES[scheme].prefix.match(text) and scheme != "url" else ""


def _scheme_of(written: str) -> str:
    """The scheme that the form speaks for; the check digit is still to be seen."""
    for scheme, form in (*_ADDRESSES, *_AS_TYPED):
        if form.fullmatch(written):
            return scheme
    if _ISSN.fullmatch(written):
        return "" if _YEARS.fullmatch(written) else "issn"
    number = compact(written)
    return next((scheme for scheme, form in _FORMS if form.fullmatch(number)), "")


def _orcid_or_isni(found: Identifier | None) -> Identifier | None:
    """An ISNI out of a block of ORCID is an ORCID."""
    if found and found.scheme == "isni" and is_orcid(found.value):
        return parse_identifier("orcid", found.value)
    return found


def _read(scheme: str, text: str) -> Identifier | None:
    try:
        return parse_identifier(scheme, text)
    except IdentifierError:
        return None
