"""The bytes of a robots.txt as lines: a name, a value, and the octets that stood there.

Read as Google's reference parser reads: CR, LF or CRLF end a line, `#` begins a comment, a byte order mark (even a part
of one) is skipped, a colon may be missing where exactly two words stand, common misspellings of Disallow count.

One departure: that parser takes every name that begins with `allow` or `disallow` for these two, RFC 9309 only the
names themselves. `DisallowAITraining` and `AllowAITraining` (draft-canel-robots-ai-control) are another protocol's, and
stay what they are. Of the others (`Disallowed: /`) the line says that it is read by its beginning (`is_prolonged`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE: Final = 2083 * 8 - 1
"""Octets of a line that count, as in the reference parser; a longest address of 2,083 octets, eight times over."""

USER_AGENT: Final = "user-agent"
ALLOW: Final = "allow"
DISALLOW: Final = "disallow"
SITEMAP: Final = "sitemap"
CANONICAL: Final = frozenset({USER_AGENT, ALLOW, DISALLOW, SITEMAP})

OTHER_REFUSALS: Final = frozenset(
    f"disallow{mark}{about}"
    for mark in ("", "-", "_")
    for about in ("aitraining", "ai", "training", "ai-training")
)
"""Names of another protocol that refuse training."""
OTHER_PERMISSIONS: Final = frozenset(name.removeprefix("dis") for name in OTHER_REFUSALS)

_MARK: Final = b"\xef\xbb\xbf"
_END: Final = re.compile(rb"\r\n|\r|\n")
# The reference parser takes a name by how it begins, misspelt or not: robots.cc, ParsedRobotsKey.
_BEGINNINGS: Final = (
    (USER_AGENT, ("user-agent", "useragent", "user agent")),
    (ALLOW, ("allow",)),
    (
        DISALLOW,
        ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    ),
    (SITEMAP, ("sitemap", "site-map")),
)


_KNOWN: Final = frozenset(beginning for _, beginnings in _BEGINNINGS for beginning in beginnings)
_USUAL: Final = re.compile(rb"[ \t]*(?:dis)?allow[ \t]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something. `number` counts from 1; `name` is in lower case; `raw` is the line as it stood.

    Misspelt names of the four that every parser knows stand corrected in `name`; `written` gives them as they were.
    """

    number: int
    name: str
    value: str
    raw: bytes

    @property
    def octets(self) -> bytes:
        """The value as bytes, without comment and white space around."""
        return _parted(self.raw)[1]

    @property
    def written(self) -> str:
        """The name as it was written, in lower case."""
        return _parted(self.raw)[0].decode("utf-8", "replace").lower()

    @property
    def is_prolonged(self) -> bool:
        """Whether the name only begins like the known one: RFC 9309 does not know it, the reference parser does."""
        return _USUAL.match(self.raw) is None and self.name in CANONICAL and self.written not in _KNOWN


def without_mark(data: bytes) -> bytes:
    """The data without its byte order mark, or the part of one."""
    skipped = 0
    while skipped < min(3, len(data)) and data[skipped] == _MARK[skipped]:
        skipped += 1
    return data[skipped:]


def numbered(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each line without its end: its number from 1, the octet that it begins at, itself."""
    number, start = 1, 0
    for end in _END.finditer(data):
        yield number, start, data[start : end.start()]
        number, start = number + 1, end.end()
    yield number, start, data[start:]


def read_line(number: int, raw: bytes) -> Line | None:
    """A line that says something; None for comments, prose and what has no name. `raw` is cut before."""
    name, value, colon = _parted(raw)
    if not name:
        return None
    known = canonical(name[:64])
    if not colon and known not in CANONICAL:
        return None
    return Line(number, known, value.decode("utf-8", "replace"), raw)


@lru_cache(maxsize=1024)
def canonical(name: bytes) -> str:
    """The name that a written one stands for, in lower case."""
    said = name.decode("utf-8", "replace").lower()
    if said in OTHER_REFUSALS or said in OTHER_PERMISSIONS:
        return said
    for known, beginnings in _BEGINNINGS:
        if said.startswith(beginnings):
            return known
    return said


def _parted(raw: bytes) -> tuple[bytes, bytes, bool]:
    body = raw.partition(b"#")[0].strip()
    name, colon, value = body.partition(b":")
    if colon:
        return name.strip(), value.strip(), True
    words = body.split(None, 2)
    if len(words) == 2:
        return words[0], words[1], False
    return b"", b"", False
