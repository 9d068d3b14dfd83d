"""Whether two names are of one person or group: order, initials, romanisation, slips of the hand."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import OSA

from countermark.linkage.skeletons import same_bones, skeleton
from countermark.linkage.titles import Agreement
from countermark.linkage.vocabulary import GENERATIONS, GROUPS, NOBODY, SKIPPED_IN_NAMES

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

_APART = re.compile(r"[&|;(),]| feat | ft | featuring | avec | with | and | et | und | vs | x ")
_MARKS = re.compile(r"[&|;(),]")


class Name(NamedTuple):
    """The words of a name, in their order, without articles and particles; `Jr.` and `Sr.` apart, in `generation`."""

    words: tuple[str, ...]
    generation: str = ""


@lru_cache(maxsize=1 << 16)
def parse_names(words: str) -> tuple[Name, ...]:
    """All names that one field may hold: the whole, each part of a list, and `Family, Given` of two parts."""
    parts = [part for part in _APART.split(f" {words} ".replace(" ", "  ")) if part.strip()]
    found = [_name(_MARKS.sub(" ", words)), *(_name(part) for part in parts)]
    commas = [part for part in words.split(",") if part.strip()]
    if len(commas) > 2 and len(commas) % 2 == 0:  # Family, Given, Family, Given
        found += [_name(f"{commas[at + 1]} {commas[at]}") for at in range(0, len(commas), 2)]
    return tuple(dict.fromkeys(name for name in found if name.words and " ".join(name.words) not in NOBODY))


def _name(text: str) -> Name:
    words = text.split()
    generation = next((word[:1] for word in words[1:] if word in GENERATIONS), "")
    kept = tuple(word for word in words if word not in SKIPPED_IN_NAMES)
    if len(kept) > 2:
        kept = tuple(word for word in kept if word not in GENERATIONS)
    return Name(kept or tuple(words), generation)


def compare_names(row: Iterable[Name], work: Iterable[Name], rare: Container[str]) -> Agreement | None:
    """The firmest agreement between any name of a row and any of a work. `rare` are family names of one person."""
    order = list(Agreement)
    known = list(work)
    pairs = ((one, other) for one in row for other in known if not _other_generation(one, other))
    found = [kind for one, other in pairs if (kind := compare_name(one, other, rare))]
    return min(found, key=order.index, default=None)


def _other_generation(one: Name, other: Name) -> bool:
    return bool(one.generation and other.generation) and one.generation != other.generation


@lru_cache(maxsize=1 << 16)
def _sorted(name: Name) -> tuple[str, ...]:
    return tuple(sorted(name.words))


def compare_name(row: Name, work: Name, rare: Container[str]) -> Agreement | None:
    """How the name of a row (any order) agrees with that of a work (`Given Family`); None where it does not."""
    if _sorted(row) == _sorted(work) or "".join(row.words) == "".join(work.words):
        return Agreement.EXACT
    if _by_initials(row, work):
        return Agreement.INITIALS
    if len(row.words) == len(work.words):
        pairs = list(_pairs(row, work))
        kinds = [_compare_pair(one, other) for one, other in pairs]
        if all(kinds):
            return Agreement.SLIP if Agreement.SLIP in kinds else Agreement.ROMANISED
        if len(pairs) > 1 and all(one != other for one, other in pairs) and _all_romanised(pairs):
            return Agreement.ROMANISED
    if (
        len(row.words) == 1
        and len(work.words) > 1
        and row.words[0] == work.words[-1]
        and row.words[0] in rare
    ):
        return Agreement.FAMILY
    return None


def _by_initials(row: Name, work: Name) -> bool:
    """Whether the family names are equal and the given names agree, each with its initial or with nothing."""
    family = work.words[-1]
    if GROUPS & (set(row.words) ^ set(work.words)):
        return False
    if len(family) < 2 or len(work.words) < 2 or len(row.words) < 2 or family not in row.words:
        return False
    at = len(row.words) - 1 if row.words[-1] == family else row.words.index(family)
    given = [*row.words[:at], *row.words[at + 1 :]]
    theirs = list(work.words[:-1])
    if not _fits(given[0], theirs[0]):
        return _initials_joined(given, theirs)
    return all(any(_fits(word, other) for other in theirs) for word in given) or all(
        any(_fits(word, other) for other in given) for word in theirs
    )


def _fits(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _initials_joined(given: list[str], theirs: list[str]) -> bool:
    """`JK Rowling` for `J. K. Rowling` or `Joanne Kathleen Rowling`."""
    initials = "".join(word[0] for word in theirs)
    ours = "".join(word[0] for word in given)
    return (len(theirs) > 1 and given == [initials]) or (len(given) > 1 and theirs == [ours])


def _pairs(row: Name, work: Name) -> Iterator[tuple[str, str]]:
    """Each word with the one that it agrees with best; what is left, in order."""
    left = list(work.words)
    rest = []
    for word in row.words:
        if word in left:
            left.remove(word)
            yield word, word
        else:
            rest.append(word)
    for word in rest:
        near = min(left, key=lambda other: OSA.distance(word, other))
        left.remove(near)
        yield word, near


def _all_romanised(pairs: list[tuple[str, str]]) -> bool:
    """Whether every word is written another way with the same consonants: one by itself would say too little."""
    ours, theirs = "".join(one for one, _ in pairs), "".join(other for _, other in pairs)
    if len(skeleton(ours)) < 4 or OSA.normalized_similarity(ours, theirs) < 0.45:
        return False
    return all(same_bones(one, other, least=0.0) for one, other in pairs)


def _compare_pair(one: str, other: str) -> Agreement | None:
    """How two words of a name agree."""
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return Agreement.EXACT
    if _is_other_sex(one, other):
        return None
    if len(skeleton(one)) >= 2 and same_bones(one, other, least=0.5):
        return Agreement.ROMANISED
    longest = max(len(one), len(other))
    return Agreement.SLIP if longest >= 5 and OSA.distance(one, other) <= 1 else None


def _is_other_sex(one: str, other: str) -> bool:
    """Whether two given names are the two of one stem: Mario and Maria, Daniel and Danielle, Simon and Simone.

    Not -in and -ine, which are two ways to write one Russian ending (Pushkin, Pouchkine).
    """
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return short[:-1] == long[:-1] and {short[-1], long[-1]} == {"a", "o"}
    if short.endswith("in") or not long.endswith("e"):
        return False
    return (long == f"{short}e" and short[-1] in "lns") or long == f"{short}{short[-1]}e"
