"""The importer of DDEX ERN.

Recordings come before the releases and deals that speak of them. They are kept until the message ends, and never more
than MOST_RECORDINGS of them: of a larger message (an album has some twenty) the recordings are given without their
releases, and a refusal says so. What else there is no room for (releases beyond as many, parties beyond _MOST_PARTIES,
deals beyond MOST_DEALS on one release) is counted, and told in one refusal of each kind at the end.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.entry import Entry, Relation, Source
from countermark.works.importers.base import CatalogFile, refused
from countermark.works.importers.ddex.elements import Message, children, said
from countermark.works.importers.ddex.recordings import recording
from countermark.works.importers.ddex.releases import MOST_DEALS, TOO_MANY_DEALS, Release, deals, release
from countermark.works.importers.xml_stream import line_of, local, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

MOST_RECORDINGS: Final = 20_000
_MOST_PARTIES: Final = 200_000
_TAGS: Final = frozenset(
    {"MessageHeader", "Party", "SoundRecording", "Video", "Release", "TrackRelease", "ReleaseDeal"}
)
_NAMESPACE: Final = re.compile(rb"ddex\.net/xml/(?:[0-9]{4}/)?ern(?:-main)?/([0-9]+)")


class DdexImporter:
    """Reads ERN messages of versions 3 and 4."""

    format = "ddex"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether the file is a message in a namespace of ERN."""
        head = file.head.replace(b"\0", b"")
        return bool(_NAMESPACE.search(head)) and b"Message" in head

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """One Entry for each recording. Raises CatalogError where the message is of another version, or unreadable.

        Reasons: `missing`, `identifier`, `share`, `date`, `reference`, `too-large`, and those of `xml_stream.records`.
        """
        version = _NAMESPACE.search(file.head.replace(b"\0", b""))
        if version is None or version[1][:1] not in {b"3", b"4"}:
            found = version[1].decode() if version else "no version"
            raise CatalogError(f"{file.name}: this is ERN {found}; accepted are DDEX ERN 3 and 4")
        reading = _Reading(file.name)
        for record in records(file, _TAGS):
            if isinstance(record, Refusal):
                yield record
            else:
                yield from reading.take(record)
        yield from reading.finish()


class _Reading:
    """One message: what was read so far."""

    def __init__(self, file: str) -> None:
        self._message = Message(file)
        self._entries: list[tuple[str, Entry]] = []
        self._releases: dict[str, Release] = {}
        self._is_too_large = False
        self._is_short_of_releases = False

    def take(self, element: etree._Element) -> Iterator[Entry | Refusal]:
        """One record; what it gives at once."""
        name = local(element)
        if name == "MessageHeader":
            self._head(element)
        elif name == "Party":
            self._party(element)
        elif name in {"SoundRecording", "Video"}:
            yield from self._recording(element)
        elif name == "ReleaseDeal":
            self._deals(element)
        else:
            self._release(element)
        yield from self._message.refusals()

    def finish(self) -> Iterator[Entry | Refusal]:
        """The recordings, with what releases and deals say of them."""
        holding: dict[str, list[Release]] = {}
        for one in self._releases.values():
            for resource in one.resources:
                holding.setdefault(resource, []).append(one)
        for reference, entry in self._entries:
            yield _released(entry, holding.get(reference, []))
        yield from self._message.refusals()
        yield from self._message.left_out()

    def _head(self, element: etree._Element) -> None:
        for child in children(element, "MessageSender"):
            self._message.sender = self._message.party(child, "").name or said(child, "PartyId")
        for child in children(element, "MessageRecipient"):
            self._message.recipient = self._message.party(child, "").name or said(child, "PartyId")

    def _party(self, element: etree._Element) -> None:
        if not (reference := said(element, "PartyReference")):
            return
        if len(self._message.parties) < _MOST_PARTIES:
            self._message.parties[reference] = self._message.named(element, reference)
        else:
            self._message.leave_out(element, f"parties beyond the first {_MOST_PARTIES:,}")

    def _release(self, element: etree._Element) -> None:
        if len(self._releases) >= MOST_RECORDINGS:
            self._is_short_of_releases = True
            self._message.leave_out(element, f"releases beyond the first {MOST_RECORDINGS:,}")
            return
        reference, found = release(element, self._message)
        if reference in self._releases:
            self._message.refuse(
                element, reference, "reference", f"a release {reference[:40]!r} came before; the last is kept"
            )
        self._releases[reference] = found

    def _recording(self, element: etree._Element) -> Iterator[Entry | Refusal]:
        found = recording(element, self._message)
        if found is None:
            return
        if len(self._entries) < MOST_RECORDINGS:
            self._entries.append(found)
            return
        if not self._is_too_large:
            self._is_too_large = True
            source = Source(self._message.file, line_of(element))
            detail = (
                f"more than {MOST_RECORDINGS:,} recordings; from here on they come without their releases"
            )
            yield refused(source, "ResourceList", "too-large", detail)
        yield found[1]

    def _deals(self, element: etree._Element) -> None:
        references, facts = deals(element, self._message)
        for reference in references:
            if reference in self._releases:
                known = self._releases[reference].deals
                room = MOST_DEALS - len(known)
                self._message.leave_out(element, TOO_MANY_DEALS, len(facts[room:]))
                known.extend(facts[:room])
            elif self._is_short_of_releases:
                self._message.leave_out(element, "sets of deals on releases that were left out", 1)
            else:
                self._message.refuse(
                    element, reference, "reference", f"no release is called {reference[:40]!r}"
                )


def _released(entry: Entry, releases: list[Release]) -> Entry:
    if not releases:
        return entry
    edition = entry.editions[0]
    dates = [edition.published] if edition.published else [one.published for one in releases if one.published]
    codes = dict.fromkeys(code for one in releases for code in one.identifiers)
    edition = replace(
        edition,
        publisher=next((one.label for one in releases if one.label), ""),
        published=min(dates, default=""),
        relations=tuple(Relation("part-of", code) for code in codes),
    )
    licences = dict.fromkeys(fact for one in releases for fact in one.deals)
    return replace(entry, editions=(edition,), rights=(*entry.rights, *licences))
