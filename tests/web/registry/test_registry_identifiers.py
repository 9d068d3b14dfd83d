"""Identifiers are checked by their check digits, and written in one way."""

from __future__ import annotations

import pytest

from countermark.web.registry.identifiers import IdentifierError, canonical_identifier


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("978-2-07-036002-4", "isbn:9782070360024"),
        ("ISBN 2-07-036002-4", "isbn:9782070360024"),
        ("0-8044-2957-X", "isbn:9780804429573"),
        ("https://doi.org/10.1000/182", "doi:10.1000/182"),
        ("10.1000/ABC", "doi:10.1000/abc"),
        ("https://poems.example/rivers?n=1", "https://poems.example/rivers?n=1"),
    ],
)
def test_right_identifiers_are_kept_in_one_form(typed: str, kept: str) -> None:
    """Hyphens, prefixes and the old ISBN make no difference."""
    assert canonical_identifier(typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("978-2-07-036002-5", "isbn"),
        ("2-07-036002-9", "isbn"),
        ("ISBN", "isbn"),
        ("9782070360", "isbn"),
        ("10.12/3", "doi"),
        ("javascript://site.example/%0aalert(1)", "address"),
        ("https://user:secret@site.example/", "address"),
        ("https://localhost/x", "address"),
        ("https://site.example/\u202egnp", "address"),
        ("https://[::1", "address"),
        ("my second book", "unknown"),
        ("9" * 300, "unknown"),
    ],
)
def test_wrong_identifiers_are_refused_with_their_kind(typed: str, reason: str) -> None:
    """A wrong check digit, a hostile address and plain words are told apart."""
    with pytest.raises(IdentifierError) as refused:
        canonical_identifier(typed)
    assert refused.value.reason == reason
