"""ONIX 3.0 messages of any size, written by us in the shapes that trade publishers send: 5 to 9 KB a record.

A record has a header of its own, one to three identifiers, a title with prefix and subtitle, one to four contributors
with biographies in HTML, five to eight subjects, one to three descriptions in HTML (CDATA, escaped or XHTML), a cover,
imprint, publisher, dates, rights, related products, and supply details with prices in one or two markets. All names,
titles and texts are invented; two products are one work; the same seed gives the same bytes.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# fmt: off
WORDS = (
    "river", "winter", "letter", "silence", "harbour", "garden", "stone", "memory", "island", "morning",
    "shadow", "paper", "voice", "bridge", "orchard", "mountain", "secret", "daughter", "journey",
    "clockmaker", "lantern", "glass", "northern", "garden", "été", "forêt", "lumière", "âme", "œuvre",
    "mère", "école", "étoile", "fenêtre", "the", "a", "of", "in", "with", "and", "her", "his", "their",
    "under", "before", "after", "never", "always", "again",
)
GIVEN = (
    "Jeanne", "Paul", "Amélie", "Karim", "Ingrid", "Tomás", "Mei", "Olu", "Noémie", "Łukasz", "Aïcha",
    "Björn", "Ruth", "Ezra", "Solène", "Victor",
)
FAMILY = (
    "Dorval", "Kessling", "Amara", "Vautrin", "Osei", "Lindqvist", "Marchetti", "Okonjo", "Brisson",
    "Halloran", "Szymon", "Petit", "Duvigne",
)
# fmt: on
HOUSES = ("Éditions du Quai", "Larkmoor Press", "Maison Orsel", "Halden & Reed", "Verlag am Tor")
FORMS = (("BB", "B206"), ("BC", "B102"), ("BC", "B504"), ("EA", "E101"), ("ED", "E101"), ("AJ", "A103"))
HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference">
  <Header>
    <Sender><SenderName>Larkmoor Distribution</SenderName><EmailAddress>onix@larkmoor.example</EmailAddress></Sender>
    <SentDateTime>20260401T0412Z</SentDateTime>
    <MessageNote>Full export</MessageNote>
  </Header>
"""


def write_message(path: Path, size: int, seed: int = 1) -> int:
    """Write a message of about `size` bytes; returns how many products it holds."""
    draw = random.Random(seed)
    count = 0
    work = Work(draw)
    with path.open("wb") as out:
        written = out.write(HEADER.encode())
        while written < size:
            written += out.write(product(draw, count, work).encode())
            count += 1
            if count % 2 == 0:
                work = Work(draw)
        out.write(b"</ONIXMessage>\n")
    return count


class Work:
    """What two products, the forms of one work, have in common."""

    def __init__(self, draw: random.Random) -> None:
        self.title = _title(draw)
        self.contributors = "".join(
            _contributor(draw, place) for place in range(1, draw.choice((2, 2, 2, 3, 4)))
        )
        self.owner = f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"
        self.house = draw.choice(HOUSES).replace("&", "&amp;")
        self.language = draw.choice(("fre", "eng", "ger"))
        self.year = draw.randint(1985, 2024)


def isbn13(number: int) -> str:
    digits = f"9782{number % 10**8:08d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(WORDS, k=count))


def product(draw: random.Random, number: int, work: Work) -> str:
    """One product of a work."""
    form, detail = draw.choice(FORMS)
    own = f"LKM-{number:08d}"
    ebook = form in {"EA", "ED"}
    parts = [
        (
            f"  <Product>\n    <RecordReference>{own}</RecordReference>\n    "
            f"<NotificationType>03</NotificationType>\n"
            f"    <RecordSourceType>04</RecordSourceType>\n{_identifiers(number, own)}    <DescriptiveDetail>\n"
            f"      <ProductComposition>00</ProductComposition>\n      <ProductForm>{form}</ProductForm>\n"
            f"      <ProductFormDetail>{detail}</ProductFormDetail>\n"
        ),
        _usage(draw) if ebook else _measures(draw),
        _collection(draw) if draw.random() < 0.3 else "",
        work.title,
        work.contributors,
        (
            f"      <Language><LanguageRole>01</LanguageRole>"
            f"<LanguageCode>{work.language}</LanguageCode></Language>\n"
            f"      <Extent><ExtentType>00</ExtentType><ExtentValue>{draw.randint(90, 800)}</ExtentValue>"
            "<ExtentUnit>03</ExtentUnit></Extent>\n"
        ),
        *(_subject(draw, place) for place in range(draw.randint(5, 8))),
        (
            "      <Audience><AudienceCodeType>01</AudienceCodeType><AudienceCodeValue>01</AudienceCodeValue>"
            "</Audience>\n    </DescriptiveDetail>\n    <CollateralDetail>\n"
        ),
        *(_text(draw, place) for place in range(draw.randint(1, 3))),
        _cover(number),
        "    </CollateralDetail>\n",
        _publishing(draw, work),
        _related(number),
        *(_market(draw, country) for country in ("FR", "GB")[: draw.randint(1, 2)]),
        "  </Product>\n",
    ]
    return "".join(parts)


