"""DDEX ERN: what is read of the messages of labels, and what becomes of those that are damaged or hostile."""

from __future__ import annotations

import tracemalloc
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("lxml")

from countermark.errors import CatalogError
from countermark.works.entry import Entry, RightsKind, WorkMedium
from countermark.works.identifiers import Identifier
from countermark.works.importers.ddex import IMPORTER, reading, releases
from works.importers.catalog_files import held, imported

if TYPE_CHECKING:
    from countermark.media import Refusal

OLD = """<?xml version="1.0" encoding="UTF-8"?>
<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/38" MessageSchemaVersionId="ern/38">
  <MessageHeader>
    <MessageSender><PartyId IsDPID="true">PADPIDA0000000001X</PartyId>
      <PartyName><FullName>Heron Sounds</FullName></PartyName></MessageSender>
    <MessageRecipient><PartyName><FullName>Some Service</FullName></PartyName></MessageRecipient>
  </MessageHeader>
  <ResourceList>
    <SoundRecording>
      <SoundRecordingId><ISRC>AA6Q72000047</ISRC><ProprietaryId Namespace="x">HS-1</ProprietaryId></SoundRecordingId>
      <ResourceReference>A1</ResourceReference>
      <ReferenceTitle><TitleText>Rivers at Night</TitleText><SubTitle>Live</SubTitle></ReferenceTitle>
      <LanguageOfPerformance>en</LanguageOfPerformance>
      <Duration>PT3M30S</Duration>
      <SoundRecordingDetailsByTerritory>
        <TerritoryCode>Worldwide</TerritoryCode><ExcludedTerritoryCode>US</ExcludedTerritoryCode>
        <DisplayArtist SequenceNumber="1"><PartyName><FullName>Heron, Ida</FullName></PartyName>
          <PartyId IsISNI="true">000000012146438X</PartyId><ArtistRole>MainArtist</ArtistRole></DisplayArtist>
        <IndirectResourceContributor><PartyName><FullName>Ada Wren</FullName></PartyName>
          <IndirectResourceContributorRole>ComposerLyricist</IndirectResourceContributorRole>
        </IndirectResourceContributor>
        <RightsController><PartyName><FullName>Heron Sounds</FullName></PartyName>
          <RightsControllerRole>RightsController</RightsControllerRole>
          <RightSharePercentage>75.5</RightSharePercentage></RightsController>
        <PLine><Year>2020</Year><PLineText>2020 Heron Sounds</PLineText></PLine>
      </SoundRecordingDetailsByTerritory>
    </SoundRecording>
  </ResourceList>
  <ReleaseList>
    <Release>
      <ReleaseId><GRid>A12425GABC1234002M</GRid><ICPN IsEan="true">4006381333931</ICPN></ReleaseId>
      <ReleaseReference>R0</ReleaseReference>
      <ReleaseResourceReferenceList><ReleaseResourceReference>A1</ReleaseResourceReference></ReleaseResourceReferenceList>
      <ReleaseDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode><LabelName>Blue Heron</LabelName>
      </ReleaseDetailsByTerritory>
      <GlobalOriginalReleaseDate>2020-05-01</GlobalOriginalReleaseDate>
    </Release>
  </ReleaseList>
  <DealList>
    <ReleaseDeal><DealReleaseReference>R0</DealReleaseReference><Deal><DealTerms>
      <CommercialModelType>SubscriptionModel</CommercialModelType>
      <Usage><UseType>OnDemandStream</UseType><UseType>ConditionalDownload</UseType></Usage>
      <TerritoryCode>FR</TerritoryCode><TerritoryCode>BE</TerritoryCode>
      <ValidityPeriod><StartDate>2020-05-01</StartDate><EndDate>2025-05-01</EndDate></ValidityPeriod>
    </DealTerms></Deal></ReleaseDeal>
  </DealList>
</ern:NewReleaseMessage>
"""

