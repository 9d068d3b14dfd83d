"""Policies drawn at random, from a seed: what the tests of the writers are run on."""

from __future__ import annotations

import random

from countermark.reservations.agents import Agent
from countermark.reservations.policy import Choice, Policy, Rule
from countermark.reservations.policy.patterns import overlap
from countermark.reservations.use import USES, Answer, Use

SITE = "https://press.example.org"
MATCHES = (
    "/a/", "/a/b/", "/a/b/c.html$", "/a/*.jpg$", "/b", "/b/*/x/", "/b/c?d=1", "/*.pdf$", "/img/", "/img/*",
    "/a/index.html", "/long/path/that/is/specific/", "/%C3%A9t%C3%A9/",
)  # fmt: skip
TOKENS = ("*", "NovelBot", "GatherBot", "SeekerBot", "Unheard-Bot", "Dotted.bot/1.0")
DISALLOWS = ("/a/", "/a/b/x", "/private", "/*.pdf$", "/img/*.png", "/", "/b/c", "*.zip", "")


def _agent(token: str, operator: str, *purposes: Use) -> Agent:
    return Agent(
        token, operator, purposes, "", "unclear", "2026-01-01", None, "https://example.org/", "2026-11-01"
    )


AGENTS = (
    _agent("NovelBot", "Novel Works", Use.GENERATIVE),
    _agent("GatherBot", "Novel Works", Use.TRAIN, Use.INPUT),
    _agent("SeekerBot", "Seeker", Use.SEARCH, Use.INPUT),
    _agent("PlainBot", "Seeker"),
    _agent("Two Words", "Seeker", Use.TRAIN),
)


def random_answers(draw: random.Random, licence: str) -> dict[Use, Answer]:
    """An answer for every use; conditional only where there is a licence."""
    accepted = [answer for answer in Answer if licence or answer is not Answer.CONDITIONAL]
    if draw.random() < 0.2:
        return dict.fromkeys(USES, draw.choice(accepted))
    return {use: draw.choice(accepted) for use in USES}


def random_policy(seed: int) -> Policy:
    """A policy that `parse_policy` would accept: no ties, no contradiction."""
    draw = random.Random(seed)
    licence = draw.choice(("", f"{SITE}/licence"))
    rules = [Rule("/", random_answers(draw, licence))]
    for match in draw.sample(MATCHES, draw.randrange(0, 6)):
        if not any(len(rule.match) == len(match) and overlap(rule.match, match) for rule in rules):
            rules.append(Rule(match, random_answers(draw, licence)))
    rules.sort(key=lambda rule: (len(rule.match), rule.match))
    choices = [
        Choice("token", token, draw.random() < 0.5) for token in draw.sample(TOKENS, draw.randrange(0, 3))
    ]
    if draw.random() < 0.3:
        choices.append(Choice("purpose", draw.choice(USES), draw.random() < 0.5))
    if draw.random() < 0.3:
        choices.append(Choice("operator", draw.choice(("Novel Works", "Seeker")), draw.random() < 0.5))
    allowed = any(answer is Answer.ALLOWED for rule in rules for answer in rule.answers.values())
    if allowed:
        choices = [choice for choice in choices if not (choice.value == "*" and choice.refused)]
    since = draw.choice(("", "2026-11-23"))
    return Policy(SITE, tuple(rules), "Écho Press", "rights@example.org", licence, since, tuple(choices),
                  draw.random() < 0.7, AGENTS)  # fmt: skip


def random_robots(seed: int, *, closing_only: bool = False) -> bytes:
    """What a site may say already: groups, agents that ours name, too, a list left open, line ends of all kinds."""
    draw = random.Random(seed)
    lines: list[str] = draw.choice(([], ["# a site"], ["Sitemap: https://press.example.org/map.xml"]))[:]
    for _ in range(draw.randrange(0, 4)):
        tokens = draw.sample((*TOKENS, "novelbot", "OtherBot"), draw.randrange(1, 3))
        lines += [f"User-agent: {token}" for token in tokens]
        for _ in range(draw.randrange(0, 3)):
            name = "Disallow" if closing_only or draw.random() < 0.7 else "Allow"
            lines.append(f"{name}: {draw.choice(DISALLOWS)}")
        if draw.random() < 0.3:
            lines.append("Crawl-delay: 5")
        lines.append("")
    newline = draw.choice(("\n", "\r\n", "\r"))
    return (newline.join(lines) + (newline if draw.random() < 0.7 else "")).encode()
