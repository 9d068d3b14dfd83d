"""Who wants to use what: the question that statements are resolved for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

ANY_AGENT: Final = "*"


@dataclass(frozen=True, slots=True)
class Target:
    """One resource, asked for by one agent.

    `url` is absolute, or "" for a file that has no address. `agent` is a product token (`GPTBot`) or `*`, which stands
    for an agent that no rule names. `medium` is `image` where the resource is one, else "" (text and pages).
    """

    url: str = ""
    agent: str = ANY_AGENT
    medium: str = ""

    @property
    def path(self) -> str:
        """Path and query as they stand in the address, `/` if there are none."""
        return path_of(self.url)

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for; "" without an address."""
        return origin_of(self.url)


def path_of(url: str) -> str:
    """Path and query of an address, as they stand in it; `/` where there are none or it cannot be read."""
    if url.startswith("/") and not url.startswith("//"):
        return url.partition("#")[0]
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    path = parts.path or "/"
    # an empty query is one (RFC 3986, section 3.4)
    asked = parts.query or url.partition("#")[0].endswith("?")
    return f"{path}?{parts.query}" if asked else path


def origin_of(url: str) -> str:
    """Scheme, host and port (none where it is the scheme's own) in lower case; "" where there is no host."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    scheme = parts.scheme.lower()
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}" if port in {None, usual} else f"{scheme}://{host}:{port}"
