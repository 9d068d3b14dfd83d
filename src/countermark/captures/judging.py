"""What was reserved when a record was captured: its own signals and the site's robots.txt of that day, weighed.

An answer `allowed` is given only where the robots.txt of the day is known: where it is not, it may have said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.captures.instants import instant
from countermark.captures.records import signals_of, target_of
from countermark.captures.robots_archive import DEFAULT_AGE, ROBOTS
from countermark.captures.site_reading import SiteReader, SiteSaid, origin_at
from countermark.reservations.statement import NOTHING, Gathering, Place, Reading
from countermark.reservations.target import ANY_AGENT, Target
from countermark.reservations.use import USES, Answer
from countermark.reservations.verdict import UseVerdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.captures.site_reading import Sites
    from countermark.corpus.captured import Captured
    from countermark.reservations.statement import Remark, Statement
    from countermark.reservations.use import Use

_LABELS: Final = {"robots": "robots.txt", "html": "page", "well-known": "tdmrep.json", "record": "record"}
_UNTOLD: Final = frozenset({"captures.robots-not-given", "captures.robots-age"})
MOST_TOLD: Final = 6  # places in the short reason; the statements are in the full verdict


class Row(NamedTuple):
    """The answers of one capture, short.

    `answers` stand in the order of USES. `basis` names protocols and places that decided, and what could not be read
    (`not known: …`), "" where nothing was said. `remarks` are codes.
    """

    answers: tuple[str, ...]
    basis: str
    terms: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(eq=False)
class Judged:
    """What is reserved: the answer for each use with the statements that decided, and what is to be known beside it.

    `silent` is true where nobody said anything. Records of one site often share the very same object.
    """

    uses: Mapping[Use, UseVerdict]
    remarks: Sequence[Remark]
    silent: bool = False

    @cached_property
    def row(self) -> Row:
        """The answers as a row has them."""
        if self.silent:
            basis, codes = _silence(tuple([(remark.code, remark.doubt) for remark in self.remarks]))
            return Row(_UNKNOWN, basis, (), codes)
        return _row(self.uses, self.remarks)


_UNKNOWN: Final = (str(Answer.UNKNOWN),) * len(USES)
_NOBODY: Final = {use: UseVerdict(use, Answer.UNKNOWN) for use in USES}


class CaptureJudge:
    """Judges captures for one agent, with an archive of robots.txt captures or without."""

    def __init__(
        self, archive: Sites | None = None, agent: str = ANY_AGENT, max_age: int = DEFAULT_AGE
    ) -> None:
        """`max_age` is the age in days up to which a capture of robots.txt is accepted."""
        self.agent = agent
        self._sites = None if archive is None else SiteReader(archive, agent, max_age)

    def judged(self, own: Reading, target: Target, date: str | None) -> Judged:
        """What is reserved for a target that says `own` of itself; `date` is an instant, None where it is not known."""
        said, beside = self._site(target, date)
        if own.statements:
            verdict = judge(target, (own, Reading((), beside), said))
            return Judged(verdict.uses, verdict.remarks)
        if not said.statements:  # as most do
            return Judged(_NOBODY, (*own.remarks, *beside, *said.remarks), silent=True)
        return _of_site(said, (*own.remarks, *beside), target.medium)

    def of(self, captured: Captured) -> tuple[str, Judged] | None:
        """The instant of a capture, and what was reserved then; None where it has no date that can be read."""
        date = instant(captured.date)
        if date is None:
            return None
        target = target_of(captured, self.agent)
        return date, self.judged(signals_of(captured, target), target, date)

    def columns(self, captured: Captured | None) -> dict[str, str]:
        """The columns `reservation_…` of a finding in this record; none where nothing was captured beside the text.

        A record that holds the text alone (WET) is judged by its site's robots.txt, where captures of it were given.
        """
        if captured is None or (captured.part == "text" and self._sites is None):
            return {}
        found = self.of(captured)
        if found is None:
            return {}
        date, judged = found
        row = judged.row
        answers = {f"reservation_{use}": answer for use, answer in zip(USES, row.answers, strict=True)}
        return answers | {"reservation_basis": row.basis, "reservation_date": date}

    def _site(self, target: Target, date: str | None) -> SiteSaid:
        if self._sites is None or date is None or not origin_at(target.url):
            return _no_archive()
        return self._sites.read(target, date)


@lru_cache(maxsize=4096)
def _of_site(said: Reading, remarks: tuple[Remark, ...], medium: str) -> Judged:
    """What holds where a site alone speaks: often the same for all its pages."""
    verdict = judge(Target(medium=medium), (said, Reading((), remarks)))
    return Judged(verdict.uses, verdict.remarks)


def _row(uses: Mapping[Use, UseVerdict], remarks: Sequence[Remark]) -> Row:
    decided = dict.fromkeys(_told(s) for use in uses.values() for s in use.deciding)
    terms = dict.fromkeys(terms for use in uses.values() for terms in use.terms)
    answers = tuple(str(uses[use].answer) for use in USES)
    doubts = remarks if str(Answer.UNKNOWN) in answers else ()
    codes = tuple(dict.fromkeys(remark.code for remark in remarks))
    basis = _basis(list(decided), [(remark.code, remark.doubt) for remark in doubts])
    return Row(answers, basis, tuple(terms), codes)


@lru_cache(maxsize=256)
def _silence(remarks: tuple[tuple[str, bool], ...]) -> tuple[str, tuple[str, ...]]:
    """Basis and codes of a capture of which nothing was said."""
    return _basis([], remarks), tuple(dict.fromkeys(code for code, _ in remarks))


def _basis(decided: Sequence[str], remarks: Iterable[tuple[str, bool]]) -> str:
    unread = dict.fromkeys(code for code, doubt in remarks if doubt and code not in _UNTOLD)
    told = list(decided[:MOST_TOLD])
    if len(decided) > MOST_TOLD:
        told.append(f"and {len(decided) - MOST_TOLD} more")
    return "; ".join([*told, *(f"not known: {code}" for code in unread)])


def _told(statement: Statement) -> str:
    """`tdmrep in header`, `robots in robots.txt:12 of 2024-05-17`."""
    where = _LABELS.get(statement.technique, statement.technique)
    line = f":{statement.line}" if statement.line else ""
    of_day = f" of {statement.place.date[:10]}" if where == ROBOTS[1:] and statement.place.date else ""
    return f"{statement.protocol} in {where}{line}{of_day}"


@cache
def _no_archive() -> SiteSaid:
    told = Gathering("captures", Place(ROBOTS))
    told.remark("robots-not-given", doubt=True)
    return SiteSaid(NOTHING, tuple(told.remarks))


__all__ = ["CaptureJudge", "Judged", "Row"]