def _identifiers(number: int, own: str) -> str:
    isbn = isbn13(number)
    pairs = (
        ("01", f"<IDTypeName>LKM</IDTypeName><IDValue>{own}"),
        ("03", f"<IDValue>{isbn}"),
        ("15", f"<IDValue>{isbn}"),
    )
    return "".join(
        f"    <ProductIdentifier>\n      <ProductIDType>{code}</ProductIDType>\n      {value}</IDValue>\n"
        "    </ProductIdentifier>\n"
        for code, value in pairs
    )


def _measures(draw: random.Random) -> str:
    return "".join(
        f"      <Measure>\n        <MeasureType>{code}</MeasureType>\n        "
        f"<Measurement>{draw.randint(12, 300)}"
        f"</Measurement>\n        <MeasureUnitCode>{unit}</MeasureUnitCode>\n      </Measure>\n"
        for code, unit in (("01", "mm"), ("02", "mm"), ("03", "mm"), ("08", "gr"))
    )


def _usage(draw: random.Random) -> str:
    status = draw.choice(("01", "03", "03", "03"))
    return (
        "      <EpubTechnicalProtection>02</EpubTechnicalProtection>\n      <EpubUsageConstraint>\n        "
        f"<EpubUsageType>11</EpubUsageType>\n        <EpubUsageStatus>{status}</EpubUsageStatus>\n"
        "      </EpubUsageConstraint>\n"
    )


def _collection(draw: random.Random) -> str:
    return (
        "      <Collection>\n        <CollectionType>10</CollectionType>\n        "
        "<TitleDetail>\n          <TitleType>01"
        "</TitleType>\n          <TitleElement>\n            "
        "<TitleElementLevel>02</TitleElementLevel>\n            "
        f"<PartNumber>{draw.randint(1, 9)}</PartNumber>\n            "
        f"<TitleText>{words(draw, 3).title()}</TitleText>\n"
        "          </TitleElement>\n        </TitleDetail>\n      </Collection>\n"
    )


def _title(draw: random.Random) -> str:
    return (
        "      <TitleDetail>\n        <TitleType>01</TitleType>\n        <TitleElement>\n          "
        "<TitleElementLevel>01"
        f"</TitleElementLevel>\n          <TitlePrefix>The</TitlePrefix>\n          <TitleWithoutPrefix>"
        f"{words(draw, draw.randint(2, 6)).title()}</TitleWithoutPrefix>\n          <Subtitle>"
        f"{words(draw, draw.randint(3, 8)).capitalize()}</Subtitle>\n        </TitleElement>\n      </TitleDetail>\n"
    )


def _contributor(draw: random.Random, place: int) -> str:
    given, family = draw.choice(GIVEN), draw.choice(FAMILY)
    return (
        f"      <Contributor>\n        <SequenceNumber>{place}</SequenceNumber>\n        <ContributorRole>"
        f"{'A01' if place == 1 else draw.choice(('A01', 'A12', 'B06', 'E07'))}</ContributorRole>\n"
        f"        <PersonName>{given} {family}</PersonName>\n        <PersonNameInverted>{family}, {given}"
        f"</PersonNameInverted>\n        <NamesBeforeKey>{given}</NamesBeforeKey>\n        "
        f"<KeyNames>{family}</KeyNames>\n"
        f'        <BiographicalNote textformat="02"><![CDATA[<p><strong>{given} {family}</strong> '
        f"{words(draw, 24)}.</p>]]></BiographicalNote>\n      </Contributor>\n"
    )


def _subject(draw: random.Random, place: int) -> str:
    scheme = ("10", "93", "12", "20", "94", "29", "93", "94")[place]
    said = (
        f"<SubjectHeadingText>{words(draw, 6).replace(' ', '; ')}</SubjectHeadingText>"
        if scheme == "20"
        else f"<SubjectCode>{draw.choice(('FIC019000', 'FBA', '1DDF', '3MPQ', '821'))}</SubjectCode>"
    )
    main = "        <MainSubject/>\n" if place == 0 else ""
    return (
        f"      <Subject>\n{main}        <SubjectSchemeIdentifier>{scheme}</SubjectSchemeIdentifier>\n        {said}\n"
        "      </Subject>\n"
    )


