"""One product becomes an entry. In ONIX 3 its facts stand in blocks; in 2.1 directly in the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.works.entry import Edition, Entry, Relation, WorkMedium
from countermark.works.importers.onix.codes import (
    CANCELLED,
    FIRST_PUBLISHED,
    FORM_LETTERS,
    FORMS,
    LANGUAGE_OF_TEXT,
    LANGUAGES,
    MANIFESTATION_OF,
    MUSIC_RECORDING,
    NOT_OURS,
    PRODUCT_NUMBERS,
    PRODUCT_RELATIONS,
    PUBLISHED,
    WORK_NUMBERS,
)
from countermark.works.importers.onix.fields import texts
from countermark.works.importers.onix.people import contributors_of
from countermark.works.importers.onix.rights import copyright_of, licence_of, mining_of, sales_of
from countermark.works.importers.onix.titles import titles_of

if TYPE_CHECKING:
    from countermark.works.identifiers import Identifier
    from countermark.works.importers.onix.fields import Fields
    from countermark.works.importers.onix.record import Record

_BARE = (("ISBN", "isbn"), ("EAN13", "gtin"), ("UPC", "gtin"), ("ISMN", "ismn"), ("DOI", "doi"))  # ONIX 2.1


def entry_of(product: Fields, reference: str, record: Record) -> Entry | str:
    """The entry of a product, or why there is none: `cancelled` before it was published, or `no-title`."""
    descriptive, publishing, related = (_block(product, name, record) for name in _BLOCKS)
    status = publishing.get("PublishingStatus", "")
    if status == CANCELLED:
        return "cancelled"
    titles = titles_of(descriptive, record)
    if not titles.title:
        return "no-title"
    publisher = _publisher(publishing, record)
    published, first = _dates(publishing, record)
    form, medium = _form(descriptive, record)
    edition = Edition(
        identifiers=_numbers(product, record),
        title=titles.title,
        subtitle=titles.subtitle,
        form=form,
        publisher=publisher,
        published=published,
        country=_country(publishing, record),
        language=_language(descriptive, record),
        relations=_relations(related, record),
        source=record.source,
    )
    if status == NOT_OURS:
        record.remark(
            "PublishingStatus", "not-ours", "the sender says that this is no longer its product; it is kept"
        )
    rights = copyright_of(publishing, record)
    rights += sales_of(publishing, publisher, record)
    if "EpubUsageConstraint" in descriptive:
        rights += mining_of(descriptive, publisher, record)
    return Entry(
        source=record.source,
        title=titles.title,
        subtitle=titles.subtitle,
        other_titles=titles.others,
        medium=medium,
        contributors=contributors_of(descriptive, record),
        identifiers=_work_numbers(related, record),
        published=first,
        licence=licence_of(descriptive, record) if "EpubLicense" in descriptive else "",
        editions=(edition,),
        rights=tuple(rights),
        issuer=record.issuer,
        own_key=reference,
    )


_BLOCKS = ("DescriptiveDetail", "PublishingDetail", "RelatedMaterial")


def _block(product: Fields, name: str, record: Record) -> Fields:
    found = product.get(name)
    return record.fields(found[0]) if found else product


def _numbers(product: Fields, record: Record) -> tuple[Identifier, ...]:
    """The identifiers of the product. A co-publisher's ISBN (code 24) is one of its edition, which is the same text."""
    found = []
    for element in product.get("ProductIdentifier", ()):
        fields = record.fields(element)
        number = record.number(fields, PRODUCT_NUMBERS, "ProductIDType")
        if number is not None:
            found.append(number)
    if not found:
        for name, scheme in _BARE:
            numbers = (record.parse(scheme, value, name) for value in texts(product, name))
            found += [number for number in numbers if number is not None]
    if not found:
        record.remark("ProductIdentifier", "no-identifier", "the product has no identifier that can be used")
    return tuple(dict.fromkeys(found))


