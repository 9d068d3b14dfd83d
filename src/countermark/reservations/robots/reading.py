"""What a robots.txt says of a target, as statements.

Which uses: robots.txt says what may be fetched (RFC 9309, section 1), not what the fetched may be used for. What may
not be fetched cannot be used by whoever obeys, so a Disallow for the asked agent reserves all five uses. An Allow says
nothing of any use: it makes no statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.robots.lines import DISALLOW, USER_AGENT
from countermark.reservations.robots.patterns import encoded, match_length
from countermark.reservations.statement import Gathering, Reading
from countermark.reservations.use import USES, Answer

if TYPE_CHECKING:
    from countermark.reservations.robots.file import Robots
    from countermark.reservations.robots.lines import Line
    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target

REVISION: Final = "RFC 9309"
_OWN: Final = "/robots.txt"


def read_robots(robots: Robots, target: Target, place: Place) -> Reading:
    """A Disallow that applies to the agent and the path of the target, and what could not be read for sure."""
    gathering = Gathering("robots", place, REVISION)
    _tell_limits(robots, gathering)
    path = encoded(target.path)
    if path == _OWN:
        return gathering.reading()  # RFC 9309, section 2.2.2: always allowed
    line = _deciding(robots, target, path, gathering)
    if line is not None and line.name == DISALLOW:
        scope = f"{robots.group(target.agent)} {line.value}"
        gathering.say("robots", USES, Answer.RESERVED, line.raw, line=line.number, scope=scope)
    _tell_doubts(robots, target, path, gathering)
    return gathering.reading()


def _forbids(line: Line | None) -> bool:
    return line is not None and line.name == DISALLOW


def _tell_limits(robots: Robots, gathering: Gathering) -> None:
    if robots.read < robots.size:
        gathering.remark("too-long", doubt=True, size=robots.size, read=robots.read)
    if robots.cut_lines:
        gathering.remark("line-too-long", robots.cut_lines[0], doubt=True, number=len(robots.cut_lines))
    if robots.markup:
        gathering.remark("markup")
    if robots.wide:
        gathering.remark("not-plain-text", doubt=True)


def _deciding(robots: Robots, target: Target, path: str, gathering: Gathering) -> Line | None:
    """The line that decides.

    RFC 9309 compares characters that needed no percent-encoding as if they had none, and `%2A` and `%24` with the
    characters themselves (2.2.2, 2.2.3); the reference parser does neither. Where the two differ, that is told, and the
    line that refuses stands.
    """
    line = robots.rule(target.agent, path)
    if not robots.escapes and not any(mark in path for mark in "%*$"):
        return line
    other = robots.rule(target.agent, path, decoded=True)
    if _forbids(other) == _forbids(line):
        return line
    told = other or line
    gathering.remark("encoding-differs", told.number if told else 0, rule=told.value if told else "")
    return other if _forbids(other) else line


def _tell_doubts(robots: Robots, target: Target, path: str, gathering: Gathering) -> None:
    """Lines that may have been meant to forbid, and that no parser reads so."""
    agent = target.agent.strip().lower()
    if " " in agent:
        named = next((line for line in robots.all_lines if _names(line, agent)), None)
        if named:
            gathering.remark("agent-with-space", named.number, doubt=True, agent=target.agent)
    for line in robots.misspelt(target.agent)[:1]:
        gathering.remark("misspelt", line.number, doubt=True, written=line.name, meant=DISALLOW)
    if robots.slashless and (slashless := _slashless(robots, target.agent, path)):
        gathering.remark("path-without-slash", slashless.number, doubt=True, value=slashless.value)
    for line in robots.outside(DISALLOW)[:1]:
        gathering.remark("before-any-group", line.number, doubt=True, name=DISALLOW)


def _slashless(robots: Robots, agent: str, path: str) -> Line | None:
    """The first Disallow that would cover a path, had its own the slash that it lacks."""
    lines = (line for line in robots.lines(DISALLOW, agent) if line.number in robots.slashless)
    return next((line for line in lines if match_length(f"/{line.value}", path) > 0), None)


def _names(line: Line, agent: str) -> bool:
    return line.name == USER_AGENT and line.value.lower() == agent
