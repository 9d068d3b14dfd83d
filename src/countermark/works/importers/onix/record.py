"""The record at hand: where it stands, who sent it, and what there is to remark on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from countermark.works.dates import parse_date
from countermark.works.identifiers import Identifier, IdentifierError, guess_identifier, parse_identifier
from countermark.works.importers.base import refused
from countermark.works.importers.onix.codes import PROPRIETARY
from countermark.works.importers.onix.fields import Names, clean, fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from countermark.media import Refusal
    from countermark.works.entry import Source
    from countermark.works.importers.onix.fields import Fields

_LONGEST_SCHEME = 100


@dataclass(slots=True)
class Record:
    """One product while it is read. `stated` is the day of the message, in which what it says was said."""

    source: Source
    names: Names
    issuer: str = ""
    stated: str = ""
    remarks: list[Refusal] = field(default_factory=list)

    def fields(self, element: etree._Element) -> Fields:
        """What stands in an element."""
        return fields_of(element, self.names)

    def remark(self, where: str, reason: str, detail: str) -> None:
        """Note what of the record could not be used as it stands; the record itself is taken."""
        self.remarks.append(refused(self.source, where, reason, detail))

    def number(self, fields: Fields, schemes: Mapping[str, str], kind: str) -> Identifier | None:
        """What an identifier composite says, `kind` its type's element; None, and a remark, where it says nothing."""
        code, value = fields.get(kind, ""), fields.get("IDValue", "")
        scheme = schemes.get(code)
        if scheme in _OF_BOOKS and (book := _book(value)):
            return book
        if not value:
            self.remark(f"{kind} {code}", "identifier", "the identifier has no <IDValue>")
            return None
        if scheme is None:
            named = fields.get("IDTypeName", "")
            if code != PROPRIETARY:
                self.remark(
                    kind,
                    "unknown-code",
                    f"{code!r} is no code that is known; {value!r} is kept under that name",
                )
                named = named or f"ONIX-{code}"
            scheme = f"own:{(named or self.issuer or 'ONIX')[:_LONGEST_SCHEME]}"
        return self.parse(scheme, value, f"{kind} {code}")

    def parse(self, scheme: str, value: str, where: str) -> Identifier | None:
        """`value` in `scheme`; None, and a remark, where it cannot be right."""
        try:
            return _parsed(scheme, value)
        except IdentifierError as error:
            self.remark(where, error.reason, str(error))
            return None

    def date(self, fields: Fields, where: str) -> str:
        """The date of a composite, written as the attribute or the element beside it says."""
        dated = fields.get("Date")
        if not dated:
            return ""
        return self.day(clean(dated[0]), dated[0].get("dateformat") or fields.get("DateFormat", ""), where)

    def day(self, said: str, style: str, where: str) -> str:
        """A date of list 55 (`style`, or by its length) as `works.dates` writes it; a remark where it is none."""
        try:
            return _dated(said, style)
        except ValueError as error:
            self.remark(where, "date", str(error))
            return ""


@lru_cache(maxsize=4096)
def _book(value: str) -> Identifier | None:
    """The ISBN that is written in its canonical form, as most are: these need no other reading (ISO 2108, annex A)."""
    if len(value) == 13 and value.startswith(_BOOKS) and value.isascii() and value.isdigit():
        digits = [*map(int, value)]
        if (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0:
            return Identifier("isbn", value)
    return None


def _parsed(scheme: str, value: str) -> Identifier:
    if scheme in _OF_BOOKS and (book := _book(value)):
        return book
    if scheme == "own:URN" and (found := guess_identifier(value)):
        return found
    return parse_identifier(scheme, value)


_OF_BOOKS = frozenset({"isbn", "gtin"})
_BOOKS = ("978", *(f"979{digit}" for digit in range(1, 10)))


@lru_cache(maxsize=16384)
def _dated(said: str, style: str) -> str:
    """Weeks, quarters and seasons are known by their year only; of a range, what both ends share."""
    if not said:
        return ""
    if style >= "20" or style == "12":
        raise ValueError(
            f"{said!r} is a date in words or of another calendar; accepted are those of list 55 up to 11"
        )
    digits = said.replace("-", "")
    if style in {"02", "03", "04", "08", "09", "10"}:
        first, last = digits[:4], digits[-len(digits) // 2 :][:4] if style >= "08" else digits[:4]
        return _shared(first, last)
    if style in {"06", "07", "11"} or (style == "" and digits.isdigit() and len(digits) == 16):
        half = len(digits) // 2
        return _shared(digits[:half], digits[half:])
    if len(digits) > 8 and digits[8] in "Tt":
        digits = digits[:8]
    return parse_date(digits)


def _shared(first: str, last: str) -> str:
    """What two dates have in common: the year, the month or the day; raises ValueError where it is nothing."""
    begin, end = parse_date(first), parse_date(last)
    for length in (10, 7, 4):
        if len(begin) >= length and begin[:length] == end[:length]:
            return begin[:length]
    raise ValueError(
        f"the range from {begin} to {end} spans years, and names no date; accepted are dates within a year"
    )
