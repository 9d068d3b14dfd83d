"""Dates of crawls in the forms that data sets have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.captures.instants import instant
from countermark.compliance.moments import moment


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2024-05-18T10:00:00Z", "2024-05-18T10:00:00Z"),
        ("2024-05-18T10:00:00.1234567Z", "2024-05-18T10:00:00.1234567Z"),
        ("2024-05-18T12:00:00+02:00", "2024-05-18T10:00:00Z"),
        (" 2024-05-18 10:00:00 ", "2024-05-18T10:00:00Z"),
        ("2024-05-18", "2024-05-18"),
        ("20240518", "2024-05-18"),
        ("20240518100000", "2024-05-18T10:00:00Z"),
        (20240518100000, "2024-05-18T10:00:00Z"),
        (1716026400, "2024-05-18T10:00:00Z"),
        (1716026400000, "2024-05-18T10:00:00Z"),
        (1716026400.5, "2024-05-18T10:00:00.5Z"),
        (datetime(2024, 5, 18, 10, tzinfo=UTC), "2024-05-18T10:00:00Z"),
        (date(2024, 5, 18), "2024-05-18"),
        ("2024-13-40", None),
        ("20241340", None),
        ("someday", None),
        ("", None),
        (None, None),
        (True, None),
        (7, None),
        (float("inf"), None),
        (float("nan"), None),
        ([], None),
    ],
)
def test_moments(value: Any, said: str | None) -> None:
    assert moment(value) == said


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.datetimes(), st.binary()))
def test_no_value_crashes(value: Any) -> None:
    found = moment(value)
    assert found is None or len(found) == 10 or found == instant(found)
