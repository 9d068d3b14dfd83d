"""What was reserved when a record was captured: its own signals and the site's robots.txt of that day, weighed.

An answer `allowed` is given only where the robots.txt of the day is known: where it is not, it may have said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from countermark.captures.instants import instant
from countermark.captures.records import signals_of, target_of
from countermark.captures.robots_archive import DEFAULT_AGE, ROBOTS
from countermark.captures.site_reading import SiteReader, SiteSaid
from countermark.reservations.statement import NOTHING, Gathering, Place, Reading
from countermark.reservations.target import ANY_AGENT, Target
from countermark.reservations.use import USES, Answer
from countermark.reservations.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from countermark.captures.robots_archive import RobotsArchive
    from countermark.corpus.captured import Captured
    from countermark.reservations.statement import Remark, Statement
    from countermark.reservations.verdict import Verdict

_LABELS: Final = {"robots": "robots.txt", "html": "page", "well-known": "tdmrep.json", "record": "record"}
_UNTOLD: Final = frozenset({"captures.robots-not-given", "captures.robots-age"})
MOST_TOLD: Final = 6  # places in the short reason; the statements are in the full verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers of one capture, short: for rows.

    `answers` stand in the order of USES. `basis` names protocols and places that decided, and what could not be read
    (`not known: …`), "" where nothing was said. `date` is the instant as of which the answers hold. `remarks` are
    codes.
    """

    answers: tuple[str, ...]
    basis: str
    date: str
    terms: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


_SILENT: Final = (str(Answer.UNKNOWN),) * len(USES)


class CaptureJudge:
    """Judges captures for one agent, with an archive of robots.txt captures or without."""

    def __init__(
        self, archive: RobotsArchive | None = None, agent: str = ANY_AGENT, max_age: int = DEFAULT_AGE
    ) -> None:
        """`max_age` is the age in days up to which a capture of robots.txt is accepted."""
        self.agent = agent
        self._sites = None if archive is None else SiteReader(archive, agent, max_age)

    def verdict(self, captured: Captured) -> Verdict | None:
        """The whole verdict; None where the capture has no date that can be read."""
        date = instant(captured.date)
        if date is None:
            return None
        target = target_of(captured, self.agent)
        said, remarks = self._site(target, date)
        return judge(target, [signals_of(captured, target), Reading((), remarks), said], date)

    def of(self, captured: Captured) -> Judged | None:
        """The answers for a row; None where the capture has no date that can be read."""
        date = instant(captured.date)
        if date is None:
            return None
        target = target_of(captured, self.agent)
        own = signals_of(captured, target)
        said, remarks = self._site(target, date)
        if own.statements:
            return short(judge(target, (own, Reading((), remarks), said), date))
        if not said.statements:
            return _silent(date, (*own.remarks, *remarks, *said.remarks))
        alike = _of_site(said, (*own.remarks, *remarks), target.medium)
        return Judged(alike.answers, alike.basis, date, alike.terms, alike.remarks)

    def columns(self, captured: Captured | None) -> dict[str, str]:
        """The columns `reservation_…` of a finding in this record; none where nothing was captured beside the text.

        A record that holds the text alone (WET) is judged by its site's robots.txt, where captures of it were given.
        """
        if captured is None or (captured.part == "text" and self._sites is None):
            return {}
        judged = self.of(captured)
        if judged is None:
            return {}
        answers = {f"reservation_{use}": answer for use, answer in zip(USES, judged.answers, strict=True)}
        return answers | {"reservation_basis": judged.basis, "reservation_date": judged.date}

    def _site(self, target: Target, date: str) -> SiteSaid:
        return self._sites.read(target, date) if self._sites is not None else _no_archive()


@lru_cache(maxsize=4096)
def _of_site(said: Reading, remarks: tuple[Remark, ...], medium: str) -> Judged:
    """The answers, without their date, where a site alone speaks: often the same for all its pages."""
    return short(judge(Target(medium=medium), (said, Reading((), remarks))))


def short(verdict: Verdict) -> Judged:
    """A verdict as a row has it."""
    said = verdict.uses.values()
    decided = dict.fromkeys(_told(s) for use in said for s in use.deciding)
    terms = dict.fromkeys(terms for use in said for terms in use.terms)
    answers = tuple(str(verdict.answer(use)) for use in USES)
    doubts = verdict.remarks if str(Answer.UNKNOWN) in answers else ()
    codes = tuple(dict.fromkeys(remark.code for remark in verdict.remarks))
    basis = _basis(list(decided), [(remark.code, remark.doubt) for remark in doubts])
    return Judged(answers, basis, verdict.date or "", tuple(terms), codes)


def _silent(date: str, remarks: Sequence[Remark]) -> Judged:
    basis, codes = _silence(tuple([(remark.code, remark.doubt) for remark in remarks]))
    return Judged(_SILENT, basis, date, (), codes)


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


__all__ = ["CaptureJudge", "Judged", "short"]
