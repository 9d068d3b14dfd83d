"""A robots.txt, parsed: its groups, the rule that decides for an agent, and the lines of extensions.

A group is a run of User-agent lines and what follows them until the next such line after a rule (RFC 9309, section
2.2.1); groups of the same agent are merged, and the group of an agent replaces that of `*`. Lines of unknown names
belong to the group that they stand in and do not end its list of agents, unless the extension that asks says so.

Agents are compared as the reference parser compares them: by the letters, `-` and `_` that a User-agent line begins
with, without regard to case. Tokens with digits or dots, which RFC 9309 does not know but which are in use (`AI2Bot`,
`bigsur.ai`), are also found by their whole text where it has no white space.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from countermark.reservations.robots.hazards import MAX_NAMES, near_misses, standing_between
from countermark.reservations.robots.lines import (
    ALLOW,
    DISALLOW,
    MAX_LINE,
    OTHER_PERMISSIONS,
    OTHER_REFUSALS,
    USER_AGENT,
    Line,
    numbered,
    read_line,
    without_mark,
)
from countermark.reservations.robots.patterns import decoded_path, decoded_pattern, encoded
from countermark.reservations.robots.remembered import Remembered
from countermark.reservations.robots.rules import Rules
from countermark.reservations.target import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_SIZE: Final = 8 << 20
"""Bytes of a file that are read; RFC 9309, section 2.5, asks for 500 KiB at least."""
MAX_LINES: Final = 250_000
"""Lines that are kept; 500 KiB hold no more than 170,000 of the shortest (`a:`)."""
MAX_LISTED: Final = 20_000
"""Names behind others in User-agent lines that are kept; a list of all known agents has a few hundred."""

_TOKEN: Final = re.compile(r"[A-Za-z_-]*")
_APART: Final = re.compile(r"[\s,;()]+")
_ANYBODY: Final = re.compile(r"\*(?:[ \t\v\f]|$)")
_RULES: Final = frozenset({ALLOW, DISALLOW})
_MARKUP: Final = re.compile(rb"\s{0,100}<(?:!doctype\b|html\b|head\b|\?xml\b)", re.IGNORECASE)
_NO_TEXT: Final = re.compile(rb"\xff\xfe|\xfe\xff|\x1f\x8b|\x28\xb5\x2f\xfd")
_KEPT: Final = 32


@dataclass(slots=True)
class _Group:
    agents: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class _Groups:
    """The groups of a file, and those of each agent."""

    __slots__ = ("_groups", "_named", "_of", "outside")

    def __init__(self, lines: Iterable[Line], closing: frozenset[str], names_of: _NamesOf) -> None:
        self._groups: list[_Group] = []
        self._of: dict[str, list[int]] = {}
        self._named: dict[tuple[str, str], tuple[Line, ...]] = {}
        self.outside: list[Line] = []
        closed = True
        for line in lines:
            if line.name == USER_AGENT:
                if closed:
                    self._groups.append(_Group())
                    closed = False
                self._name(names_of(line.value))
                continue
            closed = closed or line.name in closing
            (self._groups[-1].lines if self._groups else self.outside).append(line)

    def _name(self, agents: tuple[str, ...]) -> None:
        number = len(self._groups) - 1
        for agent in agents:
            known = self._of.setdefault(agent, [])
            if not known or known[-1] != number:
                known.append(number)

    def key(self, agent: str) -> str:
        """The name by which an agent finds its group; `*` where none is its own."""
        said = agent.strip().lower()
        return next((key for key in (said, said.partition("/")[0]) if key in self._of), "*")

    def numbers(self, key: str) -> list[int]:
        """The groups of one key, in order."""
        return self._of.get(key, [])

    def lines(self, key: str) -> list[Line]:
        """The lines of all groups of one key, in order."""
        return [line for number in self.numbers(key) for line in self._groups[number].lines]

    def named(self, key: str, name: str) -> tuple[Line, ...]:
        """Those of them that have a name; kept in mind, since every page of a site asks."""
        known = self._named.get((key, name))
        if known is None:
            if len(self._named) >= _KEPT:
                self._named.clear()
            known = self._named[key, name] = tuple(line for line in self.lines(key) if line.name == name)
        return known


def agents_of(value: str) -> tuple[str, ...]:
    """The names that the value of a User-agent line stands for, in lower case; `*` for everybody."""
    if _ANYBODY.match(value):
        return ("*",)
    whole, token = value.lower(), _TOKEN.match(value)[0].lower()  # type: ignore[index]  # it matches nothing as well
    names = (token, whole, whole.partition("/")[0]) if len(whole.split()) == 1 else (token,)
    return tuple(dict.fromkeys(name for name in names if name))


def agents_listed(value: str) -> tuple[str, ...]:
    """The names that a User-agent line may have been meant for: those of all its parts (`GPTBot, CCBot`)."""
    parts = dict.fromkeys((value, *_APART.split(value)))
    return tuple(dict.fromkeys(name for part in parts for name in agents_of(part)))


_NamesOf = Callable[[str], tuple[str, ...]]


class Robots:
    """A parsed robots.txt. `all_lines` are its lines with a name; `size` its bytes, of which `read` were read.

    `cut_lines` are the numbers of lines that were longer than MAX_LINE octets and were read only so far. `markup` is
    true where a page stands in the place of the file, `wide` where its letters have several bytes (UTF-16, UTF-32) or
    it is compressed, `escapes` where a rule has a percent-encoding. `slashless` are the numbers of the first Disallow
    lines whose path covers nothing, since it begins with neither `/` nor `*`; `near_misses` are the names that are
    none, and what they may have been meant as. `prolonged` is true where a rule has a name that only begins like one
    (`Line.is_prolonged`); `listed` are names that stand in a User-agent line behind another, where no parser looks;
    `between` are extensions of which a line stands between two lists of agents.
    """

    __slots__ = (
        "_groupings",
        "_others",
        "_ready",
        "all_lines",
        "between",
        "cut_lines",
        "escapes",
        "listed",
        "markup",
        "near_misses",
        "prolonged",
        "read",
        "size",
        "slashless",
        "wide",
    )

    def __init__(
        self,
        lines: tuple[Line, ...],
        size: int = 0,
        read: int = 0,
        cut_lines: tuple[int, ...] = (),
        *,
        markup: bool = False,
        wide: bool = False,
    ) -> None:
        self.all_lines, self.size, self.read, self.cut_lines = lines, size, read, cut_lines
        self.markup, self.wide = markup, wide
        self.escapes = any(b"%" in line.raw for line in lines if line.name in _RULES)
        self.slashless = frozenset(islice((line.number for line in lines if _lacks_slash(line)), MAX_NAMES))
        self.near_misses = near_misses(line.name for line in lines)
        self.prolonged = any(line.is_prolonged for line in lines if line.name in _RULES)
        self.listed = frozenset(islice(_listed(lines), MAX_LISTED))
        self._others = (OTHER_REFUSALS | OTHER_PERMISSIONS).intersection(line.name for line in lines)
        self.between = standing_between(lines)
        self._groupings: dict[tuple[str, bool], _Groups] = {}
        self._ready: dict[tuple[str, str, bool, bool, bool], Rules] = {}

    def allows(self, agent: str, path_or_url: str, *, closed_by: str = "") -> bool:
        """Whether an agent may fetch an address or a path, which is taken as percent-encoded already."""
        line = self.rule(agent, path_or_url, closed_by=closed_by)
        return line is None or line.name == ALLOW

    def rule(
        self,
        agent: str,
        path_or_url: str,
        *,
        closed_by: str = "",
        decoded: bool = False,
        exact: bool = False,
        listed: bool = False,
    ) -> Line | None:
        """The Allow or Disallow line that decides; None where none applies, which allows.

        `closed_by` is the name of an extension whose lines end a list of agents. The path is compared as it stands, as
        the reference parser does; `decoded` first undoes percent-encodings of unreserved characters on both sides, and
        encodes `*` and `$` of the path, as sections 2.2.2 and 2.2.3 of RFC 9309 ask for. `exact` passes over names that
        only begin like Allow or Disallow, as its section 2.2 does. `listed` takes every name of a User-agent line for
        an agent, as none of them do.
        """
        path = path_or_url if path_or_url.startswith("/") else path_of(path_or_url)
        return self._rules(agent, closed_by, decoded=decoded, exact=exact, listed=listed).deciding(
            decoded_path(encoded(path)) if decoded else path
        )

    def group(self, agent: str, *, closed_by: str = "") -> str:
        """The name under which the file speaks to an agent: a token in lower case, or `*`."""
        return self._groups(closed_by).key(agent)

    def groups(self, agent: str, *, closed_by: str = "") -> tuple[int, ...]:
        """The numbers of the groups that speak to an agent: agents with the same ones are told the same."""
        groups = self._groups(closed_by)
        return tuple(groups.numbers(groups.key(agent)))

    def lines(self, name: str, agent: str, *, closes: bool = False, listed: bool = False) -> tuple[Line, ...]:
        """The lines of an extension for an agent: those of its own groups, else of those of `*`.

        With `closes` such a line also ends a list of User-agent lines, as AIPREF has it.
        """
        groups = self._groups(name if closes else "", listed=listed)
        return groups.named(groups.key(agent), name)

    def outside(self, name: str) -> tuple[Line, ...]:
        """The lines of that name that stand before any group."""
        return tuple(line for line in self._groups("").outside if line.name == name)

    def other_refusals(self, agent: str) -> tuple[Line, ...]:
        """The lines for an agent by which another protocol refuses training."""
        return tuple(
            line for name in sorted(self._others & OTHER_REFUSALS) for line in self.lines(name, agent)
        )

    def other_permissions(self, agent: str) -> tuple[Line, ...]:
        """Those by which it permits it."""
        names = sorted(self._others & OTHER_PERMISSIONS)
        return tuple(line for name in names for line in self.lines(name, agent))

    def misspelt(self, agent: str, wanted: str = DISALLOW) -> tuple[Line, ...]:
        """The lines for an agent that may have been meant as `wanted`, and that no parser reads as such."""
        meant = [name for name, near in self.near_misses.items() if near == wanted]
        return tuple(line for name in meant for line in self.lines(name, agent))

    def _groups(self, closed_by: str, *, listed: bool = False) -> _Groups:
        known = self._groupings.get((closed_by, listed))
        if known is None:
            known = _Groups(self.all_lines, _RULES | {closed_by}, agents_listed if listed else agents_of)
            self._groupings[closed_by, listed] = known
        return known

    def _rules(self, agent: str, closed_by: str, *, decoded: bool, exact: bool, listed: bool) -> Rules:
        groups = self._groups(closed_by, listed=listed)
        key = (groups.key(agent), closed_by, decoded, exact, listed)
        if key not in self._ready:
            if len(self._ready) >= _KEPT:
                self._ready.clear()
            lines = (
                line
                for line in groups.lines(key[0])
                if line.name in _RULES and not (exact and line.is_prolonged)
            )
            self._ready[key] = Rules(lines, decoded_pattern if decoded else str)
        return self._ready[key]


def _listed(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if line.name == USER_AGENT and _APART.search(line.value):
            yield from agents_listed(line.value)[len(agents_of(line.value)) :]


def _lacks_slash(line: Line) -> bool:
    return line.name == DISALLOW and line.value[:1] not in {"", "/", "*", "$"}


def parse_robots(data: bytes) -> Robots:
    """Parse a robots.txt, whatever it is. Never raises; MAX_SIZE and MAX_LINES bound what is read of it.

    Files that were parsed lately are not parsed again.
    """
    return _remembered(data)


def _parsed(data: bytes) -> Robots:
    kept: list[Line] = []
    cut: list[int] = []
    whole = data if len(data) <= MAX_SIZE else _whole_lines(data[:MAX_SIZE])
    text = without_mark(whole)
    mark, read = len(whole) - len(text), len(whole)
    for number, start, raw in numbered(text):
        if len(kept) == MAX_LINES:
            read = mark + start
            break
        if len(raw) > MAX_LINE and b"#" not in raw[:MAX_LINE]:
            cut.append(number)
        line = read_line(number, raw[:MAX_LINE]) if raw else None
        if line:
            kept.append(line)
    wide = b"\0" in text or _NO_TEXT.match(text) is not None
    return Robots(tuple(kept), len(data), read, tuple(cut), markup=bool(_MARKUP.match(text)), wide=wide)


def _whole_lines(data: bytes) -> bytes:
    """The data up to its last line end: half a rule would be another rule."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r"))
    return data[: end + 1] if end >= 0 else data


_remembered: Final = Remembered(_parsed)
