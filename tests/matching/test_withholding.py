"""Without excerpts a column of the corpus is kept only where it is what it is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.matching import withholding

DIGEST = len("withheld:") + 64


@pytest.mark.parametrize("value", ["<urn:uuid:0001>", "doc-17", "train/0001 (part 2)", "9" * 200, None])
def test_identifiers_stay(value: str | None) -> None:
    assert withholding.identifier(value) == value


@pytest.mark.parametrize(
    "value", ["", "9" * 201, "It was a dark and stormy night", "two\nlines", "a  b", "a\x00"]
)
def test_texts_as_identifiers_do_not(value: str) -> None:
    kept = withholding.identifier(value) or ""
    assert kept.startswith("withheld:")
    assert len(kept) == DIGEST


@pytest.mark.parametrize("value", ["https://example.org/a?b=c", "S3://bucket/key", None])
def test_addresses_stay(value: str | None) -> None:
    assert withholding.address(value) == value


@pytest.mark.parametrize(
    "value",
    ["mailto:a@example.org?body=It%20was%20dark", "data:text/plain,It", "javascript:x", "It was a dark night", "",
     "https://example.org/a b", "https://example.org/" + "a" * 2048],
)  # fmt: skip
def test_what_is_no_address_does_not(value: str) -> None:
    assert len(withholding.address(value) or "") == DIGEST


@pytest.mark.parametrize(
    "value", ["2024-05-01T00:00:00Z", "Mon, 06 May 2024 10:00:00 GMT", "1 September 2024", "20240501", None]
)
def test_dates_stay(value: str | None) -> None:
    assert withholding.date(value) == value


@pytest.mark.parametrize(
    "value", ["it was in May", "2024 " * 20, "٢٠٢٤", "second", "2024\n05", "mondayyyyyy"]
)
def test_texts_as_dates_do_not(value: str) -> None:
    assert withholding.date(value) is None


@given(st.text())
def test_any_text(value: str) -> None:
    for rule in (withholding.identifier, withholding.address):
        assert rule(value) == value or len(rule(value) or "") == DIGEST
    assert withholding.date(value) in {value, None}
