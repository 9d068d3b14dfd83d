"""What may be said of a record of which nothing may be kept: where it stands, not what it says.

Identifiers, addresses and dates are columns of the corpus like any other: a data set may hold a whole text in them. So
they are kept only where they are what they are called; of any other the digest is, by which it can be looked up.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

MOST_IDENTIFIER: Final = 200  # code points
MOST_ADDRESS: Final = 2048

_IDENTIFIER: Final = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]+(?: [^\s\x00-\x1f\x7f-\x9f]+){0,3}")
_ADDRESS: Final = re.compile(r"(?:https?|ftp|s3|gs)://[^\s\x00-\x1f\x7f-\x9f]+", re.IGNORECASE)
_PARTS: Final = re.compile(r"[0-9]+|[A-Za-z]+|[^0-9A-Za-z]")
_NAMES: Final = frozenset(
    {
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
        "sep", "oct", "nov", "dec", "t", "z", "gmt", "utc",
    }
)  # fmt: skip
_BETWEEN: Final = frozenset("-+:./, ")
_MOST_DATE: Final = 48
_LONGEST_NAME: Final = 9


def identifier(value: str | None) -> str | None:
    """A record's identifier: four words at most, of 200 characters together; of anything longer the digest."""
    if value is None or (len(value) <= MOST_IDENTIFIER and _IDENTIFIER.fullmatch(value)):
        return value
    return _digest(value)


def address(value: str | None) -> str | None:
    """A record's address on the web or on storage; of anything else (`mailto:`, `data:`, prose) the digest."""
    if value is None or (len(value) <= MOST_ADDRESS and _ADDRESS.fullmatch(value)):
        return value
    return _digest(value)


def date(value: str | None) -> str | None:
    """A record's date as it stands, where it is written in digits and the names of days and months; else None."""
    if value is None or len(value) > _MOST_DATE:
        return None
    return value if all(map(_of_date, _PARTS.findall(value))) else None


def _of_date(part: str) -> bool:
    known = len(part) <= _LONGEST_NAME and part[:3].lower() in _NAMES
    return known or part in _BETWEEN or (part.isascii() and part.isdecimal())


def _digest(value: str) -> str:
    return f"withheld:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
