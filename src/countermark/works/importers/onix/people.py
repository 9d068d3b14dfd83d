"""Contributors: names, roles, identifiers, other names, dates and nationality (lists 17, 18, 19, 44, 151, 177)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.works.entry import Contributor
from countermark.works.importers.names import given_first
from countermark.works.importers.onix.codes import CITIZEN, DEATH, NAME_NUMBERS, ROLES, UNNAMED
from countermark.works.importers.onix.fields import texts

if TYPE_CHECKING:
    from countermark.works.identifiers import Identifier
    from countermark.works.importers.onix.fields import Fields
    from countermark.works.importers.onix.record import Record

_ROLE: Final = re.compile(r"[A-FZ]\d\d")
_PARTS: Final = ("NamesBeforeKey", "PrefixToKey", "KeyNames", "NamesAfterKey", "SuffixToKey")
_LAST: Final = 1 << 30


def contributors_of(fields: Fields, record: Record) -> tuple[Contributor, ...]:
    """Those who made the product, in the order of their numbers, once for each role."""
    found: list[tuple[int, Contributor]] = []
    for element in fields.get("Contributor", ()):
        said = record.fields(element)
        number = said.get("SequenceNumber", "")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else _LAST
        found.extend((place, one) for one in _contributor(said, record))
    if len(found) > 1:
        found.sort(key=_place)
    return tuple([one for _, one in found])


def _place(pair: tuple[int, Contributor]) -> int:
    return pair[0]


def _contributor(said: Fields, record: Record) -> list[Contributor]:
    name = name_of(said)
    if not name:
        record.remark(
            "Contributor", "name", "the contributor has no name in any of the accepted forms, and is left out"
        )
        return []
    roles = dict.fromkeys([_role(code, record) for code in texts(said, "ContributorRole")] or ["contributor"])
    identifiers = numbers_of(said, record)
    known_as, nationality, died = _others(said, name, record), "", None
    if "ContributorPlace" in said:
        nationality = _nationality(said, record)
    if "ContributorDate" in said or "PersonDate" in said:
        died = _died(said, record)
    return [Contributor(name, role, identifiers, known_as, nationality, died) for role in roles]


def name_of(said: Fields) -> str:
    """`Given Family`, from the name in order, its parts, the name turned round, a corporate name, or list 19."""
    name: str = said.get("PersonName", "")
    if name:
        return name
    if "KeyNames" in said:
        return " ".join(part for part in (said.get(each, "") for each in _PARTS) if part)
    if name := said.get("PersonNameInverted", ""):
        return given_first(name)
    return said.get("CorporateName", "") or UNNAMED.get(said.get("UnnamedPersons", ""), "")


def numbers_of(said: Fields, record: Record) -> tuple[Identifier, ...]:
    """The name identifiers of a contributor or of an owner."""
    if _WITH_NUMBERS.isdisjoint(said):
        return ()
    found = []
    for kind, composite in _COMPOSITES:
        for element in said.get(composite, ()):
            number = record.number(record.fields(element), NAME_NUMBERS, kind)
            if number is not None:
                found.append(number)
    return tuple(dict.fromkeys(found))


_COMPOSITES: Final = (
    ("NameIDType", "NameIdentifier"),
    ("PersonNameIDType", "PersonNameIdentifier"),
    ("CopyrightOwnerIDType", "CopyrightOwnerIdentifier"),
)
_WITH_NUMBERS: Final = frozenset(composite for _, composite in _COMPOSITES)


def _role(code: str, record: Record) -> str:
    role = ROLES.get(code)
    if role is None:
        if not _ROLE.fullmatch(code):
            record.remark(
                "ContributorRole", "unknown-code", f"{code!r} is no code of list 17; read as `contributor`"
            )
        return "contributor"
    return role


def _others(said: Fields, name: str, record: Record) -> tuple[str, ...]:
    """Pen names, real names and other spellings; and the corporate name of someone who has both."""
    if "AlternativeName" not in said and "Name" not in said:
        return ()
    composites = [*said.get("AlternativeName", ()), *said.get("Name", ())]
    names = (name_of(record.fields(element)) for element in composites)
    return tuple(dict.fromkeys(other for other in names if other and other != name))


def _nationality(said: Fields, record: Record) -> str:
    for element in said["ContributorPlace"]:
        place = record.fields(element)
        if place.get("ContributorPlaceRelator", "") == CITIZEN:
            country: str = place.get("CountryCode", "").upper()
            if len(country) == 2 and country.isascii() and country.isalpha():
                return country
            record.remark(
                "ContributorPlace", "country", f"{country!r} is no country of two letters (list 91)"
            )
    return ""


def _died(said: Fields, record: Record) -> int | None:
    for element in [*said.get("ContributorDate", ()), *said.get("PersonDate", ())]:
        fields = record.fields(element)
        if (fields.get("ContributorDateRole", "") or fields.get("PersonDateRole", "")) in DEATH:
            day = record.date(fields, "ContributorDate")
            return int(day[:4]) if day else None
    return None