def _text(draw: random.Random, place: int) -> str:
    body = f"<p>{words(draw, 34)}.</p><p><em>{words(draw, 18)}</em><br/>{words(draw, 26)}</p>"
    if place == 1:
        text = f'<Text textformat="03">{body.replace("<", "&lt;").replace(">", "&gt;")}</Text>'
    elif place == 2:
        text = f'<Text textformat="05">{body}</Text>'
    else:
        text = f'<Text textformat="02"><![CDATA[{body}]]></Text>'
    return (
        f"      <TextContent>\n        <TextType>0{(3, 2, 6)[place]}</TextType>\n        <ContentAudience>00"
        f"</ContentAudience>\n        {text}\n      </TextContent>\n"
    )


def _cover(number: int) -> str:
    return (
        "      <SupportingResource>\n        <ResourceContentType>01</ResourceContentType>\n        <ContentAudience>00"
        "</ContentAudience>\n        <ResourceMode>03</ResourceMode>\n        "
        "<ResourceVersion>\n          <ResourceForm>02"
        f"</ResourceForm>\n          <ResourceLink>https://covers.larkmoor.example/{isbn13(number)}.jpg</ResourceLink>\n"
        "        </ResourceVersion>\n      </SupportingResource>\n"
    )


def _publishing(draw: random.Random, work: Work) -> str:
    house, year = work.house, work.year + draw.randint(0, 2)
    return (
        f"    <PublishingDetail>\n      <Imprint><ImprintName>{house}</ImprintName></Imprint>\n"
        "      <Publisher>\n        "
        f"<PublishingRole>01</PublishingRole>\n        "
        f"<PublisherName>{house}</PublisherName>\n      </Publisher>\n      "
        "<CityOfPublication>Larkmoor</CityOfPublication>\n      "
        "<CountryOfPublication>FR</CountryOfPublication>\n      "
        "<PublishingStatus>04</PublishingStatus>\n      <PublishingDate>\n        "
        "<PublishingDateRole>01</PublishingDateRole>"
        f'\n        <Date dateformat="00">{year}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}</Date>\n'
        "      </PublishingDate>\n      <CopyrightStatement>\n        <CopyrightYear>"
        f"{work.year}</CopyrightYear>\n        <CopyrightOwner><PersonName>{work.owner}"
        "</PersonName></CopyrightOwner>\n      </CopyrightStatement>\n      <SalesRights>\n        "
        "<SalesRightsType>01"
        "</SalesRightsType>\n        <Territory><RegionsIncluded>WORLD</RegionsIncluded>"
        "<CountriesExcluded>US CA"
        "</CountriesExcluded></Territory>\n      </SalesRights>\n    </PublishingDetail>\n"
    )


def _related(number: int) -> str:
    return (
        "    <RelatedMaterial>\n      <RelatedWork>\n        "
        "<WorkRelationCode>01</WorkRelationCode>\n        <WorkIdentifier>"
        f"<WorkIDType>01</WorkIDType><IDTypeName>LKM work</IDTypeName><IDValue>W{number // 2:07d}</IDValue>"
        "</WorkIdentifier>\n      </RelatedWork>\n      <RelatedProduct>\n        <ProductRelationCode>06"
        f"</ProductRelationCode>\n        <ProductIdentifier><ProductIDType>15</ProductIDType>"
        f"<IDValue>{isbn13(number ^ 1)}"
        "</IDValue></ProductIdentifier>\n      </RelatedProduct>\n    </RelatedMaterial>\n"
    )


def _market(draw: random.Random, country: str) -> str:
    prices = "".join(
        f"        <Price>\n          <PriceType>{kind}</PriceType>\n          "
        f"<PriceAmount>{draw.randint(499, 4999) / 100:.2f}"
        "</PriceAmount>\n          <Tax><TaxType>01</TaxType><TaxRateCode>S</TaxRateCode>"
        "<TaxRatePercent>5.5</TaxRatePercent>"
        f"</Tax>\n          <CurrencyCode>{currency}</CurrencyCode>\n          <Territory>"
        f"<CountriesIncluded>{country}"
        "</CountriesIncluded></Territory>\n        </Price>\n"
        for kind, currency in (("04", "EUR"), ("02", "GBP"))
    )
    return (
        "    <ProductSupply>\n      <Market><Territory><CountriesIncluded>"
        f"{country}</CountriesIncluded></Territory></Market>\n      <SupplyDetail>\n        "
        f"<Supplier>\n          "
        "<SupplierRole>01</SupplierRole>\n          "
        "<SupplierName>Larkmoor Distribution</SupplierName>\n        </Supplier>"
        f"\n        <ProductAvailability>20</ProductAvailability>\n{prices}"
        "      </SupplyDetail>\n    </ProductSupply>\n"
    )


def message(folder: Path, megabytes: int, seed: int = 1) -> Path:
    """The message of that size in `folder`, written where it is not there yet."""
    path = folder / f"message-{megabytes}mb-seed{seed}.xml"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_message(path, megabytes * 1_000_000, seed)
    return path
