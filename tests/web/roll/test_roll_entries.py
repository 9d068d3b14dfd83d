"""Searching the roll: only what signatories show, and only who stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.web.fields.names import folded
from countermark.web.roll import entries
from countermark.web.roll.changes import empty_entry, request_change
from countermark.web.roll.entries import entry_of, page_of_entries
from countermark.web.roll.sequencer import tick

if TYPE_CHECKING:
    from web.roll.roll_signers import Signers

pytestmark = pytest.mark.django_db


@pytest.fixture
def roll(signers: Signers) -> Signers:
    """Six numbers: one name only, one unnamed, one withdrawn, one invalidated."""
    signers.sign("Zoé Œuvrard", trades=",composer,poet,", country="FR", organisation_id=7)
    signers.sign("Jean-Luc Zoe", display=2, organisation_id=7)
    signers.sign("Hidden Zoe", display=3, organisation_id=7)
    signers.sign("Gone Zoe")
    signers.sign("False Zoe")
    signers.sign("Ursula 100%", trades=",poet,", country="DE")
    tick([signers])
    empty_entry(4)
    request_change("withdrawal", 4)
    request_change("invalidation", 5)
    tick([signers])
    return signers


def numbers(*criteria: object) -> list[int]:
    """What a search finds."""
    return [entry.number for entry in page_of_entries(*criteria).entries]  # type: ignore[arg-type]


def test_without_criteria_all_who_stand_on_it(roll: Signers) -> None:
    """The unnamed are there with nothing but their number."""
    page = page_of_entries()
    assert [entry.number for entry in page.entries] == [1, 2, 3, 6]
    assert (page.page, page.pages, page.total, page.before, page.after) == (1, 1, 4, None, None)
    assert page.entries[2].name == ""


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zoe", [1, 2]),
        ("ZOÉ", [1, 2]),
        ("oeuvr", [1]),
        ("jean luc", [2]),
        ("oe", [1]),
        ("uc", []),
        ("%", []),
        ("_", []),
        ("100%", [6]),
        ("hidden", []),
        ("gone", []),
        ("false", []),
        ("'; DROP TABLE", []),
        ("\0", []),
        ("x" * 10_000, []),
        ("  ", [1, 2, 3, 6]),
    ],
)
def test_names_are_searched_folded(roll: Signers, query: str, found: list[int]) -> None:
    """The beginning of a word, without accents; wildcards are letters like others; the hidden stay hidden."""
    assert numbers(query) == found


def test_trade_country_and_organisation(roll: Signers) -> None:
    """Each finds only those who show it."""
    assert numbers("", "poet") == [1, 6]
    assert numbers("", "po") == []
    assert numbers("", "", "de") == [6]
    assert numbers("", "poet", "FR") == [1]
    assert numbers("", "", "", 7) == [1], "name only and unnamed do not show their organisation"


def test_pages(roll: Signers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages have an end; whatever is asked for gives a page that there is."""
    monkeypatch.setattr(entries, "PAGE_SIZE", 3)
    page = page_of_entries(page=2)
    assert ([entry.number for entry in page.entries], page.pages, page.before) == ([6], 2, 1)
    assert page_of_entries(page=1).after == 2
    assert page_of_entries(page=10**30).page == 2
    assert page_of_entries(page=-5).page == 1
    assert page_of_entries("nobody").pages == 1


def test_one_number(roll: Signers) -> None:
    """Withdrawn numbers are still numbers."""
    found = entry_of(4)
    assert found is not None
    assert found.standing == "withdrawn"
    assert entry_of(99) is None


def test_folding() -> None:
    """As the signing room folds."""
    assert folded("  Łukasz   D'Œuvre-Ångström ") == "lukasz d oeuvre angstrom"
    assert len(folded("é" * 500)) == 200
