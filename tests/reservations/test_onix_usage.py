"""Usage constraints in ONIX: types and statuses, reference names and short tags, messages and bare records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.reservations.onix import MAX_USAGES, read_onix, usage
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import sentence

SHARED = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "onix" / "cases.json"
PLACE = Place("books.xml", "2026-04-01")


def constraint(code: str, status: str, more: str = "") -> str:
    return (
        f"<EpubUsageConstraint><EpubUsageType>{code}</EpubUsageType><EpubUsageStatus>{status}</EpubUsageStatus>{more}"
        "</EpubUsageConstraint>"
    )


def product(reference: str, *constraints: str) -> str:
    return (
        f"<Product><RecordReference>{reference}</RecordReference><DescriptiveDetail><ProductForm>EA</ProductForm>"
        f"{''.join(constraints)}</DescriptiveDetail></Product>"
    )


def message(*products: str, attributes: str = "") -> bytes:
    return f'<?xml version="1.0"?><ONIXMessage release="3.1"{attributes}>{"".join(products)}</ONIXMessage>'.encode()


def read(data: bytes) -> Reading:
    return read_onix(data, Target(), PLACE)


def answers(reading: Reading) -> tuple[Answer, ...]:
    verdict = judge(Target(), [reading])
    return tuple(verdict.answer(use) for use in (Use.TDM, Use.TRAIN, Use.GENERATIVE))


def codes(reading: Reading) -> list[str]:
    return [remark.code for remark in reading.remarks]


R, C, A, U = Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED, Answer.UNKNOWN


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("11", "03", (R, R, R)),
        ("11", "02", (C, C, C)),
        ("11", "01", (A, A, A)),
        ("13", "03", (U, R, R)),
        ("14", "01", (U, A, A)),
        ("03", "03", (U, U, U)),
    ],
)
def test_types_and_statuses(code: str, status: str, expected: tuple[Answer, ...]) -> None:
    reading = read(message(product("r1", constraint(code, status))))
    assert answers(reading) == expected
    assert not reading.remarks
    assert {s.scope for s in reading.statements} <= {"r1"}


def test_reference_names_short_tags_and_namespaces() -> None:
    short = (
        b'<ONIXmessage xmlns="http://ns.editeur.org/onix/3.1/short"><product><a001>r1</a001><descriptivedetail>'
        b"<epubusageconstraint><x318>11</x318><x319>02</x319><epubusagelimit><x320>10</x320><x321>04</x321>"
        b"</epubusagelimit></epubusageconstraint></descriptivedetail></product></ONIXmessage>"
    )
    reading = read(short)
    assert answers(reading) == (C, C, C)
    assert (reading.statements[0].scope, reading.statements[0].terms) == ("r1", "10 (list 147: 04)")
    spaced = message(
        product("r1", constraint("11", "03")), attributes=' xmlns="http://ns.editeur.org/onix/3.0/reference"'
    )
    assert answers(read(spaced)) == (R, R, R)
    assert answers(
        read(b'<!DOCTYPE ONIXMessage SYSTEM "onix.dtd">' + message(product("r", constraint("11", "03")))[21:])
    ) == (
        R,
        R,
        R,
    )
    assert b"<EpubUsageType>11</EpubUsageType>" in read(constraint("11", "03").encode()).statements[0].raw


def test_an_unknown_status_is_told_and_doubted() -> None:
    reading = read(message(product("r", constraint("11", "09"), constraint("13", "01"))))
    assert answers(reading) == (U, U, U)
    assert codes(reading) == ["onix.unknown-status"]


def test_several_records_come_to_the_most_restrictive() -> None:
    reading = read(message(product("r1", constraint("11", "03")), product("r2", constraint("11", "01"))))
    assert answers(reading) == (R, R, R)
    assert codes(reading) == ["onix.several-records"]


def test_what_was_read_before_a_damage_is_kept() -> None:
    good = message(product("r1", constraint("11", "03")), product("r2", constraint("11", "03")))
    cut = read(good[: good.index(b"r2")])
    assert (answers(cut), codes(cut)) == ((R, R, R), ["onix.not-xml"])
    permitted = message(product("r1", constraint("11", "01")), product("r2"))
    assert answers(read(permitted[:-30])) == (U, U, U)


def test_hostile_messages() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]>' + message(product("&c;"))[21:]
    assert codes(read(bomb)) == ["onix.entities"]
    assert codes(read(b"<a>" * 101)) == ["onix.not-xml"]
    assert codes(read(b'<?xml version="1.0" encoding="none"?><a/>')) == ["onix.not-xml"]
    many = message(product("r", *[constraint("11", "01")] * (MAX_USAGES + 1)))
    assert (codes(read(many)), answers(read(many))) == (["onix.too-many"], (U, U, U))


def test_usage_by_itself() -> None:
    found = usage("13", "03")
    assert found is not None
    assert (found.uses, found.answer) == ((Use.TRAIN, Use.GENERATIVE), R)
    assert usage("05", "03") is None


@pytest.mark.skipif(not SHARED.exists(), reason="the conformance data of ONIX is not here")
def test_conformance_of_usage_constraints() -> None:
    cases = json.loads(SHARED.read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 3
    for case in cases:
        assert (
            answers(read(case["xml"].encode()))[0] is {"reserved": R, "permitted": A, "unset": U}[case["tdm"]]
        )


GOOD = message(product("r1", constraint("11", "03")), product("r2", constraint("14", "03")))


@given(st.integers(0, len(GOOD)), st.binary(max_size=4) | st.binary(max_size=60))
@settings(max_examples=300)
def test_a_damaged_message_never_allows_what_it_reserves(at: int, put: bytes) -> None:
    reading = read(GOOD[:at] + put + GOOD[at + len(put) :])
    for remark in reading.remarks:
        assert sentence(remark)
        assert sentence(remark, "fr")
    assert A not in answers(reading) or b"1" in put
