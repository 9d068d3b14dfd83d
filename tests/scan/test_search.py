"""Searching with real indices: what belongs to the next part is left to it, and a replaced index is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.errors import UnusableIndexError
from countermark.index.build import build_index
from countermark.matching.match import Match
from countermark.media import Span
from countermark.scan.receipt import ScanIdentity
from countermark.scan.search import ControlsWanted, IndexBackend, SearchSettings
from countermark.scan.text_search import owned
from countermark.works.reading import read_works
from written_works import batch_of

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "Beyond the dunes the lamplighter kept a ledger of the fogs, ninety years of them, each with its hour and "
    "its colour, and he would read aloud from it to anybody who came in out of the rain for company."
)


def match_at(record: int, start: int) -> Match:
    """A match that begins at a code point of a record."""
    return Match(0, record, Span(0, 9), Span(start, start + 9), 9, 9, 0, 99.0, identical=True, commonness=1)


def test_matches_of_the_lead_out_are_left_to_the_next_part() -> None:
    """A match that begins before `own_end` is kept though it ends after it; one that begins there is not."""
    matches = [match_at(0, 9), match_at(0, 10), match_at(1, 10), match_at(1, 19)]
    assert owned(matches, batch_of(["a", "b"], [10, 20])) == [matches[0], matches[2], matches[3]]
    assert owned(matches, batch_of(["a", "b"])) == matches


@pytest.mark.parametrize("sealed", [False, True])
def test_works_and_controls_are_searched_in_one_pass(tmp_path: Path, sealed: bool) -> None:
    """Both indices find their works; rows of the controls say so; the controls of a sealed index work too."""
    for folder, text in (("works", TEXT), ("controls", TEXT[::-1])):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.txt").write_text(text)
    salt = bytes(range(32)) if sealed else None
    index, controls = tmp_path / "works.index", tmp_path / "controls.index"
    build_index((work for work in read_works([tmp_path / "works"])), index, salt=salt, sealed=sealed)  # type: ignore[misc]
    backend = IndexBackend()
    assert backend.build_controls(ControlsWanted(tmp_path / "controls", index, salt), controls).total == 0
    facts, of_controls = backend.describe(index, salt), backend.describe(controls, salt)
    assert facts.scheme == of_controls.scheme
    identity = ScanIdentity(facts.identity, of_controls.identity, facts.scheme, "0")
    settings = SearchSettings(str(index), str(controls), identity, "c", None, salt)
    found = backend.open(settings).findings(batch_of([f"… {TEXT} …", f"… {TEXT[::-1]} …"]), "s")
    assert sorted((row.row, row.is_control, row.asset_path) for row in found) == [
        (0, False, "works.txt"),
        (1, True, "controls.txt"),
    ]
    foreign = SearchSettings(
        str(index), None, ScanIdentity("0" * 64, None, facts.scheme, "0"), "c", None, salt
    )
    with pytest.raises(UnusableIndexError, match="the index was replaced while the run was on"):
        backend.open(foreign)


def test_salt_is_not_shown() -> None:
    """The salt of a sealed index does not appear where settings are printed."""
    settings = SearchSettings("i", None, ScanIdentity("0", None, "s", "e"), "c", None, b"very secret")
    assert "secret" not in repr(settings)
