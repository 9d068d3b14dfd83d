"""Whether a robots.txt can say anything of a path at all, before it is read in earnest.

Most robots files are a few plain lines about paths that a captured page does not have. This look knows lines that every
reader takes alike, and of those only whether some Disallow may match; anything else (other extensions, misspellings,
other letters, percent-encoding, a match) is left to the readers. Lines of Content-Signal without a path are known as
well: they say the same of every path that no Disallow matches. A test holds this look and the readers together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SIZE: Final = 64 << 10
_LINE: Final = (
    rb"[\t ]*+(?:(?:user-agent|allow|disallow|sitemap|crawl-delay|host)[\t ]*+:[\t\x20-\x7e]{0,1000}+"
    rb"|content-signal[\t ]*+:[\t ]*+(?!/)[\t\x20-\x7e]{0,1000}+"
    rb"|#[\t\x20-\x7e]{0,1000}+)?+"
)
_PLAIN: Final = re.compile(rb"(?:" + _LINE + rb"(?:\r\n|\n|\r))*+" + _LINE, re.IGNORECASE)
_RULE: Final = re.compile(
    r"^[\t ]*+(?:(user-agent)|allow|(disallow))[\t ]*+:[\t ]*+([^\n#]*+)", re.IGNORECASE | re.MULTILINE
)
_PATH: Final = re.compile(r"/[A-Za-z0-9/._~?=&+,;:@!()-]*")
_TOKEN: Final = re.compile(r"[A-Za-z_-]+")
_SIGNAL: Final = re.compile(rb"content-signal", re.IGNORECASE)

Starred = tuple[str, tuple[str, ...]]


class Plain(NamedTuple):
    """A file of plain lines: the Disallow patterns that may be an agent's, and whether Content-Signal is named.

    Patterns are beginnings of paths, or have a `*`: then their longest piece between two, which is looked for first,
    and all pieces. Those whose longest piece has a `?` stand apart, since most paths have none.
    """

    beginnings: tuple[str, ...]
    starred: tuple[Starred, ...]
    queries: tuple[Starred, ...]
    signals: bool


def plain_of(body: bytes, agent: str) -> Plain | None:
    """What a plain file may say to an agent; None where the file is not plain."""
    token = agent if agent == "*" else _token(agent)
    if not token or len(body) > MAX_SIZE or b"%" in body or _PLAIN.fullmatch(body) is None:
        return None
    text = body.decode("ascii")
    patterns = _patterns(text.replace("\r", "\n") if "\r" in text else text, token)
    if patterns is None:
        return None
    beginnings = [pattern for pattern in patterns if "*" not in pattern]
    starred = [_starred(pattern) for pattern in patterns if "*" in pattern]
    return Plain(
        tuple(beginnings),
        tuple([one for one in starred if "?" not in one[0]]),
        tuple([one for one in starred if "?" in one[0]]),
        _SIGNAL.search(body) is not None,
    )


def _patterns(text: str, token: str) -> list[str] | None:
    """The Disallow patterns; None where one stands before any group, or is no path."""
    found: list[str] = []
    grouped = listing = concerned = False
    for names_agent, forbids, said in _RULE.findall(text):
        if names_agent:
            concerned = (listing and concerned) or "*" in said or token in said.lower()
            grouped = listing = True
            continue
        listing = False
        if not forbids:
            continue
        value = said.rstrip()
        if not grouped or value[:1] not in "/*":
            return None  # readers have something to say of it
        if concerned and value:
            found.append(value.removesuffix("$"))
    return found


def _starred(pattern: str) -> Starred:
    pieces = tuple(pattern.split("*"))
    return max(pieces, key=len), pieces


def is_open(plain: Plain | None, path: str) -> bool:
    """Whether no Disallow of a plain file can match a path (with its query)."""
    if plain is None or _PATH.fullmatch(path) is None:
        return False
    if path.startswith(plain.beginnings):
        return False
    starred = plain.starred + plain.queries if "?" in path else plain.starred
    return not any(_may_match(pieces, path) for longest, pieces in starred if longest in path)


def is_silent(plain: Plain | None, path: str) -> bool:
    """Whether such a file surely says nothing of a path."""
    return plain is not None and not plain.signals and is_open(plain, path)


def _may_match(pieces: Sequence[str], path: str) -> bool:
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:]:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def _token(agent: str) -> str:
    found = _TOKEN.fullmatch(agent)
    return found.group().lower() if found else ""
