"""What may be planted: text that is seen as it is, and that stays itself when a text pipeline normalises it.

Zero-width signs, letters of other scripts that look Latin, and compatibility characters are taken away or unified by
such pipelines, harm whoever listens to a page, and look like deceit.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_FRENCH_SPACES: Final = str.maketrans(
    {"\u00a0": " ", "\u202f": " "}
)  # what French sets before its high signs
_SEEN: Final = frozenset({"Lu", "Ll", "Nd", "Zs", "Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Sc", "Sm", "So"})
_SPACES: Final = re.compile(r"\s+")


def illegible(text: str) -> str:
    """The first character of `text` that may not be planted, or nothing."""
    for sign in text.translate(_FRENCH_SPACES):
        category = unicodedata.category(sign)
        latin = category not in {"Lu", "Ll"} or unicodedata.name(sign, "").startswith("LATIN ")
        if category not in _SEEN or not latin or not unicodedata.is_normalized("NFKC", sign):
            return sign
    return ""


def folded(text: str) -> str:
    """The text as a pipeline may leave it: compatibility forms, capitals and white space unified."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def stay_apart(texts: Sequence[str]) -> bool:
    """Whether the texts differ also once they are folded."""
    return len({folded(text) for text in texts}) == len(texts)
