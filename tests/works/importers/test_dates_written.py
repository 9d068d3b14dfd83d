"""Dates of feeds, news and cameras: the day in the zone that they name."""

from __future__ import annotations

import pytest

from countermark.works.importers.dates_written import parse_written


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tue, 03 Mar 2020 23:30:00 -0500", "2020-03-03"),
        ("3 March 2020", "2020-03-03"),
        ("Tue, 3-Mar-20 10:00 GMT", "2020-03-03"),
        ("01 Jan 99 00:00 EST", "1999-01-01"),
        ("2020-03-03T23:30:00-05:00", "2020-03-03"),
        ("2020-03-03T23:30:00.123Z", "2020-03-03"),
        ("20200303T233000Z", "2020-03-03"),
        ("2020:03:03 23:30:00", "2020-03-03"),
        ("20200303", "2020-03-03"),
        ("2020-03", "2020-03"),
        ("2020", "2020"),
        (" ", ""),
    ],
)
def test_dates(written: str, day: str) -> None:
    """As precise as they are written."""
    assert parse_written(written) == day


@pytest.mark.parametrize(
    "written", ["Tue, 45 Mar 2020", "3 Thermidor 1794", "soon", "2020-13", "9" * 500, "2020-02-30T10:00:00Z"]
)
def test_what_is_no_date(written: str) -> None:
    """Is told, and short."""
    with pytest.raises(ValueError, match="is no date") as told:
        parse_written(written)
    assert len(str(told.value)) < 300
