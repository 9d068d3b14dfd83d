"""Dates of publication, as catalogues write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.works.published import parse_published


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("1999", date(1999, 1, 1)),
        (" 1999-07 ", date(1999, 7, 1)),
        ("1999-07-14", date(1999, 7, 14)),
        ("14/07/1999", date(1999, 7, 14)),
        ("1/2/1999", date(1999, 2, 1)),
    ],
)
def test_accepted_forms(value: str, meant: date) -> None:
    """Where the day or the month is not said, it is the first."""
    assert parse_published(value) == meant


@pytest.mark.parametrize(
    "value", ["", "99", "2020-13", "31/02/2020", "12/31/2020", "0000", "2020-1-1", "１９９９", "ca. 1999"]
)
def test_other_forms_are_refused_with_value_and_accepted_forms(value: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r"is no date; accepted are YYYY, YYYY-MM, YYYY-MM-DD or DD/MM/YYYY"):
        parse_published(value)


@given(st.dates())
def test_every_day_is_read_in_both_forms(day: date) -> None:
    """ISO, and day first."""
    assert parse_published(day.isoformat()) == day
    assert parse_published(f"{day.day:02}/{day.month:02}/{day.year:04}") == day
