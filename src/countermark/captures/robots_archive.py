"""The captures of robots.txt of a crawl, asked by origin and date: an SQLite file, made once, read by many.

    captures   url, date, status, location, digest of the body, whether it was cut, why it could not be read
    bodies     digest, bytes: each body once
    others     the few origins with a capture of tdmrep.json or ai.txt
    facts      what the archive was made of

Kept are captures of `/robots.txt`, `/.well-known/tdmrep.json` and `/ai.txt`. Asked for a day, the archive gives the
latest capture not after it. One that was made later is never used: nobody knows what stood there before. Where a
site failed to answer (5xx, 429), the last readable capture before it stands in, and that is told.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin

from countermark.captures.instants import DAY, SECOND, days_before, days_between, is_older, not_after, order
from countermark.errors import InputError
from countermark.reservations.response import Response, Site
from countermark.reservations.statement import Gathering, Place, Remark
from countermark.reservations.target import origin_of, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMAT: Final = "countermark.robots-archive/1"
MAGIC: Final = b"SQLite format 3\0"
ROBOTS: Final = "/robots.txt"
TDMREP: Final = "/.well-known/tdmrep.json"
AI_TXT: Final = "/ai.txt"
KNOWN_PATHS: Final = frozenset({ROBOTS, TDMREP, AI_TXT})
MOST_REDIRECTS: Final = 5
"""RFC 9309, section 2.3.1.2: crawlers should follow at least five, also to another host."""
MOST_AT_ONCE: Final = 16
"""Captures of one second (or day) that are read; that there are several is told, and nothing is then called allowed."""
TOO_MANY: Final = 429
DEFAULT_AGE: Final = 30
"""Days after which a capture of robots.txt no longer says what stood there."""


class Capture(NamedTuple):
    """One capture of a file at a known place; `date` is an instant (`instants`).

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
    """What a site served on a date as far as the archive knows, and what it does not know.

    `also` is what it may have served instead: captures that nobody can put in order. The strictest of all stands.
    """

    site: Site | None
    remarks: tuple[Remark, ...] = ()
    also: tuple[Site, ...] = ()


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

    def lookup(self, origin: str, date: str, max_age: int = DEFAULT_AGE) -> SiteAt:
        """What a site served on a date, with remarks on what is not known.

        `date` is an instant (`instants.instant`), `max_age` in days.
        """
        usual = self._usual(origin, date) if max_age > 0 and origin not in self._with_others else None
        if usual is not None:
            return self._whole(origin, usual)
        found, remarks = self._robots(origin, date, max_age)
        robots: list[Capture | None] = [*found] if found else [None]
        others: list[list[Capture | None]] = [[None], [None]]
        if origin in self._with_others:
            for at, path in enumerate((TDMREP, AI_TXT)):
                some, more = self._known(origin + path, date, max_age)
                others[at] = [*some] if some else [None]
                remarks += more
        sites = [self._at(origin, robots[0], others[0][0], others[1][0])]
        sites += [self._at(origin, one, None, None) for one in robots[1:]]
        sites += [self._at(origin, None, one, None) for one in others[0][1:]]
        sites += [self._at(origin, None, None, one) for one in others[1][1:]]
        if sites[0] == Site(origin):
            return SiteAt(None, remarks)
        return SiteAt(sites[0], remarks, tuple(sites[1:]))

    def _usual(self, origin: str, date: str) -> Capture | None:
        """The last capture of robots.txt where it is of the same day, and nothing is to be told of it."""
        captures = self._of(origin + ROBOTS)
        if not captures or len(date) == DAY:
            return None
        last = captures[-1]
        if last.date[:DAY] != date[:DAY] or last.unread or last.cut or last.location or failed(last.status):
            return None
        if not not_after(last.date, date) or (len(captures) > 1 and not_after(last.date, captures[-2].date)):
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

    def _known(self, url: str, date: str, max_age: int) -> tuple[tuple[Capture, ...], tuple[Remark, ...]]:
        """The file at another known place: what could have stood there on the date, and can be read."""
        told = Gathering("captures", Place(url))
        limit = days_before(date, max_age)
        found, _ = standing(self._of(url), date, limit)
        found = [one for one in found if not one.unread and not is_older(one.date, limit)]
        if len(found) > 1:
            told.remark("files-two", doubt=True, date=found[0].date, number=len(found))
        return tuple(found), tuple(told.remarks)

    def _robots(self, origin: str, date: str, max_age: int) -> tuple[tuple[Capture, ...], tuple[Remark, ...]]:
        """The robots.txt of a date, redirects followed, with what is to be told of it.

        It is several where nobody can tell which of them stood there.
        """
        told = Gathering("captures", Place(origin + ROBOTS, None))
        ends: dict[Capture, None] = {}
        urls = [origin + ROBOTS]
        for hop in range(MOST_REDIRECTS + 1):
            led: dict[str, None] = {}
            for url in urls:
                for capture in self._on(url, date, max_age, told, redirected=hop > 0):
                    if 300 <= capture.status < 400 and capture.location:
                        led[_known_form(urljoin(url, capture.location))] = None
                    else:
                        ends[capture] = None
            urls = list(led)[:MOST_AT_ONCE]
            if not urls:
                break
        else:
            told.remark("robots-redirected", doubt=True, address=urls[0])
        found = [capture for capture in ends if _tell_found(told, capture, date)]
        return tuple(found[:MOST_AT_ONCE]), tuple(dict.fromkeys(told.remarks))

    def _on(
        self, url: str, date: str, max_age: int, told: Gathering, *, redirected: bool
    ) -> tuple[Capture, ...]:
        """The captures of an address that could have stood there on a date."""
        captures, limit = self._of(url), days_before(date, max_age)
        found, sure = standing(captures, date, limit)
        if not found:
            _tell_none(told, captures, url if redirected else "")
            return ()
        if is_older(found[0].date, limit):
            _tell_old(told, found[0], date, max_age)
            return ()
        if len(found) > 1:
            told.remark("robots-two", doubt=True, date=found[0].date, number=len(found))
        elif not sure:
            told.remark("robots-same-day", doubt=True, date=found[0].date)
        if not all(failed(one.status) for one in found):
            return tuple(found)
        return _before_error(found[0], captures, limit, told) or tuple(found)

    def _load(self, url: str) -> tuple[Capture, ...]:
        rows = self._base.execute(
            "SELECT url, date, status, location, digest, cut, unread FROM captures WHERE url = ? ORDER BY "
            "date, status, digest, location",
            (url,),
        )
        found = [Capture(*row) for row in rows]
        if any(len(one.date) != SECOND for one in found):
            found.sort(key=lambda one: order(one.date))
        return tuple(found)

    def _load_body(self, digest: bytes) -> bytes:
        row = self._base.execute("SELECT data FROM bodies WHERE digest = ?", (digest,)).fetchone()
        return bytes(row[0]) if row else b""


