"""Counting: what is a found plant, what is a false alarm, and how both are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.media import Span
from countermark.selftest.planting import Field, Plant
from countermark.selftest.summary import Hosts, lines, number, percent, table
from countermark.selftest.trial import Alarm, Result, Share, _count, _overlap

PLANTS = [
    Plant("a", "a.txt", 20, "verbatim", 0, Span(10, 30)),
    Plant("b", "b.txt", 20, "ocr5", 1, Span(0, 20)),
    Plant("b", "b.txt", 50, "ocr5", 2, Span(0, 20)),
]
FIELD = Field(["x" * 40, "y" * 40, "z" * 40, "one  two " * 9], PLANTS)


def counted() -> Result:
    """Plant 0 half found; plant 1 met by another work only; plant 2 not met; an alarm in the record without plant."""
    return _count(FIELD, {0: [("a", Span(20, 35))], 1: [("a", Span(5, 9))], 3: [("a", Span(0, 8))]})


def test_a_plant_is_found_by_its_own_work_only() -> None:
    """A match of another work on the plant neither finds it nor is an alarm: the passage may stand in both works."""
    result = counted()
    assert result.found == [True, False, False]
    assert (result.covered_chars, result.planted_chars) == (10, 60)
    assert result.recall() == Share(1, 3)
    assert result.recall(lambda planted: planted.alteration == "ocr5") == Share(0, 2)


def test_a_match_beside_every_plant_is_an_alarm() -> None:
    """A match in an untouched record is an alarm, shown with its text; so is one beside the plant of its record."""
    result = counted()
    assert (result.alarms, result.records_with_alarm, result.records) == ([Alarm("a", "one two")], 1, 4)
    beside = _count(FIELD, {0: [("a", Span(10, 30)), ("a", Span(31, 40))]})
    assert (beside.found[0], beside.records_with_alarm) == (True, 1)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted), max_size=6))
def test_overlap_counts_each_character_once(pairs: list[list[int]]) -> None:
    """The covered amount is the size of the union of the spans within the whole."""
    whole = Span(10, 40)
    union = {at for start, end in pairs for at in range(start, end)} & set(range(10, 40))
    assert _overlap(whole, [Span(start, end) for start, end in pairs]) == len(union)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_everything_is_said_in_both_languages(lang: str) -> None:
    """Counts, lengths that are missing and the alarm's text stand in the summary of either language."""
    said = "\n".join(lines(counted(), lang, "mine/", Hosts("hosts/", 4, 12345, 0)))
    for fact in ("hosts/", number(12345, lang), "1/3", "0/2", "100, 200, 500", "one two", "mine/"):
        assert fact in said
    assert percent(1, 3, lang) in said


def test_the_table_has_a_dash_where_nothing_was_planted() -> None:
    """A cell without plants shows a dash, not 0/0."""
    rows = [row.split() for row in table(counted(), "en")]
    assert rows[1][0] == "20"
    assert rows[1][1] == "1/1"
    assert "–" in rows[2]
    assert "0/0" not in "".join(map(str, rows))


@pytest.mark.parametrize(
    ("part", "whole", "english", "french"),
    [
        (1, 3, "33.3%", "33,3\u202f%"),
        (0, 5, "0%", "0\u202f%"),
        (5, 5, "100%", "100\u202f%"),
        (1, 400, "0.25%", "0,25\u202f%"),
    ],
)
def test_shares_are_written_as_the_language_does(part: int, whole: int, english: str, french: str) -> None:
    """French has a comma and a narrow no-break space; small shares keep two decimals."""
    assert (percent(part, whole, "en"), percent(part, whole, "fr")) == (english, french)


def test_thousands() -> None:
    """Thousands are set apart by a comma, and in French by a narrow no-break space."""
    assert (number(1234567, "en"), number(1234567, "fr")) == ("1,234,567", "1\u202f234\u202f567")
