"""The parts of a report that stand alone: differences, strips, legible text, the terminal's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from countermark.evidence.report.difference import Level, Piece, compare
from countermark.evidence.report.legible import legible, one_line
from countermark.evidence.report.selection import select
from countermark.evidence.report.strip import WIDTH, lit
from countermark.evidence.report.text import COLUMNS, render_text
from evidence.shown_run import shown_run
from evidence.synthetic import SyntheticRun

if TYPE_CHECKING:
    from pathlib import Path

short_text = st.text(alphabet="ab C.é 漢ش\n", max_size=40)


def marked(pieces: list[Piece], level: Level) -> list[str]:
    """The texts of one level."""
    return [piece.text.strip() for piece in pieces if piece.level == level]


@given(short_text, short_text, st.booleans())
def test_pieces_make_up_the_texts(left: str, right: str, cut: bool) -> None:
    """Nothing of either side is lost or added."""
    sides = compare(left, right, cut=cut)
    assert ["".join(piece.text for piece in side) for side in sides] == [left, right]


@given(short_text)
def test_the_same_text_has_no_marks(text: str) -> None:
    """A text does not differ from itself."""
    assert {piece.level for side in compare(text, text) for piece in side} <= {Level.NONE}


def test_levels() -> None:
    """Other letters, other case or punctuation, and white space are told apart."""
    left, right = compare("A red hat, said\nÉlodie", "a RED hut; said Elodie")
    assert marked(left, Level.LETTERS) == ["hat,"] or marked(left, Level.LETTERS) == ["hat"]
    assert "hut" in marked(right, Level.LETTERS)[0]
    assert "Élodie" in marked(left, Level.TYPOGRAPHY)
    assert all("said" not in text for text in marked(left, Level.TYPOGRAPHY))


def test_a_hyphen_at_a_line_end_is_typography() -> None:
    """The same letters, cut into two words, are no other letters."""
    left, right = compare("one exam- ple more", "one example more")
    assert marked(left, Level.LETTERS) == marked(right, Level.LETTERS) == []


def test_scripts_without_spaces_are_compared_by_sign() -> None:
    """One changed sign is marked, not the sentence."""
    left, right = compare("雨の駅で最後の列車", "雨の駅で最終の列車")
    assert (marked(left, Level.LETTERS), marked(right, Level.LETTERS)) == (["後"], ["終"])


def test_the_end_of_a_cut_excerpt_is_no_difference() -> None:
    """Where passages go on after their excerpts, what one side has left over is not marked."""
    left, _ = compare("one two three four", "one two", cut=True)
    assert marked(left, Level.LETTERS) == []
    left, _ = compare("one two three four", "one two")
    assert marked(left, Level.LETTERS) == ["three four"]


def test_the_end_of_a_cut_side_is_not_sought_further_on() -> None:
    """A last word that stands twice on the other side is aligned with the nearer one; the rest is no difference."""
    left, right = compare("we were the", "we were they false as dice were i", cut=True)
    assert {piece.level for side in (left, right) for piece in side} == {Level.NONE}


spans = st.lists(st.tuples(st.integers(0, 999), st.integers(1, 400), st.booleans()), min_size=1, max_size=8)


@given(spans)
def test_every_finding_lights_its_place(found: list[tuple[int, int, bool]]) -> None:
    """Stretches are disjoint and in order; each finding's first cell is lit, and no cell outside of all."""
    start = np.array([at for at, _, _ in found])
    end = np.minimum(start + np.array([length for _, length, _ in found]), 1_000)
    claimed = np.array([own for _, _, own in found])
    stretches = lit(start, end, claimed, [0], 1_000)
    cells = [cell for one in stretches for cell in range(one.start, one.end)]
    assert cells == sorted(set(cells))
    assert min(cells) >= 0
    assert max(cells) < WIDTH
    assert all(int(at) * WIDTH // 1_000 in cells for at in start)
    for cell in cells:
        left, right = cell * 1_000 / WIDTH, (cell + 1) * 1_000 / WIDTH
        assert any(a < right and b > left for a, b in zip(start, end, strict=True))


def test_claimed_covers_and_shown_leads() -> None:
    """A claimed finding covers one that is not; a shown passage has its own stretch."""
    start, end = np.array([0, 500, 500]), np.array([1_000, 750, 600])
    stretches = lit(start, end, np.array([False, True, True]), [2], 1_000)
    assert [(one.start, one.end, one.claimed, one.passage) for one in stretches] == [
        (0, 120, False, -1),
        (120, 144, True, 0),
        (144, 180, True, -1),
        (180, 240, False, -1),
    ]


@pytest.mark.parametrize("sign", ["\x1b", "\x00", "\u202e", "\u2066", "\u2069", "\ud800", "\x9b", "\u200f"])
def test_unsafe_signs_are_replaced(sign: str) -> None:
    """Control characters, hidden reordering and lone surrogates become U+FFFD."""
    assert legible(f"a{sign}b") == "a\ufffdb"
    assert sign not in one_line(f"a{sign}b")


@given(st.text(), st.integers(2, 50))
def test_one_line_is_one_short_line(text: str, limit: int) -> None:
    """At most `limit` characters, no line end, and it can be encoded."""
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    line.encode()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_text_report_is_aligned_and_safe(tmp_path: Path, lang: str) -> None:
    """No line is wider than the terminal, no control character reaches it, and the two lines stand near the top."""
    text = render_text(select(shown_run(tmp_path)), lang)
    assert all(cell_len(line) <= COLUMNS for line in text.splitlines())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert ("Passages of 4 of your 7 works" if lang == "en" else "4 de vos 7 œuvres") in text[:700]
    assert "█" in text


def test_text_report_shows_ten_works(tmp_path: Path) -> None:
    """Ten rows at most, and where the rest is."""
    made = SyntheticRun()
    for number in range(70):
        made.work(f"work {number}")
        made.find(f"work {number}", 0, 9_000, row=number)
    text = render_text(select(made.write(tmp_path)), "en")
    assert text.count("█" * 20) == 10
    assert "60 further works are in works.parquet" in text
