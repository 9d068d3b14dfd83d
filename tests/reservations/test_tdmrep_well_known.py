"""tdmrep.json: which rule speaks of a path, what counts as not said, and what departs from the report.

The compact vectors follow the examples of the section "TDM File on the Origin Server".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.tdmrep import read_well_known, validate_well_known
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import room_languages, sentence

if TYPE_CHECKING:
    from countermark.reservations.nonconformance import NonConformance

SHARED = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "tdmrep" / "cases.json"
PLACE = Place("https://example.org/.well-known/tdmrep.json", "2026-11-01T00:00:00Z")
THREE = b"""[
 {"location": "/directory-a/", "tdm-reservation": 1},
 {"location": "/directory-b/html/", "tdm-reservation": 1,
  "tdm-policy": "https://example.org/policies/policy.json"},
 {"location": "/directory-b/images/*.jpg", "tdm-reservation": 0}
]"""


def read(data: bytes, path: str = "/x") -> Reading:
    return read_well_known(data, Target(f"https://example.org{path}"), PLACE)


def codes(reading: Reading) -> list[str]:
    return [remark.code.removeprefix("tdmrep.") for remark in reading.remarks]


def answer(reading: Reading, use: Use = Use.TDM) -> Answer:
    return judge(Target(), [reading]).answer(use)


def rule(location: object = "/", value: object = 1, **more: object) -> bytes:
    return json.dumps([{"location": location, "tdm-reservation": value, **more}]).encode()


@pytest.mark.parametrize(
    ("path", "expected", "line"),
    [
        ("/directory-a/f.pdf", Answer.RESERVED, 2),
        ("/directory-b/html/i.html", Answer.CONDITIONAL, 3),
        ("/directory-b/images/p.jpg", Answer.ALLOWED, 5),
        ("/directory-A/f.pdf", Answer.UNKNOWN, 0),
        ("/other", Answer.UNKNOWN, 0),
    ],
)
def test_the_example_of_the_report(path: str, expected: Answer, line: int) -> None:
    reading = read(THREE, path)
    assert answer(reading) is expected
    assert {s.line for s in reading.statements} == ({line} if line else set())
    assert {s.use for s in reading.statements} <= {Use.TDM, Use.TRAIN, Use.GENERATIVE}
    assert not reading.remarks


def test_a_statement_has_its_bytes_its_scope_and_its_policy() -> None:
    first = read(THREE, "/directory-b/html/i.html").statements[0]
    assert first.raw.startswith(b'{"location": "/directory-b/html/", "tdm-reservation": 1,\n')
    assert (first.scope, first.terms) == ("/directory-b/html/", "https://example.org/policies/policy.json")
    assert (first.technique, first.rank, first.revision) == ("well-known", 0, "2024-05-10")


@pytest.mark.parametrize(
    ("location", "path", "matches"),
    [
        ("/path/foo-%24", "/path/foo-$", True),
        ("/path/foo-%2A", "/path/foo-*", True),
        ("/path/foo-%2a", "/path/foo-%2A", True),
        ("/this/path/exactly$", "/this/path/exactly/no", False),
        ("/this/path/exactly$", "/this/path/exactly", True),
        ("/this/*/then", "/this/and/that/then", True),
        ("/a$b", "/a$b", True),
        ("/%7Eann/", "/~ann/x", True),
        ("/~ann/", "/%7eann/x", True),
        ("/a%2Fb", "/a/b", False),
        ("/caf\u00e9", "/caf%C3%A9", True),
        ("*.pdf$", "/x.pdf", True),
        ("/x?y", "/x?y=1", True),
    ],
)
def test_patterns(location: str, path: str, matches: bool) -> None:
    assert bool(read(rule(location), path).statements) is matches


@pytest.mark.parametrize(
    ("data", "code", "doubt"),
    [
        (rule(value="1"), "reservation-text", True),
        (rule(value=2), "reservation-value", True),
        (rule(value=True), "reservation-value", True),
        (rule(value=1.5), "reservation-value", True),
        (rule(value=None), "reservation-value", True),
        (rule(location=7), "location-form", True),
        (rule(location=""), "location-form", True),
        (rule(location="x/"), "location-form", True),
        (rule(location="https://example.org/"), "location-form", True),
        (rule(location="x/", value=0), "location-form", False),
        (b'{"location": "/", "tdm-reservation": 1}', "not-an-array", True),
        (b'[{"tdm-reservation": 1}]', "location-missing", True),
        (b'[{"location": "/"}]', "reservation-missing", True),
        (b"[1]", "rule-form", True),
        (b'[{"location": "/", "tdm-reservation": 1', "not-json", True),
        (b'[{"location": "/", "tdm-reservation": NaN}]', "not-json", True),
        (b"\xff\xfe[", "not-json", True),
        (b"[" * 100_000, "not-json", True),
        (b"[" * 900 + b"]" * 900, "too-deep", True),
        (b'[{"location": "/", "tdm-reservation": ' + b"1" * 5000 + b"}]", "not-json", True),
        (b" \n", "empty", False),
        (b"<!DOCTYPE html><title>Not here</title>", "a-page", False),
        (b"<html>tdm-reservation: 1</html>", "not-json", True),
    ],
)
def test_what_cannot_be_used_counts_as_not_said_and_is_told(data: bytes, code: str, doubt: bool) -> None:
    reading = read(data)
    assert reading.statements == ()
    assert codes(reading) == [code]
    assert reading.remarks[0].doubt is doubt


def test_what_was_read_before_a_fault_stands() -> None:
    assert answer(read(b'[{"location": "/", "tdm-reservation": 1}, 7]')) is Answer.RESERVED
    twice = read(b'[{"location": "/", "tdm-reservation": 1, "tdm-reservation": 0}]')
    assert (codes(twice), answer(twice)) == (["repeated-name"], Answer.UNKNOWN)
    assert answer(read(b"\xef\xbb\xbf" + rule())) is Answer.RESERVED


def test_a_fault_elsewhere_is_no_matter_of_this_path() -> None:
    assert not read(rule("/other", "1"))


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)])
def test_first_in_sequence_and_longest_match_are_both_told(first: int, second: int) -> None:
    rules = [{"location": "/a/", "tdm-reservation": first}, {"location": "/a/b/", "tdm-reservation": second}]
    reading = read(json.dumps(rules).encode(), "/a/b/x")
    assert answer(reading) is Answer.RESERVED
    (remark,) = reading.remarks
    assert remark.code == "tdmrep.first-or-longest"
    assert dict(remark.facts) == {
        "first": "/a/",
        "first_says": str(first),
        "longest": "/a/b/",
        "longest_says": str(second),
    }
    assert {s.scope for s in reading.statements} == {"/a/" if first else "/a/b/"}


def test_rules_that_agree_or_whose_policies_differ() -> None:
    same = [{"location": "/", "tdm-reservation": 1}, {"location": "/a", "tdm-reservation": 1}]
    assert not read(json.dumps(same).encode(), "/a").remarks
    same[1]["tdm-policy"] = "https://example.org/p"
    reading = read(json.dumps(same).encode(), "/a")
    assert (codes(reading), answer(reading)) == (["first-or-longest"], Answer.RESERVED)


def test_policies() -> None:
    relative = read(rule(**{"tdm-policy": "/p.json"}))
    assert (codes(relative), relative.statements[0].terms) == (
        ["policy-relative"],
        "https://example.org/p.json",
    )
    for bad in ("javascript:alert(1)", "https://[", "http://x/\r\nSet-Cookie: a"):
        reading = read(rule(**{"tdm-policy": bad}))
        assert (codes(reading), answer(reading)) == (["policy-unusable"], Answer.RESERVED)
    assert answer(read(rule(value=0, **{"tdm-policy": "/p"}))) is Answer.ALLOWED


def test_size_and_number_are_bounded() -> None:
    many = b"[" + b",".join([b'{"location": "/a", "tdm-reservation": 0}'] * 10_000 + [rule()[1:-1]]) + b"]"
    reading = read(many)
    assert (codes(reading), reading.remarks[0].doubt) == (["too-many-rules"], True)
    assert codes(read(b" " * ((4 << 20) + 1))) == ["too-large"]


def test_the_validator_names_each_departure_with_index_and_field() -> None:
    assert validate_well_known(THREE) == []
    data = b"""[
 {"location": "x", "tdm-reservation": "1", "note": 1},
 {"tdm-reservation": 0, "tdm-policy": "p.json"},
 5]"""
    found = [
        (fault.code.removeprefix("tdmrep."), fault.where, fault.line) for fault in validate_well_known(data)
    ]
    assert found == [
        ("location-form", "[0].location", 2),
        ("reservation-text", "[0].tdm-reservation", 2),
        ("unknown-property", "[0].note", 2),
        ("location-missing", "[1]", 3),
        ("policy-form", "[1].tdm-policy", 3),
        ("rule-form", "[2]", 4),
    ]
    (whole,) = validate_well_known(b"{}")
    assert (whole.code, whole.protocol) == ("tdmrep.not-an-array", "tdmrep")


def _said(reservation: Any, policy: Any) -> Answer:
    if reservation not in {0, 1}:
        return Answer.UNKNOWN
    return Answer.ALLOWED if reservation == 0 else Answer.CONDITIONAL if policy else Answer.RESERVED


@pytest.mark.skipif(not SHARED.exists(), reason="the conformance data of TDMRep is not here")
def test_conformance_of_the_file_at_the_origin() -> None:
    cases = json.loads(SHARED.read_text(encoding="utf-8"))["well_known"]
    assert len(cases) == 12
    for case in cases:
        reading = read_well_known(json.dumps(case["file"]).encode(), Target(case["url"]), PLACE)
        if str(case["reservation"]).startswith("AMBIGUOUS"):
            assert (codes(reading), answer(reading)) == (["first-or-longest"], Answer.RESERVED)
            continue
        assert answer(reading) is _said(case["reservation"], case.get("policy")), case
        for statement in reading.statements:
            assert statement.terms == (case.get("policy") or "")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 2)
    | st.floats()
    | st.sampled_from(["/", "1", "0", "*", "/a$", "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["location", "tdm-reservation", "tdm-policy", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def _told(faults: list[NonConformance], reading: Reading) -> None:
    for remark in reading.remarks:
        assert sentence(remark)
        assert sentence(remark, "fr")
    for fault in faults:
        for language in room_languages().values():
            assert language.say(fault.code, **dict(fault.facts))


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=80))
@settings(max_examples=300)
def test_anything_is_read_and_nothing_is_allowed_that_does_not_say_0(data: bytes) -> None:
    reading = read(data, "/a")
    _told(validate_well_known(data), reading)
    if answer(reading) is Answer.ALLOWED:
        assert b'"tdm-reservation": 0' in data


@given(st.integers(0, len(THREE)), st.binary(max_size=3))
@settings(max_examples=200)
def test_a_damaged_file_never_allows_what_it_reserved(at: int, put: bytes) -> None:
    damaged = THREE[:at] + put + THREE[at + len(put) :]
    reading = read(damaged, "/directory-a/f.pdf")
    _told(validate_well_known(damaged), reading)
    assert answer(reading) is not Answer.ALLOWED or b"0}" in put or b'"tdm-reservation": 0}' in damaged[:60]


@pytest.mark.parametrize(
    ("number", "answer"), [("1.0", Answer.RESERVED), ("10e-1", Answer.RESERVED), ("0.0", Answer.ALLOWED)]
)
def test_json_has_one_kind_of_number(number: str, answer: Answer) -> None:
    """RFC 8259, section 6: 1.0 is 1."""
    reading = read(b'[{"location": "/", "tdm-reservation": ' + number.encode() + b"}]")
    assert {statement.answer for statement in reading.statements} == {answer}
    assert reading.remarks == ()
