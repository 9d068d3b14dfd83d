"""Which addresses a <content url> speaks of (RSL 3.3, 4.6; from notes, see `vocabulary`).

The value is a path or an absolute address, matched as robots.txt matches (RFC 9309, section 2.2.2: octets from the
left, `*` for any, `$` for the end). A path is of the site that the terms are associated with. An empty value means
the scope of the association: the site, the page, or the item of a feed. `http` and `https` of one host are taken for
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from countermark.reservations.robots import match_length
from countermark.reservations.target import origin_of, path_of

if TYPE_CHECKING:
    from countermark.reservations.target import Target

NO_MATCH: Final = -1


def is_absolute(address: str) -> bool:
    """Whether it is an http or https address with a host, and without white space."""
    if not address or any(c.isspace() or ord(c) < 0x20 for c in address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_uri(address: str) -> bool:
    """Whether it is absolute in the sense of RFC 3986, section 4.3: a scheme and something behind it."""
    scheme, colon, rest = address.partition(":")
    named = scheme.isascii() and scheme[:1].isalpha() and all(c.isalnum() or c in "+-." for c in scheme)
    return bool(colon and rest and named) and not any(c.isspace() for c in address)


def is_pattern(url: str) -> bool:
    """Whether a content url can be matched: empty, a path, or an absolute address whose host is no pattern."""
    if any(c.isspace() or ord(c) < 0x20 for c in url):
        return False
    if not url or (url.startswith("/") and not url.startswith("//")):
        return True
    return is_absolute(url) and "*" not in (urlsplit(url).hostname or "")


def specificity(url: str, target: Target) -> int:
    """How many octets of the target's path the pattern matches; NO_MATCH for none. A target without address matches."""
    url = url.strip()
    if not url or not target.url:
        return 0
    if is_absolute(url):
        if _host(url) != _host(target.url):
            return NO_MATCH
        return match_length(path_of(url), target.path)
    return match_length(url, target.path) if url.startswith("/") else NO_MATCH


def _host(url: str) -> str:
    return origin_of(url).partition("://")[2]
