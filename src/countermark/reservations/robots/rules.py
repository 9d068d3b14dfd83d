"""The Allow and Disallow lines for one agent, made ready for many questions.

Literal patterns stand in a table by their text: a question costs one look-up for each length that occurs, however many
rules there are. Patterns with an asterisk stand in another table by what comes before it; of those whose beginning the
path has, the longest is tried first, and others only while they could still win.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.reservations.robots.lines import ALLOW
from countermark.reservations.robots.patterns import Pattern, encoded, taken_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from countermark.reservations.robots.lines import Line

_INDEX: Final = "/index.htm"


class Rule(NamedTuple):
    """A line and its pattern."""

    pattern: Pattern
    allow: bool
    line: Line

    @property
    def rank(self) -> tuple[int, bool]:
        """The order of rules: the longer before the shorter; of equally long ones Allow (RFC 9309, 2.2.2)."""
        return self.pattern.length, self.allow


class Rules:
    """The rules of one agent. `normal` brings patterns into the form in which paths are compared."""

    __slots__ = ("_exact", "_lengths", "_starts", "_wild", "_wild_lengths")

    def __init__(self, lines: Iterable[Line], normal: Callable[[str], str] = str) -> None:
        starts: dict[str, Rule] = {}
        exact: dict[str, Rule] = {}
        wild: dict[str, list[Rule]] = {}
        for rule in _rules(lines, normal):
            if not rule.pattern.literal:
                wild.setdefault(rule.pattern.pieces[0], []).append(rule)
                continue
            table = exact if rule.pattern.to_the_end else starts
            known = table.setdefault(rule.pattern.pieces[0], rule)
            if rule.rank > known.rank:
                table[rule.pattern.pieces[0]] = rule
        self._starts, self._exact = starts, exact
        self._lengths = sorted({len(start) for start in starts}, reverse=True)
        self._wild = wild
        self._wild_lengths = sorted({len(start) for start in wild})
        for rules in wild.values():
            rules.sort(key=lambda rule: rule.rank, reverse=True)

    def deciding(self, path: str) -> Line | None:
        """The line that decides about a path; None where none covers it."""
        best = self._exact.get(path) or self._literal(path)
        for length in self._wild_lengths:
            for rule in self._wild.get(path[:length], ()):
                if best is not None and rule.rank <= best.rank:
                    break
                if rule.pattern.matches(path):
                    best = rule
                    break
        return best.line if best else None

    def _literal(self, path: str) -> Rule | None:
        room = len(path)
        for length in self._lengths:
            if length <= room and (found := self._starts.get(path[:length])):
                return found
        return None


def _rules(lines: Iterable[Line], normal: Callable[[str], str]) -> Iterable[Rule]:
    for line in lines:
        text = normal(encoded(line.octets))
        if not text:
            continue  # an empty Disallow forbids nothing, an empty Allow permits nothing
        allow = line.name == ALLOW
        yield Rule(taken_apart(text), allow, line)
        head, slash, tail = text.rpartition("/")
        if allow and f"{slash}{tail}".startswith(
            _INDEX
        ):  # so does the reference: /index.html is the folder too
            yield Rule(taken_apart(f"{head}/$"), allow, line)
