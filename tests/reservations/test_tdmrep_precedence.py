"""The order of TDMRep's steps: what supersedes, what stays in force, and what is told of it."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.reservations.page import read_page as parse_page
from countermark.reservations.response import Headers
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.tdmrep import read_headers, read_package, read_page, read_well_known
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import Verdict, judge
from countermark.reservations.words import sentence

SHARED = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "tdmrep" / "cases.json"
URL = "https://example.org/book.html"
TARGET = Target(URL)
POLICY = "https://example.org/policy.json"
Said = tuple[int | None, str]


def known(value: int | None, policy: str = "") -> Reading:
    rule = {"location": "/", "tdm-reservation": value} | ({"tdm-policy": policy} if policy else {})
    data = json.dumps([rule] if value is not None else []).encode()
    return read_well_known(data, TARGET, Place("https://example.org/.well-known/tdmrep.json"))


def header(value: int | None, policy: str = "") -> Reading:
    fields = [("tdm-reservation", str(value))] * (value is not None) + [("tdm-policy", policy)] * bool(policy)
    return read_headers(Headers(fields), TARGET, Place(URL))


def html(value: int | None, policy: str = "") -> Reading:
    said = [("reservation", str(value))] * (value is not None) + [("policy", policy)] * bool(policy)
    body = "".join(f'<meta name="tdm-{name}" content="{text}">' for name, text in said)
    return read_page(parse_page(body.encode()), TARGET, Place(URL))


def epub(value: int | None, policy: str = "") -> Reading:
    said = [("tdm:reservation", str(value))] * (value is not None) + [("tdm:policy", policy)] * bool(policy)
    return read_package(said, TARGET, Place("book.epub"))


STEPS = (known, header, html, epub)


def verdict(*readings: Reading) -> Verdict:
    return judge(TARGET, readings)


def told(found: Verdict) -> list[str]:
    for remark in found.remarks:
        assert sentence(remark)
        assert sentence(remark, "fr")
    return [remark.code.removeprefix("tdmrep.") for remark in found.remarks]


def test_a_later_step_supersedes_and_loosening_is_told_with_both_places() -> None:
    found = verdict(known(1), header(0))
    assert found.answer(Use.TDM) is Answer.ALLOWED
    assert told(found) == ["loosened"]
    assert "(balise meta" not in sentence(found.remarks[0], "fr")
    assert f"{URL} (champ d’en-tête\u00a0: 0)" in sentence(found.remarks[0], "fr")
    facts = dict(found.remarks[0].facts)
    assert (facts["earlier"], facts["later"]) == ("https://example.org/.well-known/tdmrep.json", URL)
    assert (facts["earlier_says"], facts["later_says"]) == ("1", "0")
    assert [s.technique for s in found.uses[Use.TDM].conflicting] == ["well-known"]


def test_tightening_is_told_and_agreement_is_not() -> None:
    found = verdict(known(0), html(1))
    assert (found.answer(Use.TRAIN), told(found)) == (Answer.RESERVED, ["tightened"])
    assert told(verdict(known(1), header(1), epub(1))) == []


def test_absence_resets_nothing_and_values_supersede_each_by_itself() -> None:
    assert verdict(known(1), header(None)).answer(Use.TDM) is Answer.RESERVED
    kept = verdict(known(1, POLICY), header(1))
    assert (kept.answer(Use.TDM), kept.uses[Use.TDM].terms) == (Answer.CONDITIONAL, (POLICY,))
    assert told(kept) == ["policy-kept"]
    later = verdict(known(1), header(None, POLICY))
    assert (later.answer(Use.TDM), later.uses[Use.TDM].terms) == (Answer.CONDITIONAL, (POLICY,))
    other = verdict(known(1, "https://example.org/old"), header(None, POLICY))
    assert other.uses[Use.TDM].terms == (POLICY,)
    assert verdict(known(0), header(None, POLICY)).answer(Use.TDM) is Answer.ALLOWED


def test_two_answers_at_one_step_come_to_the_more_restrictive() -> None:
    found = verdict(epub(0), epub(1))
    assert (found.answer(Use.TDM), told(found)) == (Answer.RESERVED, ["same-step"])


def test_the_order_of_the_readings_does_not_matter() -> None:
    readings = [known(1, POLICY), header(0), html(1), epub(None, "https://example.org/new")]
    found = {tuple(verdict(*order).uses[Use.TDM].terms) for order in permutations(readings)}
    assert found == {("https://example.org/new",)}


@pytest.mark.skipif(not SHARED.exists(), reason="the conformance data of TDMRep is not here")
def test_conformance_of_precedence() -> None:
    cases = json.loads(SHARED.read_text(encoding="utf-8"))["precedence"]
    assert len(cases) == 4
    for case in cases:
        names = ("well_known", "header", "html", "file")
        found = verdict(*(step(case[name]) for step, name in zip(STEPS, names, strict=True)))
        assert found.answer(Use.TDM) is {0: Answer.ALLOWED, 1: Answer.RESERVED}[case["reservation"]]


VALUES = st.sampled_from([None, 0, 1])
POLICIES = st.sampled_from(["", POLICY, "https://example.org/b"])


@given(st.tuples(*[st.tuples(VALUES, POLICIES)] * 4))
def test_the_answer_is_that_of_the_values_taken_one_by_one(said: tuple[Said, ...]) -> None:
    """Against the report's own words, as a program of two variables; a policy beside a 0 is not to be processed."""
    reservation: int | None = None
    policy = ""
    for step, (value, address) in zip(STEPS, said, strict=True):
        reservation = reservation if value is None else value
        alone = value is None and step is not known  # a rule of the file cannot give a policy alone
        policy = address if address and (value == 1 or alone) else policy
    found = verdict(*(step(*values) for step, values in zip(STEPS, said, strict=True)))
    expected = {None: Answer.UNKNOWN, 0: Answer.ALLOWED}.get(
        reservation, Answer.CONDITIONAL if policy else Answer.RESERVED
    )
    assert found.answer(Use.TDM) is expected
    if any(value == 1 for value, _ in said) and found.answer(Use.TDM) is Answer.ALLOWED:
        assert "loosened" in told(found)
