"""What the importers of news and blogs share: a story as its file tells it, and the entry that is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.works.entry import Contributor, Edition, Entry, RightsFact, RightsKind, Source, WorkMedium
from countermark.works.identifiers import Identifier, IdentifierError, guess_identifier, parse_identifier
from countermark.works.importers.base import refused
from countermark.works.importers.dates_written import parse_written
from countermark.works.importers.names import one_line
from countermark.works.importers.notices import open_licence, owner_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal

LONGEST_TITLE: Final = 1000
_MAX_TOLD: Final = 1000  # different notices of one file that are told once each
_WORKS: Final = frozenset({"doi", "isbn", "issn", "url", "eidr", "isan", "iswc", "isrc", "youtube", "ismn"})


@dataclass(slots=True)
class Story:
    """One record. Values are as written; `addresses` are the candidates for its address, the canonical one first.

    `dates` are (field, value) in the order in which they count. `basis` names what rights notices stand in.
    """

    source: Source
    title: str = ""
    subtitle: str = ""
    addresses: list[tuple[str, str]] = field(default_factory=list)  # (field, value)
    numbers: list[tuple[str, str]] = field(default_factory=list)  # (field, value) of other identifiers
    contributors: list[Contributor] = field(default_factory=list)
    dates: list[tuple[str, str]] = field(default_factory=list)
    language: str = ""
    publisher: str = ""
    notices: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    basis: str = "feed-rights"
    part_of: str = ""
    own_key: str = ""
    issuer: str = ""
    medium: WorkMedium = WorkMedium.ARTICLE
    form: str = "article"
    fallback_title: str = ""


class Stories:
    """Makes the entries of one file; remarks that would repeat with every record are given once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def entry(self, story: Story) -> Iterator[Entry | Refusal]:
        """The entry after its remarks, or one refusal for a record without title and address."""
        remarks: list[Refusal] = []
        addresses = self._addresses(story, remarks)
        title = one_line(story.title, LONGEST_TITLE) or one_line(story.fallback_title, 120)
        if not title and not addresses:
            said = "has neither a title nor an address; one of them is needed to find the work"
            yield from remarks
            yield refused(story.source, "", "no-title", said)
            return
        numbers = [
            found for label, value in story.numbers if (found := self._number(story, label, value, remarks))
        ]
        published = self._published(story, remarks)
        rights = self._rights(story, remarks)
        yield from remarks
        edition = Edition(
            tuple(dict.fromkeys((*addresses, *numbers))),
            form=story.form,
            publisher=one_line(story.publisher, 300),
            published=published,
            language=one_line(story.language, 35),
            source=story.source,
        )
        yield Entry(
            story.source,
            title or addresses[0].value,
            subtitle=one_line(story.subtitle, LONGEST_TITLE),
            medium=story.medium,
            contributors=tuple(dict.fromkeys(story.contributors)),
            published=published,
            licence=_licence(story),
            part_of=one_line(story.part_of, 300),
            editions=(edition,),
            rights=rights,
            issuer=one_line(story.issuer, 300) if story.own_key else "",
            own_key=one_line(story.own_key, 1000),
        )

    @staticmethod
    def _addresses(story: Story, remarks: list[Refusal]) -> list[Identifier]:
        """The addresses that are whole; one that is not is told."""
        found: list[Identifier] = []
        for label, value in story.addresses:
            if not (text := value.strip()):
                continue
            try:
                found.append(parse_identifier("url", text))
            except IdentifierError as error:
                said = f"{error}; the address is left out"
                remarks.append(refused(story.source, label, "identifier", said))
        return list(dict.fromkeys(found))

    @staticmethod
    def _number(story: Story, label: str, value: str, remarks: list[Refusal]) -> Identifier | None:
        """Another identifier, where its form or its name says which it is."""
        found = guess_identifier(value)
        if found is not None and found.scheme in _WORKS:
            return found
        if value.lower().startswith(("doi:", "isbn", "urn:isbn", "urn:doi")):
            said = f"{one_line(value, 100)!r} is damaged; the field is left out"
            remarks.append(refused(story.source, label, "identifier", said))
        return None

    @staticmethod
    def _published(story: Story, remarks: list[Refusal]) -> str:
        """The first date that can be read; those before it are told."""
        for label, value in story.dates:
            try:
                if published := parse_written(value):
                    return published
            except ValueError as error:
                remarks.append(refused(story.source, label, "date", f"{error}; the date is left out"))
        return ""

    def _rights(self, story: Story, remarks: list[Refusal]) -> tuple[RightsFact, ...]:
        notices = [text for notice in story.notices if (text := one_line(notice))]
        owners = dict.fromkeys(one_line(owner, 300) for owner in story.owners)
        for notice in notices:
            owner = owner_in(notice)
            if owner and not story.owners:
                owners[owner] = None
            elif not owner and not story.owners and not open_licence(notice) and self._new(notice):
                said = f"{notice[:200]!r} names nobody, and is no licence that is known; it is not taken as an owner"
                remarks.append(refused(story.source, "rights", "warning", said))
        note = "; ".join(dict.fromkeys(notices))[:2000]
        return tuple(
            RightsFact(RightsKind.OWNER, owner, basis=story.basis, note=note, source=story.source)
            for owner in owners
            if owner
        )

    def _new(self, notice: str) -> bool:
        if notice in self._told or len(self._told) >= _MAX_TOLD:
            return False
        self._told.add(notice)
        return True


def _licence(story: Story) -> str:
    """An open licence that is named, else the first licence as it is written."""
    named = (*story.licences, *story.notices)
    found = next((licence for text in named if (licence := open_licence(text))), "")
    return found or one_line(next(iter(story.licences), ""), 500)
