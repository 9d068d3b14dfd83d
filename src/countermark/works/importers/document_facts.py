"""What a document's container says beyond its text: identifiers, people with roles, publisher, rights, reservations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.works.entry import Contributor
from countermark.works.identifiers import Identifier, IdentifierError, guess_identifier, parse_identifier
from countermark.works.importers.dates_written import parse_written
from countermark.works.importers.names import given_first, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

_PEOPLE: Final = frozenset({"orcid", "isni", "ipi", "lei"})  # they name no work
_RELATORS: Final = {
    "aut": "author", "cre": "author", "trl": "translator", "ill": "illustrator", "art": "illustrator",
    "edt": "editor", "nrt": "narrator", "pht": "photographer", "cmp": "composer", "lyr": "lyricist",
    "arr": "arranger", "prf": "performer", "drt": "director", "pbl": "publisher",
}  # fmt: skip


@dataclass(slots=True)
class DocumentFacts:
    """What was found; what is not said is empty. `remarks` are (field, reason, detail)."""

    title: str = ""
    subtitle: str = ""
    identifiers: list[Identifier] = field(default_factory=list)
    same_work: list[Identifier] = field(default_factory=list)
    contributors: list[Contributor] = field(default_factory=list)
    publisher: str = ""
    published: str = ""
    language: str = ""
    notices: list[str] = field(default_factory=list)
    licence: str = ""
    tdm_reservation: str = ""
    tdm_policy: str = ""
    article: bool = False
    remarks: list[tuple[str, str, str]] = field(default_factory=list)

    def identify(self, label: str, text: str, scheme: str = "") -> None:
        """Take an identifier: in its scheme where one is named, else by its form. A damaged one is a remark."""
        value = one_line(text, 300)
        if not value:
            return
        found: Identifier | None = None
        try:
            found = parse_identifier(scheme, value) if scheme else guess_identifier(value)
        except IdentifierError as error:
            self.remarks.append((label, "identifier", f"{error}; the field is left out"))
            return
        if found and found.scheme not in _PEOPLE and found not in self.identifiers:
            self.identifiers.append(found)

    def dated(self, label: str, text: str) -> None:
        """Take the first date that can be read; others are remarks."""
        if self.published or not text.strip():
            return
        try:
            self.published = parse_written(text)
        except ValueError as error:
            self.remarks.append((label, "date", f"{error}; the date is left out"))

    def made_by(self, name: str, relator: str = "aut", file_as: str = "") -> None:
        """Take a person; `relator` is a code of the MARC list, `file_as` how the name is sorted."""
        written = one_line(name, 500)
        if not written or len(self.contributors) >= 500:
            return
        shown = given_first(written)
        sorted_as = given_first(one_line(file_as, 500)) if file_as else ""
        known = (sorted_as,) if sorted_as and sorted_as.casefold() != shown.casefold() else ()
        person = Contributor(shown, _RELATORS.get(relator.strip().lower(), "contributor"), known_as=known)
        if person not in self.contributors:
            self.contributors.append(person)

    def noticed(self, notices: Iterable[str]) -> None:
        """Take lines on rights."""
        told = (one_line(notice) for notice in notices)
        self.notices.extend(notice for notice in dict.fromkeys(told) if notice and notice not in self.notices)
