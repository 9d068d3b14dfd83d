"""Folding: what becomes of every kind of character, and the way back."""

from __future__ import annotations

import hashlib
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.fingerprint.folding import TABLE_DIGEST, fold, fold_table

SCRIPTS = {
    "Cyrillic": ("Война и МИР", "война и мир"),
    "Greek": ("Οἱ παῖδες ΑΘΗΝΩΝ", "οι παιδες αθηνων"),
    "Arabic": ("الكِتَابُ ١٢", "الكتاب 12"),
    "Devanagari": ("क़लम", "कलम"),
    "Chinese": ("《红楼梦》", "红楼梦"),
    "Japanese": ("カタカナ、漢字。", "カタカナ漢字"),
    "Korean": ("한국어", unicodedata.normalize("NFD", "한국어")),
}


def letters(text: str) -> bytes:
    """The letters of a text as bytes."""
    return bytes(fold(text).letters)


def reference(text: str) -> tuple[bytes, list[int]]:
    """Fold character by character, straight from the table, without tags, references or hyphens."""
    table = fold_table()
    out, anchors, word = b"", [], 0
    for char in text:
        entry = int(table[ord(char)]) if ord(char) < len(table) else 0
        if entry == 0:
            word = 0
        elif entry != 1 << 26:
            if word == 0 or word >= 12 or entry >> 27:
                anchors.append(len(out))
            out += (entry & 0xFFFFFF).to_bytes(3, "little")[: entry >> 24 & 3]
            word += entry >> 24 & 3
    return out, anchors


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("L’Été—œuvre", "l'ete oeuvre"),
        ("e\u0301te\u0301", "été"),
        ("exam-\n   ple", "example"),
        ("exam-\r\nple", "example"),
        ("co\u00adop\u200berate", "cooperate"),
        ("ﬁn ＡＢＣ ½ ²", "fin abc 12 2"),
        ("<i>W</i>ord <br/>next", "w ord next"),
        ("&eacute;t&#233; &#xE9;t&ccedil;a &oelig;il &szlig;", "été étça œil ss"),
        ("a &amp; b &lt; c &nbsp; d", "a b c d"),
        ("a < b, c > d & e", "a b c d e"),
        ("well-known", "well known"),
    ],
)
def test_same_letters(written: str, plain: str) -> None:
    """Two spellings of one text fold to the same letters."""
    assert letters(written) == letters(plain)


def test_words_begin_at_anchors() -> None:
    """An anchor stands at the first letter of each word, and inside very long words."""
    assert fold("To be, or not").anchors.tolist() == [0, 2, 4, 6]
    assert fold("a" * 15).anchors.tolist() == [0, 12, 13, 14]
    assert fold("红楼梦").anchors.tolist() == [0, 2, 4]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts(script: str) -> None:
    """Every script keeps its letters, and its variants fold together."""
    written, plain = SCRIPTS[script]
    assert letters(written) == letters(plain)
    assert len(letters(written)) >= 3


def test_different_letters_stay_different() -> None:
    """Letters of one alphabet do not collide."""
    for first, last in [("а", "я"), ("α", "ω"), ("א", "ת"), ("ا", "ي")]:
        alphabet = [chr(code) for code in range(ord(first), ord(last) + 1)]
        folded = {letters(char) for char in alphabet if letters(char)}
        finals = {"ς", "ك", "ى", "ة", "ؠ", "ػ", "ؼ", "ؽ", "ؾ", "ؿ", "ـ"}
        assert len(folded) >= len(set(alphabet) - finals) - 2


@given(st.text(alphabet=st.sampled_from("abcXYZ019 ,.\n@[`{/:\x11\x19éœ中ß\u0301\u00adЖकか"), max_size=80))
def test_eight_bytes_at_a_time_equals_one(text: str) -> None:
    """The fast path gives what the table gives character by character."""
    folded = fold(text)
    assert (bytes(folded.letters), folded.anchors.tolist()) == reference(text)


@given(st.text(max_size=200))
def test_any_text_folds(text: str) -> None:
    """Whatever the text, anchors ascend and stand on letters, and folding twice gives the same."""
    folded = fold(text)
    assert np.all(np.diff(folded.anchors) > 0)
    assert not len(folded.anchors) or folded.anchors[-1] < len(folded.letters)
    assert letters(text) == bytes(folded.letters)


@given(st.binary(max_size=200))
def test_any_bytes_fold(data: bytes) -> None:
    """Broken UTF-8 is folded without reading out of bounds."""
    folded = fold(data)
    assert len(folded.letters) <= 2 * len(data)


@given(st.text(alphabet=st.sampled_from("abé œ-\n<>&;中か\u0301ß"), min_size=1, max_size=60), st.data())
def test_spans_lead_back(text: str, data: st.DataObject) -> None:
    """The original of a span of letters folds to these letters again."""
    folded = fold(text)
    if not len(folded.letters):
        return
    start = data.draw(st.integers(0, len(folded.letters) - 1))
    end = data.draw(st.integers(start + 1, len(folded.letters)))
    span = folded.span(start, end)
    assert 0 <= span.start < span.end <= len(text)
    again = letters(text[span.start : span.end])
    assert bytes(folded.letters[start:end]) in again or "<" in text or "&" in text


def test_marks_stay_with_their_letter() -> None:
    """A combining mark belongs to the span of the letter before it."""
    assert fold("e\u0301a").span(0, 1) == (0, 2)


def test_tags_are_read_in_linear_time() -> None:
    """A page of unclosed tags does not take a quadratic number of steps, and loses no letter."""
    assert len(fold("<a" * 400_000).letters) == 400_000


def test_table_is_frozen() -> None:
    """The table of folding version 1 never changes."""
    assert hashlib.sha256(fold_table().tobytes()).hexdigest() == TABLE_DIGEST
