"""ONIX products: what each field becomes, in both spellings and all versions, and what is told of what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from countermark.errors import CatalogError
from countermark.works.entry import RightsKind, WorkMedium
from countermark.works.identifiers import Identifier
from countermark.works.importers.onix import IMPORTER
from works.importers.onix_messages import (
    FULL,
    IDS,
    NAMESPACE,
    OLD,
    TITLE,
    catalog_file,
    message,
    one,
    product,
    read,
    short,
)

CASES = Path(__file__).parents[3] / ".." / "shared" / "conformance" / "onix" / "cases.json"


@pytest.mark.parametrize("spelling", ["reference", "reference without namespace", "short"])
def test_reads_a_product(spelling: str) -> None:
    data = message(FULL, attributes="" if "without" in spelling else ' release="3.0"' + NAMESPACE)
    entry = one(short(data) if spelling == "short" else data)
    assert (entry.title, entry.subtitle, entry.other_titles) == (
        "L’Heure du sel",
        "Récit",
        ("The Hour of Salt",),
    )
    assert (entry.issuer, entry.own_key, entry.published) == ("Quai Diffusion", "Q-1", "1987-03")
    assert (entry.source.file, entry.source.line, entry.source.record) == ("onix.xml", 3, "Q-1")
    assert [str(i) for i in entry.identifiers] == ["own:QW:W9"]
    (edition,) = entry.editions
    assert [str(i) for i in edition.identifiers] == [
        "isbn:9782070360024",
        "own:QUAI:77",
        "doi:10.1234/quai.7",
        "own:URN:urn:nbn:fr:quai-7",
        "own:ARK:ark:/12148/q7",
    ]
    assert (edition.form, edition.publisher, edition.published) == (
        "paperback",
        "Éditions du Quai",
        "2019-03-14",
    )
    assert (edition.country, edition.language) == ("FR", "fr")
    assert [(r.kind, str(r.other)) for r in edition.relations] == [("same-work", "isbn:9782070368228")]


def test_reads_contributors_in_their_order_and_once_for_each_role() -> None:
    people = one(message(FULL)).contributors
    assert [(p.name, p.role) for p in people] == [
        ("Jeanne Dorval", "author"),
        ("Jeanne Dorval", "illustrator"),
        ("Ruth Halloran", "translator"),
        ("Cercle du Sel", "contributor"),
    ]
    first = people[0]
    assert first.identifiers == (Identifier("isni", "0000000121032683"),)
    assert (first.known_as, first.nationality, first.died) == (("Anne Petit",), "BE", 1998)


def test_reads_rights_without_making_more_of_them() -> None:
    owner, exclusive, other = one(message(FULL)).rights
    assert (owner.kind, owner.party, owner.basis, owner.note) == (
        RightsKind.OWNER,
        "Jeanne Dorval",
        "copyright-statement",
        "© 1987",
    )
    assert (owner.begins, owner.uses) == ("", "")
    assert (exclusive.party, exclusive.basis, exclusive.uses) == (
        "Éditions du Quai",
        "sales-rights",
        "publishing",
    )
    assert (exclusive.exclusive, exclusive.territory) == (True, "FR BE CH")
    assert (other.exclusive, other.territory, other.note) == (False, "", "territory: WORLD except US CA")


def usage(code: str, status: str) -> bytes:
    constraint = (
        f"<EpubUsageConstraint><EpubUsageType>{code}</EpubUsageType><EpubUsageStatus>{status}</EpubUsageStatus>"
        "</EpubUsageConstraint>"
    )
    return message(
        product(details=constraint, publishing="<Publisher><PublisherName>Quai</PublisherName></Publisher>")
    )


def test_prohibited_mining_is_a_reservation_of_the_day_of_the_message() -> None:
    for code in ("11", "13", "14"):
        (fact,) = one(usage(code, "03")).rights
        assert (fact.kind, fact.party, fact.basis) == (RightsKind.RESERVATION, "Quai", "onix")
        assert (fact.begins, fact.uses) == ("2026-04-01", "tdm training")
        assert f"EpubUsageType {code}" in fact.note


def test_permitted_mining_is_a_licence_and_other_constraints_are_neither() -> None:
    (fact,) = one(usage("11", "01")).rights
    assert (fact.kind, fact.party, fact.grantor) == (RightsKind.LICENCE, "anyone", "Quai")
    assert "within the limits" in one(usage("11", "02")).rights[0].note
    assert one(usage("03", "03")).rights == ()
    (entry,), (refusal,) = read(usage("11", "09"))
    assert entry.rights == ()
    assert refusal.reason == "unknown-code"


def _cases() -> list[dict[str, Any]]:
    return json.loads(CASES.read_text(encoding="utf-8"))["cases"] if CASES.exists() else []


@pytest.mark.skipif(not CASES.exists(), reason="the conformance data of ONIX is not here")
def test_conformance_of_usage_constraints() -> None:
    kinds = {RightsKind.RESERVATION: "reserved", RightsKind.LICENCE: "permitted"}
    for case in _cases():
        rights = one(message(product(details=case["xml"]))).rights
        assert [kinds[fact.kind] for fact in rights] == [case["tdm"]] * (case["tdm"] != "unset")


def test_reads_an_open_licence() -> None:
    licence = (
        "<EpubLicense><EpubLicenseName>Libre</EpubLicenseName><EpubLicenseExpression>"
        "<EpubLicenseExpressionType>01"
        "</EpubLicenseExpressionType><EpubLicenseExpressionLink>https://creativecommons.org/licenses/by-nc/4.0/"
        "</EpubLicenseExpressionLink></EpubLicenseExpression></EpubLicense>"
    )
    assert one(message(product(details=licence))).licence == "CC-BY-NC-4.0"
    assert (
        one(
            message(product(details="<EpubLicense><EpubLicenseName>Libre</EpubLicenseName></EpubLicense>"))
        ).licence
        == "Libre"
    )


def test_reads_version_2_1() -> None:
    entry = one(OLD)
    assert (entry.title, entry.subtitle, entry.published, entry.issuer) == (
        "Été blanc",
        "Vers",
        "1950",
        "Orsel",
    )
    assert [(p.name, p.died) for p in entry.contributors] == [("Karim de Vautrin", 1971)]
    assert [str(i) for i in entry.identifiers] == ["own:ISTC:A022009000004E6B"]
    edition = entry.editions[0]
    assert [str(i) for i in edition.identifiers] == ["isbn:9782070360024"]
    assert (edition.form, edition.published, edition.language) == ("hardback", "2009-03-01", "de")
    assert [r.kind for r in edition.relations] == ["replaces"]
    assert [(f.territory, f.exclusive) for f in entry.rights] == [("DE AT", True)]


def test_reads_the_oldest_form_without_composites() -> None:
    entry = one(
        b"<ONIXmessage><product><a001>1</a001><a002>03</a002><b004>2070360024</b004><b028>Sel</b028><b029>Vers</b029>"
        b"<b081>Orsel</b081></product></ONIXmessage>"
    )
    assert (entry.title, entry.subtitle, entry.editions[0].publisher) == ("Sel", "Vers", "Orsel")
    assert [str(i) for i in entry.editions[0].identifiers] == ["isbn:9782070360024"]


def element(level: str, inside: str) -> str:
    return f"<TitleElement><TitleElementLevel>{level}</TitleElementLevel>{inside}</TitleElement>"


@pytest.mark.parametrize(
    ("elements", "title"),
    [
        (
            element("02", "<TitleText>Lettres</TitleText>") + element("01", "<PartNumber>3</PartNumber>"),
            "Lettres, 3",
        ),
        (
            element("02", "<TitleText>Lettres</TitleText>") + element("01", "<TitleText>Hiver</TitleText>"),
            "Hiver",
        ),
        (element("01", "<TitleText>Sel &amp; <i>eau</i></TitleText>"), "Sel & eau"),
        (element("01", "<TitleText>R &amp;amp; D</TitleText>"), "R & D"),
        (
            element("01", "<TitlePrefix>The</TitlePrefix><TitleWithoutPrefix>Salt</TitleWithoutPrefix>"),
            "The Salt",
        ),
    ],
)
def test_titles(elements: str, title: str) -> None:
    detail = f"<TitleDetail><TitleType>01</TitleType>{elements}</TitleDetail>"
    assert one(message(product().replace(TITLE, detail))).title == title


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ('<Date dateformat="00">20190314</Date>', "2019-03-14"),
        ("<DateFormat>05</DateFormat><Date>2019</Date>", "2019"),
        ("<Date>201903</Date>", "2019-03"),
        ('<Date dateformat="14">20190314T101500</Date>', "2019-03-14"),
        ('<Date dateformat="03">20191</Date>', "2019"),
        ('<Date dateformat="06">2019031420190320</Date>', "2019-03"),
        ('<Date dateformat="11">20192019</Date>', "2019"),
        ("", ""),
    ],
)
def test_dates(date: str, expected: str) -> None:
    said = f"<PublishingDate><PublishingDateRole>01</PublishingDateRole>{date}</PublishingDate>"
    assert one(message(product(publishing=said))).editions[0].published == expected


@pytest.mark.parametrize(
    ("form", "contents", "expected", "medium"),
    [
        ("ED", "", "ebook", WorkMedium.TEXT),
        ("AJ", "", "audiobook", WorkMedium.TEXT),
        ("AC", "<PrimaryContentType>03</PrimaryContentType>", "recording", WorkMedium.RECORDING),
        ("PI", "", "score", WorkMedium.MUSIC),
        ("VI", "", "film", WorkMedium.AUDIOVISUAL),
        ("BA", "", "", WorkMedium.TEXT),
    ],
)
def test_forms(form: str, contents: str, expected: str, medium: WorkMedium) -> None:
    entry = one(message(product(details=contents).replace("<ProductForm>BC", f"<ProductForm>{form}")))
    assert (entry.editions[0].form, entry.medium) == (expected, medium)


@pytest.mark.parametrize(
    ("data", "reason", "kept"),
    [
        (product(code="05"), "deleted", 0),
        (product(code="89"), "test-record", 0),
        (product(code="04").replace(TITLE, ""), "partial-update", 0),
        (product().replace(TITLE, ""), "no-title", 0),
        (product(publishing="<PublishingStatus>01</PublishingStatus>"), "cancelled", 0),
        (product(publishing="<PublishingStatus>05</PublishingStatus>"), "not-ours", 1),
        (product(code="77"), "unknown-code", 1),
        (product(ref=""), "no-reference", 1),
        (product(ids=""), "no-identifier", 1),
        (product(ids=IDS + IDS.replace("0024", "0025")), "check-digit", 1),
        (product(ids=IDS + IDS.replace(">15<", ">99<")), "unknown-code", 1),
        (product(ids=IDS + IDS.replace("9782070360024", "")), "identifier", 1),
        (product(details="<Contributor><ContributorRole>A01</ContributorRole></Contributor>"), "name", 1),
        (product(details="<Contributor><ContributorRole>?</ContributorRole><PersonName>X Y</PersonName></Contributor>"),
         "unknown-code", 1),
        (product(publishing="<CountryOfPublication>France</CountryOfPublication>"), "country", 1),
        (product(publishing='<PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="12">'
                 "soon</Date></PublishingDate>"), "date", 1),
        (product().replace(">BC<", ">?!<"), "unknown-code", 1),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_and_the_record_stays_where_it_can(
    data: str, reason: str, kept: int
) -> None:
    entries, refusals = read(message(data))
    assert len(entries) == kept
    assert [r.reason for r in refusals] == [reason]
    assert refusals[0].detail.startswith("onix.xml, line 3")


def test_a_second_record_of_a_reference_is_told() -> None:
    entries, refusals = read(message(product(), product(), product(code="05")))
    assert len(entries) == 2
    assert [r.reason for r in refusals] == ["replaces", "deleted"]
    assert "stands earlier" in refusals[1].detail


def test_unknown_identifier_types_keep_their_number() -> None:
    (entry,), _ = read(message(product(ids=IDS.replace(">15<", ">99<").replace("9782070360024", "Z-1"))))
    assert [str(i) for i in entry.editions[0].identifiers] == ["own:ONIX-99:Z-1"]


def test_recognises_onix_and_nothing_else() -> None:
    for data in (message(FULL), short(message(FULL)), OLD, message(FULL).decode().encode("utf-16")):
        assert IMPORTER.recognises(catalog_file(data))
    for data in (
        b"",
        b"<rss><Product>x</Product></rss>",
        b"title,isbn\n",
        b"PK\x03\x04",
        b"<html>ONIXMessage</html>",
    ):
        assert not IMPORTER.recognises(catalog_file(data))


@pytest.mark.parametrize("data", [b"<ONIXMessage/>", message(), b"<ONIXMessage>", b"", b"\xff\xfe"])
def test_a_message_without_products_is_an_error(data: bytes) -> None:
    with pytest.raises(CatalogError, match=r"onix\.xml"):
        read(data)
