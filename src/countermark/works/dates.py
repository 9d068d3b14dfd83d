"""Dates as precise as catalogues give them: a year, a month or a day, written YYYY, YYYY-MM or YYYY-MM-DD."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Final

ACCEPTED: Final = "YYYY, YYYY-MM, YYYY-MM-DD, YYYYMM, YYYYMMDD or DD/MM/YYYY"

_COMPACT: Final = re.compile(r"(\d{4})(?:(\d{2})(\d{2})?)?", re.ASCII)
_DASHED: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)


def parse_date(value: str) -> str:
    """The date that `value` writes, as precise as it stands there; raises ValueError. The empty string stays empty."""
    text = value.strip()
    if not text:
        return ""
    if found := _DAY_FIRST.fullmatch(text):
        year, month, day = found[3], found[2], found[1]
    elif found := _DASHED.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    else:
        raise ValueError(f"{value!r} is no date; accepted are {ACCEPTED}")
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(f"{value!r} is no date; accepted are {ACCEPTED}") from None
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


def earliest(value: str) -> date:
    """The first day that a date in the form of `parse_date` can mean."""
    year, month, day = _parts(value)
    return date(year, month or 1, day or 1)


def latest(value: str) -> date:
    """The last day that a date in the form of `parse_date` can mean."""
    year, month, day = _parts(value)
    return date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])


def _parts(value: str) -> tuple[int, int, int]:
    year, month, day = [*(int(part) for part in value.split("-")), 0, 0][:3]
    return year, month, day
