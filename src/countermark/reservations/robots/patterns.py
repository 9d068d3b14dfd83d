"""Path patterns of RFC 9309, section 2.2.3: `*` is any sequence of octets, `$` at the end is the end of the path.

A pattern is compared from the start of the path. The most specific of several is the one with the most octets of its
own (section 2.2.2), not the one that covers most of the path: `/x/page.` outranks `/*.html`. Matching looks for the
pieces between the asterisks one after the other, leftmost first: no pattern is slower than pattern and path together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

NO_MATCH: Final = -1
_ESCAPE: Final = re.compile(rb"%[0-9A-Fa-f]{2}|[\x80-\xff]")
_ESCAPED: Final = re.compile(r"%([0-9A-F]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def encoded(text: str | bytes) -> str:
    """A pattern or path in ASCII: other octets percent-encoded, percent-encodings in upper case (RFC 3986, 6.2.2.1)."""
    octets = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    if octets.isascii() and b"%" not in octets:
        return octets.decode("ascii")
    return _ESCAPE.sub(_escaped, octets).decode("ascii")


def decoded_unreserved(text: str) -> str:
    """An encoded pattern or path with the percent-encodings undone that RFC 9309, section 2.2.2 wants undone."""
    return _ESCAPED.sub(lambda found: _plain(found[0], int(found[1], 16)), text) if "%" in text else text


def decoded_path(text: str) -> str:
    """An encoded path as RFC 9309 compares it: unreserved characters plain, `*` and `$` encoded (section 2.2.3)."""
    plain = decoded_unreserved(text)
    return plain.replace("*", "%2A").replace("$", "%24") if "*" in plain or "$" in plain else plain


def decoded_pattern(text: str) -> str:
    """An encoded pattern as RFC 9309 compares it: `$` stands for itself but at the end, and is encoded as in a path."""
    plain = decoded_unreserved(text)
    return plain[:-1].replace("$", "%24") + plain[-1:] if "$" in plain[:-1] else plain


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern, taken apart at its asterisks. `length` is its number of octets."""

    length: int
    pieces: tuple[str, ...]
    to_the_end: bool

    @property
    def literal(self) -> bool:
        """Whether it has no `*`."""
        return len(self.pieces) == 1

    def matches(self, path: str) -> bool:
        """Whether it covers a path, which is compared as it stands."""
        first, *others = self.pieces
        if not path.startswith(first):
            return False
        if not others:
            return not self.to_the_end or len(path) == len(first)
        reached, end = len(first), len(path)
        if self.to_the_end:
            last = others.pop()
            if not path.endswith(last):
                return False
            end -= len(last)
        for piece in others:
            found = path.find(piece, reached, end)
            if found < 0:
                return False
            reached = found + len(piece)
        return reached <= end


def taken_apart(pattern: str) -> Pattern:
    """The parts of an encoded pattern."""
    to_the_end = pattern.endswith("$")
    first, *others = (pattern[:-1] if to_the_end else pattern).split("*")
    kept = [piece for piece in others[:-1] if piece] + others[-1:]
    return Pattern(len(pattern), (first, *kept), to_the_end)


def match_length(pattern: str, path: str) -> int:
    """The number of octets of a pattern that covers a path, 0 for the empty pattern, -1 where it does not cover it.

    The pattern is percent-encoded first, the path is compared as it stands. Of several patterns the longest is the most
    specific.
    """
    parts = _compiled(pattern)
    return parts.length if parts.matches(path) else NO_MATCH


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Pattern:
    return taken_apart(encoded(pattern))


def _escaped(found: re.Match[bytes]) -> bytes:
    octets = found[0]
    return octets.upper() if len(octets) > 1 else b"%%%02X" % octets[0]


def _plain(escape: str, octet: int) -> str:
    return chr(octet) if chr(octet) in _UNRESERVED else escape
