"""AI user agents as dated data: which tokens there are, whose they are, what each is for, and since when.

`agents.jsonl` holds one row a token, in our own words, after the public list https://github.com/ai-robots-txt/ai.robots.txt:
`since` is the first day on which that list had the token, `until` the day on which it was taken off, and `unlisted`
the times between. The days are those of the list, not those on which an agent first or last fetched anything.
`scripts/refresh_agents.py` brings the rows up to the list and keeps what was written by hand.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from countermark.reservations.use import Use

STALE_AFTER: Final = 180
"""Days after which the list is to be refreshed."""
RESPECTS: Final = ("yes", "no", "unclear")

_TOKEN: Final = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Agent:
    """One token. `respects` is whether it is said to obey robots.txt: `yes`, `no` or `unclear`; a claim, not a test.

    `purposes` are the uses that its operator or the list names, none where nobody says. Days are ISO 8601; `until` is
    None while it is listed.
    """

    token: str
    operator: str
    purposes: tuple[Use, ...]
    function: str
    respects: str
    since: str
    until: str | None
    source: str
    checked: str
    unlisted: tuple[tuple[str, str], ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it is a product token of RFC 9309, section 2.2.1: only letters, `-` and `_`.

        Parsers cut another one short at the first other character, or do not find it at all.
        """
        return bool(_TOKEN.fullmatch(self.token))

    def listed(self, on: str) -> bool:
        """Whether the list had the token on a day."""
        if on < self.since or (self.until is not None and on >= self.until):
            return False
        return not any(start <= on < end for start, end in self.unlisted)


def load_agents(on: str | None = None) -> tuple[Agent, ...]:
    """The agents of the list, by token; as of a day (YYYY-MM-DD), or as the list stands now."""
    agents = _all_agents()
    if on is None:
        return tuple(agent for agent in agents if agent.until is None)
    return tuple(agent for agent in agents if agent.listed(on))


def agent_named(token: str, on: str | None = None) -> Agent | None:
    """The agent of that token; without regard to case where none has it exactly. None where the list has none."""
    agents = load_agents(on)
    exact = next((agent for agent in agents if agent.token == token), None)
    return exact or next((agent for agent in agents if agent.token.lower() == token.lower()), None)


def age_of_list() -> str:
    """The day of the newest check, YYYY-MM-DD."""
    return max(agent.checked for agent in _all_agents())


def first_day() -> str:
    """The day on which the list begins, YYYY-MM-DD; of earlier days it knows nothing."""
    return min(agent.since for agent in _all_agents())


def is_stale(today: date) -> bool:
    """Whether the newest check is more than 180 days before a day."""
    return (today - date.fromisoformat(age_of_list())).days > STALE_AFTER


def agent_of(row: dict[str, Any]) -> Agent:
    """The agent of a row. Raises KeyError and ValueError for a row that has not the shape of the file."""
    if row["respects"] not in RESPECTS:
        raise ValueError(f"respects is {row['respects']!r}; accepted: {', '.join(RESPECTS)}")
    return Agent(
        token=row["token"],
        operator=row["operator"],
        purposes=tuple(Use(purpose) for purpose in row["purposes"]),
        function=row["function"],
        respects=row["respects"],
        since=row["since"],
        until=row["until"],
        source=row["source"],
        checked=row["checked"],
        unlisted=tuple((start, end) for start, end in row.get("unlisted", ())),
    )


@cache
def _all_agents() -> tuple[Agent, ...]:
    text = files(__package__).joinpath("agents.jsonl").read_text(encoding="utf-8")
    agents = (agent_of(json.loads(line)) for line in text.splitlines())
    return tuple(sorted(agents, key=lambda agent: (agent.token.lower(), agent.token)))
