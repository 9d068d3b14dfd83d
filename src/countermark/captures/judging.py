"""What was reserved when a record was captured: its own signals and the site's robots.txt of that day, weighed.

An answer `allowed` is given only where the robots.txt of the day is known: where it is not, it may have said otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from countermark.captures.instants import instant
from countermark.captures.plain_robots import is_silent, patterns_of
from countermark.captures.records import signals_of, target_of
from countermark.captures.robots_archive import DEFAULT_AGE, ROBOTS
from countermark.reservations.sources import read_site
from countermark.reservations.statement import Gathering, Place, Reading
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES, Answer
from countermark.reservations.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from countermark.captures.plain_robots import Patterns
    from countermark.captures.robots_archive import RobotsArchive
    from countermark.corpus.captured import Captured
    from countermark.reservations.response import Site
    from countermark.reservations.statement import Remark, Statement
    from countermark.reservations.target import Target
    from countermark.reservations.verdict import Verdict

_LABELS: Final = {"robots": "robots.txt", "html": "page", "well-known": "tdmrep.json", "record": "record"}
_UNTOLD: Final = frozenset({"captures.robots-not-given", "captures.robots-age"})
_USUAL: Final = re.compile(r"https?://[a-z0-9.-]+(?=/)")  # most addresses need no parser to find the origin
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
        self._archive = archive
        self._max_age = max_age
        self._patterns = lru_cache(1024)(self._patterns_of)

    def _patterns_of(self, body: bytes) -> Patterns | None:
        return patterns_of(body, self.agent)

    def verdict(self, captured: Captured) -> Verdict | None:
        """The whole verdict; None where the capture has no date that can be read."""
        date = instant(captured.date)
        if date is None:
            return None
        target = target_of(captured, self.agent)
        readings = [signals_of(captured, target), *self._site_readings(target, date)]
        return judge(target, readings, date)

    def of(self, captured: Captured) -> Judged | None:
        """The answers for a row; None where the capture has no date that can be read."""
        date = instant(captured.date)
        if date is None:
            return None
        target = target_of(captured, self.agent)
        readings = [signals_of(captured, target), *self._site_readings(target, date)]
        if not any(reading.statements for reading in readings):
            return _silent(date, [remark for reading in readings for remark in reading.remarks])
        return short(judge(target, readings, date))

    def columns(self, captured: Captured | None) -> dict[str, str]:
        """The columns `reservation_…` of a finding in this record; none where nothing was captured beside the text.

        A record that holds the text alone (WET) is judged by its site's robots.txt, where captures of it were given.
        """
        if captured is None or (captured.part == "text" and self._archive is None):
            return {}
        judged = self.of(captured)
        if judged is None:
            return {}
        answers = {f"reservation_{use}": answer for use, answer in zip(USES, judged.answers, strict=True)}
        return answers | {"reservation_basis": judged.basis, "reservation_date": judged.date}

    def _site_readings(self, target: Target, date: str) -> Iterator[Reading]:
        if self._archive is None:
            yield _no_archive()
            return
        usual = _USUAL.match(target.url)
        origin = usual.group() if usual else target.origin
        site = self._archive.lookup(origin, date, self._max_age)
        if site.remarks:
            yield Reading((), site.remarks)
        path = target.url[usual.end() :] if usual else target.path
        if site.site is not None and not self._is_silent(site.site, path):
            yield read_site(site.site, target)

    def _is_silent(self, site: Site, path: str) -> bool:
        """Whether the site's files surely say nothing of a path: known without reading them in earnest."""
        robots = site.robots
        if (
            robots is None
            or site.tdmrep is not None
            or site.ai_txt is not None
            or not 200 <= robots.status < 300
        ):
            return False
        return is_silent(self._patterns(robots.body), path)


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
def _no_archive() -> Reading:
    told = Gathering("captures", Place(ROBOTS))
    told.remark("robots-not-given", doubt=True)
    return told.reading()


__all__ = ["CaptureJudge", "Judged", "short"]
