"""robots.txt: our groups in a block of their own at the end of what the site already says.

What there is stays, byte by byte. Four traps of RFC 9309 and its extensions decide what the block looks like:

- A group for an agent replaces the group of `*`. An agent that gets its first group from us therefore gets the lines of
  `*` again; a line of ours that would outweigh a Disallow of the site is not written.
- Groups of one agent are merged, and among equally long rules Allow wins. So our neutral rule is `Allow: /robots.txt`,
  which RFC 9309, section 2.2.2 grants to everybody anyway, and never `Allow: /`.
- Lines of extensions do not end a list of User-agent lines for readers that do not know them. So every group has a rule
  of RFC 9309 straight after its agents, and `Content-Usage` never stands between two User-agent lines.
- An extension's lines in the group of `*` do not reach an agent with a group of its own. So our first group names
  everybody that the file names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError
from countermark.reservations.policy.patterns import beginning, overlap
from countermark.reservations.robots import encoded, parse_robots
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES
from countermark.reservations.writing.block import with_block, without_block
from countermark.reservations.writing.inexpressible import Inexpressible, wider

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.reservations.policy.model import Policy, Rule
    from countermark.reservations.robots import Line, Robots

MAX_READ: Final = 500 * 1024
"""What every reader reads of a robots.txt (RFC 9309, section 2.5)."""
MAX_COMPARED: Final = 2000
"""Octets of a pattern up to which it is compared with others; a longer one is taken to match what any other does."""
NEUTRAL: Final = "Allow: /robots.txt"
_ABOUT: Final = (
    "# Reservations of rights, written by countermark from a policy. Change the policy, not these lines.",
    f"# {NEUTRAL} grants nothing new: it ends the list of agents for readers that skip the lines after it.",
)


@dataclass(frozen=True, slots=True)
class WrittenRobots:
    """The whole file, and what it cannot say."""

    data: bytes
    lost: tuple[Inexpressible, ...]


def write_robots(
    policy: Policy, existing: bytes, extensions: Sequence[str] = (), *, groups: bool = True
) -> WrittenRobots:
    """The site's robots.txt with our block, made from what stands outside of an older block of ours.

    `extensions` are lines (`Content-Usage: …`) that every group gets. Without `groups` nobody is refused. Raises
    InputError where the file would be longer than readers have to read.
    """
    kept = without_block(existing, "robots.txt")
    site = _Site(policy, parse_robots(kept), groups=groups)
    blocks = site.groups(extensions)
    if not blocks:
        return WrittenRobots(kept, tuple(site.lost))
    dated = [f"# In force from {policy.since}."] if policy.since else []
    opening = [NEUTRAL, ""] if site.is_open else []
    lines = [*_ABOUT, *dated, *opening]
    for agents, rules in blocks:
        lines += ["", *(f"User-agent: {agent}" for agent in agents), *rules]
    data = with_block(kept, lines)
    if len(data) > MAX_READ:
        raise InputError(
            f"robots.txt would have {len(data):,} bytes, {len(kept):,} of them the site's own; readers need not read "
            f"beyond {MAX_READ:,} (RFC 9309, section 2.5). {len(blocks)} groups of agents need lines of their own, and "
            "repeat those of everybody: shorten the site's lines or the policy's [[paths]], or set "
            "refuse_reserved_agents = false"
        )
    return WrittenRobots(data, tuple(dict.fromkeys(site.lost)))


class _Site:
    """A policy over what a robots.txt already says."""

    def __init__(self, policy: Policy, robots: Robots, *, groups: bool) -> None:
        self.policy, self.robots, self.refusing = policy, robots, groups
        self.lost: list[Inexpressible] = []
        self.there = agents_in(robots)
        self._begins = [(rule.match, beginning(rule.match)) for rule in policy.rules]
        self._opens: dict[tuple[str, str], bool] = {}
        self._touched: dict[str, frozenset[str]] = {}

    @property
    def is_open(self) -> bool:
        """Whether the file ends with a User-agent line that would take ours into its list."""
        names = [
            line.name for line in self.robots.all_lines if line.name in {"user-agent", "allow", "disallow"}
        ]
        return bool(names) and names[-1] == "user-agent"

    def groups(self, extensions: Sequence[str]) -> list[tuple[list[str], list[str]]]:
        """Agents and lines of each group: first that of `*`, then the others by their agents."""
        by_lines: dict[tuple[str, ...], list[str]] = {}
        for agent, token in self._agents():
            rules = self._rules(agent, token)
            if rules or extensions:
                by_lines.setdefault(tuple(rules), []).append(agent)
        found = [(agents, [*(rules or (NEUTRAL,)), *extensions]) for rules, agents in by_lines.items()]
        return sorted(found, key=lambda group: (ANY_AGENT not in group[0], group[0][0].lower()))

    def _agents(self) -> list[tuple[str, str]]:
        """Each agent to be named, as it is to be written, with the token that the policy knows it by."""
        named: dict[str, tuple[str, str]] = {ANY_AGENT: (ANY_AGENT, ANY_AGENT)}
        everybody = self.refusing and self.policy.refuses_rule(ANY_AGENT, self.policy.rules[0])
        for agent in self.policy.named if self.refusing else ():
            refused = [rule for rule in self.policy.rules if self.policy.refuses_rule(agent, rule)]
            if (refused or everybody) and len(agent.split()) != 1:
                # readers would take the first word for the name of another agent
                self.lost += [
                    Inexpressible("robots", use, rule.match, agent, "token")
                    for rule in refused
                    for use in USES
                ]
            elif refused or everybody:
                named[agent.lower()] = (agent, agent)
        for agent in self.there:
            named.setdefault(agent.lower(), (agent, agent.partition("/")[0].strip()))
        return list(named.values())

    def _rules(self, agent: str, token: str) -> list[str]:
        """The Allow and Disallow lines that an agent needs from us."""
        policy = self.policy
        refused = [rule for rule in policy.rules if self.refusing and policy.refuses_rule(token, rule)]
        own = agent == ANY_AGENT or self.robots.group(agent) != ANY_AGENT
        lines = [] if own else self._repeated(refused, token)
        shut = {rule.match for rule in refused}
        for rule in policy.rules if refused else ():
            around = [one.match in shut for one in wider(policy, rule)]
            if rule.match in shut and not (around and all(around)):
                lines.append(f"Disallow: {rule.match}")
            elif rule.match not in shut and any(around):
                if self._may_open(rule, agent):
                    lines.append(f"Allow: {rule.match}")
                else:
                    self._tell(rule, token)
        return lines

    def _repeated(self, refused: Sequence[Rule], token: str) -> list[str]:
        """The lines of `*` for an agent that had none of its own; without an Allow that would undo a refusal."""
        lines = []
        shut = {rule.match for rule in refused}
        for line in self._of_everybody:
            touched = self._touching(line.value) if line.name == "allow" else frozenset()
            if any(len(line.value) >= len(match) for match in touched & shut):
                for rule in self.policy.rules:
                    if rule.match in touched - shut:
                        self._tell(rule, token)
                continue
            lines.append(f"{line.name.capitalize()}: {encoded(line.octets)}")
        return lines

    def _may_open(self, rule: Rule, agent: str) -> bool:
        """Whether an Allow for a rule outweighs no Disallow of the site; equally long ones lose against it.

        The reference parser takes an Allow of /index.html as one of its folder, too: that one is not written.
        """
        if rule.match.rpartition("/")[2].startswith("index.htm"):
            return False
        key = self.robots.group(agent), rule.match
        if key not in self._opens:
            self._opens[key] = not any(
                rule.match in self._touching(line.value) and len(encoded(line.value)) <= len(rule.match)
                for line in self.robots.lines("disallow", agent)
                if line.value
            )
        return self._opens[key]

    def _touching(self, value: str) -> frozenset[str]:
        """The policy's patterns that can match what the pattern of a line matches; all of them for a very long one."""
        found = self._touched.get(value)
        if found is None:
            pattern = encoded(value)
            begin = beginning(pattern)
            found = frozenset(
                match
                for match, against in self._begins
                if len(value) > MAX_COMPARED
                or ((begin.startswith(against) or against.startswith(begin)) and overlap(pattern, match))
            )
            self._touched[value] = found
        return found

    @cached_property
    def _of_everybody(self) -> list[Line]:
        rules = [*self.robots.lines("disallow", ANY_AGENT), *self.robots.lines("allow", ANY_AGENT)]
        return sorted((line for line in rules if line.value), key=lambda line: line.number)

    def _tell(self, rule: Rule, agent: str) -> None:
        self.lost += [Inexpressible("robots", use, rule.match, agent, "site-lines") for use in USES]


def agents_in(robots: Robots) -> list[str]:
    """The agents that a file names, as it first writes each, without `*`."""
    found: dict[str, str] = {}
    for line in robots.all_lines:
        name = line.value
        if (
            line.name == "user-agent"
            and name
            and name.isascii()
            and name.isprintable()
            and not name.startswith("*")
        ):
            found.setdefault(name.lower(), name)
    return list(found.values())


def preference_lines(name: str, values: Mapping[str, str], policy: Policy, unsaid: str = "") -> list[str]:
    """`NAME: [path] value` for each rule that has a value.

    `unsaid` is the value that takes back, for a rule that has none, what a wider rule says.
    """
    lines = []
    for rule in policy.rules:
        value = values[rule.match]
        if not value and any(values[other.match] for other in wider(policy, rule)):
            value = unsaid
        if value:
            lines.append(f"{name}: {value}" if rule.match == "/" else f"{name}: {rule.match} {value}")
    return lines
