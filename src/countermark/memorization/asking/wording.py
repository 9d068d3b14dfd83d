"""Texts as words, alike for works, prompts and answers: what differs in case, marks or spaces is the same word.

A word is a run of letters, digits and combining marks of any script, in NFKC and case-folded; accents stay, so an
answer that drops them breaks a run. Apostrophes, soft hyphens and joiners within a word fall away; all other signs, and
tags and character references of HTML, part words. In scripts that are written without spaces (Han, kana, Thai, Lao,
Khmer, Myanmar) each letter with its marks is a word: 50 words are then 50 letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

_UNSPACED: Final = (
    r"\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\uff66-\uff9d\U00020000-\U0003ffff"
)
_JOINERS: Final = "'\u2019\u02bc\uff07\u00ad\u200b-\u200d\u2060\ufeff"
_TAG: Final = r"<[A-Za-z/!][^<>]{0,400}>|&(?:[A-Za-z]{2,10}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"


class Word(NamedTuple):
    """A word as it is compared, and its place `[start, end)` in code points of the text."""

    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [
        Word(word, *match.span(1))
        for match in _pattern().finditer(text)
        if match[1] is not None and (word := _same(match[1]))
    ]


def only(words: list[Word]) -> tuple[str, ...]:
    """The words without their places."""
    return tuple(word.text for word in words)


@cache
def _pattern() -> re.Pattern[str]:
    marks = _marks()
    letter = rf"[^\W_{_UNSPACED}{marks}][{marks}]*"
    return re.compile(rf"{_TAG}|([{_UNSPACED}][{marks}]*|{letter}(?:[{_JOINERS}]*{letter})*)")


def _marks() -> str:
    """The combining marks as the inside of a character class; `re` has no name for them."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0x20000):
        if not unicodedata.category(chr(code)).startswith("M"):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    # The voiced marks of half-width kana are letters by name; variation selectors lie far out.
    ranges += [[0xFF9E, 0xFF9F], [0xE0100, 0xE01EF]]
    return "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges)


def _same(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LNM")
