"""Identifiers that members give for their works: ISBN, DOI, or an address on the web.

ISBN: ISO 2108 (the old form of ten digits is turned into that of thirteen). DOI: ISO 26324.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_DOI: Final = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}/\S{1,180})", re.IGNORECASE)
_ISBN_LIKE: Final = re.compile(r"(?:ISBN(?:-1[03])?:?\s*)?([\dXx][\dXx\s‐‑–-]{8,20})", re.IGNORECASE)
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
    if doi := _DOI.fullmatch(text):
        return f"doi:{doi[1].lower()}"
    if text.lower().startswith(("doi:", "10.")):
        raise IdentifierError("doi")
    if isbn := _ISBN_LIKE.fullmatch(text):
        return f"isbn:{_isbn(re.sub(r'[^0-9Xx]', '', isbn[1]).upper())}"
    if text.lower().startswith("isbn"):
        raise IdentifierError("isbn")
    if "://" in text:
        return _address(text)
    raise IdentifierError("unknown")


def _isbn(digits: str) -> str:
    """The thirteen digits of an ISBN, its check digit verified."""
    if re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        if sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11:
            raise IdentifierError("isbn")
        body = f"978{digits[:9]}"
        return body + str(-_weighted(body) % 10)
    if not re.fullmatch(r"97[89]\d{10}", digits) or _weighted(digits) % 10:
        raise IdentifierError("isbn")
    return digits


def _weighted(digits: str) -> int:
    return sum((3 if at % 2 else 1) * int(digit) for at, digit in enumerate(digits))


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
