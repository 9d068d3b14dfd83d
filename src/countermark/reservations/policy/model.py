"""A policy: answers for paths, and who may fetch.

A `[[paths]]` table changes only the uses that it names; for the others `[uses]` stands. Of several patterns that match
a path the longest counts, as in robots.txt. Who may fetch is a question of its own: an agent all of whose known
purposes are reserved on a path is refused there (unless the policy turns that off); `[[agents]]` says otherwise for a
token, an operator or a purpose, in this order of precedence. An agent that may not fetch has all five uses reserved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from countermark.reservations.policy.patterns import overlap
from countermark.reservations.robots import match_length
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES, Answer, Use

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.reservations.agents import Agent

ROOT: Final = "/"
_KINDS: Final = ("token", "operator", "purpose")
_KEPT: Final = 1 << 14
"""Paths whose rule is kept in mind."""


@dataclass(frozen=True)
class Rule:
    """The answers for what a pattern matches, all five uses."""

    match: str
    answers: Mapping[Use, Answer]

    @property
    def silent(self) -> bool:
        """Whether nothing is to be said."""
        return all(answer is Answer.UNKNOWN for answer in self.answers.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """Who may fetch or may not: `kind` is `token`, `operator` or `purpose`."""

    kind: str
    value: str
    refused: bool

    def holds_for(self, token: str, known: Agent | None) -> bool:
        """Whether this is about an agent. A name with a version is about the name, as readers of robots.txt take it."""
        if self.kind == "token":
            asked, named = token.lower(), self.value.lower()
            return asked in {named, named.partition("/")[0]}
        if known is None:
            return False
        if self.kind == "operator":
            return known.operator.casefold() == self.value.casefold()
        return self.value in {str(purpose) for purpose in known.purposes}


@dataclass(frozen=True)
class Policy:
    """What is to be said of a site. `rules[0]` is the site as a whole (`/`); `since` is an ISO date or ""."""

    site: str
    rules: tuple[Rule, ...]
    holder: str = ""
    contact: str = ""
    licence: str = ""
    since: str = ""
    choices: tuple[Choice, ...] = ()
    refuse_reserved: bool = True
    agents: Sequence[Agent] = field(default=(), repr=False)
    encoded: tuple[tuple[str, str], ...] = ()
    """Patterns as they were written, and as they are percent-encoded."""

    def rule(self, path: str) -> Rule:
        """The rule that decides about a path."""
        found = self._deciding.get(path)
        if found is None:
            if len(self._deciding) >= _KEPT:
                self._deciding.clear()
            found = max(self.rules, key=lambda rule: match_length(rule.match, path))
            self._deciding[path] = found
        return found

    def wider(self, match: str) -> tuple[Rule, ...]:
        """The rules that can match what a pattern matches, and are less specific."""
        found = self._wider.get(match)
        if found is None:
            found = tuple(
                rule for rule in self.rules if len(rule.match) < len(match) and overlap(rule.match, match)
            )
            self._wider[match] = found
        return found

    def answer(self, use: Use, path: str) -> Answer:
        """What is wanted for a use by whoever may fetch."""
        return self.rule(path).answers[use]

    def wanted(self, use: Use, path: str, agent: str = ANY_AGENT) -> Answer:
        """What is wanted for a use of a path by an agent: reserved where it may not fetch."""
        return Answer.RESERVED if self.refuses(agent, path) else self.answer(use, path)

    def refuses(self, agent: str, path: str) -> bool:
        """Whether an agent may not fetch a path."""
        return self.refuses_rule(agent, self.rule(path))

    def refuses_rule(self, agent: str, rule: Rule) -> bool:
        """Whether an agent may not fetch what a rule is about."""
        chosen = self.chosen(agent)
        if chosen is not None:
            return chosen
        known = self._known.get(agent.lower())
        if known is None or not known.purposes or not self.refuse_reserved:
            return self._everybody
        return self._everybody or all(rule.answers[use] is Answer.RESERVED for use in known.purposes)

    def chosen(self, agent: str) -> bool | None:
        """True where `[[agents]]` refuses an agent, False where it lets it in, None where it is silent."""
        name = agent.lower()
        if name not in self._chosen:
            self._chosen[name] = self._choose(name)
        return self._chosen[name]

    def _choose(self, agent: str) -> bool | None:
        known = self._known.get(agent)
        for kind in _KINDS:
            found = [c.refused for c in self.choices if c.kind == kind and c.holds_for(agent, known)]
            if found:
                return any(found)
        return None

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The agents that need lines of their own in a robots.txt: chosen, or refused somewhere; sorted."""
        tokens = {choice.value for choice in self.choices if choice.kind == "token"} - {ANY_AGENT}
        spelt = {token.lower() for token in tokens}
        for agent in self.agents:
            refused = self.chosen(agent.token)
            if refused is None and self._everybody:
                continue
            if (
                refused
                or any(self.refuses_rule(agent.token, rule) for rule in self.rules)
                or refused is False
            ):
                tokens |= {agent.token} if agent.token.lower() not in spelt else set()
        return tuple(sorted(tokens, key=lambda token: (token.lower(), token)))

    @cached_property
    def refused_for_purpose(self) -> tuple[str, ...]:
        """The agents that no `[[agents]]` speaks of, refused somewhere because all their purposes are reserved."""
        if self._everybody:
            return ()
        silent = (agent.token for agent in self.agents if self.chosen(agent.token) is None)
        found = {token for token in silent if any(self.refuses_rule(token, rule) for rule in self.rules)}
        return tuple(sorted(found, key=lambda token: (token.lower(), token)))

    @cached_property
    def _everybody(self) -> bool:
        return any(c.kind == "token" and c.value == ANY_AGENT and c.refused for c in self.choices)

    @cached_property
    def _known(self) -> dict[str, Agent]:
        return {agent.token.lower(): agent for agent in self.agents}

    # What was worked out once: a policy never changes.

    @cached_property
    def _deciding(self) -> dict[str, Rule]:
        return {}

    @cached_property
    def _wider(self) -> dict[str, tuple[Rule, ...]]:
        return {}

    @cached_property
    def _chosen(self) -> dict[str, bool | None]:
        return {}


def silence() -> dict[Use, Answer]:
    """The answers of a policy that says nothing."""
    return dict.fromkeys(USES, Answer.UNKNOWN)
