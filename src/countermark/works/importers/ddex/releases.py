"""The releases of an ERN message, and the deals on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.works.entry import RightsFact, RightsKind, Source
from countermark.works.importers.ddex.elements import Message, children, said, territory, words
from countermark.works.importers.xml_stream import line_of, local, text_of

if TYPE_CHECKING:
    from lxml import etree

    from countermark.works.identifiers import Identifier

_DATES: Final = (
    "GlobalOriginalReleaseDate",
    "GlobalReleaseDate",
    "OriginalReleaseDate",
    "ReleaseDate",
)
MOST_DEALS: Final = 500
TOO_MANY_DEALS: Final = f"deals beyond the first {MOST_DEALS} on one release"


@dataclass(slots=True)
class Release:
    """One release: what identifies it, who publishes it, when first, and which resources it holds."""

    identifiers: tuple[Identifier, ...]
    label: str
    published: str
    resources: tuple[str, ...]
    deals: list[RightsFact] = field(default_factory=list)


def release(element: etree._Element, message: Message) -> tuple[str, Release]:
    """The reference that deals use, and the release."""
    reference = said(element, "ReleaseReference")
    parts = [element, *children(element, "ReleaseDetailsByTerritory")]
    schemes = {"ICPN": "icpn", "GRid": "grid"}
    codes = [
        code
        for ids in children(element, "ReleaseId")
        for code in message.identifiers(ids, reference, schemes)
    ]
    dates = [date for part in parts for name in _DATES if (date := message.date(part, reference, name))]
    resources = [
        text_of(found)
        for found in element.iter()
        if isinstance(found.tag, str) and local(found) in {"ReleaseResourceReference", "ResourceReference"}
    ]
    return reference, Release(
        identifiers=tuple(dict.fromkeys(codes)),
        label=next((label for part in parts if (label := _label(part, message))), ""),
        published=min(dates, default=""),
        resources=tuple(dict.fromkeys(resources)),
    )


def _label(part: etree._Element, message: Message) -> str:
    if reference := said(part, "ReleaseLabelReference"):
        party = message.parties.get(reference)
        return party.name if party else reference
    return said(part, "LabelName")


def deals(element: etree._Element, message: Message) -> tuple[list[str], list[RightsFact]]:
    """The releases that a ReleaseDeal is about, by reference, and its deals: licences to the message's recipient.

    Deals beyond MOST_DEALS are left out, and counted.
    """
    references = [text_of(reference) for reference in children(element, "DealReleaseReference")]
    record = references[0] if references else ""
    terms = [one for deal in children(element, "Deal") for one in children(deal, "DealTerms")]
    message.leave_out(element, TOO_MANY_DEALS, len(terms[MOST_DEALS:]))
    return references, [_licence(one, message, record) for one in terms[:MOST_DEALS]]


def _licence(terms: etree._Element, message: Message, record: str) -> RightsFact:
    codes, note = territory(terms, "TerritoryCode")
    usages = [terms, *children(terms, "Usage")]
    uses = dict.fromkeys(words(text_of(use)) for usage in usages for use in children(usage, "UseType"))
    models = ", ".join(
        dict.fromkeys(words(text_of(model)) for model in children(terms, "CommercialModelType"))
    )
    period = next(children(terms, "ValidityPeriod"), terms)
    begins = message.date(period, record, "StartDate") or message.date(period, record, "StartDateTime")
    ends = message.date(period, record, "EndDate") or message.date(period, record, "EndDateTime")
    return RightsFact(
        RightsKind.LICENCE,
        party=message.recipient,
        grantor=message.sender,
        territory=codes,
        begins=begins,
        ends=ends,
        uses=" ".join(use for use in uses if use),
        note="; ".join(part for part in (models, note) if part),
        source=Source(message.file, line_of(terms), record),
    )
