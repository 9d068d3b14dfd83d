"""Days that options name."""

from __future__ import annotations

from datetime import date

from countermark.errors import InputError


def day_of(text: str, option: str) -> date:
    """The day that an option names. Raises InputError with the option's name."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{option} {text}: a date is YYYY-MM-DD, for instance 2023-06-01") from error
