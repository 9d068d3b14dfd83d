"""The quick look at a robots.txt: where it says silent or alike for many paths, the readers find it so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.captures.plain_robots import is_open, is_silent, plain_of
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
    "search=yes, ai-train=no, use=no",
    "/a ai-train=no",
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
    site, plain = Site(ORIGIN, Response(f"{ORIGIN}/robots.txt", body=body)), plain_of(body, agent)
    found = read_site(site, Target(ORIGIN + path, agent))
    if is_silent(plain, path):
        assert not found
    if is_open(plain, path):  # what a site says of all such paths is read once, for its /robots.txt
        assert found == read_site(site, Target(f"{ORIGIN}/robots.txt", agent))


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
    assert is_silent(plain_of(body, "*"), path) is silent
