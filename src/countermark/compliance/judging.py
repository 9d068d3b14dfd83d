"""What was reserved for a record: its own response, the site's files of that day, and tables of verdicts.

As with `captures.judging`, `allowed` is said only where everything was seen that could have reserved: where the text
alone is at hand, or the robots.txt of the day is not known, it becomes `unknown`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from countermark.captures.judging import CaptureJudge
from countermark.captures.records import signals_of
from countermark.corpus.captured import Captured
from countermark.reservations.response import Response
from countermark.reservations.sources import read_response
from countermark.reservations.statement import joined
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use, strictness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.captures.judging import Judged
    from countermark.captures.site_reading import Sites
    from countermark.compliance.record import Seen
    from countermark.compliance.settings import Asking
    from countermark.reservations.statement import Reading, Statement
    from countermark.reservations.verdict import UseVerdict

MAX_TERMS: Final = 2048
_SITE_UNKNOWN: Final = frozenset(
    f"captures.robots-{what}" for what in ("not-given", "missing", "later", "old", "unread", "redirected")
)
_NOT_SEEN: Final = (
    frozenset({"captures.text-only", "captures.body-elsewhere", "captures.robots-same-day"}) | _SITE_UNKNOWN
)
AGENTS_REFUSED: Final = "captures.agents-refused"

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


class Joined(NamedTuple):
    """What tables of verdicts have of a record, and whether its site refuses AI crawlers by name."""

    answers: Mapping[Use, Answered]
    agents_refused: bool = False


class Verdicts(Protocol):
    """A table of verdicts."""

    def find(self, url: str, date: str) -> Joined | None:
        """The verdict on an address on a date; None where the table has none."""
        ...


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the uses asked. `doubt`: something that may have been a reservation could not be read.

    `site_unknown` is true where nobody knows what the site's robots.txt said on the day of the record,
    `generative_reserved` where training was asked for and the training of generative models, which was not, is
    reserved, `agents_refused` where no agent was asked for and the site's robots.txt refuses AI crawlers by name.
    """

    answers: Mapping[Use, Answered]
    doubt: bool = False
    site_unknown: bool = False
    generative_reserved: bool = False
    agents_refused: bool = False


@dataclass(slots=True)
class Judge:
    """Judges records: asks the judge of captures, and tables of verdicts."""

    asking: Asking
    sites: Sites | None = None
    tables: tuple[Verdicts, ...] = ()
    _judge: CaptureJudge = field(init=False)
    _uses: tuple[Use, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Ask for the agent, and for what else is to be told."""
        asking = self.asking
        self._judge = CaptureJudge(self.sites, asking.agent, asking.max_age)
        more = (Use.GENERATIVE,) if Use.TRAIN in asking.uses and Use.GENERATIVE not in asking.uses else ()
        self._uses = (*asking.uses, *more)

    def judge(self, record: Seen) -> Answers:
        """What is reserved for a record."""
        date = record.date or (self.asking.date if record.url else None)
        target = Target(record.url, self.asking.agent, _medium(record.captured))
        judged = self._judge.judged(_own(record, target), target, date)
        answers = _answers(judged, self._uses) if not judged.silent else _unknown(self._uses)
        codes = {remark.code for remark in judged.remarks}
        refused = AGENTS_REFUSED in codes
        if date is not None and record.url:
            for table in self.tables:
                found = table.find(record.url, date)
                if found is not None:
                    answers = {
                        use: _stricter(a, found.answers.get(use, UNKNOWN)) for use, a in answers.items()
                    }
                    refused = refused or found.agents_refused
        if record.doubt:
            answers = {use: UNKNOWN if a.answer is Answer.ALLOWED else a for use, a in answers.items()}
        doubts = {remark.code for remark in judged.remarks if remark.doubt} if codes else codes
        more = answers[Use.GENERATIVE] if len(self._uses) > len(self.asking.uses) else UNKNOWN
        return Answers(
            {use: answers[use] for use in self.asking.uses},
            record.doubt or bool(doubts - _NOT_SEEN),
            bool(doubts & _SITE_UNKNOWN),
            more.answer in {Answer.RESERVED, Answer.CONDITIONAL},
            refused,
        )


def _own(record: Seen, target: Target) -> Reading:
    own = _TEXT_ONLY if record.captured is None else signals_of(record.captured, target)
    if record.headers is None:
        return own
    response = Response(record.url, headers=record.headers, date=record.date)
    return joined((own, read_response(response, target, {})))


@lru_cache(maxsize=4096)
def _answers(judged: Judged, uses: tuple[Use, ...]) -> Mapping[Use, Answered]:
    """The answers to some uses; records of one site often share what was judged."""
    return {use: answered(judged.uses[use]) for use in uses}


@lru_cache(maxsize=32)
def _unknown(uses: tuple[Use, ...]) -> Mapping[Use, Answered]:
    return dict.fromkeys(uses, UNKNOWN)


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


def strictest(answers: Mapping[Use, Answered]) -> Answered:
    """The strictest of some answers, the first of equals."""
    return max(answers.values(), key=lambda one: strictness(one.answer))


def _where(statement: Statement) -> str:
    """`https://example.org/robots.txt:12 of 2024-05-17T09:00:00Z`."""
    place = statement.place
    line = f":{statement.line}" if statement.line else ""
    return f"{place.where}{line} of {place.date}" if place.date else f"{place.where}{line}"


def _stricter(one: Answered, other: Answered) -> Answered:
    return other if strictness(other.answer) > strictness(one.answer) else one


def _medium(captured: Captured | None) -> str:
    return "image" if captured is not None and captured.media_type.startswith("image/") else ""
