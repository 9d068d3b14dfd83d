"""Whether a site serves the same to everybody: its robots.txt and a page, asked for under different names.

A name in the User-Agent field is all that differs. Servers that know an operator's crawlers by their IP addresses may
still answer the true ones otherwise; that cannot be seen from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from countermark.captures.history.seen import ROBOTS
from countermark.captures.history.warc_out import sha256
from countermark.captures.served import MAX_KNOWN, FetchError, Fetching, ask
from countermark.captures.served_address import parse_address
from countermark.errors import InputError
from countermark.reservations.response import Site
from countermark.reservations.target import ANY_AGENT, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.captures.served import Exchange
    from countermark.reservations.response import Response

BROWSER: Final = "browser"
"""What is asked first, and what the others are compared with."""
_BROWSER_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was served otherwise than to a browser.

    `what` is `robots-status`, `robots-body`, `page-status`, `page-final-url` or `statements`; `usual` and `served` are
    a status, an address, the first digits of a SHA-256, or statements as `protocol use=answer (scope)`.
    """

    agent: str
    what: str
    usual: str
    served: str


@dataclass(slots=True)
class Served:
    """What was served under one name. None where nothing usable came; then `failures` says why, by address."""

    agent: str
    robots: Exchange | None = None
    page: Exchange | None = None
    failures: dict[str, str] = field(default_factory=dict)

    def site(self, origin: str) -> Site:
        """The site as it showed itself under this name: its robots.txt and nothing else."""
        return Site(origin, self.robots.response() if self.robots else None)

    def response(self) -> Response | None:
        """The page under this name."""
        return self.page.response() if self.page else None


@dataclass(frozen=True, slots=True)
class Audit:
    """All that was served, the browser's first, and what differs from the browser's."""

    url: str
    served: tuple[Served, ...]
    differences: tuple[Difference, ...]


def audit(url: str, agents: Sequence[str], how: Fetching | None = None) -> Audit:
    """Ask for robots.txt and the page as a browser, as an agent that no rule names, and as each of `agents` (tokens).

    A page's body may differ at every request (a token, an advertisement) and is not compared; the reservations in it
    are. Raises InputError for an address or a token that cannot be used.
    """
    how = how or Fetching()
    address = parse_address(url)
    names = {BROWSER: _BROWSER_AGENT, ANY_AGENT: how.agent}
    for agent in agents:
        names.setdefault(agent, f"Mozilla/5.0 (compatible; {_token(agent)}/1.0)")
    served = tuple(_served(address.url, name, replace(how, agent=sent)) for name, sent in names.items())
    found = [one for other in served[1:] for one in _differences(address.url, served[0], other)]
    return Audit(address.url, served, tuple(found))


def _token(agent: str) -> str:
    if not agent or not all(sign.isascii() and (sign.isalnum() or sign in "-_. /") for sign in agent):
        raise InputError(
            f"{agent!r}: a user agent is named by its token, like GPTBot: letters, digits, '-', '_', '.'"
        )
    return agent


def _served(url: str, name: str, how: Fetching) -> Served:
    served = Served(name)
    robots = urljoin(url, ROBOTS)
    try:
        served.robots = ask(robots, replace(how, limit=MAX_KNOWN))
    except FetchError as error:
        served.failures[robots] = str(error)
    try:
        served.page = ask(url, how)
    except FetchError as error:
        served.failures[url] = str(error)
    return served


def _differences(url: str, usual: Served, other: Served) -> Iterator[Difference]:
    told = {
        "robots-status": (_status(usual.robots), _status(other.robots)),
        "robots-body": (_digest(usual.robots), _digest(other.robots)),
        "page-status": (_status(usual.page), _status(other.page)),
        "page-final-url": (_final(usual.page), _final(other.page)),
        # both are read for the same agent, so that only what was served can differ
        "statements": (_statements(url, usual, other.agent), _statements(url, other, other.agent)),
    }
    for what, (before, after) in told.items():
        if before != after:
            yield Difference(other.agent, what, before, after)


def _status(exchange: Exchange | None) -> str:
    return str(exchange.final.message.status) if exchange else "no answer"


def _digest(exchange: Exchange | None) -> str:
    return sha256(exchange.final.message.content)[:16] if exchange else "no answer"


def _final(exchange: Exchange | None) -> str:
    return exchange.final.url if exchange else "no answer"


def _statements(url: str, served: Served, agent: str) -> str:
    from countermark.reservations.sources import read_response, read_site  # noqa: PLC0415  every reader

    response = served.response()
    target = Target(url, agent, "image" if response and response.media_type.startswith("image/") else "")
    found = list(read_site(served.site(target.origin), target).statements)
    if response is not None:
        found += read_response(response, target, {}).statements
    told = {
        f"{one.protocol} {one.use}={one.answer}" + (f" ({one.scope})" if one.scope else "") for one in found
    }
    return "; ".join(sorted(told)) or "none"
