"""Names of people as files write them, one string for all of them or one for each."""

from __future__ import annotations

import re
from typing import Final

from countermark.works.entry import Contributor

_SEPARATORS: Final = re.compile(r"[;|]")
_MAX_PEOPLE: Final = 200
_LONGEST: Final = 500  # characters of one name


def one_line(value: str, longest: int = 2000) -> str:
    """A value of a file without control characters and double spaces, cut where it is longer than any real one."""
    text = value[: longest * 4]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:longest]


def people(value: str, role: str) -> tuple[Contributor, ...]:
    """Those whom `value` names, separated by semicolons: a comma may stand within a name (`Dupont, Jeanne`)."""
    names = dict.fromkeys(one_line(name, _LONGEST) for name in _SEPARATORS.split(value[:100_000]))
    return tuple(Contributor(given_first(name), role) for name in names if name)[:_MAX_PEOPLE]


def given_first(name: str) -> str:
    """`Dupont, Jeanne` as `Jeanne Dupont`; a name with no comma, or with several, as it stands.

    A comma before `Jr.`, `Ltd` and their like does not turn a name round.
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma or not family or not given or "," in given or _ADDITION.fullmatch(given):
        return name
    return f"{given} {family}"


_ADDITION: Final = re.compile(
    r"(?i)(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq|inc|ltd|llc|gmbh|s\.?a|s\.?a\.?s|co|corp)\.?"
)
