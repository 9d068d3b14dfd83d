"""What MARC 21 and UNIMARC have in common: identifiers checked, people, dates, and what is left out of a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.works.entry import Source
from countermark.works.identifiers import IdentifierError, labelled_scheme, parse_identifier
from countermark.works.importers.base import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.identifiers import Identifier
    from countermark.works.importers.marc_records import Field, MarcRecord

YEAR: Final = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
OF_PARTIES: Final = frozenset({"isni", "orcid"})

_LIVED: Final = re.compile(r"(?i)(?:(?:ca\.?|approximately|vers)\s*)?(?:[\d.?]{3,4}\??)?\s*-\s*(\d{4})")
_WITH_BINDING: Final = frozenset({"isbn", "issn", "ismn", "ean", "upc", "gtin"})
_LABEL: Final = re.compile(r"\((isni|orcid)\)\s*", re.IGNORECASE)


class Reading:
    """One record being read, and what was refused on the way."""

    def __init__(self, file: str, record: MarcRecord) -> None:
        self.record = record
        self.source = Source(file, record.line, record.control("001").strip() or str(record.number))
        self.refusals: list[Refusal] = []

    def refuse(self, where: str, reason: str, detail: str) -> None:
        """Note something that is left out."""
        self.refusals.append(refused(self.source, where, reason, detail))

    def identifier(self, place: str, scheme: str, text: str) -> Iterator[Identifier]:
        """The identifier that `text` writes; a printed one may carry binding and price: `2070360024 (br.) : 20 EUR`."""
        number = re.split(r"\s*[(:;]", text)[0] if scheme in _WITH_BINDING else text
        try:
            yield parse_identifier(scheme, number)
        except IdentifierError as error:
            self.refuse(place, "identifier", str(error))

    def party_number(
        self, field: Field, code: str, text: str, *, unlabelled: str = ""
    ) -> Iterator[Identifier]:
        """The ISNI or ORCID that `text` writes; `unlabelled` is the scheme of what does not say what it is."""
        written = _LABEL.sub(r"\1:", text, count=1)
        if re.match(r"https?://(?:www\.)?isni\.org/", written, re.IGNORECASE):
            scheme = "isni"
        else:
            scheme = labelled_scheme(written) or unlabelled
        if scheme in OF_PARTIES:
            yield from self.identifier(f"{field.tag} ${code}", scheme, written)


def died_in(dates: str) -> int | None:
    """The year of death in `1900-1950`; None where it is not plainly one: years of activity, eras, open dates."""
    found = _LIVED.fullmatch(dates.strip(" .,;()[]"))
    return int(found[1]) if found else None
