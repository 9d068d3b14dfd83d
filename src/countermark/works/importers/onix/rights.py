"""What a product says of rights: copyright, the publisher's rights, usage for mining, open licences.

- A copyright statement names an owner. Its year stays in the note: it is the year of the notice, not the day from which
  the owner held the right.
- Sales rights (list 46) are sold "based on the publisher's exclusive (or non-exclusive) publishing rights in the
  territory". That says who may publish where, not who owns the work: an OWNER fact whose uses are `publishing` and
  whose basis is `sales-rights`, for readers to weigh. Codes 00, 03 and 06 name no right that the publisher holds, and
  give no fact.
- Usage constraints (lists 145 and 146): prohibited mining is a reservation "to the full extent allowed by law", stated
  on the day of the message, and not known to have been stated before. Permitted mining is a licence, to anyone who has
  lawful access, and is told with its limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.onix import usage
from countermark.reservations.use import Answer
from countermark.works.entry import RightsFact, RightsKind
from countermark.works.importers.notices import open_licence
from countermark.works.importers.onix.codes import SALES
from countermark.works.importers.onix.fields import texts
from countermark.works.importers.onix.people import name_of, numbers_of

if TYPE_CHECKING:
    from countermark.works.importers.onix.fields import Fields
    from countermark.works.importers.onix.record import Record

_MINING: Final = "tdm training"  # what all usage types of mining are about, in the catalogue's words
_SIGNS: Final = {"P": "℗", "D": "database right"}  # list 219, copyright type; © where it says none


def copyright_of(publishing: Fields, record: Record) -> list[RightsFact]:
    """One fact for each owner of each copyright statement."""
    facts = []
    for element in publishing.get("CopyrightStatement", ()):
        said = record.fields(element)
        sign = _SIGNS.get(said.get("CopyrightType", ""), "©")
        note = " ".join([sign, *texts(said, "CopyrightYear")])
        owners = said.get("CopyrightOwner", ())
        for owner in owners:
            fields = record.fields(owner)
            numbers, name = numbers_of(fields, record), name_of(fields)
            if not name and not numbers:
                record.remark("CopyrightOwner", "name", "the owner has neither a name nor an identifier")
                continue
            facts.append(
                RightsFact(
                    RightsKind.OWNER,
                    name,
                    numbers,
                    basis="copyright-statement",
                    note=note,
                    source=record.source,
                )
            )
    return facts


def sales_of(publishing: Fields, publisher: str, record: Record) -> list[RightsFact]:
    """The publisher's rights by territory."""
    facts = []
    for element in publishing.get("SalesRights", ()) if publisher else ():
        said = record.fields(element)
        exclusive = SALES.get(said.get("SalesRightsType", ""))
        if exclusive is None:
            continue
        territory, note = _territory(said, record)
        facts.append(
            RightsFact(
                RightsKind.OWNER,
                publisher,
                basis="sales-rights",
                exclusive=exclusive,
                territory=territory,
                uses="publishing",
                note=note,
                source=record.source,
            )
        )
    return facts


def _territory(said: Fields, record: Record) -> tuple[str, str]:
    """The territory, where its field can say it; where there are exceptions or regions, in words as a note."""
    inner = record.fields(said["Territory"][0]) if "Territory" in said else said
    included = _codes(inner, "CountriesIncluded", "RightsCountry")
    regions = _codes(inner, "RegionsIncluded", "RightsTerritory")
    excluded = _codes(inner, "CountriesExcluded", "RegionsExcluded")
    if "ROW" in regions:
        regions = ["rest of the world" if name == "ROW" else name for name in regions]
    if excluded or any(name != "WORLD" for name in regions):
        without = f" except {' '.join(excluded)}" if excluded else ""
        return "", f"territory: {' '.join([*regions, *included])}{without}"
    return ("WORLD" if regions else " ".join(dict.fromkeys(included))), ""


def _codes(fields: Fields, *names: str) -> list[str]:
    """The words of all elements of these names."""
    return [word for name in names if name in fields for said in texts(fields, name) for word in said.split()]


def mining_of(descriptive: Fields, publisher: str, record: Record) -> list[RightsFact]:
    """Reservations and permissions of text and data mining."""
    facts = []
    for element in descriptive.get("EpubUsageConstraint", ()):
        said = record.fields(element)
        code, status = said.get("EpubUsageType", ""), said.get("EpubUsageStatus", "")
        found = usage(code, status)
        if found is None:
            continue
        note = f"EpubUsageType {code} ({found.label}), EpubUsageStatus {status}"
        if found.answer is Answer.RESERVED:
            facts.append(
                RightsFact(
                    RightsKind.RESERVATION,
                    publisher,
                    basis="onix",
                    begins=record.stated,
                    uses=_MINING,
                    note=note,
                    source=record.source,
                )
            )
        elif found.answer is not Answer.UNKNOWN:
            limited = found.answer is Answer.CONDITIONAL
            limit = ", within the limits that the record states" if limited else ""
            facts.append(
                RightsFact(
                    RightsKind.LICENCE,
                    "anyone",
                    grantor=publisher,
                    basis="onix",
                    uses=_MINING,
                    note=f"{note}: permitted{limit}, to those who have lawful access",
                    source=record.source,
                )
            )
        else:
            record.remark(
                "EpubUsageStatus", "unknown-code", f"{status!r} is none of 01, 02 and 03 (list 146)"
            )
    return facts


def licence_of(descriptive: Fields, record: Record) -> str:
    """An open licence in SPDX's form, or what the record calls its licence."""
    for element in descriptive.get("EpubLicense", ()):
        said = record.fields(element)
        links = [
            record.fields(e).get("EpubLicenseExpressionLink", "")
            for e in said.get("EpubLicenseExpression", ())
        ]
        named: list[str] = [*filter(None, links), *texts(said, "EpubLicenseName")]
        for name in named:
            if licence := open_licence(name):
                return licence
        if named:
            return named[0]
    return ""
