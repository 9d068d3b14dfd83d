"""The default identifiers of works."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from countermark.works.identity import fold_name, listed_work_id, unlisted_work_id


def test_identifiers_are_fixed() -> None:
    """A change here would part old findings from new ones."""
    assert listed_work_id("Été", "Zoé", "a.txt") == listed_work_id("ETE !", "zoe", "b.txt")
    assert listed_work_id("Été", "Zoé", "a.txt") == "w96a014152c729bd3"
    assert unlisted_work_id("", "", "a/b.txt") == "wf108110698b337ed"


@given(st.text(), st.text(), st.text())
def test_identifiers_are_short_and_plain(title: str, author: str, path: str) -> None:
    """Whatever is in a title, an identifier is safe in a file name and a URL."""
    for work_id in (listed_work_id(title, author, path), unlisted_work_id(title, author, path)):
        assert re.fullmatch(r"w[0-9a-f]{16}", work_id)


def test_names_of_every_script_are_kept() -> None:
    """Only case, accents and punctuation go."""
    assert fold_name("  Les Misérables, t. 1 ") == "les miserables t 1"
    assert fold_name("Война и мир") != fold_name("Мир и воина война")
    assert fold_name("紅樓夢") == "紅樓夢"


@given(st.text())
def test_folding_letter_by_letter(name: str) -> None:
    """The table of letters, and the short way for ASCII, give what the rule says."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    assert fold_name(name) == " ".join("".join(letters).split())
