"""Identifiers of works, editions, people and parties: read, checked, and written in one canonical form each."""

from __future__ import annotations

from countermark.works.identifiers.addresses import canonical_url
from countermark.works.identifiers.books import repaired_isbn
from countermark.works.identifiers.guessing import guess_identifier, labelled_scheme
from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.schemes import parse_identifier
from countermark.works.identifiers.trade import isbn_of_asin

__all__ = [
    "Identifier",
    "IdentifierError",
    "canonical_url",
    "guess_identifier",
    "isbn_of_asin",
    "labelled_scheme",
    "parse_identifier",
    "repaired_isbn",
]
