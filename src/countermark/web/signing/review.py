"""Which signatures a person must look at before they are entered on the roll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.web.fields.names import mixes_scripts

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[str, str], str]

_checks: list[Check] = []


def register(check: Check) -> None:
    """Add a check of (name, mail address) that returns a reason, or "" ; rooms above offer theirs when they start."""
    if check not in _checks:
        _checks.append(check)


def must_be_held(name: str, email: str) -> str:
    """Why a signature is held for review, in a word such as "mixed-scripts"; "" for nearly all."""
    if mixes_scripts(name):
        return "mixed-scripts"
    if "://" in name or "www." in name.lower():
        return "link-in-name"
    for check in _checks:
        if reason := check(name, email):
            return reason
    return ""
