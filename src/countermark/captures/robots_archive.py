"""The captures of robots.txt of a crawl, asked by origin and date: an SQLite file, made once, read by many.

    captures   url, date, status, location, digest of the body, whether it was cut, why it could not be read
    bodies     digest, bytes: each body once
    others     the few origins with a capture of tdmrep.json or ai.txt
    facts      what the archive was made of

Kept are captures of `/robots.txt`, `/.well-known/tdmrep.json` and `/ai.txt`. Asked for a day, the archive gives the
latest capture not after it. One that was made later is never used: nobody knows what stood there before.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin

from countermark.captures.instants import days_before, days_between
from countermark.errors import InputError
from countermark.reservations.response import Response, Site
from countermark.reservations.statement import Gathering, Place, Remark
from countermark.reservations.target import origin_of, path_of

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: Final = "countermark.robots-archive/1"
MAGIC: Final = b"SQLite format 3\0"
ROBOTS: Final = "/robots.txt"
TDMREP: Final = "/.well-known/tdmrep.json"
AI_TXT: Final = "/ai.txt"
KNOWN_PATHS: Final = frozenset({ROBOTS, TDMREP, AI_TXT})
MOST_REDIRECTS: Final = 5
"""RFC 9309, section 2.3.1.2: crawlers should follow at least five, also to another host."""
DEFAULT_AGE: Final = 30
"""Days after which a capture of robots.txt no longer says what stood there."""


class Capture(NamedTuple):
    """One capture of a file at a known place; `date` is in UTC, to the second.

    `cut` is 0, or how many bytes were kept where the body went on; `unread` says why there is no body.
    """

    url: str
    date: str
    status: int
    location: str
    digest: bytes
    cut: int
    unread: str


@dataclass(frozen=True, slots=True)
class SiteAt:
    """What a site served on a day as far as the archive knows, and what it does not know."""

    site: Site | None
    remarks: tuple[Remark, ...] = ()


class RobotsArchive:
    """An archive opened for reading; each process opens its own."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises InputError where it is no archive of ours."""
        self.path = path
        try:
            self._base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            self.facts: dict[str, str] = dict(self._base.execute("SELECT name, value FROM facts"))
            self._with_others = frozenset(url for (url,) in self._base.execute("SELECT origin FROM others"))
        except sqlite3.Error as error:
            raise InputError(f"{path}: not an archive of robots.txt captures: {error}") from error
        if self.facts.get("format") != FORMAT:
            raise InputError(
                f"{path}: an archive of the format {self.facts.get('format')!r}; {FORMAT!r} is read"
            )
        self._of = lru_cache(8192)(self._load)
        self._body = lru_cache(512)(self._load_body)
        self._at = lru_cache(8192)(self._found)
        self._whole = lru_cache(8192)(self._site_with)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    @property
    def identity(self) -> str:
        """The SHA-256 over all captures with the digests of their bodies: the same for the same captures."""
        return self.facts["identity"]

    def site_at(self, origin: str, date: str, max_age: int = DEFAULT_AGE) -> Site | None:
        """What a site served on a day, None where the archive does not know."""
        return self.lookup(origin, date, max_age).site

    def lookup(self, origin: str, date: str, max_age: int = DEFAULT_AGE) -> SiteAt:
        """The same with remarks on what is not known. `date` is an instant (`instants.instant`), `max_age` in days."""
        usual = self._usual(origin, date) if max_age > 0 and origin not in self._with_others else None
        if usual is not None:
            return self._whole(origin, usual)
        robots, remarks = self._robots(origin, date, max_age)
        others: list[Capture | None] = [None, None]
        if origin in self._with_others:
            others = [self._latest(origin + path, date, max_age) for path in (TDMREP, AI_TXT)]
        if robots is None and others == [None, None]:
            return SiteAt(None, remarks)
        return SiteAt(self._at(origin, robots, *others), remarks)

    def _usual(self, origin: str, date: str) -> Capture | None:
        """The last capture of robots.txt where it is of the same day, and nothing is to be told of it."""
        captures = self._of(origin + ROBOTS)
        if not captures:
            return None
        last = captures[-1]
        if last.date > date or last.date[:10] != date[:10] or last.unread or last.cut or last.location:
            return None
        return last

    def _site_with(self, origin: str, robots: Capture) -> SiteAt:
        return SiteAt(self._at(origin, robots, None, None))

    def _found(self, origin: str, *found: Capture | None) -> Site:
        robots, tdmrep, ai_txt = (self._response(capture) if capture else None for capture in found)
        return Site(origin, robots, tdmrep, ai_txt)

    def _response(self, capture: Capture) -> Response:
        body = self._body(capture.digest) if capture.digest else b""
        return Response(capture.url, capture.status, body=body, date=capture.date, cut=bool(capture.cut))

    def _latest(self, url: str, date: str, max_age: int) -> Capture | None:
        """The latest capture not after a date that can be read and is not too old."""
        found = next((capture for capture in reversed(self._of(url)) if capture.date <= date), None)
        if found is None or found.unread or found.date < days_before(date, max_age):
            return None
        return found

    def _robots(self, origin: str, date: str, max_age: int) -> tuple[Capture | None, tuple[Remark, ...]]:
        """The robots.txt of a day, redirects followed, with what is to be told of it."""
        told = Gathering("captures", Place(origin + ROBOTS, None))
        url = origin + ROBOTS
        found = None
        for hop in range(MOST_REDIRECTS + 1):
            captures = self._of(url)
            found = next((capture for capture in reversed(captures) if capture.date <= date), None)
            if found is None:
                _tell_none(told, captures, url if hop else "")
                break
            age = days_between(found.date, date)
            if age >= max_age and found.date < days_before(date, max_age):
                told.remark("robots-old", doubt=True, date=found.date, days=age, most=max_age)
                found = None
                break
            if not (300 <= found.status < 400 and found.location):
                break
            url = _known_form(urljoin(url, found.location))
        else:
            told.remark("robots-redirected", doubt=True, address=url)
            found = None
        if found is not None:
            found = _tell_found(told, found, date)
        return found, tuple(told.remarks)

    def _load(self, url: str) -> tuple[Capture, ...]:
        rows = self._base.execute(
            "SELECT url, date, status, location, digest, cut, unread FROM captures WHERE url = ? ORDER BY "
            "date, status, digest",
            (url,),
        )
        return tuple(Capture(*row) for row in rows)

    def _load_body(self, digest: bytes) -> bytes:
        row = self._base.execute("SELECT data FROM bodies WHERE digest = ?", (digest,)).fetchone()
        return bytes(row[0]) if row else b""


def _known_form(url: str) -> str:
    return origin_of(url) + path_of(url)


def _tell_none(told: Gathering, captures: tuple[Capture, ...], redirected: str) -> None:
    if redirected:
        told.remark("robots-redirected", doubt=True, address=redirected)
    elif captures:
        told.remark("robots-later", doubt=True, date=captures[0].date)
    else:
        told.remark("robots-missing", doubt=True)


def _tell_found(told: Gathering, found: Capture, date: str) -> Capture | None:
    """Tell the age of a capture, and what of it cannot be read; None where it cannot be at all."""
    if found.unread:
        told.remark("robots-unread", doubt=True, reason=found.unread)
        return None
    if found.cut:
        told.remark("robots-cut", doubt=True, size=found.cut)
    if age := days_between(found.date, date):
        told.remark("robots-age", date=found.date, days=age)
    return found
