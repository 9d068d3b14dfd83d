"""Articles, chapters, data sets: DOI.

ISO 26324:2022; DOI Handbook, "Numbering": prefix `10.` and digits (which may be subdivided by dots), a slash, and a
suffix of any printable signs. DOI names are equal whatever the case of their ASCII letters; the canonical form is in
small letters. There is no check digit.
"""

from __future__ import annotations

import re
import string
from typing import Final
from urllib.parse import unquote

from countermark.works.identifiers.identifier import Identifier, IdentifierError

_DOI: Final = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+", re.ASCII)
_RESOLVER: Final = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/(?:doi:)?([^?#]*).*", re.IGNORECASE)
_SMALL: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def read_doi(text: str) -> Identifier:
    """A DOI, bare or as the address of a resolver (whose percent signs are decoded)."""
    if found := _RESOLVER.fullmatch(text):
        text = _decoded(found[1])
    if not _DOI.fullmatch(text) or not text.isprintable():
        raise IdentifierError(
            "form", "it is not 10., four to nine digits, a slash and a suffix without spaces"
        )
    return Identifier("doi", text.translate(_SMALL))


def _decoded(path: str) -> str:
    try:
        return unquote(path, errors="strict")
    except UnicodeDecodeError:
        raise IdentifierError("letters", "its percent signs are no UTF-8") from None
