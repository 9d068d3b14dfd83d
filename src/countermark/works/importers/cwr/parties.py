"""Writers and publishers of a CWR work, and the rights that their records give them.

Ownership shares are those of SPU, OPU, SWR and OWR, one each for performing, mechanical and synchronisation right;
the territories are those of the SPT and SWT records that follow. Equal shares become one fact. An administrator or
sub-publisher without a share of its own holds a mandate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from countermark.works.entry import RightsFact, RightsKind
from countermark.works.importers.cwr.territories import territory_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.works.entry import Source
    from countermark.works.identifiers import Identifier
    from countermark.works.importers.cwr.lines import Line

_MOST_TERRITORIES: Final = 2_000
_USES: Final = ("performance", "reproduction", "synchronisation")
_ACTING: Final = {"AM": "administrator", "SE": "sub-publisher", "ES": "substituted publisher"}


@dataclass(slots=True)
class Party:
    """A writer or a publisher. `shares` are hundredths of a per cent by use; `published_by` are numbers with names."""

    line: Line
    is_writer: bool
    number: str
    name: str
    role: str
    ipi: str
    is_hired: bool = False
    identifiers: tuple[Identifier, ...] = ()
    shares: dict[str, int] = field(default_factory=dict)
    territories: list[tuple[str, str]] = field(default_factory=list)
    published_by: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, line: Line) -> Party:
        """The party of an SPU, OPU, SWR or OWR record."""
        if line.kind in {"SPU", "OPU"}:
            return cls(
                line, False, line.field(21, 9), line.field(30, 45), line.field(76, 2), line.field(87, 11)
            )
        name = f"{line.field(73, 30)} {line.field(28, 45)}".strip()
        is_hired = line.field(152, 1) == "Y"
        return cls(line, True, line.field(19, 9), name, line.field(104, 2), line.field(115, 11), is_hired)

    def written_shares(self, line: Line) -> dict[str, str]:
        """The ownership shares as they are written, by use."""
        places = (129, 137, 145) if self.is_writer else (115, 123, 131)
        return {use: line.field(place, 5) for use, place in zip(_USES, places, strict=True)}

    def add_territory(self, line: Line) -> None:
        """What an SPT, OPT, SWT or OWT record adds."""
        at = 43 if self.is_writer else 49
        if len(self.territories) < _MOST_TERRITORIES and (code := line.field(at + 1, 4)):
            self.territories.append((line.field(at, 1), code))


def facts_of(parties: Sequence[Party], note: str, source: Source) -> Iterator[RightsFact]:
    """The rights of the parties, in their order; `note` is said of each."""
    for party in parties:
        if party.name:
            yield from _facts(party, _grantors(party, parties), note, source._replace(line=party.line.number))


def _facts(party: Party, grantor: str, note: str, source: Source) -> Iterator[RightsFact]:
    territory = territory_of(party.territories)
    notes = [note, territory.note, *_remarks(party)]
    kind, uses_by_share = RightsKind.OWNER, _uses_by_share(party)
    if not uses_by_share and party.role in _ACTING and not party.is_writer:
        kind, uses_by_share = RightsKind.MANDATE, {None: ""}
    for share, uses in uses_by_share.items():
        yield RightsFact(
            kind,
            party.name,
            party.identifiers,
            grantor=grantor,
            basis="authorship" if party.is_writer else "assignment" if kind is RightsKind.OWNER else "",
            share=None if share is None else Decimal(share) / 100,
            territory=territory.codes,
            uses=uses,
            note="; ".join(part for part in notes if part),
            source=source,
        )


def _uses_by_share(party: Party) -> dict[int | None, str]:
    found: dict[int | None, list[str]] = {}
    for use, share in party.shares.items():
        if share:
            found.setdefault(share, []).append(use)
    return {share: " ".join(uses) for share, uses in found.items()}


def _remarks(party: Party) -> Iterator[str]:
    if party.is_hired:
        yield "a work for hire"
    if party.role in _ACTING and not party.is_writer:
        yield _ACTING[party.role]
    if party.line.kind in {"OPU", "OWR"}:
        yield "not controlled by the sender"


def _grantors(party: Party, parties: Sequence[Party]) -> str:
    """The writers whose PWR records name this publisher."""
    if party.is_writer:
        return ""
    names = [
        writer.name
        for writer in parties
        if writer.name and any(_is_same(party, number, name) for number, name in writer.published_by)
    ]
    return "; ".join(dict.fromkeys(names))


def _is_same(party: Party, number: str, name: str) -> bool:
    return number == party.number if number and party.number else name == party.name
