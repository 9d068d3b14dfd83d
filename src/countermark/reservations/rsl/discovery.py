"""Where RSL terms are found: robots.txt, the Link header, links and scripts of a page (RSL 4.2 to 4.9, from notes).

    robots.txt   `License: ADDRESS`; lines in the agent's group replace those before all groups (4.4.2). Never changes
                 what Allow and Disallow say
    header       `Link: <ADDRESS>; rel="license"; type="application/rsl+xml"` (4.5)
    page         `<link rel="license" type="application/rsl+xml" href="ADDRESS">` (4.6.1), or the terms themselves in
                 `<script type="application/rsl+xml">` (4.6.2)

Addresses must be absolute. Terms that are not at hand are told, with a doubt; nothing is fetched here. Links of a page
stand for the whole page: which part of it holds them is not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.page import Page
from countermark.reservations.response import Headers
from countermark.reservations.rsl.links import parse_links
from countermark.reservations.rsl.scope import is_absolute
from countermark.reservations.rsl.terms import PAGE, SITE, read_terms
from countermark.reservations.rsl.vocabulary import MEDIA_TYPE, PROTOCOL
from countermark.reservations.statement import NOTHING, Gathering, Place, Reading, joined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.reservations.robots import Robots
    from countermark.reservations.target import Target

_FIELD: Final = "license"

Found = tuple[str, int]
"""An address as it is written, and the line it stands in (0: none)."""


def read_robots(robots: Robots, target: Target, place: Place, documents: Mapping[str, bytes]) -> Reading:
    """The terms that robots.txt names for the target's agent."""
    return _read(_in_robots(robots, target.agent), target, place, documents, "robots", SITE)


def read_headers(headers: Headers, target: Target, place: Place, documents: Mapping[str, bytes]) -> Reading:
    """The terms that the Link fields of a response name."""
    found, remarks = _in_headers(headers, place)
    return joined((_read(found, target, place, documents, "header", PAGE), remarks))


def read_page(page: Page, target: Target, place: Place, documents: Mapping[str, bytes]) -> Reading:
    """The terms that a page links to, and those within it."""
    if not page.links and not page.scripts:
        return NOTHING
    readings = [_read(_in_page(page), target, place, documents, "html", PAGE)]
    readings += [
        read_terms(script.text.strip().encode("utf-8", "replace"), target, place, "html", rank=PAGE)
        for script in page.scripts
        if _is_rsl(script.type)
    ]
    return joined(readings)


def linked(source: Robots | Headers | Page, agent: str | None = None) -> tuple[str, ...]:
    """The addresses of terms that a source names, for who wants to fetch them.

    `agent` matters to robots.txt only: None stands for all agents that it names.
    """
    if isinstance(source, Headers):
        found, _ = _in_headers(source, Place(""))
    elif isinstance(source, Page):
        found = _in_page(source)
    elif agent is None:
        found = [(line.value.strip(), line.number) for line in source.all_lines if line.name == _FIELD]
    else:
        found = _in_robots(source, agent)
    return tuple(dict.fromkeys(address for address, _ in found if is_absolute(address)))


def _in_robots(robots: Robots, agent: str) -> list[Found]:
    lines = robots.lines(_FIELD, agent) or robots.outside(_FIELD)
    return [(line.value.strip(), line.number) for line in lines]


def _in_headers(headers: Headers, place: Place) -> tuple[list[Found], Reading]:
    gathering = Gathering(PROTOCOL, place)
    found: list[Found] = []
    for value in headers.all("link"):
        links, rest = parse_links(value)
        # A link with an anchor speaks of something else than the response (RFC 8288, section 3.2).
        found += [(one.href, 0) for one in links if _names_terms(one.rel, one.type) and not one.anchor]
        if MEDIA_TYPE in rest.lower():
            gathering.remark("bad-link", doubt=True, value=rest)
    return found, gathering.reading()


def _in_page(page: Page) -> list[Found]:
    return [(link.href, 0) for link in page.links if _names_terms(link.rel, link.type)]


def _names_terms(rel: tuple[str, ...], kind: str) -> bool:
    """A `license` of another type, or of none, is no RSL: Creative Commons is linked to in this way."""
    return "license" in rel and _is_rsl(kind)


def _is_rsl(kind: str) -> bool:
    return kind.partition(";")[0].strip() == MEDIA_TYPE


def _read(
    found: list[Found],
    target: Target,
    place: Place,
    documents: Mapping[str, bytes],
    technique: str,
    rank: int,
) -> Reading:
    """The terms at some addresses, each read once."""
    if not found:
        return NOTHING
    gathering = Gathering(PROTOCOL, place)
    readings = []
    first = dict(reversed(found))
    for address in dict.fromkeys(address for address, _ in found):
        line = first[address]
        if not is_absolute(address):
            gathering.remark("not-absolute", line, doubt=True, value=address)
        elif address in documents:
            there = Place(address, place.date)
            readings.append(read_terms(documents[address], target, there, technique, rank=rank))
        else:
            gathering.remark("terms-not-read", line, doubt=True, address=address)
    return joined((*readings, gathering.reading()))
