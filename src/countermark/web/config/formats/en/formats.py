"""Dates in English: the day first, the month in full, 24 hours."""

from __future__ import annotations

from typing import Final

DATE_FORMAT: Final = "j F Y"
DATETIME_FORMAT: Final = "j F Y, H:i"
