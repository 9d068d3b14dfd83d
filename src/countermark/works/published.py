"""Dates of publication, as catalogues write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

ACCEPTED: Final = "YYYY, YYYY-MM, YYYY-MM-DD or DD/MM/YYYY"

_ISO: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def parse_published(value: str) -> date:
    """The date that `value` writes; raises ValueError where it is in no accepted form.

    Where the day or the month is not said it is the first: a work counts as older rather than younger, so that it is
    never taken for one that a corpus cannot hold yet.
    """
    text = value.strip()
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        if match := _DAY_FIRST.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass  # a day that no calendar has: told like a form that is not accepted
    raise ValueError(f"{value!r} is no date; accepted are {ACCEPTED}")
