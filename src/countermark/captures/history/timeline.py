"""All captures of a history in order: from when to when each answer was seen, and what is not known in between.

An interval speaks of the captures in it and of nothing else: between two captures a site may have said anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from countermark.captures.history.chain import captures_of, read_chain
from countermark.captures.history.seen import seen_in
from countermark.captures.instants import days_between
from countermark.captures.served_address import parse_address
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES, Answer, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from countermark.captures.history.chain import Entry
    from countermark.captures.history.seen import Seen
    from countermark.reservations.statement import Remark
    from countermark.reservations.verdict import Verdict

GAP_DAYS: Final = 31
"""Days between two captures beyond which a gap is told by name."""

SERVER_ERROR: Final = 500
_UNREAD: Final = frozenset({"unanswered", "unreadable", "unreachable", "page-status"})
"""Remarks, of whatever protocol, that say that an answer could not be read."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Two captures that lie far apart, and the whole days between them."""

    begin: str
    end: str
    days: int


@dataclass(frozen=True, slots=True)
class Point:
    """One capture of one address: the answer, and the protocols that decided it.

    `unread` says why nothing could be read, where that may have hidden a reservation: a status (`503`), `unanswered` or
    `unreadable`. Then `answer` is unknown; where `unread` is empty, unknown means that nothing was said.
    """

    time: str
    line: int
    answer: Answer
    protocols: tuple[str, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """Captures one after the other with the same answer, or one after the other that could not be read.

    `before` is the last capture before them that said otherwise, `after` the first one after; None where there is none.
    A capture that could not be read says nothing: it neither begins nor ends an interval of an answer, but makes one
    of its own, in which `unread` says why.
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
    def unread(self) -> tuple[str, ...]:
        """Why these captures could not be read; empty for those of an answer."""
        return tuple(sorted({why for point in self.points for why in point.unread}))

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
    asked: int = 0
    """Captures in which the address itself was asked for; in the others its site alone."""


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
    held: Counter[str] = Counter()
    for entry in captures_of(read_chain(folder)):
        seen = seen_in(folder, entry)
        for url in asked or seen.pages:
            if seen.was_asked(url):
                held[url] += url in seen.answers or url in seen.failures
                for agent in agents or (ANY_AGENT,):
                    _add(points.setdefault((url, agent), {}), entry, seen.judge(url, agent), uses or USES)
    return [
        Timeline(
            url,
            agent,
            len(next(iter(by_use.values()))),
            {use: tuple(intervals(found, gap_days)) for use, found in by_use.items()},
            held[url],
        )
        for (url, agent), by_use in points.items()
    ]


def _add(points: dict[Use, list[Point]], entry: Entry, verdict: Verdict, uses: Iterable[Use]) -> None:
    unread = tuple(sorted({why for remark in verdict.remarks if (why := _unread(remark))}))
    for use in uses:
        said = verdict.uses[use]
        protocols = tuple(sorted({statement.protocol for statement in said.deciding}))
        lost = unread if said.answer is Answer.UNKNOWN else ()
        points.setdefault(use, []).append(Point(entry.time, entry.line, said.answer, protocols, lost))


def _unread(remark: Remark) -> str:
    """Why a remark says that an answer could not be read; "" where it says something else."""
    _, _, code = remark.code.partition(".")
    if not remark.doubt or code not in _UNREAD:
        return ""
    status = dict(remark.facts).get("status", "")
    return code if not status else status if int(status) >= SERVER_ERROR else ""


def intervals(points: Sequence[Point], gap_days: int = GAP_DAYS) -> list[Interval]:
    """Points in order of time as runs of one answer, and runs that could not be read, by their first capture."""
    read = [list(run) for _, run in groupby((p for p in points if not p.unread), key=lambda p: p.answer)]
    found = [
        Interval(
            run[0].answer,
            tuple(run),
            read[position - 1][-1].time if position else None,
            read[position + 1][0].time if position + 1 < len(read) else None,
            tuple(_gaps([p for p in points if run[0].line <= p.line <= run[-1].line], gap_days)),
        )
        for position, run in enumerate(read)
    ]
    for unread, group in groupby(points, key=lambda p: bool(p.unread)):
        if unread:
            lost = tuple(group)
            found.append(Interval(Answer.UNKNOWN, lost, gaps=tuple(_gaps(lost, gap_days))))
    return sorted(found, key=lambda one: one.points[0].line)


def _gaps(run: Sequence[Point], gap_days: int) -> Iterable[Gap]:
    for earlier, later in pairwise(run):
        days = days_between(earlier.time, later.time)
        if days > gap_days:
            yield Gap(earlier.time, later.time, days)


@dataclass(frozen=True, slots=True)
class OnDate:
    """The last capture not after a date (None: there is none), its age in days on that date, and when the next was."""

    date: str
    seen: Seen | None
    entry: Entry | None
    age: int | None
    next: str | None
    others: tuple[tuple[str, Seen], ...] = ()
    """The earlier captures of the same day, by their times."""


def on_date(folder: Path, date: str, url: str = "") -> OnDate:
    """What was captured last, not after `date`: a second, or a day, whose end is then meant. Raises InputError.

    Only captures of the site of `url` count, where it is given.
    """
    until = date if "T" in date else f"{date}T23:59:59Z"
    entry: Entry | None = None
    seen: Seen | None = None
    following: str | None = None
    others: list[tuple[str, Seen]] = []
    for one in captures_of(read_chain(folder)):
        asked = seen_in(folder, one)
        if url and not asked.was_asked(url):
            continue
        if one.time > until:
            following = one.time
            break
        if entry is not None and seen is not None:
            others = others if entry.time[:10] == one.time[:10] else []
            others += [(entry.time, seen)] if entry.time[:10] == one.time[:10] else []
        entry, seen = one, asked
    age = days_between(entry.time, until) if entry else None
    return OnDate(date, seen, entry, age, following, tuple(others))
