"""One transaction of CWR as an Entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from countermark.works.dates import parse_date
from countermark.works.entry import (
    Contributor,
    Edition,
    Entry,
    Relation,
    RightsFact,
    RightsKind,
    Source,
    WorkMedium,
)
from countermark.works.identifiers import Identifier, IdentifierError, parse_identifier
from countermark.works.importers.base import refused
from countermark.works.importers.cwr.parties import Party, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.media import Refusal
    from countermark.works.importers.cwr.lines import Line

_READ: Final = "ALT NAT SPU OPU SWR OWR SPT OPT SWT OWT PWR PER REC ORN NWR REV ISW EXC ACK AGR"
READ: Final = frozenset(_READ.split())
"""Record types that are read, or that begin something."""

_ROLES: Final = {
    "A": ("lyricist",),
    "AD": ("arranger",),
    "AR": ("arranger",),
    "C": ("composer",),
    "CA": ("composer", "lyricist"),
    "PA": ("contributor",),
    "SA": ("lyricist",),
    "SR": ("arranger",),
    "TR": ("translator",),
}
"""Writer designation codes; `CA` is composer and author at once."""

_EXPLAINED: Final = {
    "MOD": "a modified version of another work",
    "COS": "a composite of samples",
    "MED": "a medley",
    "POT": "a potpourri",
    "UCO": "an unspecified composite",
}


@dataclass(slots=True)
class WorkReader:
    """Reads the transactions of one sender."""

    issuer: str

    def read(self, source: Source, lines: Sequence[Line]) -> Iterator[Entry | Refusal]:
        """The Entry of a work whose first line is its NWR, REV, ISW or EXC record, after what had to be left out."""
        title = lines[0].field(19, 60)
        if not title:
            yield refused(source, "work title", "missing", "the work has no title")
            return
        reading = _Reading(source, lines)
        entry = reading.entry(title)
        yield from reading.refusals
        yield replace(entry, issuer=self.issuer)


class _Reading:
    """One transaction being read, and what was refused on the way."""

    def __init__(self, source: Source, lines: Sequence[Line]) -> None:
        self.source = source
        self.refusals: list[Refusal] = []
        self._head, self._rest = lines[0], lines[1:]

    def entry(self, title: str) -> Entry:
        head = self._head
        iswc = self._identifier(head, "ISWC", "iswc", head.field(95, 11))
        titles = [self._title(line) for line in self._rest if line.kind in {"ALT", "NAT"}]
        parties = self._parties()
        return Entry(
            source=self.source,
            title=title,
            other_titles=tuple(dict.fromkeys(other for other in titles if other and other != title)),
            medium=WorkMedium.MUSIC,
            contributors=(*self._writers(parties), *self._performers()),
            identifiers=iswc,
            part_of=next(
                (line.field(22, 60) for line in self._rest if line.kind == "ORN" and line.field(22, 60)), ""
            ),
            editions=(*self._printed(), *self._recordings()),
            rights=(*self._registration(), *facts_of(parties, self._note(), self.source)),
            own_key=head.field(81, 14),
        )

    def _title(self, line: Line) -> str:
        return line.field(19, 60 if line.kind == "ALT" else 640)

    def _note(self) -> str:
        """What the version type and the composite type say."""
        types = self._head.field(142, 3), self._head.field(139, 3)
        return "; ".join(_EXPLAINED[kind] for kind in types if kind in _EXPLAINED)

    def _parties(self) -> list[Party]:
        """Publishers and writers with their territories and links, in the file's order."""
        parties: list[Party] = []
        for line in self._rest:
            if line.kind in {"SPU", "OPU", "SWR", "OWR"}:
                parties.append(Party.read(line))
                parties[-1].identifiers = self._identifier(line, "IPI name number", "ipi", parties[-1].ipi)
                parties[-1].shares = self._shares(line, parties[-1])
            elif line.kind in {"SPT", "OPT", "SWT", "OWT"} and parties:
                parties[-1].add_territory(line)
            elif line.kind == "PWR":
                writer = next((party for party in reversed(parties) if party.is_writer), None)
                if writer:
                    writer.published_by.append((line.field(19, 9), line.field(28, 45)))
        return parties

    def _shares(self, line: Line, party: Party) -> dict[str, int]:
        """Ownership shares by use, in hundredths of a per cent."""
        shares: dict[str, int] = {}
        for use, text in party.written_shares(line).items():
            if text.isascii() and text.isdigit() and int(text) <= 10_000:
                shares[use] = int(text)
            elif text:
                self._refuse(
                    line, f"{use} share", "share", f"{text!r} is no share; accepted are 00000 to 10000"
                )
        return shares

    def _writers(self, parties: Sequence[Party]) -> Iterator[Contributor]:
        for party in parties:
            if not party.is_writer or not party.name:
                continue
            roles = _ROLES.get(party.role)
            if roles is None:
                self._refuse(party.line, "writer designation", "role", f"{party.role!r} is no code of CWR")
            for role in roles or ("contributor",):
                yield Contributor(party.name, role, party.identifiers)

    def _performers(self) -> Iterator[Contributor]:
        for line in self._rest:
            if line.kind == "PER" and line.field(19, 45):
                name = f"{line.field(64, 30)} {line.field(19, 45)}".strip()
                ipi = self._identifier(line, "IPI name number", "ipi", line.field(94, 11))
                yield Contributor(name, "performer", ipi)

    def _printed(self) -> Iterator[Edition]:
        if published := self._date(
            self._head, "date of publication of printed edition", self._head.field(200, 8)
        ):
            yield Edition(form="score", published=published, source=self.source)

    def _recordings(self) -> Iterator[Edition]:
        for line in self._rest:
            if line.kind != "REC":
                continue
            release = self._identifier(line, "EAN", "ean", line.field(236, 13))
            yield Edition(
                identifiers=self._identifier(line, "ISRC", "isrc", line.field(249, 12)),
                title=line.field(266, 60),
                subtitle=line.field(326, 60),
                form="recording",
                publisher=line.field(446, 60) or line.field(158, 60),
                published=self._date(line, "release date", line.field(19, 8)),
                relations=tuple(Relation("part-of", other) for other in release),
                source=self.source._replace(line=line.number),
            )

    def _registration(self) -> Iterator[RightsFact]:
        """The copyright number: CWR does not say which office gave it."""
        if number := self._head.field(114, 12):
            yield RightsFact(
                RightsKind.REGISTRATION,
                party="",
                begins=self._date(self._head, "copyright date", self._head.field(106, 8)),
                number=number,
                note="copyright number and date of CWR; the office is not named",
                source=self.source,
            )

    def _identifier(self, line: Line, field: str, scheme: str, text: str) -> tuple[Identifier, ...]:
        if not text or not text.strip("0"):
            return ()
        try:
            return (parse_identifier(scheme, text),)
        except IdentifierError as error:
            self._refuse(line, field, "identifier", str(error))
            return ()

    def _date(self, line: Line, field: str, text: str) -> str:
        if not text.strip("0"):
            return ""
        try:
            return parse_date(text)
        except ValueError as error:
            self._refuse(line, field, "date", str(error))
            return ""

    def _refuse(self, line: Line, field: str, reason: str, detail: str) -> None:
        place = self.source._replace(line=line.number)
        self.refusals.append(refused(place, f"{line.kind} {field}", reason, detail))
