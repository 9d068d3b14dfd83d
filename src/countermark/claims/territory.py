"""Where a right holds: the codes of a rights fact, and the exceptions that its note states.

Importers write what codes cannot say into the note: `except US`, `in TIS 2130`, `territory: WORLD except GB`. A right
for the whole world except one country is not a right in that country.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_EXCEPT: Final = re.compile(r"\bexcept ([^;]+)")
_IN_WORDS: Final = re.compile(r"(?:^|; )territory: ([^;]+)")
_ELSEWHERE: Final = re.compile(r"(?:^|; )in \S")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_SIGNS: Final = re.compile(r"[,\s]+")


def covered(territory: str, countries: Iterable[str], note: str = "") -> bool | None:
    """Whether a territory reaches one of some countries; None where its note says more than can be read.

    A territory that says nothing holds everywhere, and so does every territory where no country is asked for.
    """
    return _covered(territory, tuple(countries), note)


@lru_cache(maxsize=4096)
def _covered(territory: str, countries: tuple[str, ...], note: str) -> bool | None:
    if not countries:
        return True
    codes, unclear = set(territory.upper().split()), False
    if not codes and (told := _IN_WORDS.search(note)):
        words = set(_SIGNS.split(told[1].partition(" except ")[0]))
        codes = {word for word in words if word == "WORLD" or _COUNTRY.fullmatch(word)}
        unclear = codes != words
    elif not codes and _ELSEWHERE.search(note):
        return None
    without: set[str] = set()
    if told := _EXCEPT.search(note):
        without = {word for word in _SIGNS.split(told[1]) if word}
        unclear = unclear or not all(_COUNTRY.fullmatch(word) for word in without)
    reached = {one for one in countries if not codes or "WORLD" in codes or one in codes} - without
    if reached and not unclear:
        return True
    return None if unclear else False
