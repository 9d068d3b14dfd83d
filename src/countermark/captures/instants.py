"""Seconds as crawl archives write them, and how far apart two are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_SECOND: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def instant(said: str | None, *, end_of_day: bool = False) -> str | None:
    """`YYYY-MM-DDTHH:MM:SSZ` (UTC) of a WARC-Date; None where it is none.

    WARC 1.1 allows fractions of a second, which are cut off, and a day alone, which stands for its first second, or its
    last with `end_of_day`.
    """
    text = (said or "").strip()
    found = _SECOND.fullmatch(text)
    if found is not None:
        text = f"{found[1]}Z"
    elif _DAY.fullmatch(text):
        text += "T23:59:59Z" if end_of_day else "T00:00:00Z"
    else:
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


def days_between(earlier: str, later: str) -> int:
    """Whole days from one instant to a later one."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).days


def days_before(later: str, days: int) -> str:
    """The instant so many days earlier."""
    try:
        then = datetime.fromisoformat(later) - timedelta(days=days)
    except OverflowError:
        then = datetime.min.replace(tzinfo=UTC)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
