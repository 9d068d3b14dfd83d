"""Whether a robots.txt can say anything of a path at all, before it is read in earnest.

Most robots files are a few plain lines about paths that a captured page does not have. This look knows lines that every
reader takes alike, and of those only whether some Disallow may match; anything else (extensions, misspellings, other
letters, percent-encoding, a match) is left to the readers. Where it answers that a file is silent, they would find
nothing: a test holds the two together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SIZE: Final = 64 << 10
_LINE: Final = (
    rb"[\t ]*+(?:(?:user-agent|allow|disallow|sitemap|crawl-delay|host)[\t ]*+:[\t\x20-\x7e]{0,1000}+"
    rb"|#[\t\x20-\x7e]{0,1000}+)?+"
)
_PLAIN: Final = re.compile(rb"(?:" + _LINE + rb"(?:\r\n|\n|\r))*+" + _LINE, re.IGNORECASE)
_RULE: Final = re.compile(
    rb"^[\t ]*(user-agent|allow|disallow)[\t ]*:[\t ]*([^\r\n#]*)", re.IGNORECASE | re.MULTILINE
)
_PATH: Final = re.compile(r"/[A-Za-z0-9/._~?=&+,;:@!()-]*")
_TOKEN: Final = re.compile(r"[A-Za-z_-]+")

Patterns = tuple[tuple[str, tuple[str, ...]], ...]
"""Of each Disallow pattern its longest piece between `*`, which is looked for first, and all pieces."""


def patterns_of(body: bytes, agent: str) -> Patterns | None:
    """The Disallow patterns that may be an agent's, taken apart at each `*`; None where the file is not plain."""
    token = agent if agent == "*" else _token(agent)
    if not token or len(body) > MAX_SIZE or b"%" in body or _PLAIN.fullmatch(body) is None:
        return None
    found: list[tuple[str, tuple[str, ...]]] = []
    agents: list[str] = []
    listing = concerned = False
    for name, said in _RULE.findall(body.replace(b"\r", b"\n")):
        value = said.decode("ascii").strip()
        if name[:1] in b"uU":
            agents = [*agents, value.lower()] if listing else [value.lower()]
            listing = True
            concerned = any("*" in one or token in one for one in agents)
            continue
        listing = False
        if name[:1] in b"aA":
            continue
        if not agents or value[:1] not in "/*":
            return None  # before any group, or no path: readers have something to say of it
        if concerned and value:
            value = value.removesuffix("$")
            pieces = tuple(value.split("*"))
            found.append((value if len(pieces) == 1 else max(pieces, key=len), pieces))
    return tuple(found)


def is_silent(patterns: Patterns | None, path: str) -> bool:
    """Whether a file with these patterns surely says nothing of a path (with its query)."""
    if patterns is None or _PATH.fullmatch(path) is None:
        return False
    return not any(_may_match(pieces, path) for longest, pieces in patterns if longest in path)


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
