"""ONIX messages for the tests, in reference names and short tags, and what the importer makes of them."""

from __future__ import annotations

import io
import re

from countermark.media import Refusal
from countermark.works.entry import Entry
from countermark.works.importers.base import CatalogFile
from countermark.works.importers.onix import IMPORTER
from countermark.works.importers.onix.fields import SHORT

NAMESPACE = ' xmlns="http://ns.editeur.org/onix/3.0/reference"'
HEADER = (
    "<Header><Sender><SenderName>Quai Diffusion</SenderName></Sender>"
    "<SentDateTime>20260401T0412Z</SentDateTime></Header>"
)
IDS = (
    "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9782070360024</IDValue></ProductIdentifier>"
)
TITLE = (
    "<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>"
    "<TitlePrefix>L’</TitlePrefix><TitleWithoutPrefix>Heure du sel</TitleWithoutPrefix>"
    "<Subtitle>Récit</Subtitle>"
    "</TitleElement></TitleDetail>"
)


def product(
    *,
    ids: str = IDS,
    details: str = "",
    publishing: str = "",
    related: str = "",
    code: str = "03",
    ref: str = "Q-1",
) -> str:
    return (
        f"<Product><RecordReference>{ref}</RecordReference><NotificationType>{code}</NotificationType>{ids}"
        f"<DescriptiveDetail><ProductForm>BC</ProductForm>{TITLE}{details}</DescriptiveDetail>"
        f"<PublishingDetail>{publishing}</PublishingDetail>"
        f"<RelatedMaterial>{related}</RelatedMaterial></Product>"
    )


def message(*products: str, attributes: str = ' release="3.0"' + NAMESPACE) -> bytes:
    return f"<ONIXMessage{attributes}>\n{HEADER}\n{chr(10).join(products)}\n</ONIXMessage>".encode()


def catalog_file(data: bytes) -> CatalogFile:
    return CatalogFile("onix.xml", "", data[:65536], lambda: io.BytesIO(data))


def read(data: bytes) -> tuple[list[Entry], list[Refusal]]:
    items = list(IMPORTER.entries(catalog_file(data)))
    return [i for i in items if isinstance(i, Entry)], [i for i in items if isinstance(i, Refusal)]


def one(data: bytes) -> Entry:
    (entry,), refusals = read(data)
    assert refusals == []
    return entry


def short(data: bytes) -> bytes:
    """The same message in short tags."""
    names = {name: tag for tag, name in SHORT.items()}
    text = re.sub(r"(</?)(\w+)", lambda found: found[1] + names.get(found[2], found[2]), data.decode())
    return text.replace("ONIXMessage", "ONIXmessage").replace("/reference", "/short").encode()


