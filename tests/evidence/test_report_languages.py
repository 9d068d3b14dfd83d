"""The two languages: same keys, same placeholders, their own typography, numbers and dates."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.evidence.columns import GRADES
from countermark.evidence.passages import COMMON_AS, KINDS
from countermark.evidence.report.languages import LANGUAGES
from countermark.evidence.report.messages_en import MESSAGES as ENGLISH
from countermark.evidence.report.messages_fr import MESSAGES as FRENCH
from countermark.evidence.works_table import STATUSES
from countermark.language import language_of_locale

EN, FR = LANGUAGES["en"], LANGUAGES["fr"]


def fields(message: str) -> set[str]:
    """The placeholders of a message."""
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def test_both_have_the_same_keys() -> None:
    """No sentence exists in one language only."""
    assert set(ENGLISH) == set(FRENCH)
    assert len(ENGLISH) > 100


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_both_have_the_same_placeholders(key: str) -> None:
    """Each fact of a sentence stands in both languages."""
    assert fields(ENGLISH[key]) == fields(FRENCH[key])


def test_each_value_of_the_tables_has_its_words() -> None:
    """Statuses, kinds, grades and looks of common passages are all told."""
    needed = [f"status.{name}" for name in STATUSES] + [f"kind.{kind}" for kind in KINDS]
    needed += [f"common.{look}" for look in COMMON_AS]
    needed += [f"grade.{grade}{end}" for grade in GRADES for end in ("", ".means")]
    assert set(needed) <= set(ENGLISH)


@pytest.mark.parametrize("key", sorted(FRENCH))
def test_french_typography(key: str) -> None:
    """No breaking space before high punctuation or inside guillemets, no straight apostrophe or quotation mark."""
    message = FRENCH[key]
    assert not re.search(r" [;:!?»]|« ", message)
    assert not re.search(r"[^\W\d][;!?]|[a-zéèà]:(?!//)|«\S(?<!«\u00a0)", message)
    assert "'" not in message
    assert not re.search(r"\boeuvre", message)


def test_plurals() -> None:
    """English says "0 works", French « 0 œuvre »; one is one in both."""
    assert [EN.say("common.works", n=n) for n in (0, 1, 2)] == ["in 0 works", "in 1 work", "in 2 works"]
    assert [FR.say("common.works", n=n) for n in (0, 1, 2)] == [
        "dans 0 œuvre",
        "dans 1 œuvre",
        "dans 2 œuvres",
    ]


def test_numbers_and_dates() -> None:
    """Groups of three with a comma or a narrow space; months in words; a date that is none as it stands."""
    assert (EN.number(1234567), FR.number(1234567)) == ("1,234,567", "1\u202f234\u202f567")
    assert EN.date("2024-10-01") == "1\u00a0October\u00a02024"
    assert FR.date("2024-10-01") == "1er\u00a0octobre\u00a02024"
    assert EN.date("2024-13-01") == "2024-13-01"
    assert EN.date("last spring") == "last spring"


def test_shares() -> None:
    """One decimal; some is never told as none, nor nearly all as all."""
    assert [EN.share(value) for value in (0, 0.5, 1, 0.00001, 0.99999)] == [
        "0%", "50.0%", "100%", "<\u00a00.1%", ">\u00a099.9%",
    ]  # fmt: skip
    assert FR.share(0.125) == "12,5\u202f%"


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_part_is_neither_nothing_nor_all(value: float) -> None:
    """No fraction between 0 and 1 is printed as 0 % or 100 %."""
    assert EN.share(value) not in {"0%", "0.0%", "100%", "100.0%"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_ALL": "", "LANG": "fr_CA"}, "fr"),
        ({"LANG": "de_DE"}, "en"),
        ({}, "en"),
    ],
)
def test_language_of_the_locale(environment: dict[str, str], expected: str) -> None:
    """LC_ALL outranks LANG; French is French everywhere; all else reads English."""
    assert language_of_locale(environment) == expected
