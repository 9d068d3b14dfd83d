"""Agents that a site does not tell apart are answered alike: held against asking for each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from countermark.reservations.response import Headers, Response, Site
from countermark.reservations.sources import verdict_of
from countermark.reservations.target import Target
from countermark.reservations.told_apart import told_apart

AGENTS = ("GPTBot", "CCBot", "ccbot", "AI2Bot", "bigsur.ai", "Some Bot", "Nobody", "*")
LINES = (
    *(f"User-agent: {agent}" for agent in AGENTS),
    "User-agent: GPTBot, CCBot (AI2Bot/2.0)",
    "User-agent: Nobody, *",
    "Disallow: /",
    "DisallowAITraining: /a",
    "Disallow: /a",
    "Allow: /",
    "Disalow: /",
    "Content-Usage: train-ai=n",
    "Content-Usage: /a train-ai=y",
    "Content-Signal: ai-train=no",
    "License: https://example.org/terms.xml",
)
lines = st.lists(st.sampled_from(LINES), max_size=12).map(lambda found: "\n".join(found).encode())
tags = st.sampled_from(["", "noai", "GPTBot: noai", "ccbot: noindex AI2Bot: noai", "bigsur.ai: noimageai"])
pages = st.sampled_from(
    [b"", b'<meta name="&#67;CBot" content="noai">', b'<meta name="some bot" content="noai">']
)


@given(robots=lines, ai_txt=lines, tag=tags, page=pages)
def test_the_same_mark_means_the_same_answers(robots: bytes, ai_txt: bytes, tag: str, page: bytes) -> None:
    """Whatever the files say, two agents with one mark have the same statements and remarks."""
    site = Site(
        "https://example.org",
        Response("https://example.org/robots.txt", body=robots),
        ai_txt=Response("https://example.org/ai.txt", body=ai_txt),
    )
    fields = [("Content-Type", "text/html"), ("X-Robots-Tag", tag)]
    response = Response("https://example.org/a", headers=Headers(fields), body=page)
    mark = told_apart(site, response)
    told: dict[object, object] = {}
    for agent in AGENTS:
        verdict = verdict_of(Target(response.url, agent), site, response)
        said = {use: (one.answer, len(one.deciding)) for use, one in verdict.uses.items()}
        assert told.setdefault(mark(agent), said) == said


def test_agents_in_the_same_groups_are_not_told_apart() -> None:
    """Groups are compared, not names; extensions may end a list of agents for themselves alone."""
    robots = b"User-agent: GPTBot\nContent-Usage: train-ai=n\nUser-agent: CCBot\nUser-agent: AI2Bot\nDisallow: /a\n"
    mark = told_apart(Site("https://example.org", Response("https://example.org/robots.txt", body=robots)))
    assert mark("CCBot") == mark("AI2Bot")
    assert mark("CCBot") != mark("GPTBot")
    assert mark("Nobody") == mark("*")
