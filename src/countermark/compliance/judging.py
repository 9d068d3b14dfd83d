"""What was reserved for a record: its own response, the site's files of that day, and tables of verdicts.

As with `captures.judging`, `allowed` is said only where everything was seen that could have reserved: where the text
alone is at hand, or the robots.txt of the day is not known, it becomes `unknown`.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from countermark.captures.records import signals_of
from countermark.captures.site_reading import SiteReader, Sites, origin_at
from countermark.corpus.captured import Captured
from countermark.reservations.response import Response
from countermark.reservations.sources import read_response
from countermark.reservations.statement import Gathering, Place, Reading, joined
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use, strictness
from countermark.reservations.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from countermark.compliance.record import Seen
    from countermark.compliance.settings import Asking
    from countermark.reservations.statement import Remark, Statement
    from countermark.reservations.verdict import UseVerdict

MAX_REMEMBERED: Final = 1 << 14
MAX_TERMS: Final = 2048
_SITE_UNKNOWN: Final = frozenset(
    f"captures.robots-{what}" for what in ("not-given", "missing", "later", "old", "unread", "redirected")
)
_NOT_SEEN: Final = frozenset({"captures.text-only", "captures.body-elsewhere"}) | _SITE_UNKNOWN

_TEXT_ONLY: Final = signals_of(Captured("", "", part="text"), Target())
"""A row of a table holds the text alone: what page and headers said is not known."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer for one use, and the statement that decided (the first of them; `protocols` names them all)."""

    answer: Answer = Answer.UNKNOWN
    protocols: tuple[str, ...] = ()
    technique: str = ""
    where: str = ""
    raw: str = ""
    terms: str = ""

    @property
    def protocol(self) -> str:
        """The protocol that decided, "" where none spoke."""
        return self.protocols[0] if self.protocols else ""


UNKNOWN: Final = Answered()


class Verdicts(Protocol):
    """A table of verdicts."""

    def find(self, url: str, date: str) -> Mapping[Use, Answered] | None:
        """The verdict on an address on a date; None where the table has none."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers to the uses asked. `doubt`: something that may have been a reservation could not be read.

    `site_unknown` is true where nobody knows what the site's robots.txt said on the day of the record.
    """

    answers: Mapping[Use, Answered]
    doubt: bool = False
    site_unknown: bool = False


@dataclass(slots=True)
class Judge:
    """Judges records; remembers what the sites said of the last addresses."""

    asking: Asking
    sites: Sites | None = None
    tables: tuple[Verdicts, ...] = ()
    _remembered: OrderedDict[tuple[str, str, str], Reading] = field(default_factory=OrderedDict)
    _reader: SiteReader | None = None

    def __post_init__(self) -> None:
        """Read the sites for the agent that is asked for."""
        if self.sites is not None:
            self._reader = SiteReader(self.sites, self.asking.agent, self.asking.max_age)

    def judge(self, record: Seen) -> Judged:
        """What is reserved for a record."""
        date = record.date or (self.asking.date if record.url else None)
        target = Target(record.url, self.asking.agent, _medium(record.captured))
        own, site = tuple(self._own(record, target)), self._site(target, date)
        uses = self.asking.uses
        answers: Mapping[Use, Answered] = dict.fromkeys(uses, UNKNOWN)
        remarks = [remark for reading in (*own, site) for remark in reading.remarks]
        told: tuple[Remark, ...] = ()
        if any(reading.statements for reading in own):  # most records say nothing at all
            answers, told = _weighed(uses, (*own, site), target.medium)
        elif site.statements:
            answers, told = _weighed_before(uses, (*own, site), target.medium)
        if date is not None and record.url:
            for table in self.tables:
                found = table.find(record.url, date) or {}
                answers = {use: _stricter(answer, found.get(use, UNKNOWN)) for use, answer in answers.items()}
        if record.doubt:
            answers = {use: UNKNOWN if a.answer is Answer.ALLOWED else a for use, a in answers.items()}
        doubts = {remark.code for remark in (*remarks, *told) if remark.doubt}
        return Judged(answers, record.doubt or bool(doubts - _NOT_SEEN), bool(doubts & _SITE_UNKNOWN))

    def _own(self, record: Seen, target: Target) -> Iterator[Reading]:
        yield _TEXT_ONLY if record.captured is None else signals_of(record.captured, target)
        if record.headers is not None:
            yield read_response(Response(record.url, headers=record.headers, date=record.date), target, {})

    def _site(self, target: Target, date: str | None) -> Reading:
        origin = origin_at(target.url)
        if self._reader is None or date is None or not origin:
            return _not_given(origin)
        key = (target.url, date, target.medium)
        known = self._remembered.get(key)
        if known is not None:
            return known
        said, remarks = self._reader.read(target, _instant(date))
        reading = joined((Reading((), remarks), said)) if remarks else said
        self._remembered[key] = reading
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        return reading


def _weighed(
    uses: tuple[Use, ...], readings: tuple[Reading, ...], medium: str
) -> tuple[Mapping[Use, Answered], tuple[Remark, ...]]:
    """The answers to some uses, and what is to be told of them."""
    verdict = judge(Target(medium=medium), readings)
    return {use: answered(verdict.uses[use]) for use in uses}, verdict.remarks


_weighed_before = lru_cache(maxsize=4096)(
    _weighed
)  # where a site alone speaks, it says the same of many records


def _instant(date: str) -> str:
    """A day alone stands for its first second: a robots.txt of later that day may not have been there yet."""
    return date if "T" in date else f"{date}T00:00:00Z"


@lru_cache(maxsize=256)
def _not_given(origin: str) -> Reading:
    gathering = Gathering("captures", Place(f"{origin}/robots.txt"))
    gathering.remark("robots-not-given", doubt=True)
    return gathering.reading()


def answered(verdict: UseVerdict) -> Answered:
    """A verdict's answer with its first deciding statement."""
    if not verdict.deciding:
        return Answered(verdict.answer)
    first = min(verdict.deciding, key=lambda s: (s.protocol, s.place.where, s.line, s.technique, s.raw))
    return Answered(
        verdict.answer,
        tuple(dict.fromkeys((first.protocol, *sorted({s.protocol for s in verdict.deciding})))),
        first.technique,
        _where(first),
        first.raw.decode("utf-8", "backslashreplace"),
        " ".join(verdict.terms)[:MAX_TERMS],
    )


def _where(statement: Statement) -> str:
    """`https://example.org/robots.txt:12 of 2024-05-17T09:00:00Z`."""
    place = statement.place
    line = f":{statement.line}" if statement.line else ""
    return f"{place.where}{line} of {place.date}" if place.date else f"{place.where}{line}"


def _stricter(one: Answered, other: Answered) -> Answered:
    return other if strictness(other.answer) > strictness(one.answer) else one


def _medium(captured: Captured | None) -> str:
    return "image" if captured is not None and captured.media_type.startswith("image/") else ""
