"""What a site said on a day of one of its pages: whatever holds for many pages is read once.

SiteReader
  ├── the archive      which robots.txt was in force, and what is not known of it
  ├── plain_robots     most files say nothing of a page, which a look can tell
  └── the readers      the file in earnest; once for all pages that no rule of a plain file matches
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from countermark.captures.named_agents import refused_agent
from countermark.captures.plain_robots import is_open, plain_of
from countermark.captures.robots_archive import ROBOTS
from countermark.reservations.response import Response, Site
from countermark.reservations.sources import read_site
from countermark.reservations.statement import NOTHING, Gathering, Place, Reading, joined
from countermark.reservations.target import ANY_AGENT, Target, origin_of

if TYPE_CHECKING:
    from countermark.captures.plain_robots import Plain
    from countermark.captures.robots_archive import SiteAt
    from countermark.reservations.statement import Remark

_USUAL: Final = re.compile(r"https?://[a-z0-9.-]+(?=/)")  # most addresses need no parser to find the origin


class Sites(Protocol):
    """An archive of what sites served at their known places (`RobotsArchive`)."""

    def lookup(self, origin: str, date: str, max_age: int) -> SiteAt:
        """What was in force on that date as far as the archive knows; `max_age` in days."""
        ...


class SiteSaid(NamedTuple):
    """What a site's files say of a page, and what the archive does not know of them."""

    reading: Reading
    remarks: tuple[Remark, ...]


def origin_at(url: str) -> str:
    """The origin of an address (`target.origin_of`), sooner found where it has the usual form."""
    usual = _USUAL.match(url)
    return usual.group() if usual else origin_of(url)


class SiteReader:
    """Reads for one agent what the sites of an archive said of their pages."""

    def __init__(self, sites: Sites, agent: str, max_age: int) -> None:
        """`max_age` is the age in days up to which a capture of robots.txt is accepted."""
        self._sites = sites
        self._agent = agent
        self._max_age = max_age
        self._plain = lru_cache(1024)(self._plain_of)
        self._open = lru_cache(1024)(self._read_open)
        self._any = agent == ANY_AGENT
        self._refused = lru_cache(1024)(refused_agent)

    def read(self, target: Target, date: str) -> SiteSaid:
        """What was said of a page; `date` is an instant (`instants.instant`)."""
        usual = _USUAL.match(target.url)
        found = self._sites.lookup(usual.group() if usual else target.origin, date, self._max_age)
        site = found.site
        if site is None:
            return SiteSaid(NOTHING, found.remarks)
        path = target.url[usual.end() :] if usual else target.path
        remarks = found.remarks
        if self._any and site.robots is not None and (refused := self._refused(site.robots.body)):
            remarks = (*remarks, _agents_refused(site.robots.url, site.robots.date, refused))
        said = self._read(site, target, path)
        if found.also:
            said = joined((said, *(self._read(other, target, path) for other in found.also)))
        return SiteSaid(said, remarks)

    def _read(self, site: Site, target: Target, path: str) -> Reading:
        robots = site.robots
        if robots is None or site.tdmrep or site.ai_txt or not 200 <= robots.status < 300:
            return read_site(site, target)
        plain = self._plain(robots.body)
        if plain is None or not is_open(plain, path):
            return read_site(site, target)
        return self._open(robots.url, robots.date, robots.body) if plain.signals else NOTHING

    def _plain_of(self, body: bytes) -> Plain | None:
        return plain_of(body, self._agent)

    def _read_open(self, url: str, date: str | None, body: bytes) -> Reading:
        """What a plain file says of all paths that no rule matches: `/robots.txt` is one (RFC 9309, section 2.2.2)."""
        origin = origin_of(url)
        site = Site(origin, Response(url, body=body, date=date))
        return read_site(site, Target(origin + ROBOTS, self._agent))


@lru_cache(4096)
def _agents_refused(url: str, date: str | None, agent: str) -> Remark:
    told = Gathering("captures", Place(url, date))
    told.remark("agents-refused", agent=agent)
    return told.remarks[0]


__all__ = ["SiteReader", "SiteSaid", "Sites", "origin_at"]