def failed(status: int) -> bool:
    """Whether an answer tells of a failure and not of a file: 5xx (RFC 9309, section 2.3.1.4), 429, no status."""
    return status >= 500 or status == TOO_MANY or 0 <= status < 200


def standing(captures: Sequence[Capture], date: str, limit: str) -> tuple[list[Capture], bool]:
    """Of captures in order those that could have stood there on a date, the latest first; none twice that are alike.

    That is the latest one not after the date, and what was captured in the same second with other content. Of a day
    alone nobody knows the hour: then all of that day count, and the latest before it, unless it is older than `limit`.
    The second value is whether one of them is surely not after the date.
    """
    at = len(captures)
    while at and not not_after(captures[at - 1].date, date):
        at -= 1
    if not at:
        return [], False
    last = captures[at - 1]
    day = last.date[:DAY] if len(date) == DAY and last.date[:DAY] == date else ""
    found = {_content(last): last}
    sure = not day
    for capture in reversed(captures[: at - 1]):
        if not (capture.date.startswith(day) if day else not_after(last.date, capture.date)):
            if day and not is_older(capture.date, limit):
                found.setdefault(_content(capture), capture)
                sure = True
            break
        if len(found) < MOST_AT_ONCE:
            found.setdefault(_content(capture), capture)
    return list(found.values()), sure


def _content(capture: Capture) -> tuple[object, ...]:
    return (capture.status, capture.location, capture.digest, capture.cut, capture.unread)


def _before_error(
    found: Capture, captures: tuple[Capture, ...], limit: str, told: Gathering
) -> tuple[Capture, ...]:
    """The last capture before a failure that can be read (RFC 9309, section 2.4: a cached copy may be used)."""
    for capture in reversed(captures[: captures.index(found)]):
        if is_older(capture.date, limit):
            break
        if not failed(capture.status) and not capture.unread:
            told.remark(
                "robots-before-error", doubt=True, status=found.status, date=found.date, earlier=capture.date
            )
            return (capture,)
    if found.status == TOO_MANY:
        told.remark("robots-refused", doubt=True, status=found.status)
    return ()


def _known_form(url: str) -> str:
    return origin_of(url) + path_of(url)


def _tell_none(told: Gathering, captures: tuple[Capture, ...], redirected: str) -> None:
    if redirected:
        told.remark("robots-redirected", doubt=True, address=redirected)
    elif captures:
        told.remark("robots-later", doubt=True, date=captures[0].date)
    else:
        told.remark("robots-missing", doubt=True)


def _tell_old(told: Gathering, found: Capture, date: str, max_age: int) -> None:
    days = days_between(found.date, date)
    told.remark("robots-old", doubt=True, date=found.date, days=days, most=max_age)


def _tell_found(told: Gathering, found: Capture, date: str) -> bool:
    """Tell the age of a capture, and what of it cannot be read; False where it cannot be at all."""
    if found.unread:
        told.remark("robots-unread", doubt=True, reason=found.unread)
        return False
    if found.cut:
        told.remark("robots-cut", doubt=True, size=found.cut)
    if age := days_between(found.date, date):
        told.remark("robots-age", date=found.date, days=age)
    return True
