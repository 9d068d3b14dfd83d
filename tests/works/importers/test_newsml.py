"""NewsML-G2: items, packages, messages."""

from __future__ import annotations

from countermark.works.importers.newsml import IMPORTER
from works.importers.catalog_files import held, imported

NS = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
ITEM = """<newsItem {ns} guid="tag:brume.example,2021:{guid}" version="2" xml:lang="en-GB"><rightsInfo>
<copyrightHolder qcode="hold:BRUME"><name>Agence Brume</name></copyrightHolder>
<copyrightNotice>© 2021 Agence Brume, all rights reserved</copyrightNotice>
<usageTerms>Not for machine learning.</usageTerms></rightsInfo>
<itemMeta><itemClass qcode="ninat:{kind}"/><provider qcode="nprov:BRUME"/>
<versionCreated>2021-04-02T10:00:00+02:00</versionCreated>
<firstCreated>2021-03-31T23:59:00-05:00</firstCreated><pubStatus qcode="stat:{status}"/></itemMeta>
<contentMeta><contentCreated>2021-03-30</contentCreated>
<creator qcode="codesrc:jaubry"><name>Jeanne Aubry</name></creator>
<language tag="fr"/><headline role="hld:subHeadline">Under the bridge</headline><headline>The flood</headline>
<altId type="x:u">https://brume.example/flood</altId></contentMeta></newsItem>"""


def one(guid: int = 1, kind: str = "text", status: str = "usable", ns: str = NS) -> str:
    return ITEM.format(ns=ns, guid=guid, kind=kind, status=status)


def test_a_news_item() -> None:
    """Headline, creator with code, holder, terms, the first day, language of the content."""
    entries, refusals = imported(IMPORTER, held("n.xml", one()))
    entry = entries[0]
    assert refusals == []
    assert (entry.title, entry.subtitle, entry.published) == ("The flood", "Under the bridge", "2021-03-31")
    assert entry.contributors[0].name == "Jeanne Aubry"
    assert str(entry.contributors[0].identifiers[0]) == "own:codesrc:jaubry"
    assert (entry.rights[0].party, entry.rights[0].basis) == ("Agence Brume", "rightsInfo")
    assert "Not for machine learning." in entry.rights[0].note
    assert (entry.editions[0].language, entry.editions[0].publisher) == ("fr", "BRUME")
    assert str(entry.editions[0].identifiers[0]) == "url:https://brume.example/flood"
    assert (entry.issuer, entry.own_key) == ("BRUME", "tag:brume.example,2021:1")


def test_a_message_with_items_and_a_package() -> None:
    """Items are entries; the package and what is withheld are told."""
    package = f'<packageItem {NS} guid="p1"><groupSet root="g"/></packageItem>'
    items = one(1) + one(2, "picture") + one(3, status="canceled") + package
    message = f"<newsMessage {NS}><itemSet>{items}</itemSet></newsMessage>"
    entries, refusals = imported(IMPORTER, held("n.xml", message))
    assert [entry.medium for entry in entries] == ["article", "image"]
    assert entries[1].contributors[0].role == "photographer"
    assert [(r.reason, "p1" in r.detail) for r in refusals] == [
        ("not-published", False),
        ("not-a-work", True),
    ]


def test_a_cut_message_gives_what_is_whole() -> None:
    """And says where it ends."""
    message = f"<newsMessage {NS}><itemSet>{one(1)}{one(2)[:-60]}"
    entries, refusals = imported(IMPORTER, held("n.xml", message))
    assert (len(entries), refusals[-1].reason) == (1, "truncated")


def test_other_xml_is_not_recognised() -> None:
    """By IPTC's namespace."""
    assert not IMPORTER.recognises(held("n.xml", "<newsItem/>"))


def test_the_date_of_a_later_version_is_not_that_of_publication() -> None:
    """It would make the story younger than it is; the day of the making is taken."""
    item = one().replace("<firstCreated>2021-03-31T23:59:00-05:00</firstCreated>", "")
    assert imported(IMPORTER, held("n.xml", item))[0][0].published == "2021-03-30"
