"""Paths and origins of addresses."""

from __future__ import annotations

import pytest

from countermark.reservations.target import Target, origin_of, path_of


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("https://Example.org/a?b=1#c", "https://example.org", "/a?b=1"),
        ("https://example.org:443", "https://example.org", "/"),
        ("http://example.org:8080/x", "http://example.org:8080", "/x"),
        ("http://[::1]:8000/x", "http://[::1]:8000", "/x"),
        ("/only/a/path#part", "", "/only/a/path"),
        ("", "", "/"),
        ("https://example.org:notaport/x", "", "/x"),
        ("http://[broken/", "", "/"),
    ],
)
def test_what_stands_in_an_address(url: str, origin: str, path: str) -> None:
    assert (origin_of(url), path_of(url)) == (origin, path)
    assert (Target(url).origin, Target(url).path) == (origin, path)
