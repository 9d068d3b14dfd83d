"""Two path patterns (RFC 9309, 2.2.3: `*`, and `$` at the end) held against one another."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote

SAMPLE: Final = "x"


@lru_cache(maxsize=1 << 16)
def overlap(one: str, other: str) -> bool:
    """Whether some path is matched by both patterns, in time proportional to the product of their lengths."""
    begin, against = beginning(one), beginning(other)
    if not begin.startswith(against) and not against.startswith(begin):
        return False  # what stands before the first asterisk differs, as it mostly does
    a, b = _steps(one), _steps(other)
    # reached[j]: the first i steps of a and the first j steps of b can have matched the same octets
    reached = [True] + [False] * len(b)
    for j, step in enumerate(b):
        reached[j + 1] = reached[j] and step == "*"
    for step in a:
        row = [reached[0] and step == "*"]
        for j, other_step in enumerate(b):
            if step == "*":
                row.append(reached[j + 1] or row[j])
            elif other_step == "*":
                row.append(row[j] or reached[j + 1])
            else:
                row.append(reached[j] and step == other_step)
        reached = row
    return reached[-1]


def beginning(pattern: str) -> str:
    """What stands before the first asterisk: every path that is matched begins with it."""
    return pattern.removesuffix("$").partition("*")[0]


def contains(outer: str, inner: str) -> bool:
    """Whether a pattern plainly matches all that another matches: it is a beginning of it, without `*` or `$`."""
    return not set(outer) & {"*", "$"} and inner.startswith(outer)


def sample(pattern: str) -> str:
    """A path that a pattern matches."""
    exact = pattern.endswith("$")
    path = pattern.removesuffix("$").replace("*", SAMPLE)
    return path if exact else path + SAMPLE


def is_plain(pattern: str) -> bool:
    """Whether a pattern is ASCII that stands for itself in an address: nothing that a file format would take amiss."""
    return pattern.startswith("/") and quote(pattern, safe="/*$?&=%~!+,:@._-()") == pattern and _ends(pattern)


def encoded(pattern: str) -> str:
    """A pattern with its spaces and letters beyond ASCII percent-encoded (UTF-8), as browsers ask for such an address.

    Left as it is where that would be a guess: spaces at an end, unseen letters, a `%` that begins no escape.
    """
    if pattern != pattern.strip() or not pattern.isprintable() or re.search("%(?![0-9A-Fa-f]{2})", pattern):
        return pattern
    return "".join(quote(letter) if letter == " " or not letter.isascii() else letter for letter in pattern)


def _ends(pattern: str) -> bool:
    return "$" not in pattern[:-1]


def _steps(pattern: str) -> str:
    return pattern.removesuffix("$") if pattern.endswith("$") else pattern + "*"
