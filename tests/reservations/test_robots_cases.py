"""robots.txt against Google's reference cases, and against vectors of our own for a checkout without them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countermark.reservations.robots import parse_robots

CASES = Path(__file__).parents[2] / ".." / "shared" / "conformance/robots_rfc9309/google_matcher_cases.json"

# Ours; the section of RFC 9309 that each is about.
VECTORS = [
    ("2.2.1 case of names and tokens", "USER-AGENT: novelbot\nDISALLOW: /a\n", "NovelBot", "/a", False),
    ("2.2.1 several agents, one group", "User-agent: A\nUser-agent: B\nDisallow: /\n", "A", "/x", False),
    (
        "2.2.1 groups merge",
        "User-agent: A\nDisallow: /x\n\nUser-agent: B\nDisallow: /\n\nUser-agent: A\nDisallow: /y\n",
        "A",
        "/y",
        False,
    ),
    (
        "2.2.1 own group replaces *",
        "User-agent: *\nDisallow: /\nUser-agent: A\nDisallow: /x\n",
        "A",
        "/y",
        True,
    ),
    ("2.2.1 no group", "User-agent: A\nDisallow: /\n", "B", "/", True),
    ("2.2.1 not a substring", "User-agent: CC\nDisallow: /\n", "CCBot", "/", True),
    ("2.2.1 version", "User-agent: novelbot/2.0\nDisallow: /\n", "novelbot", "/", False),
    ("2.2.1 version and digits", "User-agent: novel1_bot/1.0\nDisallow: /\n", "novel1_bot", "/", False),
    ("2.2 another protocol", "User-agent: *\nDisallow: /\nAllowAITraining: /\n", "A", "/", False),
    ("2.2 another protocol's refusal", "User-agent: *\nDisallowAITraining: /\n", "A", "/", True),
    ("2.2.2 longest", "User-agent: *\nDisallow: /p/\nAllow: /p/open/\n", "A", "/p/open/1", True),
    ("2.2.2 order is nothing", "User-agent: *\nAllow: /p/open/\nDisallow: /p/\n", "A", "/p/open/1", True),
    ("2.2.2 tie", "User-agent: *\nDisallow: /p\nAllow: /p\n", "A", "/p", True),
    (
        "2.2.2 octets of the pattern",
        "User-agent: *\nAllow: /x/page.\nDisallow: /*.html\n",
        "A",
        "/x/page.html",
        True,
    ),
    ("2.2.2 non-ASCII octets", "User-agent: *\nDisallow: /œuvre\n", "A", "/%C5%93uvre", False),
    ("2.2.2 case of paths", "User-agent: *\nDisallow: /Page\n", "A", "/page", True),
    ("2.2.3 $", "User-agent: *\nDisallow: /*.pdf$\n", "A", "/a.pdf", False),
    ("2.2.3 $ ends", "User-agent: *\nDisallow: /*.pdf$\n", "A", "/a.pdf?p=1", True),
    ("2.2.3 $ within", "User-agent: *\nDisallow: /a$b\n", "A", "/a$b", False),
    ("2.2.3 *", "User-agent: *\nDisallow: /a*c*e\n", "A", "/abcde", False),
    ("2.2.3 * is nothing too", "User-agent: *\nDisallow: /a*b\n", "A", "/ab", False),
    ("2.2.3 comment", "User-agent: *  # all\nDisallow: /a # and below\n", "A", "/a/b", False),
    (
        "2.2.4 other records",
        "User-agent: A\nSitemap: /s\nX: y\nUser-agent: B\nDisallow: /\n",
        "A",
        "/",
        False,
    ),
    ("2.3 empty", "", "A", "/", True),
    ("2.3 byte order mark", "\ufeffUser-agent: *\nDisallow: /\n", "A", "/", False),
    ("2.2 CR alone", "User-agent: *\rDisallow: /\r", "A", "/", False),
    ("2.2 empty Disallow", "User-agent: *\nDisallow:\n", "A", "/", True),
    ("token with a digit", "User-agent: AI2Bot\nDisallow: /\n", "AI2Bot", "/", False),
    ("token with a dot", "User-agent: bigsur.ai\nDisallow: /\n", "BigSur.ai", "/", False),
    ("asked with a version", "User-agent: NovelBot\nDisallow: /\n", "NovelBot/1.0", "/", False),
]


@pytest.mark.parametrize(
    ("about", "text", "agent", "path", "allowed"), VECTORS, ids=[row[0] for row in VECTORS]
)
def test_our_vectors(about: str, text: str, agent: str, path: str, *, allowed: bool) -> None:
    """Each vector, by path and by address."""
    robots = parse_robots(text.encode())
    assert robots.allows(agent, path) is allowed
    assert robots.allows(agent, f"https://example.org{path}") is allowed


@pytest.mark.skipif(not CASES.exists(), reason="the reference cases are not in this checkout")
def test_all_reference_cases() -> None:
    """All 142 cases of Google's own test file."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 142
    wrong = [
        case
        for case in cases
        if parse_robots(case["robots_txt"].encode()).allows(case["agent"], case["url"]) is not case["allowed"]
    ]
    assert wrong == []