NEW = """<?xml version="1.0" encoding="UTF-8"?>
<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43">
  <MessageHeader><MessageSender><PartyName><FullName>Heron Sounds</FullName></PartyName></MessageSender></MessageHeader>
  <PartyList>
    <Party><PartyReference>P1</PartyReference><PartyId><ISNI>000000012281955X</ISNI><IPN>12 345</IPN></PartyId>
      <PartyName><FullName>Ida Heron</FullName></PartyName></Party>
    <Party><PartyReference>P2</PartyReference><PartyName><FullName>Blue Heron</FullName></PartyName></Party>
  </PartyList>
  <ResourceList>
    <SoundRecording>
      <ResourceReference>A1</ResourceReference>
      <SoundRecordingEdition><ResourceId><ISRC>AA-6Q7-20-00047</ISRC></ResourceId>
        <PLine><Year>2021</Year><PLineCompany>Blue Heron</PLineCompany></PLine></SoundRecordingEdition>
      <WorkId><ISWC>T0345246801</ISWC></WorkId>
      <DisplayTitleText>Rivers at Night (Live)</DisplayTitleText>
      <DisplayTitle><TitleText>Rivers at Night</TitleText><SubTitle>Live</SubTitle></DisplayTitle>
      <DisplayArtist><ArtistPartyReference>P1</ArtistPartyReference>
        <DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
      <Contributor><ContributorPartyReference>P1</ContributorPartyReference><Role>Producer</Role></Contributor>
      <ResourceRightsController><RightsControllerPartyReference>P2</RightsControllerPartyReference>
        <RightsControlType>RoyaltyAdministrator</RightsControlType><Territory>US-CA</Territory>
        <RightSharePercentage>101</RightSharePercentage></ResourceRightsController>
      <FirstPublicationDate>2021-02-03</FirstPublicationDate>
    </SoundRecording>
    <Video><ResourceReference>V1</ResourceReference><DisplayTitleText>Rivers (Video)</DisplayTitleText></Video>
    <SoundRecording><ResourceReference>A2</ResourceReference></SoundRecording>
  </ResourceList>
  <ReleaseList>
    <Release><ReleaseReference>R0</ReleaseReference><ReleaseId><ICPN>4006381333932</ICPN></ReleaseId>
      <ReleaseLabelReference>P2</ReleaseLabelReference><OriginalReleaseDate>2022</OriginalReleaseDate>
      <ResourceGroup><ResourceGroupContentItem><ReleaseResourceReference>A1</ReleaseResourceReference>
      </ResourceGroupContentItem></ResourceGroup></Release>
  </ReleaseList>
  <DealList><ReleaseDeal><DealReleaseReference>R9</DealReleaseReference></ReleaseDeal></DealList>
</ern:NewReleaseMessage>
"""


def read(text: str | bytes) -> tuple[list[Entry], list[Refusal]]:
    """The entries and refusals of a message."""
    return imported(IMPORTER, held("release.xml", text))


def test_a_message_of_version_3_is_read_whole() -> None:
    """Recording, people, rights, release and deal."""
    (entry,), refusals = read(OLD)
    assert not refusals
    assert (entry.title, entry.subtitle, entry.medium) == ("Rivers at Night", "Live", WorkMedium.RECORDING)
    assert (entry.issuer, entry.own_key, entry.source.line) == ("Heron Sounds", "HS-1", 9)
    assert [(one.name, one.role) for one in entry.contributors] == [
        ("Ida Heron", "performer"),
        ("Ada Wren", "composer"),
        ("Ada Wren", "lyricist"),
    ]
    assert entry.contributors[0].identifiers == (Identifier("isni", "000000012146438X"),)
    (edition,) = entry.editions
    assert edition.identifiers == (Identifier("isrc", "AA6Q72000047"),)
    assert (edition.form, edition.publisher, edition.published) == ("recording", "Blue Heron", "2020-05-01")
    assert {str(relation.other) for relation in edition.relations} == {
        "gtin:04006381333931",
        "grid:A12425GABC1234002M",
    }
    assert {relation.kind for relation in edition.relations} == {"part-of"}


