"""Dates and times as feeds, news and files write them, turned into the day that they name in their own zone.

Accepted are RFC 822 and RFC 2822 (`Tue, 03 Mar 2020 23:30:00 -0500`), ISO 8601 and RFC 3339
(`2020-03-03T23:30:00-05:00`), the colons of EXIF (`2020:03:03 23:30:00`), and whatever `works.dates` accepts. A story
that appeared at 23:30 in New York appeared on that day: nothing is moved to another zone.
"""

from __future__ import annotations

import re
from typing import Final

from countermark.works.dates import ACCEPTED, parse_date

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RFC822: Final = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?[\s-]+(\d{4}|\d{2})(?:[\s,T].{0,60})?",
    re.ASCII,
)
_EXIF: Final = re.compile(r"(\d{4}):(\d{2}):(\d{2})(?:[ T].{0,40})?", re.ASCII)
_ISO_TIME: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2}|\d{8})[T ]?\d{2}(?::?\d{2}){0,2}(?:[.,]\d+)?\s*(?:Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII,
)
_LONGEST: Final = 100


def parse_written(value: str) -> str:
    """The day (or month, or year) that `value` names in its own zone, as `works.dates` writes it; raises ValueError.

    The empty string stays empty. Years of two digits are read as RFC 2822, section 4.3 says: 00 to 49 are of this
    century.
    """
    text = " ".join(value.split())
    if len(text) > _LONGEST:
        raise ValueError(f"{text[:40]!r}… is no date; accepted are RFC 822, ISO 8601, {ACCEPTED}")
    try:
        return parse_date(_plain(text))
    except ValueError:
        raise ValueError(f"{text!r} is no date; accepted are RFC 822, ISO 8601, {ACCEPTED}") from None


def _plain(text: str) -> str:
    if found := _EXIF.fullmatch(text):
        return "-".join(found.groups())
    if found := _ISO_TIME.fullmatch(text):
        return found[1]
    if found := _RFC822.fullmatch(text):
        month = found[2].lower()[:3]
        if month in _MONTHS:
            return f"{_year(found[3])}-{_MONTHS.index(month) + 1:02d}-{int(found[1]):02d}"
    return text


def _year(digits: str) -> str:
    if len(digits) == 4:
        return digits
    return ("20" if int(digits) < 50 else "19") + digits
