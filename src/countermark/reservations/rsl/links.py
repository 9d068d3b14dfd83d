"""The `Link` header field (RFC 8288, section 3 and appendix B.2): several links in one field, quoted values, escapes.

One pass from left to right, each character looked at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINKS: Final = 1000
"""Links of one field that are read."""
_TARGET: Final = re.compile(r"[ \t,]*+<([^>]*+)>")
_PARAMETER: Final = re.compile(
    r"[ \t]*+;[ \t]*+"
    r"(?:([^ \t=;,\"]++)[ \t]*+(?:=[ \t]*+(?:\"((?:[^\"\\]|\\.)*+)(\"|$)|([^ \t;,\"]*+)))?+)?+",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """One link. `rel` has its tokens in lower case, `type` the media type without parameters in lower case."""

    href: str
    rel: tuple[str, ...]
    type: str
    anchor: str | None
    raw: str


def parse_links(value: str) -> tuple[list[HeaderLink], str]:
    """The links of a field's value, and what of it could not be read ("" if nothing is left)."""
    links: list[HeaderLink] = []
    at = 0
    while (found := _TARGET.match(value, at)) and len(links) < MAX_LINKS:
        parameters: dict[str, str] = {}
        end = found.end()
        for name, said, stop in _parameters(value, end):
            parameters.setdefault(name, said)  # of two the first counts (section 3.3)
            end = stop
        raw = value[found.start() : end].strip(" \t,")
        links.append(_link(found.group(1).strip(), parameters, raw))
        at = end
        if value[at:].lstrip(" \t")[:1] not in {"", ","}:
            break
    return links, value[at:].strip(" \t,")


def _parameters(value: str, at: int) -> Iterator[tuple[str, str, int]]:
    while found := _PARAMETER.match(value, at):
        name, quoted, _, bare = found.groups()
        at = found.end()
        said = _ESCAPE.sub(r"\1", quoted) if quoted is not None else (bare or "")
        yield (name or "").lower(), said, at


def _link(href: str, parameters: dict[str, str], raw: str) -> HeaderLink:
    rel = tuple(parameters.get("rel", "").lower().split())
    kind = parameters.get("type", "").partition(";")[0].strip().lower()
    return HeaderLink(href, rel, kind, parameters.get("anchor"), raw)
