"""Dates of records as instants (`captures.instants`): to the second or its fraction, or to the day.

What is wanted is the day of the crawl. A column that says when a text was published is therefore never taken by
itself; the user may name it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, Final

from countermark.captures.instants import instant

CRAWL_COLUMNS: Final = (
    "warc_headers.warc-date", "warc_date", "date_download", "fetch_time", "crawl_date", "crawl_timestamp", "fetched_at",
    "crawled_at", "metadata.warc_date", "metadata.crawl_date", "date", "timestamp", "metadata.date",
    "metadata.timestamp", "meta.timestamp", "meta.date",
)  # fmt: skip
"""Names of columns that hold the date of a crawl, the surest first."""

_STAMP: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_FRACTION: Final = re.compile(r"(:\d{2}[.,]\d{1,6})\d*")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def moment(value: Any) -> str | None:
    """The moment that a value of any type names, in UTC; None where it names none.

    Read are ISO 8601 texts, the 14 or 8 digits of crawl indices, seconds or milliseconds since 1970, and dates.
    """
    if isinstance(value, datetime):
        return _second(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _of_text(value.strip()[:64])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    return None


def _of_text(text: str) -> str | None:
    found = instant(text)
    if found is not None:
        return found if _FIRST_YEAR <= int(found[:4]) < _LAST_YEAR else None
    stamp = _STAMP.fullmatch(text)
    try:
        if stamp:
            parts = [int(part) for part in stamp.groups() if part is not None]
            return moment(datetime(*parts, tzinfo=UTC) if len(parts) > 3 else date(*parts))  # type: ignore[arg-type, misc]
        return _second(datetime.fromisoformat(_FRACTION.sub(r"\1", text)))
    except ValueError:
        return None


def _of_number(value: float) -> str | None:
    if _FIRST_YEAR * 10**10 <= value < _LAST_YEAR * 10**10 and value == int(value):
        return _of_text(str(int(value)))  # 20240115123000
    seconds = value / 1000 if value > 10**11 else value
    try:
        found = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return _second(found) if found.year >= _FIRST_YEAR else None


def _second(when: datetime) -> str | None:
    try:
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    if not _FIRST_YEAR <= when.year < _LAST_YEAR:
        return None
    return instant(when.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
