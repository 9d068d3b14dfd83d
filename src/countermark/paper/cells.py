"""Cells of tables that are opened in spreadsheets."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins a formula in some spreadsheet, full-width forms too (OWASP, "CSV Injection")."""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet reckons with: an apostrophe stands before what could begin a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) else cell
