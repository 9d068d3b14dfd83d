"""CAWG and C2PA training and data mining: the shared cases, entries one by one, validation, ingredients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.reservations.cawg import read_manifest
from countermark.reservations.embedded import read_embedded
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge

SHARED = Path(__file__).parents[2] / ".." / "shared" / "conformance"
PLACE = Place("a.jpg")
needs_shared = pytest.mark.skipif(
    not (SHARED / "cawg_tdm").is_dir(), reason="../shared/conformance is absent"
)


def _store(label: str, entries: Any, state: str = "Valid", **more: Any) -> dict[str, Any]:
    manifests = {"urn:one": {"assertions": [{"label": label, "data": {"entries": entries}}]}, **more}
    return {"active_manifest": "urn:one", "manifests": manifests, "validation_state": state}


def _read(store: dict[str, Any]) -> Reading:
    return read_manifest(store, Target(), PLACE)


def _answers(reading: Reading) -> dict[str, str]:
    return {str(s.use): str(s.answer) for s in reading.statements}


def _codes(reading: Reading) -> list[str]:
    return [remark.code for remark in reading.remarks]


# CAWG Training and Data Mining 1.1, section 2 (table of entries and of values), and the CDDL beside it.
VECTORS = [
    ("cawg.training-mining", {"cawg.data_mining": {"use": "notAllowed"}}, {"tdm": "reserved"}),
    ("cawg.training-mining", {"cawg.ai_training": {"use": "allowed"}}, {"train": "allowed"}),
    ("cawg.training-mining", {"cawg.ai_inference": {"use": "constrained"}}, {"input": "reserved"}),
    (
        "cawg.training-mining",
        {"cawg.ai_generative_training": {"use": "constrained", "constraint_info": "ask"}},
        {"generative": "conditional"},
    ),
    (
        "cawg.training-mining",
        {"cawg.ai_training": {"use": "constrained", "constraints_info": "ask"}},
        {"train": "conditional"},
    ),
    ("c2pa.training-mining", {"c2pa.ai_training": {"use": "notAllowed"}}, {"train": "reserved"}),
    ("c2pa.training-mining", {"cawg.data_mining": {"use": "notAllowed"}}, {"tdm": "reserved"}),
    ("cawg.training-mining__1", {"c2pa.data_mining": {"use": "notAllowed"}}, {"tdm": "reserved"}),
    ("cawg.training-mining", {"org.example.training": {"use": "notAllowed"}}, {}),
    ("cawg.metadata", {"cawg.data_mining": {"use": "notAllowed"}}, {}),
]


@pytest.mark.parametrize(("label", "entries", "expected"), VECTORS)
def test_an_entry_says_its_own_use_and_no_other(
    label: str, entries: dict[str, Any], expected: dict[str, str]
) -> None:
    assert _answers(_read(_store(label, entries))) == expected


def test_a_constraint_is_kept_as_terms_with_the_bytes_and_the_revision() -> None:
    entry = {"use": "constrained", "constraint_info": "ask rights@example.org"}
    (said,) = _read(_store("cawg.training-mining", {"cawg.data_mining": entry})).statements
    assert said.terms == "ask rights@example.org"
    assert said.revision == "CAWG 1.1"
    assert json.loads(said.raw) == {"cawg.data_mining": entry}


@needs_shared
def test_the_shared_cases() -> None:
    cases = json.loads((SHARED / "cawg_tdm" / "cases.json").read_text())["cases"]
    expected = {"disallow": {Answer.RESERVED, Answer.CONDITIONAL}, "unknown": {Answer.UNKNOWN}}
    assert len(cases) == 5
    for case in cases:
        if "file" in case:
            pytest.importorskip("c2pa")
            path = SHARED / case["file"]
            reading = read_embedded(path.read_bytes(), path.name, Target(), Place(path.name))
        else:
            reading = _read(_store(case["label"], case["entries"]))
        verdict = judge(Target(), [reading])
        assert verdict.answer(Use.GENERATIVE) in expected[case["generative_training"]]
        if "ai_inference" in case:
            assert verdict.answer(Use.INPUT) in expected[case["ai_inference"]]


@needs_shared
@pytest.mark.parametrize("name", ["A.jpg", "C.jpg", "C_with_CAWG_data.jpg"])
def test_the_shared_images(name: str) -> None:
    pytest.importorskip("c2pa")
    reading = read_embedded((SHARED / "c2pa" / name).read_bytes(), name, Target(), Place(name))
    reserved = {"input": "reserved", "generative": "reserved"}
    assert _answers(reading) == (reserved if name.startswith("C_") else {})
    assert _codes(reading) == ([] if name == "A.jpg" else ["cawg.untrusted"])


def test_what_does_not_validate_reserves_but_does_not_allow() -> None:
    entries = {"cawg.data_mining": {"use": "notAllowed"}, "cawg.ai_training": {"use": "allowed"}}
    reading = _read(_store("cawg.training-mining", entries, "Invalid"))
    assert _answers(reading) == {"tdm": "reserved", "train": "unknown"}
    assert _codes(reading) == ["cawg.invalid", "cawg.not-believed"]
    assert judge(Target(), [reading]).answer(Use.TRAIN) is Answer.UNKNOWN


def test_who_signed_is_told() -> None:
    store = _store("cawg.training-mining", {})
    store["manifests"]["urn:one"]["signature_info"] = {
        "issuer": "Example Press",
        "time": "2026-01-02T03:04:05+00:00",
    }
    (remark,) = _read(store).remarks
    assert (remark.code, dict(remark.facts)["signer"]) == ("cawg.untrusted", "Example Press")
    store["validation_state"] = "Trusted"
    assert _codes(_read(store)) == ["cawg.trusted"]


def test_a_store_that_nobody_validated_is_not_believed_when_it_allows() -> None:
    store = _store("cawg.training-mining", {"cawg.ai_training": {"use": "allowed"}})
    del store["validation_state"]
    assert _answers(_read(store)) == {"train": "unknown"}


def test_an_ingredient_is_told_and_decides_nothing() -> None:
    inside = _store("cawg.training-mining", {"cawg.ai_training": {"use": "notAllowed"}})["manifests"][
        "urn:one"
    ]
    reading = _read(_store("cawg.metadata", {}, **{"urn:two": inside}))
    assert reading.statements == ()
    assert _codes(reading) == ["cawg.untrusted", "cawg.ingredient"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [({"use": "NotAllowed"}, "cawg.not-a-use"), ("notAllowed", "cawg.not-a-use"), ({}, "cawg.not-a-use")],
)
def test_a_value_that_is_none_leaves_doubt(entry: Any, code: str) -> None:
    reading = _read(_store("cawg.training-mining", {"cawg.ai_training": entry}))
    assert _answers(reading) == {"train": "unknown"}
    assert [(r.code, r.doubt) for r in reading.remarks if r.code == code] == [(code, True)]


@pytest.mark.parametrize(
    "store",
    [
        {},
        {"active_manifest": 3, "manifests": []},
        {"active_manifest": "a", "manifests": {"a": []}},
        {"active_manifest": "a", "manifests": {"a": {"assertions": [{"label": "cawg.training-mining"}]}}},
        {"active_manifest": "a", "manifests": {"a": {"assertions": [{"label": "cawg.training-mining.v2"}]}}},
    ],
)
def test_a_store_that_is_not_built_as_one_leaves_doubt(store: dict[str, Any]) -> None:
    reading = _read(store)
    assert reading.statements == ()
    assert any(remark.doubt for remark in reading.remarks)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["allowed", "notAllowed", "constrained", "cawg.training-mining", "Valid", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["a", "assertions", "label", "data", "entries", "use", "cawg.ai_training", "manifests"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(JSON, JSON)
def test_no_store_crashes_or_allows_unvalidated(manifests: Any, results: Any) -> None:
    store = {
        "active_manifest": "a",
        "manifests": {"a": manifests, "b": results},
        "validation_results": results,
    }
    assert all(s.answer is not Answer.ALLOWED for s in _read(store).statements)
