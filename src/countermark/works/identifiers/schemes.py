"""Every known scheme: its name for readers, what it accepts, the prefixes it is typed with, and who reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.works.identifiers import addresses, books, content, dois, films, music, parties, trade
from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.typed import plain, shown

if TYPE_CHECKING:
    from collections.abc import Callable


class Scheme(NamedTuple):
    """One scheme. `prefix` matches what may stand before the number; `read` takes plain writing without it.

    `verbatim` schemes are read as they are typed: dashes and wide letters may be their own.
    """

    label: str
    accepted: str
    prefix: re.Pattern[str]
    read: Callable[[str], Identifier]
    verbatim: bool = False


def _scheme(
    label: str, accepted: str, prefix: str, read: Callable[[str], Identifier], *, verbatim: bool = False
) -> Scheme:
    return Scheme(label, accepted, re.compile(rf"(?:{prefix})\s*", re.IGNORECASE), read, verbatim)


def _named(names: str) -> str:
    """`ISBN 12`, `isbn:12`, `urn:isbn:12`, and `ISBN12` where no number of the scheme can begin with its name."""
    return rf"(?:urn:)?(?:{names})[:\s]*"


def _parted(names: str) -> str:
    """`ISRC 12`, `isrc:12`, `urn:isrc:12`; but `ISRC12012345` is a number (of the prefix code ISRC1)."""
    return rf"(?:urn:)?(?:{names})(?::\s*|\s+)"


_LENGTHS: Final = (
    r"(?:-?(?:8|1[0234])(?=[\s:]))?"  # EAN-13, ISBN-10, never the first digits of the number itself
)
_ISBN_ACCEPTED: Final = "the 10 or 13 digits of an ISBN, with or without hyphens"
_GTIN_ACCEPTED: Final = "the 8, 12, 13 or 14 digits of a GTIN (EAN, UPC, ICPN)"

SCHEMES: Final[dict[str, Scheme]] = {
    "isbn": _scheme("ISBN", _ISBN_ACCEPTED, _named(f"isbn{_LENGTHS}"), books.read_isbn),
    "issn": _scheme(
        "ISSN",
        "8 digits as in 0317-8471",
        rf"https?://portal\.issn\.org/resource/ISSN/|{_named('e?issn(?:-l)?')}",
        books.read_issn,
    ),
    "ismn": _scheme("ISMN", "13 digits from 979-0 on, or M and 9 digits", _named("ismn"), books.read_ismn),
    "isrc": _scheme("ISRC", "12 signs as in AA-6Q7-20-00047", _parted("isrc"), music.read_isrc),
    "iswc": _scheme("ISWC", "T and 10 digits as in T-034.524.680-1", _named("iswc"), music.read_iswc),
    "grid": _scheme("GRid", "18 signs as in A1-2425G-ABC1234002-M", _named("grid"), music.read_grid),
    "isni": _scheme(
        "ISNI",
        "16 digits, the last of which may be X",
        rf"https?://(?:www\.)?isni\.org/(?:isni/)?|{_named('isni')}",
        parties.read_isni,
    ),
    "orcid": _scheme(
        "ORCID",
        "16 digits as in 0000-0002-1825-0097",
        rf"(?:https?://)?(?:www\.)?orcid\.org/|{_named('orcid(?: ?id)?')}",
        parties.read_orcid,
    ),
    "ipi": _scheme(
        "IPI name number",
        "11 digits",
        _named("ipi(?:/cae)?(?: name)?(?: number)?|cae(?:/ipi)?"),
        parties.read_ipi,
    ),
    "lei": _scheme("LEI", "20 letters and digits", _parted("lei"), parties.read_lei),
    "isan": _scheme(
        "ISAN", "16 or 24 hexadecimal digits, with check signs or without", _named("isan"), films.read_isan
    ),
    "eidr": _scheme(
        "EIDR",
        "10.5240/ and 20 hexadecimal digits with a check sign",
        rf"https?://(?:ui\.)?eidr\.org/view/content\?id=|https?://(?:dx\.)?doi\.org/|{_named('eidr|doi')}",
        films.read_eidr,
    ),
    "youtube": _scheme(
        "YouTube video", "11 signs, or the video's address", _parted("youtube"), films.read_youtube
    ),
    "doi": _scheme(
        "DOI",
        "10., digits, a slash and a suffix",
        r"(?:urn:|info:)?doi[:/\s]\s*",
        dois.read_doi,
        verbatim=True,
    ),
    "gtin": _scheme("GTIN", _GTIN_ACCEPTED, _named(f"(?:gtin|ean|upc|icpn){_LENGTHS}"), trade.read_gtin),
    "asin": _scheme("ASIN", "10 letters or digits", _parted("asin"), trade.read_asin),
    "iscc": _scheme("ISCC", "ISCC: and base32", _named("iscc"), content.read_iscc),
    "url": _scheme("address", "http:// or https:// with a host", r"", addresses.read_url, verbatim=True),
}

ALIASES: Final = {
    "cae": "ipi",
    "ean": "gtin",
    "eissn": "issn",
    "icpn": "gtin",
    "isbn-10": "isbn",
    "isbn-13": "isbn",
    "issn-l": "issn",
    "upc": "gtin",
}
"""Other names of schemes, in columns and before numbers."""

_OWN: Final = "own:"
_LONGEST_OWN: Final = 200


def parse_identifier(scheme: str, text: str) -> Identifier:
    """The identifier that `text` writes in `scheme` (a name of SCHEMES or ALIASES, in any case, or `own:ISSUER`).

    Hyphens, spaces, dashes of all kinds, full-width digits and the usual prefixes are accepted; nothing is repaired.
    The result is of `scheme` but for one case: a GTIN from 978 or 979 on is an ISBN or ISMN. Raises IdentifierError,
    whose message says what is wrong and what is accepted.
    """
    if scheme.startswith(_OWN) and len(scheme) > len(_OWN):
        return Identifier(scheme, _own(text))
    name = scheme.lower()
    known = SCHEMES.get(ALIASES.get(name, name))
    if known is None:
        raise IdentifierError(
            "scheme", f"{shown(scheme)} is no scheme; known are {', '.join(sorted(SCHEMES))}, own:ISSUER"
        )
    try:
        return known.read(_without_prefix(known, text))
    except IdentifierError as error:
        message = f"{shown(text)} is no {known.label}: {error}; accepted: {known.accepted}"
        raise IdentifierError(error.reason, message) from None


def _without_prefix(scheme: Scheme, text: str) -> str:
    written = plain(text)
    if scheme.verbatim:
        written = text.strip()
    found = scheme.prefix.match(written)
    return written[found.end() :] if found else written


def _own(text: str) -> str:
    value = " ".join(text.split())
    if not value or len(value) > _LONGEST_OWN or not value.isprintable():
        raise IdentifierError(
            "form", f"{shown(text)} is no number of an issuer: accepted are 1 to 200 printable signs"
        )
    return value
