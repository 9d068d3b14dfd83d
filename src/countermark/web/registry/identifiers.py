"""Identifiers that members give for their works: ISBN, DOI, or an address on the web."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from countermark.works.identifiers import IdentifierError as WrongNumberError
from countermark.works.identifiers import labelled_scheme, parse_identifier

_DOI_LIKE: Final = re.compile(r"10\.|(?:https?://)?(?:dx\.)?doi\.org/10\.", re.IGNORECASE)
_ISBN_LIKE: Final = re.compile(r"[\dXx][\dXx\s‐‑–-]{8,20}")
_LONGEST: Final = 200


class IdentifierError(ValueError):
    """An identifier that cannot be right; `reason` is `isbn`, `doi`, `address` or `unknown`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def canonical_identifier(text: str) -> str:
    """`isbn:9782070360024`, `doi:10.1000/182` or an address, from what somebody typed; raises IdentifierError."""
    text = text.strip()
    if len(text) > _LONGEST:
        raise IdentifierError("unknown")
    if scheme := _scheme(text):
        try:
            return str(parse_identifier(scheme, text))
        except WrongNumberError:
            raise IdentifierError(scheme) from None
    if "://" in text:
        return _address(text)
    raise IdentifierError("unknown")


def _scheme(text: str) -> str:
    """The kind of number that `text` seems to be, or the empty string."""
    named = labelled_scheme(text)
    if named == "doi" or _DOI_LIKE.match(text):
        return "doi"
    return "isbn" if named == "isbn" or text.lower().startswith("isbn") or _ISBN_LIKE.fullmatch(text) else ""


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise IdentifierError("address") from None
    hostile = any(not sign.isprintable() or sign.isspace() for sign in text)
    if parts.scheme.lower() not in ("http", "https") or "." not in (parts.hostname or "") or hostile:
        raise IdentifierError("address")
    if parts.username or parts.password:
        raise IdentifierError("address")
    return text
