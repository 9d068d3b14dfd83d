"""The fields that a column can be mapped to, and how catalogues in four languages head such columns."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from countermark.works.importers.table.spellings import SPELLINGS

PEOPLE: Final = (
    *("author", "composer", "lyricist", "arranger", "performer", "translator", "illustrator", "photographer"),
    *("editor", "narrator", "director", "contributor"),
)
"""Fields that hold names of contributors; the field is the role."""

NUMBERS: Final = ("isbn", "isbn10", "ean", "isrc", "iswc", "ismn", "doi", "asin", "issn", "url")
"""Fields that hold an identifier of the work or of its edition."""

PARTY_NUMBERS: Final = ("isni", "ipi", "orcid")
"""Fields that hold an identifier of the row's author."""

DATES: Final = (
    *("published", "first_published", "owner_from", "owner_to", "registration_date", "licensed_from"),
    *("licensed_to_date", "reserved_from"),
)

NAMES: Final = frozenset(SPELLINGS)
IDENTIFYING: Final = frozenset({*NUMBERS, "work_id"})
"""Fields any of which, like a title, tells which work a row speaks of."""


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """A header without case, accents, ligatures and signs: `N° d’ISBN-13 ` is `n d isbn 13`."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text[:400])  # camelCase
    plain = unicodedata.normalize(
        "NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae").replace("°", " ")
    )
    letters = (c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


_FIELD_OF: Final = {
    spelling.strip(): name for name, said in SPELLINGS.items() for spelling in said.split(";")
} | {name.replace("_", " "): name for name in SPELLINGS}


def field_of(header: str) -> str:
    """The field that a header names, or the empty string. A number after it does not count: `Auteur 2`."""
    folded = fold(header)
    for written in (folded, re.sub(r"( \d{1,2})$|(?<=[a-z])\d$", "", folded)):
        if written in _FIELD_OF:
            return _FIELD_OF[written]
    return ""
