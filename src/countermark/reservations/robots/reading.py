"""What a robots.txt says of a target, as statements.

Which uses: robots.txt says what may be fetched (RFC 9309, section 1), not what the fetched may be used for. What may
not be fetched cannot be used by whoever obeys, so a Disallow for the asked agent reserves all five uses. An Allow says
nothing of any use: it makes no statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.robots.hazards import CONTENT_SIGNAL, EXTENSIONS, LICENSE
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
    if _is_listed(robots, target):
        _tell_listed(robots, target, path, gathering)
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
    characters themselves (2.2.2, 2.2.3), and knows no names that only begin like Allow and Disallow (2.2); the
    reference parser differs in both. Where that makes another answer, it is told, and the line that refuses stands.
    """
    line = robots.rule(target.agent, path)
    if robots.escapes or any(mark in path for mark in "%*$"):
        line = _refusing(line, robots.rule(target.agent, path, decoded=True), "encoding-differs", gathering)
    if robots.prolonged:
        exact = [robots.rule(target.agent, path, exact=True, decoded=decoded) for decoded in (False, True)]
        line = _refusing(line, next(filter(_forbids, exact), exact[0]), "name-differs", gathering)
    if line is not None and _forbids(line):
        _tell_permission(robots, target, path, line, gathering)
    return line


def _tell_permission(robots: Robots, target: Target, path: str, line: Line, gathering: Gathering) -> None:
    """A permission of another protocol, which the reference parser takes for an Allow that outweighs the refusal."""
    length = max(match_length(line.value, path), 1)
    found = (
        said for said in robots.other_permissions(target.agent) if match_length(said.value, path) >= length
    )
    if allowing := next(found, None):
        gathering.remark("name-differs", allowing.number, rule=allowing.value)


def _refusing(line: Line | None, other: Line | None, code: str, gathering: Gathering) -> Line | None:
    """Of the deciding lines of two readings the one that refuses; a remark where the other does not."""
    if _forbids(other) == _forbids(line):
        return line
    told = other or line
    gathering.remark(code, told.number if told else 0, rule=told.value if told else "")
    return other if _forbids(other) else line


def _is_listed(robots: Robots, target: Target) -> bool:
    agent = target.agent.strip().lower()
    return not robots.listed.isdisjoint((agent, agent.partition("/")[0]))


def _tell_listed(robots: Robots, target: Target, path: str, gathering: Gathering) -> None:
    """A User-agent line with several names: parsers know the first, and the agent is another of them."""
    agent = target.agent
    rule = None if path == _OWN else robots.rule(agent, path, listed=True)
    refused = _forbids(rule) and not _forbids(robots.rule(agent, path))
    if refused or any(
        set(robots.lines(n, agent, listed=True)) - set(robots.lines(n, agent)) for n in EXTENSIONS
    ):
        gathering.remark(
            "agents-in-one-line", rule.number if refused and rule else 0, doubt=True, agent=agent
        )


def _tell_doubts(robots: Robots, target: Target, path: str, gathering: Gathering) -> None:
    """Lines that may have been meant to forbid, and that no parser reads so."""
    agent = target.agent.strip().lower()
    if " " in agent:
        named = next((line for line in robots.all_lines if _names(line, agent)), None)
        if named:
            gathering.remark("agent-with-space", named.number, doubt=True, agent=target.agent)
    _tell_others(robots, target, path, gathering)
    for line in robots.misspelt(target.agent)[:1]:
        gathering.remark("misspelt", line.number, doubt=True, written=line.name, meant=DISALLOW)
    if robots.slashless and (slashless := _slashless(robots, target.agent, path)):
        gathering.remark("path-without-slash", slashless.number, doubt=True, value=slashless.value)
    for line in robots.outside(DISALLOW)[:1]:
        gathering.remark("before-any-group", line.number, doubt=True, name=DISALLOW)


def _tell_others(robots: Robots, target: Target, path: str, gathering: Gathering) -> None:
    """Refusals of another protocol; and extensions that look as if they ended a group."""
    line = next((line for line in robots.other_refusals(target.agent) if _may_cover(line.value, path)), None)
    if line:
        gathering.remark("other-protocol", line.number, doubt=True, written=line.written)
    for name in sorted(robots.between & {CONTENT_SIGNAL, LICENSE}):
        joined, apart = (robots.rule(target.agent, path, closed_by=closed_by) for closed_by in ("", name))
        if _forbids(joined) != _forbids(apart):
            told = joined or apart
            gathering.remark("agents-divided", told.number if told else 0, name=name, agent=target.agent)


def _may_cover(value: str, path: str) -> bool:
    """Whether a value is a pattern that covers a path, or none at all."""
    return value[:1] not in {"", "/", "*"} or match_length(value, path) > 0


def _slashless(robots: Robots, agent: str, path: str) -> Line | None:
    """The first Disallow that would cover a path, had its own the slash that it lacks."""
    lines = (line for line in robots.lines(DISALLOW, agent) if line.number in robots.slashless)
    return next((line for line in lines if match_length(f"/{line.value}", path) > 0), None)


def _names(line: Line, agent: str) -> bool:
    return line.name == USER_AGENT and line.value.lower() == agent
