"""The quick look at a robots.txt: where it says silent, the readers find nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.captures.plain_robots import is_silent, patterns_of
from countermark.reservations.response import Response, Site
from countermark.reservations.sources import read_site
from countermark.reservations.target import Target

ORIGIN = "https://a.example.org"
NAMES = (
    "User-agent",
    "user-AGENT ",
    "Disallow",
    "disallow",
    "Allow",
    "Crawl-delay",
    "Sitemap",
    "Dissallow",
    "Content-Usage",
    "Content-Signal",
    "License",
    "#",
)
VALUES = (
    "*",
    "GPTBot",
    "gptbot/2.0",
    "GPTBot-News",
    "/",
    "/a",
    "/a/b$",
    "/*b",
    "*b",
    "/a*c$",
    "b",
    "",
    "train-ai=n",
    "ai-train=no",
    "/a%62",
    "/é",
    " /a # no",
)
LINES = st.builds(
    lambda name, colon, value, end: f"{name}{colon}{value}{end}",
    st.sampled_from(NAMES),
    st.sampled_from((":", ": ", " ")),
    st.sampled_from(VALUES),
    st.sampled_from(("\n", "\r\n", "\r", "\n\n", "")),
)


@given(
    lines=st.lists(LINES, max_size=12),
    agent=st.sampled_from(("*", "GPTBot", "CCBot", "Two Words")),
    path=st.sampled_from(("/", "/a", "/a/b", "/ab", "/x/c", "/a?b=c", "/%61", "/robots.txt")),
)
@settings(max_examples=1500, deadline=None)
def test_silent_files_are_silent(lines: list[str], agent: str, path: str) -> None:
    """Lines of all sorts in any order, read both ways."""
    body = "".join(lines).encode()
    if is_silent(patterns_of(body, agent), path):
        found = read_site(
            Site(ORIGIN, Response(f"{ORIGIN}/robots.txt", body=body)), Target(ORIGIN + path, agent)
        )
        assert not found


@pytest.mark.parametrize(
    ("body", "path", "silent"),
    [
        (b"User-agent: *\nDisallow: /admin/\nDisallow: /*?s=\n\nSitemap: https://a.example.org/s\n", "/works/1", True),
        (b"User-agent: GPTBot\nDisallow: /\n", "/works/1", True),
        (b"User-agent: *\nDisallow: /works\n", "/works/1", False),
        (b"User-agent: *\nContent-Signal: ai-train=no\n", "/works/1", False),
        (b"", "/", True),
    ],
)  # fmt: skip
def test_ordinary_files_are_known_at_a_look(body: bytes, path: str, silent: bool) -> None:
    """Most files need no reader."""
    assert is_silent(patterns_of(body, "*"), path) is silent
