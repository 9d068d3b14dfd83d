"""TDM policies: read leniently, checked place by place, written in one form. After "Expressing a TDM Policy"."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import InputError
from countermark.reservations.tdmrep import read_policy_document, validate_policy, write_policy
from countermark.reservations.tdmrep.odrl import DUTIES, PURPOSES, Address, Assigner, OdrlPolicy, Permission
from countermark.reservations.words import room_languages

POLICY = OdrlPolicy(
    "https://example.org/policies/1",
    Assigner(
        "https://example.org",
        "Éditions du Quai",
        "QUAI",
        "mailto:droits@example.org",
        "tel:+33155555555",
        "https://example.org/tdm.html",
        Address("1 quai des Brumes", "75000", "Paris", "France"),
    ),
    (
        Permission(("obtainConsent", "compensate"), ("tdm:non-research",), "https://example.org/novels"),
        Permission((), ("tdm:research",)),
    ),
)


def document(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(write_policy(POLICY)) | changes
    return {name: value for name, value in made.items() if value is not ...}


def found(document: object) -> list[tuple[str, str]]:
    faults = validate_policy(json.dumps(document).encode())
    for fault in faults:
        for language in room_languages().values():
            assert language.say(fault.code, **dict(fault.facts))
    return [(fault.code.removeprefix("tdmrep.policy."), fault.where) for fault in faults]


def test_what_is_written_is_read_back_and_conforms() -> None:
    data = write_policy(POLICY)
    assert read_policy_document(data) == POLICY
    assert validate_policy(data) == []
    assert write_policy(read_policy_document(data)) == data
    assert data.startswith(b'{\n  "@context": [\n    "http://www.w3.org/ns/odrl.jsonld",')
    assert data.endswith(b"}\n")


def test_the_smallest_policy() -> None:
    policy = OdrlPolicy("https://example.org/p", Assigner("https://example.org"), (Permission(),))
    assert json.loads(write_policy(policy))["permission"] == [{"action": "tdm:mine"}]
    assert read_policy_document(write_policy(policy)) == policy


def test_other_spellings_are_read() -> None:
    said = document(
        assigner=[{"fn": "Quai", "hasEmail": {"@id": "mailto:a@example.org"}}],
        permission={
            "action": "http://www.w3.org/ns/tdmrep#mine",
            "duty": {"action": ["odrl:compensate"]},
        },
        constraint={"leftOperand": "odrl:purpose", "operator": "eq", "rightOperand": "research"},
    )
    policy = read_policy_document(json.dumps(said).encode())
    assert policy.assigner == Assigner(name="Quai", email="mailto:a@example.org")
    assert policy.permissions == (Permission(("compensate",), ("tdm:research",)),)
    assert (
        read_policy_document(json.dumps(document(permission=[{"action": "play"}])).encode()).permissions == ()
    )


MINE = {"action": "tdm:mine"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"@context": "http://www.w3.org/ns/odrl.jsonld"}, ("context", "@context")),
        ({"@context": ["http://www.w3.org/ns/odrl.jsonld"]}, ("context", "@context")),
        ({"@type": "Set"}, ("type", "@type")),
        ({"@type": ...}, ("type", "@type")),
        ({"profile": "http://www.w3.org/ns/tdmrep#"}, ("profile", "profile")),
        ({"uid": "policy 1"}, ("uid", "uid")),
        ({"assigner": ...}, ("assigner-form", "assigner")),
        ({"assigner": [{}]}, ("assigner-form", "assigner")),
        ({"assigner": {"vcard:fn": 7}}, ("assigner-name", "assigner.vcard:fn")),
        ({"assigner": {"vcard:hasEmail": "a@example.org"}}, ("assigner-email", "assigner.vcard:hasEmail")),
        ({"assigner": {"hasTelephone": "+33 1"}}, ("assigner-telephone", "assigner.hasTelephone")),
        ({"assigner": {"vcard:hasURL": "/tdm"}}, ("assigner-url", "assigner.vcard:hasURL")),
        ({"assigner": {"vcard:role": "x"}}, ("assigner-property", "assigner.vcard:role")),
        ({"assigner": {"vcard:hasAddress": "Paris"}}, ("address-form", "assigner.vcard:hasAddress")),
        ({"permission": MINE}, ("permission-form", "permission")),
        ({"permission": []}, ("permission-form", "permission")),
        ({"permission": ["x"]}, ("permission-form", "permission[0]")),
        ({"permission": [MINE, {}]}, ("action", "permission[1].action")),
        ({"permission": [{**MINE, "target": "novels"}]}, ("target", "permission[0].target")),
        ({"permission": [{**MINE, "duty": [{"action": "pay"}]}]}, ("duty", "permission[0].duty[0]")),
        (
            {"permission": [{**MINE, "duty": {"action": "compensate"}}]},
            ("not-an-array", "permission[0].duty"),
        ),
        (
            {"permission": [{**MINE, "constraint": [{"leftOperand": "spatial"}]}]},
            ("constraint", "permission[0].constraint[0]"),
        ),
        ({"prohibition": []}, ("should-not", "prohibition")),
    ],
)
def test_each_departure_is_named_with_its_place(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert found(document(**changes)) == [expected]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"[]", "not-an-object"),
        (
            b'{"vcard:hasEmail": "mailto:a@example.org",}',
            "not-json",
        ),  # the report's last example has such a comma
        (b"<!DOCTYPE html>", "a-page"),
        (b'{"a":' * 100_000, "not-json"),
        (b'{"a":' * 1_010 + b"1" + b"}" * 1_010, "too-deep"),
        (b" " * ((1 << 20) + 1), "too-large"),
    ],
)
def test_what_is_no_policy_at_all(data: bytes, code: str) -> None:
    assert [fault.code for fault in validate_policy(data)] == [f"tdmrep.policy.{code}"]
    with pytest.raises(InputError, match="policy"):
        read_policy_document(data)


def test_what_the_profile_does_not_admit_is_not_written() -> None:
    for policy in (
        OdrlPolicy("", POLICY.assigner, POLICY.permissions),
        OdrlPolicy(POLICY.uid, Assigner(email="a@example.org"), POLICY.permissions),
        OdrlPolicy(POLICY.uid, POLICY.assigner, ()),
        OdrlPolicy(POLICY.uid, POLICY.assigner, (Permission(("play",)),)),
    ):
        with pytest.raises(InputError, match="cannot be written"):
            write_policy(policy)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
MADE = st.builds(
    OdrlPolicy,
    st.just("https://example.org/p"),
    st.builds(Assigner, st.just("urn:x:1"), TEXT, TEXT, address=st.builds(Address, TEXT, TEXT, TEXT, TEXT)),
    st.lists(
        st.builds(
            Permission,
            st.sets(st.sampled_from(DUTIES)).map(lambda s: tuple(n for n in DUTIES if n in s)),
            st.sets(st.sampled_from(PURPOSES)).map(lambda s: tuple(n for n in PURPOSES if n in s)),
            st.sampled_from(["", "urn:y:2"]),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
)


@given(MADE)
@settings(max_examples=100)
def test_any_policy_of_the_profile_comes_back(policy: OdrlPolicy) -> None:
    assert read_policy_document(write_policy(policy)) == policy


JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["tdm:mine", "compensate", "Offer", "https://example.org/"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["permission", "assigner", "action", "duty", "constraint", "uid"]), inner
        )
    ),
    max_leaves=15,
)


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60))
@settings(max_examples=300)
def test_anything_is_checked_and_read_or_refused(data: bytes) -> None:
    assert validate_policy(data)  # none of these has a profile
    try:
        policy = read_policy_document(data)
    except InputError:
        return
    assert isinstance(policy, OdrlPolicy)
