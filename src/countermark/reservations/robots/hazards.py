"""What a robots.txt says that its readers take differently, or do not read at all.

For whoever writes the file: nothing here decides anything. The one that costs most is a Content-Usage line between two
User-agent lines: parsers of RFC 9309 alone ignore it and join the two agents into one group, so that a Disallow which
follows binds both; parsers of AIPREF end the first agent's group there. A Content-Signal or License line there ends no
group for anybody, though it looks so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from countermark.reservations.robots.lines import (
    ALLOW,
    CANONICAL,
    DISALLOW,
    OTHER_REFUSALS,
    SITEMAP,
    USER_AGENT,
)
from countermark.reservations.statement import Gathering, Place, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.reservations.robots.file import Robots
    from countermark.reservations.robots.lines import Line

CONTENT_USAGE: Final = "content-usage"
CONTENT_SIGNAL: Final = "content-signal"
LICENSE: Final = "license"

MAX_NAMES: Final = 500
MAX_HAZARDS: Final = 1000

_EXACT: Final = (USER_AGENT, ALLOW, DISALLOW, SITEMAP, CONTENT_USAGE, CONTENT_SIGNAL, LICENSE)
EXTENSIONS: Final = (CONTENT_USAGE, CONTENT_SIGNAL, LICENSE)
_OTHERS: Final = frozenset({"crawl-delay", "host", "clean-param", "noindex", "nofollow", "request-rate"})
_GROUPED: Final = frozenset({ALLOW, DISALLOW, CONTENT_USAGE, CONTENT_SIGNAL})
_TOKEN: Final = re.compile(r"\*|[A-Za-z_-]+")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_HERE: Final = Place("robots.txt")


def hazards(robots: Robots, place: Place = _HERE) -> tuple[Remark, ...]:
    """What a person should look at, in the order of the lines; the first thousand or so."""
    gathering = Gathering("robots", place, most=MAX_HAZARDS)
    agents = False  # whether the lines just above are User-agent lines, unknown names not counted
    begun = False
    between: dict[str, Line] = {}  # the first line of each extension since the last User-agent line
    for line in robots.all_lines:
        if len(gathering.remarks) >= MAX_HAZARDS:
            gathering.remark("more-hazards", line.number, number=MAX_HAZARDS)
            break
        _tell_name(line, robots.near_misses.get(line.name, ""), gathering)
        if line.name == USER_AGENT:
            for name, found in between.items() if agents else ():
                _tell_between(name, found, line, gathering)
            _tell_agent(line, gathering)
            agents, begun, between = True, True, {}
            continue
        if line.name in {ALLOW, DISALLOW}:
            agents = False
            _tell_path(line, gathering)
        elif line.name in EXTENSIONS and agents:
            between.setdefault(line.name, line)
        if line.name == LICENSE and not _ABSOLUTE.match(line.value):
            gathering.remark("licence-relative", line.number, value=line.value)
        if not begun and line.name in _GROUPED:
            gathering.remark("before-any-group", line.number, name=line.name)
    return tuple(gathering.remarks)


def standing_between(lines: Iterable[Line]) -> frozenset[str]:
    """The extensions of which a line stands between two lists of User-agent lines, no rule between."""
    agents = False
    found: set[str] = set()
    since: set[str] = set()
    for line in lines:
        if line.name == USER_AGENT:
            found |= since
            agents = True
            since.clear()
        elif line.name in {ALLOW, DISALLOW}:
            agents = False
            since.clear()
        elif agents and line.name in EXTENSIONS:
            since.add(line.name)
    return frozenset(found)


def near_misses(names: Iterable[str]) -> dict[str, str]:
    """The names that are one or two slips away from a known one, and that one; only so many names are looked at."""
    unknown: dict[str, str] = {}
    for name in names:
        if name not in unknown and name not in _EXACT and len(unknown) < MAX_NAMES:
            unknown[name] = near_miss(name)
    return {name: meant for name, meant in unknown.items() if meant}


@lru_cache(maxsize=1024)
def near_miss(name: str) -> str:
    """The name that an unknown one is one or two slips away from; "" where there is none."""
    if name in _OTHERS or not 4 <= len(name) <= 24:
        return ""
    return next((known for known in _EXACT if _is_near(name, known)), "")


def _is_near(name: str, known: str) -> bool:
    slips = 1 if len(known) < 8 else 2
    if len(set(name) ^ set(known)) > 2 * slips or abs(len(name) - len(known)) > slips:
        return False  # no need to count
    return _slips(name, known) <= slips


def _slips(one: str, other: str) -> int:
    """Letters added, left out, changed, or swapped with their neighbour (each counts as one)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        above, row = rows[-1], [i]
        for j, wanted in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _tell_name(line: Line, meant: str, gathering: Gathering) -> None:
    written = line.written
    if b":" not in line.raw.partition(b"#")[0]:
        gathering.remark("no-colon", line.number, written=written)
    if line.name in CANONICAL:
        if written not in CANONICAL:
            gathering.remark("misspelt-but-read", line.number, written=written, meant=line.name)
    elif line.name in OTHER_REFUSALS:
        gathering.remark("other-protocol", line.number, written=written)
    elif meant:
        gathering.remark("misspelt", line.number, doubt=meant == DISALLOW, written=written, meant=meant)


def _tell_between(name: str, found: Line, line: Line, gathering: Gathering) -> None:
    if name == CONTENT_USAGE:
        gathering.remark("usage-between-agents", found.number, agent=line.value)
    else:
        gathering.remark("line-between-agents", found.number, name=name, agent=line.value)


def _tell_agent(line: Line, gathering: Gathering) -> None:
    if not _TOKEN.fullmatch(line.value):
        gathering.remark("agent-not-a-token", line.number, value=line.value)


def _tell_path(line: Line, gathering: Gathering) -> None:
    if line.value and line.value[0] not in "/*":
        gathering.remark("path-without-slash", line.number, value=line.value, doubt=line.name == DISALLOW)
