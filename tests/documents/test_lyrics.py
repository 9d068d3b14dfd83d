"""Lyrics with time stamps: the words alone, title and author of their tags, and letters of any encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.documents import extract
from countermark.documents.lyrics import words_of
from countermark.errors import DocumentError

LRC = """[ti: La Mer ]
[ar:Zoé A.]
[la:fr]
[offset:+250]
[by:x]

[00:01.50]La mer
[00:04.2][01:09:30]  qu’on <00:05.00>voit <00:05.50>danser
[Refrain]
[00:12]
[00:15.00]à 12:30, [dit-elle] <i>oui</i>
"""


def test_the_words_are_left_without_stamps_and_tags() -> None:
    """Labels, clock times and brackets within a line are words."""
    document = extract(LRC.replace("\n", "\r\n").encode(), name="la mer.LRC")
    assert (document.format, document.title, document.author, document.language) == (
        "lyrics", "La Mer", "Zoé A.", "fr",
    )  # fmt: skip
    assert document.text == "\nLa mer\nqu’on voit danser\n[Refrain]\n\nà 12:30, [dit-elle] <i>oui</i>\n"
    assert document.warnings == ()


def test_only_a_file_that_is_named_so_is_read_as_lyrics() -> None:
    """Under another name the stamps are part of the text; lyrics without stamps are read as they are."""
    assert extract(LRC.encode(), name="a.txt").text == LRC
    assert extract("La mer\nqu’on voit".encode(), name="a.lrc").text == "La mer\nqu’on voit"
    assert extract("[ti:Ça]\n[00:01.00]été là-bas à Noël".encode("cp1252"), name="a.lrc").title == "Ça"


def test_lyrics_without_words_are_refused() -> None:
    """Stamps alone are no text."""
    with pytest.raises(DocumentError, match="holds no text") as caught:
        extract(b"[ti:x]\n[00:01.00]\n[00:02.00]\n", name="a.lrc")
    assert caught.value.reason == "empty"


@given(st.text(alphabet="[]<>:.0123456789 tia\n", max_size=400))
def test_no_text_grows_or_fails(text: str) -> None:
    """Words are never added."""
    assert len(words_of(text)) <= len(text)


def test_hostile_lyrics_take_no_time() -> None:
    """Brackets that never close, in their hundred thousands."""
    for piece in ("[", "[00:", "[00:00]", "[ti:", "<00:00", "[00:00] ", " \t"):
        assert len(words_of(piece * 200_000)) <= len(piece) * 200_000
