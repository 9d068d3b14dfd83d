"""The rights facts that a row states."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from countermark.works.entry import RightsFact, RightsKind
from countermark.works.importers.names import one_line
from countermark.works.importers.table.codes import read_territory
from countermark.works.importers.table.days import read_date
from countermark.works.importers.table.fields import fold
from countermark.works.importers.table.values import read_flag, read_share

if TYPE_CHECKING:
    from decimal import Decimal

    from countermark.works.importers.table.cells import Cells

_BASES = {
    "authorship": "authorship author creator auteur urheber autor creation self",
    # A contract may be a licence as well: that word alone says nothing of ownership.
    "assignment": "assignment cession transfer cesion assigned",
    "exclusive-licence": "exclusive licence|exclusive license|licence exclusive|exklusivlizenz",
    "work-for-hire": "work for hire|work made for hire|employment|salarie|oeuvre collective",
    "succession": "succession heir inheritance heritage erbe herencia ayant droit",
    "statute": "statute loi gesetz ley law",
}
_BASIS_OF = {
    word: basis
    for basis, said in _BASES.items()
    for word in (said.split("|") if "|" in said else said.split())
}
_FIELDS = frozenset(
    {
        "owner",
        "owner_share",
        "mandate",
        "registration_number",
        "registration_date",
        "licensed_to",
        "reserved_from",
        "reservation_protocol",
    }
)
_REGISTERED_AS = {"single", "group", "collective"}


def rights(cells: Cells) -> tuple[RightsFact, ...]:
    """Owners with their shares, the mandate, the registration, a licence granted, a reservation."""
    if not cells.has(_FIELDS):
        return ()
    return (*_owners(cells), *_mandate(cells), *_registration(cells), *_licence(cells), *_reservation(cells))


def date_in(cells: Cells, field: str) -> str:
    """The date of a field in the order that its column shows; a conversion is noted."""
    given = cells.all(field)
    if not given:
        return ""
    column, text = given[0]
    try:
        day, told = read_date(text, column.dates)
    except ValueError as error:
        cells.note(column, "date", f"{error}; the rest of the row is used")
        return ""
    if told:
        cells.note(column, "converted-date", told)
    return day


def _owners(cells: Cells) -> list[RightsFact]:
    """Each owner with its share; basis, territory and dates are those of the row, and hold for each."""
    names = [one_line(name) for name in cells.text("owner").split(";") if name.strip()]
    shares = _shares(cells, len(names))
    if not names:
        return []
    basis = cells.text("owner_basis")
    shared = RightsFact(
        RightsKind.OWNER,
        "",
        grantor=cells.text("grantor"),
        basis=_BASIS_OF.get(fold(basis), basis),
        exclusive=cells.read("exclusive", read_flag),
        territory=cells.read("owner_territory", read_territory) or "",
        begins=date_in(cells, "owner_from"),
        ends=date_in(cells, "owner_to"),
        source=cells.source,
    )
    return [replace(shared, party=name, share=share) for name, share in zip(names, shares, strict=True)]


def _shares(cells: Cells, owners: int) -> list[Decimal | None]:
    given = cells.all("owner_share")
    if not given:
        return [None] * owners
    column, text = given[0]
    said = [part for part in text.split(";") if part.strip()]
    if not owners or len(said) != owners:
        told = f"{len(said)} shares for {owners} owners; as many are accepted, separated by semicolons"
        cells.note(column, "share", f"{told}; the shares are not used")
        return [None] * owners
    shares: list[Decimal | None] = []
    for part in said:
        try:
            shares.append(read_share(part))
        except ValueError as error:
            cells.note(column, "share", f"{error}; the rest of the row is used")
            shares.append(None)
    return shares


def _mandate(cells: Cells) -> list[RightsFact]:
    party = cells.text("mandate")
    if not party:
        return []
    return [RightsFact(RightsKind.MANDATE, party, grantor=cells.text("owner"), source=cells.source)]


def _registration(cells: Cells) -> list[RightsFact]:
    number, office = cells.text("registration_number"), cells.text("registration_office")
    begins = date_in(cells, "registration_date")
    if not number and not begins:
        return []
    kind = cells.text("registered_as")
    if kind and fold(kind) not in _REGISTERED_AS:
        column = cells.all("registered_as")[0][0]
        cells.note(column, "registered-as", f"{kind[:40]!r}; accepted: single, group, collective")
        kind = ""
    return [
        RightsFact(
            RightsKind.REGISTRATION,
            office,
            number=number,
            begins=begins,
            registered_as=fold(kind),
            source=cells.source,
        )
    ]


def _licence(cells: Cells) -> list[RightsFact]:
    party = cells.text("licensed_to")
    if not party:
        return []
    uses = " ".join(
        fold(use).replace(" ", "-") for use in cells.text("licensed_uses").replace(",", ";").split(";")
    )
    return [
        RightsFact(
            RightsKind.LICENCE,
            party,
            grantor=cells.text("owner"),
            uses=" ".join(uses.split()),
            begins=date_in(cells, "licensed_from"),
            ends=date_in(cells, "licensed_to_date"),
            source=cells.source,
        )
    ]


def _reservation(cells: Cells) -> list[RightsFact]:
    """A reservation of text and data mining: that is what the column is defined to hold."""
    begins, protocol = date_in(cells, "reserved_from"), cells.text("reservation_protocol")
    if not begins and not protocol:
        return []
    url = cells.identifiers("url")
    return [
        RightsFact(
            RightsKind.RESERVATION,
            cells.text("owner"),
            basis=protocol,
            begins=begins,
            uses="tdm",
            number=url[0][1].value if url else "",
            source=cells.source,
        )
    ]
