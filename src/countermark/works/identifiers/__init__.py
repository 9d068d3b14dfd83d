"""Identifiers of works, editions, people and parties: read, checked, and written in one canonical form each."""

from __future__ import annotations

from countermark.works.identifiers.identifier import Identifier, IdentifierError

__all__ = ["Identifier", "IdentifierError"]
