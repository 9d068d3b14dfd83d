"""ai.txt: what may not be used for training, in a block of our own in what the file already says.

A group for an agent replaces that of `*` here, too: our group names every agent that the file names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.robots import parse_robots
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import Answer
from countermark.reservations.writing.block import with_block, without_block
from countermark.reservations.writing.inexpressible import spoken
from countermark.reservations.writing.robots_txt import agents_in

if TYPE_CHECKING:
    from countermark.reservations.policy.model import Policy
    from countermark.reservations.writing.inexpressible import Inexpressible

_NAMES: Final = {Answer.RESERVED: "Disallow", Answer.ALLOWED: "Allow"}
_ABOUT: Final = (
    "# What may be used for training, written by countermark from a policy. Change that, not these lines."
)


def write_ai_txt(policy: Policy, existing: bytes) -> tuple[bytes, tuple[Inexpressible, ...]]:
    """The site's ai.txt with our block (b"" where there is nothing to say), and what it cannot say."""
    kept = without_block(existing, "ai.txt")
    said = spoken("ai-txt", policy)
    rules = [f"{_NAMES[answer]}: {match}" for match, words in said.words.items() for answer in words.values()]
    if not rules:
        return kept, said.lost
    agents = [ANY_AGENT, *agents_in(parse_robots(kept))]
    return with_block(kept, [_ABOUT, *(f"User-Agent: {agent}" for agent in agents), *rules]), said.lost
