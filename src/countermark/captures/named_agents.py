"""Whether a robots.txt refuses AI crawlers by name: then an answer for an agent that no rule names is not the whole.

One look per file: only where a listed agent is named at all is the file read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_NAMES: Final = re.compile(rb"(?:^|[\r\n])[\t ]*user-?agent[\t ]*:[\t ]*([^\r\n#]+)")
_TOKEN: Final = re.compile(r"[a-z_-]+")


def refused_agent(body: bytes) -> str:
    """The first agent of the list (`agents.jsonl`), by name, that a robots.txt refuses the whole site; "" for none."""
    named = {name.strip().decode("latin-1") for name in _NAMES.findall(body.lower())}
    known = _listed()
    found = sorted(token for name in named for token in _tokens(name) if token in known)
    if not found:
        return ""
    from countermark.reservations.robots import parse_robots  # noqa: PLC0415  every line of the file

    robots = parse_robots(body)
    return next((known[token] for token in found if not robots.allows(known[token], "/")), "")


def _tokens(name: str) -> set[str]:
    """A name as it stands, and its product token."""
    token = _TOKEN.match(name)
    return {name, token.group()} if token else {name}


@cache
def _listed() -> dict[str, str]:
    """The tokens of the list, by their lower case."""
    from countermark.reservations.agents import load_agents  # noqa: PLC0415

    return {agent.token.lower(): agent.token for agent in load_agents()}