def test_rights_and_deals_are_facts() -> None:
    """The ℗ line and the controller own; the recipient has a licence."""
    (entry,), _ = read(OLD)
    line, controller, licence = entry.rights
    assert (line.kind, line.party, line.begins, line.territory) == (
        RightsKind.OWNER,
        "Heron Sounds",
        "2020",
        "WORLD",
    )
    assert line.note == "℗ line: 2020 Heron Sounds; except US"
    assert (controller.kind, controller.share) == (RightsKind.OWNER, Decimal("75.5"))
    assert (licence.kind, licence.party, licence.grantor) == (
        RightsKind.LICENCE,
        "Some Service",
        "Heron Sounds",
    )
    assert (licence.territory, licence.begins, licence.ends) == ("FR BE", "2020-05-01", "2025-05-01")
    assert (licence.uses, licence.note) == ("on-demand-stream conditional-download", "subscription-model")


def test_a_message_of_version_4_is_read_and_its_faults_are_named() -> None:
    """Parties by reference; wrong numbers, shares and references are refused, the recording is kept."""
    entries, refusals = read(NEW)
    recording, video = entries
    assert recording.contributors[0].name == "Ida Heron"
    assert recording.contributors[0].identifiers == (
        Identifier("isni", "000000012281955X"),
        Identifier("own:IPN", "12 345"),
    )
    assert [one.role for one in recording.contributors] == ["performer", "contributor"]
    assert recording.relations[0].kind == "recording-of"
    assert recording.relations[0].other == Identifier("iswc", "T0345246801")
    (edition,) = recording.editions
    assert (edition.publisher, edition.published, edition.relations) == ("Blue Heron", "2021-02-03", ())
    line, controller = recording.rights[1], recording.rights[0]
    assert (line.party, controller.party) == ("Blue Heron", "Blue Heron")
    assert controller.kind is RightsKind.MANDATE
    assert (controller.share, controller.note) == (None, "RoyaltyAdministrator; in US-CA")
    assert (video.title, video.medium) == ("Rivers (Video)", WorkMedium.AUDIOVISUAL)
    assert sorted(refusal.reason for refusal in refusals) == ["identifier", "missing", "reference", "share"]
    share = next(refusal for refusal in refusals if refusal.reason == "share")
    assert share.detail.endswith("RightSharePercentage: '101' is no share; accepted are 0 to 100")


@pytest.mark.parametrize("kept", [0.7, 0.8, 0.95])
def test_of_a_truncated_message_what_is_whole_is_kept(kept: float) -> None:
    """The recording, with those releases and deals that came."""
    whole = OLD.encode()
    entries, refusals = read(whole[: int(len(whole) * kept)])
    assert len(entries) == 1
    assert [refusal.reason for refusal in refusals] in (["truncated"], ["malformed"])


