"""All captures of a history in order: from when to when each answer was seen, and what is not known in between.

An interval speaks of the captures in it and of nothing else: between two captures a site may have said anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from countermark.captures.history.chain import captures_of, read_chain
from countermark.captures.history.seen import seen_in
from countermark.captures.served_address import parse_address
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES, Answer, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from countermark.captures.history.chain import Entry
    from countermark.captures.history.seen import Seen
    from countermark.reservations.verdict import Verdict

GAP_DAYS: Final = 31
"""Days between two captures beyond which a gap is told by name."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Two captures that lie far apart, and the whole days between them."""

    begin: str
    end: str
    days: int


@dataclass(frozen=True, slots=True)
class Point:
    """One capture of one address: the answer, and the protocols that decided it."""

    time: str
    line: int
    answer: Answer
    protocols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """Captures one after the other with the same answer.

    `before` is the last capture before them that said otherwise, `after` the first one after; None where there is none.
    """

    answer: Answer
    points: tuple[Point, ...]
    before: str | None = None
    after: str | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def first(self) -> str:
        """The time of the first capture that said so."""
        return self.points[0].time

    @property
    def last(self) -> str:
        """The time of the last capture that said so."""
        return self.points[-1].time

    @property
    def protocols(self) -> tuple[str, ...]:
        """The protocols that decided, at any of the captures."""
        return tuple(sorted({name for point in self.points for name in point.protocols}))


@dataclass(slots=True)
class Timeline:
    """One address asked for by one agent: the intervals of each use, in order."""

    url: str
    agent: str
    captures: int
    uses: dict[Use, tuple[Interval, ...]] = field(default_factory=dict)


def timelines(
    folder: Path,
    urls: Sequence[str] = (),
    agents: Sequence[str] = (),
    uses: Sequence[Use] = (),
    gap_days: int = GAP_DAYS,
) -> list[Timeline]:
    """The timelines of a history: of all pages ever captured, for an agent that no rule names, unless others are asked.

    Raises InputError where the chain or a capture is not sound.
    """
    points: dict[tuple[str, str], dict[Use, list[Point]]] = {}
    asked = [parse_address(url).url for url in urls]
    for entry in captures_of(read_chain(folder)):
        seen = seen_in(folder, entry)
        for url in asked or seen.pages:
            if seen.was_asked(url):
                for agent in agents or (ANY_AGENT,):
                    _add(points.setdefault((url, agent), {}), entry, seen.judge(url, agent), uses or USES)
    return [
        Timeline(
            url,
            agent,
            len(next(iter(by_use.values()))),
            {use: tuple(intervals(found, gap_days)) for use, found in by_use.items()},
        )
        for (url, agent), by_use in points.items()
    ]


def _add(points: dict[Use, list[Point]], entry: Entry, verdict: Verdict, uses: Iterable[Use]) -> None:
    for use in uses:
        said = verdict.uses[use]
        protocols = tuple(sorted({statement.protocol for statement in said.deciding}))
        points.setdefault(use, []).append(Point(entry.time, entry.line, said.answer, protocols))


def intervals(points: Sequence[Point], gap_days: int = GAP_DAYS) -> list[Interval]:
    """Points in order of time as runs of one answer."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and runs[-1][-1].answer is point.answer:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [
        Interval(
            run[0].answer,
            tuple(run),
            runs[position - 1][-1].time if position else None,
            runs[position + 1][0].time if position + 1 < len(runs) else None,
            tuple(_gaps(run, gap_days)),
        )
        for position, run in enumerate(runs)
    ]


def _gaps(run: Sequence[Point], gap_days: int) -> Iterable[Gap]:
    for earlier, later in pairwise(run):
        days = days_between(earlier.time, later.time)
        if days > gap_days:
            yield Gap(earlier.time, later.time, days)


def days_between(earlier: str, later: str) -> int:
    """Whole days from one time to another."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).days


@dataclass(frozen=True, slots=True)
class OnDate:
    """The last capture not after a date (None: there is none), its age in days on that date, and when the next was."""

    date: str
    seen: Seen | None
    entry: Entry | None
    age: int | None
    next: str | None


def on_date(folder: Path, date: str, url: str = "") -> OnDate:
    """What was captured last, not after `date`: a second, or a day, whose end is then meant. Raises InputError.

    Only captures of the site of `url` count, where it is given.
    """
    until = date if "T" in date else f"{date}T23:59:59Z"
    entry: Entry | None = None
    seen: Seen | None = None
    following: str | None = None
    for one in captures_of(read_chain(folder)):
        asked = seen_in(folder, one)
        if url and not asked.was_asked(url):
            continue
        if one.time > until:
            following = one.time
            break
        entry, seen = one, asked
    age = days_between(entry.time, until) if entry else None
    return OnDate(date, seen, entry, age, following)
