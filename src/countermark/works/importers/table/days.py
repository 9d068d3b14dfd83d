"""Dates as columns hold them: numbers in the order of their column, words in four languages, spreadsheet numbers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from countermark.works.dates import parse_date
from countermark.works.importers.table.fields import fold

SLASHED: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: .*)?", re.ASCII)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SERIAL: Final = re.compile(r"[1-7]\d{4}(?:[.,]\d+)?", re.ASCII)
_YEAR: Final = re.compile(r"(?:c|©|\[)?\s?(\d{4})(?:\.0)?\]?", re.ASCII)
_IN_WORDS: Final = re.compile(
    r"(?:(\d{1,2})(?:er|\.|st|nd|rd|th)? (?:de )?)?([a-z]+)(?: (\d{1,2})(?:st|nd|rd|th)?)? (?:de )?(\d{4})"
)
_MONTHS: Final = (
    "january janvier januar enero",
    "february fevrier februar febrero",
    "march mars marz maerz marzo",
    "april avril abril",
    "may mai mayo",
    "june juin juni junio",
    "july juillet juli julio",
    "august aout agosto",
    "september septembre septiembre",
    "october octobre oktober octubre",
    "november novembre noviembre",
    "december decembre dezember diciembre",
)
_DATES_ACCEPTED: Final = "YYYY, YYYY-MM, YYYY-MM-DD, or DD/MM/YYYY where the column shows the order"


def read_date(text: str, order: str) -> tuple[str, str]:
    """A date, and a sentence where it had to be converted. `order` is `dmy`, `mdy`, or empty where nothing shows it."""
    written = " ".join(text.split())
    if _ISO.fullmatch(written):
        pass  # as nearly all columns have it
    elif found := SLASHED.fullmatch(written):
        return _slashed(int(found[1]), int(found[3]), int(found[4]), order, written), ""
    elif _SERIAL.fullmatch(written):
        day = date(1899, 12, 30) + timedelta(days=int(written[:5]))
        return day.isoformat(), f"the spreadsheet number {written} was read as {day.isoformat()}"
    elif found := _YEAR.fullmatch(written):
        written = found[1]
    elif found := _IN_WORDS.fullmatch(fold(written)):
        written = _from_words(*found.groups()) or written
    try:
        return parse_date(written.removesuffix(" 00:00:00")), ""
    except ValueError:
        raise ValueError(f"{text[:60]!r} is no date; accepted: {_DATES_ACCEPTED}") from None


def _slashed(first: int, second: int, year: int, order: str, written: str) -> str:
    if first != second and max(first, second) <= 12 and not order:
        raise ValueError(
            f"{written!r} may be day/month or month/day, and nothing in the column decides; write YYYY-MM-DD, "
            'or set dates = "dmy" or "mdy" for this column in the mapping'
        )
    month_first = order == "mdy" if order else second > 12
    month, day = (first, second) if month_first else (second, first)
    return parse_date(f"{year:04d}-{month:02d}-{day:02d}")


def _from_words(before: str | None, month: str, after: str | None, year: str) -> str:
    """`12 mars 2004`, `March 12 2004`, `mars 2004`; a month may be cut to three letters where that leaves no doubt."""
    meant = {
        number
        for number, names in enumerate(_MONTHS, 1)
        if any(name == month or (len(month) > 2 and name.startswith(month)) for name in names.split())
    }
    if len(meant) != 1 or (before and after):
        return ""
    day = before or after
    return f"{year}-{meant.pop():02d}" + (f"-{int(day):02d}" if day else "")


def date_order(values: set[str]) -> str:
    """The order that the dates of a column show: `dmy`, `mdy`; `mixed` where both; empty where none is shown."""
    shown = set()
    for value in values:
        if found := SLASHED.fullmatch(value.strip()):
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                shown.add("dmy")
            elif second > 12 >= first:
                shown.add("mdy")
    return "mixed" if len(shown) > 1 else next(iter(shown), "")
