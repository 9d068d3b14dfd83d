"""The elements that are read, by reference name and short tag, and how their texts are got at.

ONIX has one vocabulary in two spellings: `<RecordReference>` is `<a001>`, and a composite such as `<ProductIdentifier>`
is written small. Both come with and without a namespace. Everything here works with reference names.

Source: ONIX for Books 3.1 and 2.1 (revision 03), schema files, attributes `refname` and `shortname`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.works.importers.xml_stream import plain_text, without_markup

if TYPE_CHECKING:
    from typing import TypeAlias

    from lxml import etree

    Fields: TypeAlias = dict[str, Any]

COMPOSITES: Final = (
    "Header",
    "Sender",
    "Product",
    "ProductIdentifier",
    "DescriptiveDetail",
    "EpubUsageConstraint",
    "EpubLicense",
    "EpubLicenseExpression",
    "Collection",
    "TitleDetail",
    "TitleElement",
    "Contributor",
    "NameIdentifier",
    "AlternativeName",
    "ContributorDate",
    "ContributorPlace",
    "Language",
    "PublishingDetail",
    "Imprint",
    "Publisher",
    "PublishingDate",
    "CopyrightStatement",
    "CopyrightOwner",
    "CopyrightOwnerIdentifier",
    "SalesRights",
    "Territory",
    "RelatedMaterial",
    "RelatedWork",
    "WorkIdentifier",
    "RelatedProduct",
    "Title",
    "PersonNameIdentifier",
    "Name",
    "PersonDate",
    "ContentDetail",
)
SHORT: Final = {
    "a001": "RecordReference",
    "a002": "NotificationType",
    "b003": "PublicationDate",
    "b004": "ISBN",
    "b005": "EAN13",
    "b006": "UPC",
    "b007": "PublisherProductNo",
    "b008": "ISMN",
    "b009": "DOI",
    "b012": "ProductForm",
    "b028": "DistinctiveTitle",
    "b029": "Subtitle",
    "b030": "TitlePrefix",
    "b031": "TitleWithoutPrefix",
    "b034": "SequenceNumber",
    "b035": "ContributorRole",
    "b036": "PersonName",
    "b037": "PersonNameInverted",
    "b039": "NamesBeforeKey",
    "b040": "KeyNames",
    "b041": "NamesAfterKey",
    "b047": "CorporateName",
    "b079": "ImprintName",
    "b081": "PublisherName",
    "b083": "CountryOfPublication",
    "b087": "CopyrightYear",
    "b088": "YearFirstPublished",
    "b089": "SalesRightsType",
    "b090": "RightsCountry",
    "b201": "WorkIDType",
    "b202": "TitleType",
    "b203": "TitleText",
    "b221": "ProductIDType",
    "b233": "IDTypeName",
    "b244": "IDValue",
    "b247": "PrefixToKey",
    "b248": "SuffixToKey",
    "b249": "UnnamedPersons",
    "b251": "CountryCode",
    "b252": "LanguageCode",
    "b253": "LanguageRole",
    "b291": "PublishingRole",
    "b305": "PersonDateRole",
    "b306": "Date",
    "b385": "ProductContentType",
    "b388": "RightsTerritory",
    "b390": "PersonNameIDType",
    "b392": "CopyrightOwnerIDType",
    "b394": "PublishingStatus",
    "h208": "RelationCode",
    "j260": "DateFormat",
    "m174": "FromCompany",
    "m182": "SentDate",
    "x298": "SenderName",
    "x307": "SentDateTime",
    "x318": "EpubUsageType",
    "x319": "EpubUsageStatus",
    "x409": "TitleElementLevel",
    "x410": "PartNumber",
    "x415": "NameIDType",
    "x416": "PrimaryContentType",
    "x417": "ContributorDateRole",
    "x418": "ContributorPlaceRelator",
    "x448": "PublishingDateRole",
    "x449": "CountriesIncluded",
    "x450": "RegionsIncluded",
    "x451": "CountriesExcluded",
    "x452": "RegionsExcluded",
    "x454": "WorkRelationCode",
    "x455": "ProductRelationCode",
    "x478": "TitleStatement",
    "x508": "EpubLicenseExpressionType",
    "x510": "EpubLicenseExpressionLink",
    "x511": "EpubLicenseName",
    "x512": "CopyrightType",
    **{name.lower(): name for name in COMPOSITES},
}
"""Short tag → reference name."""
_KNOWN: Final = {**SHORT, **{name: name for name in SHORT.values()}}
_KEPT: Final = frozenset({*COMPOSITES, "Date"})  # a date's attribute says how it is written
_MOST_NAMES: Final = 4_096


class Names(dict[str, str]):
    """A tag as the parser gives it → the reference name, empty where the element is none that is read."""

    def __missing__(self, tag: str) -> str:
        if len(self) >= _MOST_NAMES:  # a file that makes up names must not fill the memory
            self.clear()
        name = self[tag] = _KNOWN.get(tag[tag.rfind("}") + 1 :], "")
        return name


def fields_of(element: etree._Element, names: Names) -> Fields:
    """The children that are read, by reference name: of a composite the list of all, of others the first one's text.

    The texts of further ones stand in a list under the name with `+` before it. This is most of the work of an import.
    """
    found: Fields = {}
    for child in element:
        name = names[child.tag]
        if not name:
            continue
        if name in _KEPT:
            if name in found:
                found[name].append(child)
            else:
                found[name] = [child]
            continue
        said = child.text or ""
        if not said.isalnum() or len(child):
            said = clean(child) if "<" in said or "&" in said or len(child) else " ".join(said.split())
        if name not in found:
            found[name] = said
        elif said:
            found.setdefault(f"+{name}", []).append(said)
    return found


def texts(fields: Fields, name: str) -> list[str]:
    """The texts of all of that name that have one."""
    first = fields.get(name)
    further: list[str] = fields.get(f"+{name}", [])
    return [first, *further] if first else further


def clean(element: etree._Element) -> str:
    """The text of an element on one line. Titles and names hold HTML in old files, escaped or not."""
    if len(element):
        return plain_text(element)
    said = element.text
    if said is None:
        return ""
    if "<" in said or ("&" in said and ";" in said):
        return without_markup(said)
    return " ".join(said.split())
