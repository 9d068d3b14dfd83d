"""Asking a site what it says: its files at known places, some pages, and what these point at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from countermark.captures.history.seen import KNOWN, Seen
from countermark.captures.served import MAX_KNOWN, Exchange, FetchError, Fetching, ask, iso
from countermark.captures.served_address import parse_address
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.captures.served import Hop
    from countermark.reservations.response import Response

MAX_POINTED: Final = 20
"""Licences and policies that are followed from one visit, in the order in which they were named."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that gave nothing usable: a stable word, a sentence, and the redirects up to there."""

    asked: str
    reason: str
    message: str
    hops: tuple[Hop, ...] = ()


@dataclass(slots=True)
class Visit:
    """All exchanges of one visit, in order. `left_out` are addresses that were named beyond the limit."""

    time: str
    agent: str
    pages: tuple[str, ...]
    exchanges: list[Exchange] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    left_out: tuple[str, ...] = ()

    def seen(self) -> Seen:
        """What was answered, to be judged."""
        seen = Seen(self.time, self.agent, list(self.pages))
        for exchange in self.exchanges:
            seen.answers[exchange.asked] = exchange.response()
            if problems := exchange.final.message.problems:
                seen.problems[exchange.asked] = problems
        seen.failures |= {failure.asked: failure.message for failure in self.failures}
        return seen

    def asked(self) -> set[str]:
        """Every address that was asked, answered or not."""
        return {one.asked for one in self.exchanges} | {one.asked for one in self.failures}


def visit(urls: Sequence[str], pages: Sequence[str] = (), how: Fetching | None = None) -> Visit:
    """Ask the sites of `urls` for what they say, and for each page; nothing is kept.

    `pages` are paths, or addresses on one of these sites. Licences and policies that statements point at are asked for
    too, wherever they stand, but never in the local network of whoever asks. Raises InputError for an address that
    cannot be used; an address that does not answer is a Failure.
    """
    how = how or Fetching()
    addresses = [parse_address(url) for url in urls]
    origins = list(dict.fromkeys(address.origin for address in addresses))
    wanted = list(dict.fromkeys([*(address.url for address in addresses), *_pages(origins, pages)]))
    done = Visit(iso(how.clock()), how.agent, tuple(wanted))
    for origin in origins:
        for place in KNOWN:
            _ask(done, urljoin(origin, place), replace(how, limit=MAX_KNOWN))
    for page in wanted:
        _ask(done, page, how)
    pointed = [one for one in _pointed_at(done.seen()) if one not in done.asked()]
    done.left_out = tuple(pointed[MAX_POINTED:])
    for address in pointed[:MAX_POINTED]:
        _ask(done, address, _for_document(address, origins, how))
    return done


def _pages(origins: Sequence[str], pages: Sequence[str]) -> Iterator[str]:
    for page in pages:
        for origin in origins:
            address = parse_address(urljoin(origin + "/", page))
            if address.origin in origins:
                yield address.url
            else:
                raise InputError(f"--page {page}: a path, or an address on {', '.join(origins)}, is accepted")


def _ask(done: Visit, url: str, how: Fetching) -> None:
    if url in done.asked():
        return
    try:
        done.exchanges.append(ask(url, how))
    except FetchError as error:
        done.failures.append(Failure(url, error.reason, str(error), error.hops))


def _for_document(url: str, origins: Sequence[str], how: Fetching) -> Fetching:
    """A document may stand anywhere on the web; within the local network only on the site that the user named."""
    own = parse_address(url).origin in origins
    return replace(
        how,
        limit=MAX_KNOWN,
        allow_loopback=how.allow_loopback and own,
        allow_private=how.allow_private and own,
    )


def _pointed_at(seen: Seen) -> list[str]:
    """The addresses of licences and policies that statements name, each once and in one spelling."""
    found: dict[str, None] = {}
    for origin in dict.fromkeys(parse_address(page).origin for page in seen.pages):
        robots = seen.site(origin).robots
        if robots is not None and 200 <= robots.status < 300:
            from countermark.reservations import rsl  # noqa: PLC0415
            from countermark.reservations.robots import parse_robots  # noqa: PLC0415

            _add(found, robots.url, rsl.linked(parse_robots(robots.body)))
    for page in seen.pages:
        response = seen.answers.get(page)
        if response is not None:
            _add(found, response.url, _linked(response))
        verdict = seen.judge(page)
        for said in verdict.uses.values():
            for statement in (*said.deciding, *said.conflicting):
                _add(found, statement.place.where, [statement.terms])
    return list(found)


def _linked(response: Response) -> list[str]:
    from countermark.reservations import rsl  # noqa: PLC0415
    from countermark.reservations.sources import HTML  # noqa: PLC0415

    found = list(rsl.linked(response.headers))
    if response.media_type in HTML:
        from countermark.reservations.page import read_page  # noqa: PLC0415

        found += rsl.linked(read_page(response.body))
    return found


def _add(found: dict[str, None], base: str, addresses: Sequence[str]) -> None:
    for one in addresses:
        # terms may also be the words of a condition
        if one.lower().startswith(("https://", "http://", "/", "./", "../")):
            try:
                found.setdefault(parse_address(urljoin(base, one)).url)
            except (InputError, ValueError):
                continue  # the reader of the protocol remarks on it
