"""Lines that a trap stands beside: the last one, and that of the licence."""

from __future__ import annotations

import re
from typing import Final

# The first words of a line that says whose the text is.
LICENCE: Final = re.compile(
    r"^[ \t>*_#-]*(?:©|\(c\)|copyright\b|all rights reserved|tous droits réservés|droits réservés|licen[cs]ed?\b|"
    r"licence\b|this (?:work|text|article) is licensed|ce(?:tte)? (?:œuvre|texte|article) est)",
    re.IGNORECASE,
)


def licence_line(text: str) -> int | None:
    """Where the last line begins that says under which licence the text is, among the last 40; else None."""
    end = len(text)
    for _ in range(40):
        start = text.rfind("\n", 0, end) + 1
        if LICENCE.match(text[start : min(end, start + 200)]):
            return start
        if start == 0:
            return None
        end = start - 1
    return None
