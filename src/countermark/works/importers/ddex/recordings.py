"""A SoundRecording or Video of an ERN message as an Entry, still without its releases."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

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
from countermark.works.importers.ddex.elements import Message, children, first, said, territory
from countermark.works.importers.names import given_first
from countermark.works.importers.xml_stream import line_of, local, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from countermark.works.identifiers import Identifier

_DETAILS: Final = (
    "SoundRecordingDetailsByTerritory",
    "VideoDetailsByTerritory",
    "SoundRecordingEdition",
    "VideoEdition",
)
_IDS: Final = ("SoundRecordingId", "VideoId", "ResourceId")
_PEOPLE: Final = (
    "DisplayArtist",
    "ResourceContributor",
    "IndirectResourceContributor",
    "Contributor",
    "EditionContributor",
)
_ROLE_NAMES: Final = (
    "ArtistRole",
    "DisplayArtistRole",
    "ResourceContributorRole",
    "IndirectResourceContributorRole",
    "Role",
)
_PERFORMING: Final = """
    Artist AssociatedPerformer Band Choir Conductor Ensemble FeaturedArtist MainArtist Orchestra Performer
    PrimaryMusician Soloist Vocalist
    """
_ROLES: Final = {
    "Adapter": ("arranger",),
    "Arranger": ("arranger",),
    "Author": ("lyricist",),
    "Composer": ("composer",),
    "ComposerLyricist": ("composer", "lyricist"),
    "Director": ("director",),
    "Librettist": ("lyricist",),
    "Lyricist": ("lyricist",),
    "MusicPublisher": ("publisher",),
    "Narrator": ("narrator",),
    "Translator": ("translator",),
    **dict.fromkeys(_PERFORMING.split(), ("performer",)),
}
"""Role of DDEX → roles of ours; the others (producers, engineers) are contributors."""


def recording(element: etree._Element, message: Message) -> tuple[str, Entry] | None:
    """The reference that releases use, and the Entry. None where there is no title: what is missing is refused."""
    reference = said(element, "ResourceReference")
    parts = [element, *children(element, *_DETAILS)]
    codes = _codes(parts, message, reference)
    record = next((code.value for code in codes), reference)
    title, subtitle = _title(parts)
    if not title:
        message.refuse(element, record, "missing", "the recording has no title")
        return None
    source = Source(message.file, line_of(element), record)
    edition = Edition(
        identifiers=codes,
        form="film" if local(element) == "Video" else "recording",
        published=_first_date(parts, message, record),
        language=said(element, "LanguageOfPerformance"),
        source=source,
    )
    entry = Entry(
        source=source,
        title=title,
        subtitle=subtitle,
        medium=WorkMedium.AUDIOVISUAL if local(element) == "Video" else WorkMedium.RECORDING,
        contributors=_contributors(parts, message, record),
        relations=_compositions(element, message, record),
        editions=(edition,),
        rights=tuple(dict.fromkeys(_rights(parts, message, source))),
        issuer=message.sender,
        own_key=next((said(ids, "ProprietaryId") for part in parts for ids in children(part, *_IDS)), ""),
    )
    return reference, entry


def _codes(parts: list[etree._Element], message: Message, record: str) -> tuple[Identifier, ...]:
    schemes = {"ISRC": "isrc", "ISAN": "isan", "VISAN": "isan", "EIDR": "eidr"}
    found = [message.identifiers(ids, record, schemes) for part in parts for ids in children(part, *_IDS)]
    return tuple(dict.fromkeys(code for codes in found for code in codes))


def _title(parts: list[etree._Element]) -> tuple[str, str]:
    for name in ("ReferenceTitle", "DisplayTitle", "Title"):
        for part in parts:
            if title := said(part, name, "TitleText"):
                return title, said(part, name, "SubTitle")
    return next((text for part in parts if (text := said(part, "DisplayTitleText"))), ""), ""


def _first_date(parts: list[etree._Element], message: Message, record: str) -> str:
    names = ("FirstPublicationDate", "OriginalResourceReleaseDate", "ResourceReleaseDate")
    found = (message.date(part, record, name) for name in names for part in parts)
    return next((date for date in found if date), "")


def _contributors(parts: list[etree._Element], message: Message, record: str) -> tuple[Contributor, ...]:
    found: dict[Contributor, None] = {}
    for part in parts:
        for person in children(part, *_PEOPLE):
            party = message.party(person, record)
            if not party.name:
                continue
            kinds = [text_of(role) for role in children(person, *_ROLE_NAMES)]
            for role in dict.fromkeys(role for kind in kinds or [""] for role in _roles(kind, local(person))):
                found[Contributor(given_first(party.name), role, party.identifiers)] = None
    if not any(one.role == "performer" for one in found):  # no party, or one that the PartyList lacks
        name = next((text for part in parts if (text := said(part, "DisplayArtistName"))), "")
        return (*([Contributor(name, "performer")] if name else []), *found)
    return tuple(found)


def _roles(kind: str, element: str) -> tuple[str, ...]:
    return _ROLES.get(kind, ("performer",) if element == "DisplayArtist" else ("contributor",))


def _compositions(element: etree._Element, message: Message, record: str) -> tuple[Relation, ...]:
    """The compositions that the recording is of, where their ISWC is told."""
    holders = [
        holder
        for holder in element.iter()
        if isinstance(holder.tag, str) and first(holder, "ISWC") is not None
    ]
    found = [code for holder in holders for code in message.identifiers(holder, record, {"ISWC": "iswc"})]
    return tuple(Relation("recording-of", code) for code in dict.fromkeys(found))


def _rights(parts: list[etree._Element], message: Message, source: Source) -> Iterator[RightsFact]:
    for part in parts:
        codes, note = territory(part, "TerritoryCode")
        for line in children(part, "PLine"):
            text = said(line, "PLineText")
            year = message.date(line, source.record, "Year")
            if party := said(line, "PLineCompany") or text.removeprefix(year).strip(" ℗()P"):
                remark = "; ".join(word for word in (f"℗ line: {text}" if text else "℗ line", note) if word)
                yield RightsFact(
                    RightsKind.OWNER,
                    party,
                    basis="copyright-notice",
                    begins=year,
                    territory=codes,
                    note=remark,
                    source=source,
                )
        for controller in children(part, "RightsController", "ResourceRightsController"):
            yield from _control(controller, message, source, (codes, note))


def _control(
    element: etree._Element, message: Message, source: Source, around: tuple[str, str]
) -> Iterator[RightsFact]:
    party = message.party(element, source.record)
    if not party.name:
        return
    role = said(element, "RightsControllerRole") or said(element, "RightsControlType")
    kind = RightsKind.OWNER if role in {"", "RightsController"} else RightsKind.MANDATE
    codes, note = territory(element, "Territory", "TerritoryCode")
    if not codes and not note:
        codes, note = around
    yield RightsFact(
        kind,
        party.name,
        party.identifiers,
        share=_share(element, message, source.record),
        territory=codes,
        note="; ".join(word for word in (role if kind is RightsKind.MANDATE else "", note) if word),
        source=source,
    )


def _share(element: etree._Element, message: Message, record: str) -> Decimal | None:
    written = first(element, "RightSharePercentage")
    if written is None or not (text := text_of(written)):
        return None
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    if share.is_finite() and 0 <= share <= 100:
        return share
    message.refuse(written, record, "share", f"{text[:40]!r} is no share; accepted are 0 to 100")
    return None