def _work_numbers(related: Fields, record: Record) -> tuple[Identifier, ...]:
    """Identifiers of the work that the product is a manifestation of; in ONIX 2.1 they stand in the product."""
    composites = list(related.get("WorkIdentifier", ()))
    for element in related.get("RelatedWork", ()):
        fields = record.fields(element)
        if fields.get("WorkRelationCode", "") in MANIFESTATION_OF:
            composites += fields.get("WorkIdentifier", ())
    numbers = (record.number(record.fields(element), WORK_NUMBERS, "WorkIDType") for element in composites)
    return tuple(dict.fromkeys(number for number in numbers if number is not None))


def _relations(related: Fields, record: Record) -> tuple[Relation, ...]:
    found = []
    for element in related.get("RelatedProduct", ()):
        fields = record.fields(element)
        for code in texts(fields, "ProductRelationCode") or texts(fields, "RelationCode"):
            if kind := PRODUCT_RELATIONS.get(code):
                for other in fields.get("ProductIdentifier", ()):
                    number = record.number(record.fields(other), PRODUCT_NUMBERS, "ProductIDType")
                    if number is not None:
                        found.append(Relation(kind, number))
    return tuple(dict.fromkeys(found))


def _publisher(publishing: Fields, record: Record) -> str:
    """The publisher, or else the imprint; a co-publisher or a sponsor (list 45) only where no other stands."""
    others = ""
    for element in publishing.get("Publisher", ()):
        fields = record.fields(element)
        name: str = fields.get("PublisherName", "")
        if name and fields.get("PublishingRole", "") in {"01", ""}:
            return name
        others = others or name
    for element in publishing.get("Imprint", ()):
        if imprint := record.fields(element).get("ImprintName", ""):
            return str(imprint)
    return others or publishing.get("PublisherName", "") or publishing.get("ImprintName", "")


_DATES = frozenset({PUBLISHED, FIRST_PUBLISHED})


def _dates(publishing: Fields, record: Record) -> tuple[str, str]:
    """When the product was published, and when the work first was, where it is said."""
    published = first = ""
    for element in publishing.get("PublishingDate", ()):
        fields = record.fields(element)
        role = fields.get("PublishingDateRole", "")
        if role not in _DATES:
            continue
        day = record.date(fields, f"PublishingDate {role}")
        if role == PUBLISHED:
            published = published or day
        else:
            first = first or day
    if "PublicationDate" in publishing:  # ONIX 2.1
        published = published or record.day(publishing["PublicationDate"], "", "PublicationDate")
    if "YearFirstPublished" in publishing:
        first = first or record.day(publishing["YearFirstPublished"], "", "YearFirstPublished")
    return published, first


def _form(descriptive: Fields, record: Record) -> tuple[str, WorkMedium]:
    code = descriptive.get("ProductForm", "")
    form = FORMS.get(code) or FORMS.get(code[:1], "")
    if code and code[0] not in FORM_LETTERS:
        record.remark("ProductForm", "unknown-code", f"{code!r} is no code of list 150; the form stays empty")
    if form == "score":
        return form, WorkMedium.MUSIC
    if form == "film":
        return form, WorkMedium.AUDIOVISUAL
    if form == "audiobook":
        contents = texts(descriptive, "PrimaryContentType") or texts(descriptive, "ProductContentType")
        if contents[:1] == [MUSIC_RECORDING]:
            return "recording", WorkMedium.RECORDING
    return form, WorkMedium.TEXT


def _country(publishing: Fields, record: Record) -> str:
    code: str = publishing.get("CountryOfPublication", "").upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        record.remark("CountryOfPublication", "country", f"{code!r} is no country of two letters (list 91)")
        return ""
    return code


def _language(descriptive: Fields, record: Record) -> str:
    for element in descriptive.get("Language", ()):
        fields = record.fields(element)
        if fields.get("LanguageRole", "") == LANGUAGE_OF_TEXT:
            code: str = fields.get("LanguageCode", "").lower()
            if len(code) in {2, 3} and code.isascii() and code.isalpha():
                return LANGUAGES.get(code, code)
            record.remark("Language", "language", f"{code!r} is no code of three letters (list 74)")
    return ""
