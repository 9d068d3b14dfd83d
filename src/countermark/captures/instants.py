"""Dates as crawl archives write them, compared as finely as both sides know them.

An instant is `YYYY-MM-DDTHH:MM:SSZ` in UTC, with a fraction of a second where there is one (`…:SS.5Z`), or
`YYYY-MM-DD` where only the day is known.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

DAY: Final = 10
SECOND: Final = 20
"""Characters of an instant that is known to the day, and to the second."""
_SECOND: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def instant(said: str | None, *, end_of_day: bool = False) -> str | None:
    """The instant of a WARC-Date; None where it is none.

    WARC 1.1 allows fractions of a second, and a day alone, which stands for its last second with `end_of_day`.
    """
    text = (said or "").strip()
    found = _SECOND.fullmatch(text)
    if found is not None:
        fraction = (found[2] or "").rstrip("0").rstrip(".")
        text = f"{found[1]}{fraction}Z"
    elif not _DAY.fullmatch(text):
        return None
    elif end_of_day:
        text += "T23:59:59Z"
    try:
        datetime.fromisoformat(text[:DAY] if found is None else f"{found[1]}Z")
    except ValueError:
        return None
    return text


def order(date: str) -> str:
    """What instants sort by: `…:00` comes before `…:00.5`, which `…:00Z` would not."""
    return date.removesuffix("Z")


def not_after(one: str, other: str) -> bool:
    """Whether an instant is not after another, as far as both are known: to the day, the second, or its fraction."""
    if len(one) == len(other) == SECOND:
        return one <= other
    least = min(len(one), len(other))
    if least == DAY:
        return one[:DAY] <= other[:DAY]
    if least == SECOND:
        return one[: SECOND - 1] <= other[: SECOND - 1]
    return order(one) <= order(other)


def days_between(earlier: str, later: str) -> int:
    """Whole days from one instant to a later one; where one is a day alone, days of the calendar. Never below 0."""
    if min(len(earlier), len(later)) == DAY:
        earlier, later = earlier[:DAY], later[:DAY]
    return max(0, (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).days)


def days_before(later: str, days: int) -> str:
    """The instant so many days earlier, to the second, or to the day."""
    try:
        then = datetime.fromisoformat(later).replace(tzinfo=UTC) - timedelta(days=days)
    except OverflowError:
        then = datetime.min.replace(tzinfo=UTC)
    if len(later) == DAY:
        return then.strftime("%Y-%m-%d").rjust(DAY, "0")
    return then.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(SECOND, "0")


def is_older(one: str, limit: str) -> bool:
    """Whether an instant is before another for certain."""
    return not not_after(limit, one)
