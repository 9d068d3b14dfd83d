"""plus:DataMining: the nine values in every spelling, and what is none of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.documents.xmp import parse_xmp
from countermark.errors import DocumentError
from countermark.reservations.iptc_plus import VALUES, VOCABULARY, data_mining, read_xmp
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import sentence

SHARED = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "iptc_plus" / "values.json"
PLACE = Place("picture.jpg")
R, C, A, U = Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED, Answer.UNKNOWN


def packet(inner: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
        f'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def read(value: str, inner: str = "") -> Reading:
    said = f"<plus:DataMining>{value}</plus:DataMining>{inner}"
    return read_xmp(parse_xmp(packet(said)), Target(), PLACE)


def answers(reading: Reading) -> tuple[Answer, ...]:
    verdict = judge(Target(), [reading])
    return tuple(verdict.answer(use) for use in (Use.TDM, Use.TRAIN, Use.GENERATIVE, Use.INPUT, Use.SEARCH))


TERMS = {  # PLUS: the property that each value refers to
    "-SEECONSTRAINT": "<plus:OtherConstraints>ask first</plus:OtherConstraints>",
    "-SEEEMBEDDEDRIGHTSEXPR": '<e:EmbdEncRightsExpr><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<e:EncRightsExpr>odrl</e:EncRightsExpr></rdf:li></rdf:Bag></e:EmbdEncRightsExpr>",
    "-SEELINKEDRIGHTSEXPR": '<e:LinkedEncRightsExpr><rdf:Bag><rdf:li rdf:parseType="Resource"><e:LinkedRightsExpr>'
    "https://example.org/terms</e:LinkedRightsExpr></rdf:li></rdf:Bag></e:LinkedEncRightsExpr>",
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("DMI-UNSPECIFIED", (U, U, U, U, U)),
        ("DMI-ALLOWED", (A, A, A, U, U)),
        ("DMI-PROHIBITED", (R, R, R, R, U)),
        ("DMI-PROHIBITED-AIMLTRAINING", (U, R, R, U, U)),
        ("DMI-PROHIBITED-GENAIMLTRAINING", (U, U, R, U, U)),
        ("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", (R, R, R, R, A)),
        ("DMI-PROHIBITED-SEECONSTRAINT", (C, C, C, U, U)),
        ("DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR", (C, C, C, U, U)),
        ("DMI-PROHIBITED-SEELINKEDRIGHTSEXPR", (C, C, C, U, U)),
    ],
)
def test_the_nine_values_in_every_spelling(code: str, expected: tuple[Answer, ...]) -> None:
    terms = TERMS.get(code.removeprefix("DMI-PROHIBITED"), "")
    https = VOCABULARY.replace("http:", "https:")
    for value in (
        VOCABULARY + code,
        https + code,
        code,
        code.lower(),
        VALUES[code].label,
        f" {VALUES[code].label.upper()} ",
    ):
        reading = read(value, terms)
        assert answers(reading) == expected
        assert not reading.remarks


def test_terms_are_named_and_without_them_the_reservation_has_no_condition() -> None:
    linked = read("DMI-PROHIBITED-SEELINKEDRIGHTSEXPR", TERMS["-SEELINKEDRIGHTSEXPR"])
    assert {s.terms for s in linked.statements} == {"https://example.org/terms"}
    without = read("DMI-PROHIBITED-SEELINKEDRIGHTSEXPR")
    assert answers(without)[:3] == (R, R, R)
    assert [remark.code for remark in without.remarks] == ["iptc-plus.terms-missing"]


def test_a_value_that_is_none_of_the_nine_is_told_and_doubted() -> None:
    for value in ("Verboten", "DMI-FORBIDDEN", "http://example.org/DMI-PROHIBITED", "xDMI-PROHIBITED"):
        reading = read(value)
        assert reading.statements == ()
        assert [(remark.code, remark.doubt) for remark in reading.remarks] == [
            ("iptc-plus.unknown-value", True)
        ]


def test_two_values_come_to_the_more_restrictive() -> None:
    reading = read_xmp({"plus:DataMining": ["DMI-ALLOWED", "DMI-PROHIBITED"]}, Target(), PLACE)
    assert answers(reading)[:4] == (R, R, R, R)
    assert [remark.code for remark in reading.remarks] == ["iptc-plus.repeated"]


@pytest.mark.skipif(not SHARED.exists(), reason="the conformance data of IPTC is not here")
def test_conformance_of_the_values() -> None:
    cases = json.loads(SHARED.read_text(encoding="utf-8"))["values"]
    assert len(cases) == 9
    for uri, expected in cases.items():
        reading = read(uri)
        kind = expected.partition(":")[0].partition(",")[0].partition(" ")[0]
        found = set(answers(reading)[:4]) - {U}
        assert found == {"unset": set(), "allowed": {A}, "reserved": {R}}[kind], uri


@given(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(sorted(VALUES)).flatmap(lambda c: st.text(max_size=3).map(c.__add__)),
    )
)
@settings(max_examples=200)
def test_only_what_is_said_is_allowed(value: str) -> None:
    reading = read_xmp({"plus:DataMining": [value]}, Target(), PLACE)
    for remark in reading.remarks:
        assert sentence(remark)
        assert sentence(remark, "fr")
    if A in answers(reading):
        found = data_mining(value)
        assert found is not None
        assert found.code in {"DMI-ALLOWED", "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"}


@given(st.integers(0, 600), st.binary(max_size=4))
@settings(max_examples=200)
def test_a_damaged_packet_allows_nothing(at: int, put: bytes) -> None:
    good = packet("<plus:DataMining>DMI-PROHIBITED</plus:DataMining>")
    try:
        values = parse_xmp(good[:at] + put + good[at + len(put) :])
    except DocumentError:
        return
    assert A not in answers(read_xmp(values, Target(), PLACE))
