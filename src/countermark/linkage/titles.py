"""Whether two titles name one work: core against core, and what stands around it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import OSA

from countermark.linkage.skeletons import same_bones, skeleton
from countermark.linkage.vocabulary import (
    COUNTED,
    COVERED,
    FEATURED,
    FEATURED_IN_BRACKETS,
    NUMBER_WORDS,
    OTHER_TEXT,
    OTHER_VERSION,
    ROMAN,
    SAME_VERSION,
    SKIPPED_IN_TITLES,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_PARTS = re.compile(r"[(|)]")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


class Agreement(StrEnum):
    """How two titles or two names agree, the firmest first."""

    EXACT = "exact"
    INITIALS = "initials"
    ROMANISED = "romanised"
    SUBTITLE = "subtitle"
    SLIP = "slip"
    FAMILY = "family"


class Title(NamedTuple):
    """A title taken apart. `core` and `subtitle` are words; articles and joining words stand in neither.

    `numbers` are those of core and subtitle, `versions` the words that tell another version.
    """

    core: tuple[str, ...]
    subtitle: tuple[str, ...]
    numbers: tuple[str, ...]
    versions: frozenset[str]

    @property
    def joined(self) -> str:
        """The core in one piece."""
        return "".join(self.core)


@lru_cache(maxsize=1 << 16)
def parse_title(words: str) -> Title:
    """Take apart a title as `letters` writes it."""
    parts = [_counted(part.replace(",", " , ").replace("&", " ").split()) for part in _PARTS.split(words)]
    parts = [part for part in parts if part]
    core, rest = _before_featured(parts[0]) if parts else [], parts[1:]
    subtitle: list[str] = []
    versions: set[str] = set()
    for part in rest:
        said = set(part)
        if other := said & (OTHER_VERSION | OTHER_TEXT):
            versions |= other
        elif any(f" {words} " in f" {' '.join(part)} " for words in COVERED):
            versions.add("cover")
        elif not (part[0] in FEATURED_IN_BRACKETS or said & SAME_VERSION or _only_year(part)):
            subtitle += _before_featured(part)
    return Title(
        _without_articles(core),
        _without_articles(subtitle),
        _numbers(core) + _numbers(subtitle),
        frozenset(versions),
    )


def _counted(words: list[str]) -> list[str]:
    """The words with what counts in one form: `Volume II` and `Vol. two` become `vol 2`."""
    found = list(words)
    for at, word in enumerate(words):
        before = found[at - 1] if at else ""
        found[at] = word.lstrip("0") or "0" if word.isdigit() else word
        if before in COUNTED:
            found[at] = ROMAN.get(word) or NUMBER_WORDS.get(word) or found[at]
            found[at - 1] = COUNTED[before] if found[at].isdigit() else before
        elif at and at == len(words) - 1:
            found[at] = ROMAN.get(word, found[at])
    return found


def _only_year(part: list[str]) -> bool:
    return len(part) == 1 and _YEAR.fullmatch(part[0]) is not None


def _before_featured(words: list[str]) -> list[str]:
    for at, word in enumerate(words):
        if at and word in FEATURED:
            return words[:at]
    return words


def _without_articles(words: list[str]) -> tuple[str, ...]:
    """All words but articles and joining words; one at the end counts, unless it was put there (`Hours, The`)."""
    kept = [
        word
        for at, word in enumerate(words)
        if word != ","
        and (word not in SKIPPED_IN_TITLES or (at and at == len(words) - 1 and words[at - 1] != ","))
    ]
    return tuple(kept) or tuple(word for word in words if word != ",")


def _numbers(words: list[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word.isdigit())


def compare_titles(row: Title, work: Title, vocabulary: Container[str]) -> Agreement | None:
    """How the title of a row agrees with that of a work; None where it does not.

    Numbers must be equal: volume 2 is not volume 3. `vocabulary` are words that titles of the catalog use: two of
    them are two words, never a slip of the hand.
    """
    if sorted(row.numbers) != sorted(work.numbers):
        return None
    cores = _compare_words(row.core, work.core, vocabulary)
    if cores is None:
        whole = _compare_words(row.core + row.subtitle, work.core + work.subtitle, vocabulary)
        return whole if row.subtitle or work.subtitle else None
    if row.subtitle and work.subtitle:
        rest = _compare_words(row.subtitle, work.subtitle, vocabulary)
        return None if rest is None else max(cores, rest, key=list(Agreement).index)
    if not row.subtitle and not work.subtitle:
        return cores
    return Agreement.SUBTITLE if cores is Agreement.EXACT else None


def _compare_words(
    row: tuple[str, ...], work: tuple[str, ...], vocabulary: Container[str]
) -> Agreement | None:
    if row == work or _joined(row) == _joined(work):
        return Agreement.EXACT if row or work else None
    if len(row) == len(work):
        apart = [(one, other) for one, other in zip(row, work, strict=True) if one != other]
        if len(apart) <= 2 and all(_is_slip(one, other, vocabulary) for one, other in apart):
            return Agreement.SLIP
    elif min(len(_joined(row)), len(_joined(work))) >= 10 and OSA.distance(_joined(row), _joined(work)) <= 1:
        return Agreement.SLIP
    return Agreement.ROMANISED if _romanised(row, work, vocabulary) else None


def _joined(words: Iterable[str]) -> str:
    return "".join(words)


def _is_slip(one: str, other: str, vocabulary: Container[str]) -> bool:
    """Whether one word is the other with a letter wrong, missing, too many or swapped (two in a long word)."""
    longest = max(len(one), len(other))
    if longest < 4 or one.isdigit() or other.isdigit() or (one in vocabulary and other in vocabulary):
        return False
    if _is_plural(one, other) or (longest < 6 and one[0] != other[0]):
        return False
    allowed = 2 if longest >= 9 else 1
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _is_plural(one: str, other: str) -> bool:
    """Whether one word is the other with an s: Love Songs is no Love Song."""
    return one in (f"{other}s", f"{other}es") or other in (f"{one}s", f"{one}es")


def _romanised(row: tuple[str, ...], work: tuple[str, ...], vocabulary: Container[str]) -> bool:
    """Whether two titles are two romanisations of one, word by word: the same consonants, written alike."""
    if len(row) != len(work) or len(skeleton(_joined(row))) < 3:
        return False
    return all(
        one == other or _is_romanised(one, other, vocabulary) for one, other in zip(row, work, strict=True)
    )


def _is_romanised(one: str, other: str, vocabulary: Container[str]) -> bool:
    if (one in vocabulary and other in vocabulary) or _is_plural(one, other):
        return False
    return same_bones(one, other, least=0.5)
