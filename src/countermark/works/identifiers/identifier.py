"""What an identifier is: a scheme and its canonical value."""

from __future__ import annotations

from typing import NamedTuple


class Identifier(NamedTuple):
    """One identifier. `scheme` is lower case (`isbn`, `isrc`, `iswc`, …); `value` is canonical within it.

    ISBN are always of thirteen digits without hyphens, so that both forms of one edition are equal. A number that
    only its issuer knows has the scheme `own:ISSUER`.
    """

    scheme: str
    value: str

    def __str__(self) -> str:
        """`isbn:9782070360024`."""
        return f"{self.scheme}:{self.value}"


class IdentifierError(ValueError):
    """An identifier that cannot be right.

    `reason` is a stable word: `length`, `letters`, `check-digit`, `form`, or `scheme` where the scheme is unknown.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
