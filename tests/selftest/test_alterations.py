"""Alterations do what they say, repeatably."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.selftest.alterations import ALTERATIONS, alter

PASSAGE = (
    "The officer's office was affordable, she said; «\u00a0l'élève reçoit une œuvre\u00a0» and the "
    "lighthouse-keeper's extraordinarily long correspondence waited -- unopened... on the table. "
) * 12
VOCABULARY = ["and", "the", "table", "window"]


def touched_share(before: Sequence[str], after: Sequence[str]) -> float:
    """How many of the elements, all of them different, were replaced, lost or joined by another, as a share."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(
        max(block[2] - block[1], block[4] - block[3]) for block in blocks if block[0] != "equal"
    ) / len(before)


@pytest.mark.parametrize("name", list(ALTERATIONS))
def test_the_same_seed_gives_the_same_text(name: str) -> None:
    """Two generators of one seed alter alike; only `verbatim` may leave the text as it is for all seeds."""
    assert alter(name, PASSAGE, Random(5), VOCABULARY) == alter(name, PASSAGE, Random(5), VOCABULARY)
    changed = [alter(name, PASSAGE, Random(seed), VOCABULARY) != PASSAGE for seed in range(8)]
    assert any(changed) == (name != "verbatim")


@given(st.text(max_size=300), st.sampled_from(list(ALTERATIONS)), st.integers(0, 50))
def test_any_text_can_be_altered(text: str, name: str, seed: int) -> None:
    """No text and no seed makes an alteration fail."""
    assert isinstance(alter(name, text, Random(seed), VOCABULARY), str)


@pytest.mark.parametrize(("name", "low", "high"), [("ocr2", 0.01, 0.03), ("ocr5", 0.035, 0.065)])
def test_misreading_has_about_the_share_it_is_named_for(name: str, low: float, high: float) -> None:
    """2 % and 5 % of the characters are touched, within chance."""
    distinct = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))
    altered = alter(name, distinct, Random(1), VOCABULARY)
    assert low < touched_share(distinct, altered) < high


@pytest.mark.parametrize(("name", "low", "high"), [("words5", 0.035, 0.065), ("words10", 0.08, 0.12)])
def test_words_are_changed_in_about_the_share_they_are_named_for(name: str, low: float, high: float) -> None:
    """5 % and 10 % of the words are replaced, lost or added, within chance."""
    distinct = [f"w{number}" for number in range(2000)]
    altered = alter(name, " ".join(distinct), Random(2), ["zzz"]).split()
    assert low < touched_share(distinct, altered) < high


def test_html_keeps_the_words_under_the_tags() -> None:
    """Without its tags and navigation, and with its entities resolved, the passage is what it was."""
    altered = alter("html", PASSAGE, Random(4), VOCABULARY)
    assert "<" in altered
    plain = re.sub(r'</p><div class="nav">[^<]*</div><p>', "", altered)
    plain = re.sub(r"<[^>]+>", "", plain)
    for entity, char in (("&eacute;", "é"), ("&#232;", "è"), ("&#39;", "'")):
        plain = plain.replace(entity, char)
    assert plain == PASSAGE


def test_an_unknown_alteration_is_an_error() -> None:
    """A name that is none raises KeyError."""
    with pytest.raises(KeyError):
        alter("sung", PASSAGE, Random(1), VOCABULARY)