FULL = product(
    ids=IDS + "<ProductIdentifier><ProductIDType>01</ProductIDType><IDTypeName>QUAI</IDTypeName>"
    "<IDValue>77</IDValue></ProductIdentifier>"
    "<ProductIdentifier><ProductIDType>03</ProductIDType><IDValue>9782070360024</IDValue></ProductIdentifier>"
    "<ProductIdentifier><ProductIDType>02</ProductIDType><IDValue>2070360024</IDValue></ProductIdentifier>"
    "<ProductIdentifier><ProductIDType>06</ProductIDType><IDValue>10.1234/quai.7</IDValue></ProductIdentifier>"
    "<ProductIdentifier><ProductIDType>22</ProductIDType>"
    "<IDValue>urn:nbn:fr:quai-7</IDValue></ProductIdentifier>"
    "<ProductIdentifier><ProductIDType>35</ProductIDType><IDValue>ark:/12148/q7</IDValue></ProductIdentifier>",
    details="<TitleDetail><TitleType>03</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>"
    "<TitleText>The Hour of Salt</TitleText></TitleElement></TitleDetail>"
    "<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole>"
    "<PersonNameInverted>Halloran, Ruth</PersonNameInverted></Contributor>"
    "<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>"
    "<ContributorRole>A12</ContributorRole>"
    "<NameIdentifier><NameIDType>16</NameIDType><IDValue>0000000121032683</IDValue></NameIdentifier>"
    "<PersonName>Jeanne Dorval</PersonName><PersonNameInverted>Dorval, Jeanne</PersonNameInverted>"
    "<AlternativeName><NameType>04</NameType><NamesBeforeKey>Anne</NamesBeforeKey>"
    "<KeyNames>Petit</KeyNames></AlternativeName>"
    "<ContributorDate><ContributorDateRole>51</ContributorDateRole>"
    '<Date dateformat="05">1998</Date></ContributorDate>'
    "<ContributorPlace><ContributorPlaceRelator>08</ContributorPlaceRelator>"
    "<CountryCode>BE</CountryCode></ContributorPlace>"
    "</Contributor>"
    "<Contributor><ContributorRole>A15</ContributorRole>"
    "<CorporateName>Cercle du Sel</CorporateName></Contributor>"
    "<Language><LanguageRole>02</LanguageRole><LanguageCode>eng</LanguageCode></Language>"
    "<Language><LanguageRole>01</LanguageRole><LanguageCode>fre</LanguageCode></Language>",
    publishing="<Imprint><ImprintName>Sel</ImprintName></Imprint><Publisher><PublishingRole>02</PublishingRole>"
    "<PublisherName>Co</PublisherName></Publisher><Publisher><PublishingRole>01</PublishingRole>"
    "<PublisherName>Éditions du Quai</PublisherName></Publisher><CountryOfPublication>FR</CountryOfPublication>"
    "<PublishingStatus>04</PublishingStatus>"
    "<PublishingDate><PublishingDateRole>01</PublishingDateRole>"
    '<Date dateformat="00">20190314</Date></PublishingDate>'
    "<PublishingDate><PublishingDateRole>11</PublishingDateRole>"
    '<Date dateformat="01">198703</Date></PublishingDate>'
    "<CopyrightStatement><CopyrightYear>1987</CopyrightYear><CopyrightOwner>"
    "<PersonName>Jeanne Dorval</PersonName>"
    "</CopyrightOwner></CopyrightStatement>"
    "<SalesRights><SalesRightsType>01</SalesRightsType><Territory>"
    "<CountriesIncluded>FR BE CH</CountriesIncluded></Territory>"
    "</SalesRights><SalesRights><SalesRightsType>02</SalesRightsType><Territory>"
    "<RegionsIncluded>WORLD</RegionsIncluded>"
    "<CountriesExcluded>US CA</CountriesExcluded></Territory></SalesRights>"
    "<SalesRights><SalesRightsType>03</SalesRightsType><Territory>"
    "<CountriesIncluded>US</CountriesIncluded></Territory>"
    "</SalesRights>",
    related="<RelatedWork><WorkRelationCode>01</WorkRelationCode><WorkIdentifier><WorkIDType>01</WorkIDType>"
    "<IDTypeName>QW</IDTypeName><IDValue>W9</IDValue></WorkIdentifier></RelatedWork>"
    "<RelatedWork><WorkRelationCode>02</WorkRelationCode><WorkIdentifier><WorkIDType>15</WorkIDType>"
    "<IDValue>9782070360024</IDValue></WorkIdentifier></RelatedWork>"
    "<RelatedProduct><ProductRelationCode>06</ProductRelationCode><ProductRelationCode>27</ProductRelationCode>"
    "<ProductIdentifier><ProductIDType>15</ProductIDType>"
    "<IDValue>9782070368228</IDValue></ProductIdentifier></RelatedProduct>"
    "<RelatedProduct><ProductRelationCode>23</ProductRelationCode>"
    "<ProductIdentifier><ProductIDType>15</ProductIDType>"
    "<IDValue>9782070360024</IDValue></ProductIdentifier></RelatedProduct>",
)


OLD = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE ONIXMessage SYSTEM "http://www.editeur.org/onix/2.1/reference/onix-international.dtd">
<ONIXMessage><Header><FromCompany>Orsel</FromCompany><SentDate>20090102</SentDate></Header>
<Product><RecordReference>O7</RecordReference><NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>02</ProductIDType><IDValue>2070360024</IDValue></ProductIdentifier>
<ProductForm>BB</ProductForm><Title><TitleType>01</TitleType>
<TitleText>&Eacute;t&eacute; &lt;i&gt;blanc&lt;/i&gt;</TitleText>
<Subtitle>Vers</Subtitle></Title>
<WorkIdentifier><WorkIDType>11</WorkIDType><IDValue>A022009000004E6B</IDValue></WorkIdentifier>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
<NamesBeforeKey>Karim</NamesBeforeKey><PrefixToKey>de</PrefixToKey><KeyNames>Vautrin</KeyNames>
<PersonDate><PersonDateRole>008</PersonDateRole><Date>1971</Date></PersonDate></Contributor>
<Language><LanguageRole>01</LanguageRole><LanguageCode>ger</LanguageCode></Language>
<Publisher><PublishingRole>01</PublishingRole><PublisherName>Orsel</PublisherName></Publisher>
<PublicationDate>20090301</PublicationDate><YearFirstPublished>1950</YearFirstPublished>
<SalesRights><SalesRightsType>01</SalesRightsType><RightsCountry>DE AT</RightsCountry></SalesRights>
<RelatedProduct><RelationCode>03</RelationCode><ProductIdentifier><ProductIDType>15</ProductIDType>
<IDValue>9782070368228</IDValue></ProductIdentifier></RelatedProduct></Product></ONIXMessage>""".encode(
    "iso-8859-1"
)
