"""Addresses in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.works.identifiers import IdentifierError, canonical_url


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("HTTP://Poems.Example:80", "http://poems.example/"),
        ("https://poems.example:443/A/b/", "https://poems.example/A/b/"),
        ("https://poems.example:8443/a", "https://poems.example:8443/a"),
        ("https://poems.example./a#top", "https://poems.example/a"),
        ("https://poems.example/a/./b/../c", "https://poems.example/a/c"),
        ("https://poems.example/%7ewren/%c3%a9t%C3%A9", "https://poems.example/~wren/%C3%A9t%C3%A9"),
        ("https://poems.example/été en mer", "https://poems.example/%C3%A9t%C3%A9%20en%20mer"),
        ("https://poésie.example/", "https://xn--posie-csa.example/"),
        ("https://p.example/?utm_source=a&id=2&fbclid=b&UTM_Medium=c", "https://p.example/?id=2"),
        ("https://p.example/?b=2&a=1", "https://p.example/?b=2&a=1"),
        ("https://p.example/?gclid=1", "https://p.example/"),
        ("https://p.example/100%/%%34%31", "https://p.example/100%25/%2541"),
        ("http://[2001:DB8:0::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ],
)
def test_one_place_has_one_address(typed: str, canonical: str) -> None:
    """The rules of the module, one by one."""
    assert canonical_url(typed) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://poems.example/",
        "poems.example/a",
        "https:///a",
        "https://user:secret@poems.example/",
        "https://poems.example:99999/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://po ems.example/",
        "https://poems..example/",
        "https://poems.example/\n/evil",
        "javascript:alert(1)//https://poems.example/",
    ],
)
def test_what_is_no_public_address_is_refused(typed: str) -> None:
    """Other schemes, no host, secrets, control characters."""
    with pytest.raises(IdentifierError):
        canonical_url(typed)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_form_is_final(path: str, query: str) -> None:
    """Whatever is typed: the canonical form of a canonical form is itself."""
    try:
        first = canonical_url(f"https://poems.example/{path}?{query}")
    except IdentifierError:
        return
    assert canonical_url(first) == first
    assert first.isascii()