def test_entity_bombs_and_foreign_versions_are_refused() -> None:
    """At once, with one message."""
    bomb = OLD.replace("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', 1)
    with pytest.raises(CatalogError, match=r"release.xml"):
        read(bomb)
    with pytest.raises(CatalogError, match="this is ERN 5; accepted are DDEX ERN 3 and 4"):
        read(OLD.replace("ern/38", "ern/5"))


def test_a_wrong_encoding_is_refused_where_it_stands() -> None:
    """Latin letters in what calls itself UTF-8."""
    entries, refusals = read(OLD.replace("Blue Heron", "Forêt").encode("latin-1", "replace"))
    assert len(entries) == 1
    assert [refusal.reason for refusal in refusals] == ["encoding"]


@pytest.mark.parametrize(
    "data", [b"", b"<?xml version='1.0'?><ONIXMessage/>", b"\0\1\2", b"ddex.net/xml/ern"]
)
def test_other_files_are_not_recognised(data: bytes) -> None:
    """Nor do they raise."""
    assert not IMPORTER.recognises(held("x.xml", data))


def test_utf16_is_read() -> None:
    """Where the file says so by its first bytes."""
    (entry,), refusals = read(OLD.replace("UTF-8", "UTF-16").encode("utf-16"))
    assert entry.title == "Rivers at Night"
    assert not refusals


def test_more_recordings_than_fit_come_without_their_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    """One refusal says from where on."""
    monkeypatch.setattr(reading, "MOST_RECORDINGS", 2)
    one = OLD[OLD.index("<SoundRecording>") : OLD.index("</SoundRecording>") + 17]
    entries, refusals = read(OLD.replace(one, one * 5))
    assert len(entries) == 5
    assert [refusal.reason for refusal in refusals] == ["too-large"]
    assert sorted(len(entry.rights) for entry in entries) == [2, 2, 2, 3, 3]


def test_artists_who_are_only_named_and_contributors_to_an_edition_are_taken() -> None:
    """DisplayArtistName where no party performs; EditionContributor of version 4.3."""
    text = NEW.replace("<DisplayArtistRole>MainArtist</DisplayArtistRole>", "").replace(
        "DisplayArtist>", "Gone>"
    )
    text = text.replace(
        "</DisplayTitle>", "</DisplayTitle><DisplayArtistName>Ida Heron and friends</DisplayArtistName>", 1
    )
    edition = (
        "<EditionContributor><ContributorPartyReference>P2</ContributorPartyReference>"
        "<Role>Composer</Role></EditionContributor></SoundRecordingEdition>"
    )
    (recording, _), _ = read(text.replace("</SoundRecordingEdition>", edition, 1))
    assert [(one.name, one.role) for one in recording.contributors] == [
        ("Ida Heron and friends", "performer"),
        ("Ida Heron", "contributor"),
        ("Blue Heron", "composer"),
    ]


def test_what_there_is_no_room_for_is_counted_once_for_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases with their deals, parties, and deals on one release."""
    monkeypatch.setattr(reading, "MOST_RECORDINGS", 2)
    monkeypatch.setattr(reading, "_MOST_PARTIES", 1)
    monkeypatch.setattr(reading, "MOST_DEALS", 2)
    monkeypatch.setattr(releases, "MOST_DEALS", 3)
    party = "<Party><PartyReference>P{}</PartyReference></Party>"
    release = "<Release><ReleaseReference>R{}</ReleaseReference></Release>"
    deal = "<ReleaseDeal><DealReleaseReference>R{}</DealReleaseReference>{}</ReleaseDeal>"
    terms = "<Deal><DealTerms><UseType>Stream</UseType></DealTerms></Deal>"
    text = (
        '<m:NewReleaseMessage xmlns:m="http://ddex.net/xml/ern/43"><MessageHeader/>'
        f"<PartyList>{''.join(party.format(at) for at in range(4))}</PartyList>"
        f"<ReleaseList>{''.join(release.format(at) for at in range(5))}</ReleaseList>"
        f"<DealList>{deal.format(0, terms * 5)}{deal.format(1, terms)}{deal.format(4, terms)}</DealList>"
        "</m:NewReleaseMessage>"
    )
    _, refusals = read(text)
    assert {refusal.reason for refusal in refusals} == {"too-large"}
    assert [refusal.detail for refusal in refusals] == [
        "release.xml, line 1: 3 parties beyond the first 1; they are left out, from this line on",
        "release.xml, line 1: 3 releases beyond the first 2; they are left out, from this line on",
        "release.xml, line 1: 3 deals beyond the first 500 on one release; they are left out, from this line on",
        "release.xml, line 1: 1 sets of deals on releases that were left out; they are left out, from this line on",
    ]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_message() -> None:
    """Sixty thousand recordings: what is kept is bounded by MOST_RECORDINGS."""
    one = (
        "<SoundRecording><ResourceReference>A{}</ResourceReference>"
        "<DisplayTitleText>T</DisplayTitleText></SoundRecording>"
    )
    head = '<m:NewReleaseMessage xmlns:m="http://ddex.net/xml/ern/43"><ResourceList>'
    data = (
        head + "".join(one.format(at) for at in range(60_000)) + "</ResourceList></m:NewReleaseMessage>"
    ).encode()
    file = held("big.xml", data)
    tracemalloc.start()
    kept = sum(isinstance(item, Entry) for item in IMPORTER.entries(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept == 60_000
    assert peak < 80 << 20
