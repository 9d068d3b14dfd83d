"""Dates in French: a comma between day and hour."""

from __future__ import annotations

from typing import Final

DATE_FORMAT: Final = "j F Y"
DATETIME_FORMAT: Final = "j F Y, H:i"
