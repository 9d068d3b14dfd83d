"""Days that are known to a day, a month or a year: what surely holds, what surely does not, and what needs the day."""

from __future__ import annotations

import calendar
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from countermark.works.dates import earliest, latest


class Span(NamedTuple):
    """All the days that a date can mean, from `first` to `last`."""

    first: date
    last: date

    @property
    def written(self) -> str:
        """The span as a reader writes it: a day, or two."""
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


@lru_cache(maxsize=1 << 16)
def span_of(written: str) -> Span | None:
    """The span of YYYY, YYYY-MM or YYYY-MM-DD; None for the empty text, and for what is no date."""
    if not written:
        return None
    try:
        return Span(earliest(written), latest(written))
    except ValueError:
        return None


def before(one: Span, other: Span) -> bool | None:
    """Whether `one` is on or before `other`; None where that depends on a day that is not known."""
    if one.last <= other.first:
        return True
    return False if one.first > other.last else None


def plus_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    whole = day.month - 1 + months
    year, month = min(day.year + whole // 12, date.max.year), whole % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def window(start: Span, months: int) -> Span:
    """When a window of so many months from `start` ends."""
    return Span(plus_months(start.first, months), plus_months(start.last, months))


def sure(*answers: bool | None) -> bool | None:
    """Whether one of some answers is yes; None where none is, and one is not known."""
    if any(answer is True for answer in answers):
        return True
    return None if any(answer is None for answer in answers) else False
