"""Every reader over one source: a site's own files, a response, a file at hand.

a site       robots.txt (robots, AIPREF, Content Signals, RSL), tdmrep.json, ai.txt
a response   header fields; the metas, links and scripts of a page; what stands within a file
a file       XMP, EPUB and PDF metadata, signed manifests, an ONIX record, RSL terms
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.reservations.statement import Gathering, Place, Reading, joined
from countermark.reservations.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from countermark.reservations.response import Response, Site
    from countermark.reservations.target import Target
    from countermark.reservations.verdict import Verdict

_LOOKED_AT: Final = 64 << 10
_GROUPS: Final = re.compile(rb"(?:^|[\r\n]|\xef\xbb\xbf)[\t ]*user-?agent[\t ]*:", re.IGNORECASE)
_RULES: Final = re.compile(rb"[\r\n][\t ]*(?:dis)?allow[\t ]*:", re.IGNORECASE)
_AI_TXT: Final = re.compile(r"(?:^|[^a-z])ai\b[^a-z]*\.txt")
_TDMREP: Final = re.compile(rb"\s*\[\s*\{[^\]]{0,4096}\"tdm-reservation\"")
HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_NAMES: Final = {"application/pdf": "served.pdf", "application/epub+zip": "served.epub"}
"""Names that promise what these media types do: where the bytes are none, that is told."""


def verdict_of(
    target: Target, site: Site | None = None, response: Response | None = None, date: str | None = None
) -> Verdict:
    """What a site and a response together say of a target; `date` is the day as of which they are taken."""
    documents = site.documents if site is not None else {}
    readings = [read_site(site, target)] if site is not None else []
    if response is not None:
        readings.append(read_response(response, target, documents))
    return judge(target, readings, date)


def read_site(site: Site, target: Target) -> Reading:
    """What the files at a site's known places say of a target."""
    readings = []
    if site.robots is not None:
        readings.append(_read_robots(site.robots, target, site.documents))
    if site.tdmrep is not None:
        from countermark.reservations.tdmrep import read_well_known  # noqa: PLC0415

        readings.append(_read_known("tdmrep", site.tdmrep, target, read_well_known))
    if site.ai_txt is not None:
        from countermark.reservations.ai_txt import read_ai_txt  # noqa: PLC0415

        readings.append(_read_known("ai-txt", site.ai_txt, target, read_ai_txt))
    return joined(readings)


def read_response(response: Response, target: Target, documents: Mapping[str, bytes]) -> Reading:
    """What a response says of itself: header fields, and what stands in the page or file that it carries."""
    place = Place(response.url, response.date)
    readings = list(_header_readings(response, target, place, documents))
    if response.body and _is_page(response):
        readings += _page_readings(response.body, target, place, documents)
    elif response.body:
        from countermark.reservations.embedded import read_embedded  # noqa: PLC0415

        name = _NAMES.get(response.media_type, response.url)
        readings.append(read_embedded(response.body, name, target, place))
    if response.cut:
        readings.append(_remarked("source", "cut", place, size=len(response.body)))
    return joined(readings)


def read_file(data: bytes, name: str, target: Target, place: Place) -> Reading:
    """What a file says of itself, whatever it is."""
    from countermark.reservations.embedded import read_embedded  # noqa: PLC0415
    from countermark.reservations.page import looks_like_page  # noqa: PLC0415

    if name.lower().endswith((".html", ".htm", ".xhtml")) or looks_like_page(data):
        return joined(_page_readings(data, target, place, {}))
    said = read_embedded(data, name, target, place)
    if not said and data.strip() and not is_recognised(data, name):
        return _remarked("source", "not-recognised", place)
    return said


def is_recognised(data: bytes, name: str) -> bool:
    """Whether a file is of a kind that is read, by its content or by its name."""
    from countermark.reservations.containers.kind import kind_of, promised  # noqa: PLC0415
    from countermark.reservations.containers.manifest import carries_manifest  # noqa: PLC0415

    return bool(promised(name)) or kind_of(data, name) not in {"", "zip"} or carries_manifest(data)


def known_place(data: bytes, name: str) -> str:
    """Which file at a known place a saved copy is (`robots (1).txt`): `robots`, `tdmrep`, `ai_txt`; "" for none.

    robots.txt and ai.txt are written alike: the latter is told by its name.
    """
    begin = data[:_LOOKED_AT]
    if b"\0" in begin:
        return ""
    if _RULES.search(begin) and _GROUPS.search(begin):
        return "ai_txt" if _AI_TXT.search(name.lower()) else "robots"
    return "tdmrep" if _TDMREP.match(begin) else ""


def _is_page(response: Response) -> bool:
    """Whether a response is a page: by one of its media types, or by how it begins."""
    from countermark.reservations.page import looks_like_page  # noqa: PLC0415

    return not HTML.isdisjoint(response.media_types) or looks_like_page(response.body)


def _read_robots(response: Response, target: Target, documents: Mapping[str, bytes]) -> Reading:
    from countermark.reservations import aipref, content_signals, robots, rsl  # noqa: PLC0415

    place = Place(response.url, response.date)
    if response.status >= 500 or response.status < 200:
        return _remarked("robots", "unreachable", place, status=response.status)
    if response.status >= 300:
        return Reading()  # RFC 9309, section 2.3.1.3: unavailable, so nothing is said
    parsed = robots.parse_robots(response.body)
    return joined(
        (
            robots.read_robots(parsed, target, place),
            aipref.read_robots(parsed, target, place),
            content_signals.read_robots(parsed, target, place),
            rsl.read_robots(parsed, target, place, documents),
        )
    )


def _read_known(
    protocol: str, response: Response, target: Target, read: Callable[[bytes, Target, Place], Reading]
) -> Reading:
    place = Place(response.url, response.date)
    if 200 <= response.status < 300:
        return read(response.body, target, place)
    if response.status >= 500:
        return _remarked(protocol, "unreachable", place, status=response.status)
    return Reading()


def _header_readings(
    response: Response, target: Target, place: Place, documents: Mapping[str, bytes]
) -> Iterator[Reading]:
    from countermark.reservations import aipref, content_signals, noai, rsl, tdmrep  # noqa: PLC0415

    yield aipref.read_headers(response.headers, target, place)
    yield content_signals.read_headers(response.headers, target, place)
    yield tdmrep.read_headers(response.headers, target, place)
    yield noai.read_headers(response.headers, target, place)
    yield rsl.read_headers(response.headers, target, place, documents)


def _page_readings(
    body: bytes, target: Target, place: Place, documents: Mapping[str, bytes]
) -> Iterator[Reading]:
    from countermark.reservations import aipref, noai, rsl, tdmrep  # noqa: PLC0415
    from countermark.reservations.page import read_page  # noqa: PLC0415

    page = read_page(body)
    yield aipref.read_page(page, target, place)
    yield tdmrep.read_page(page, target, place)
    yield noai.read_page(page, target, place)
    yield rsl.read_page(page, target, place, documents)


def _remarked(protocol: str, code: str, place: Place, **facts: object) -> Reading:
    gathering = Gathering(protocol, place)
    gathering.remark(code, 0, doubt=True, **facts)
    return gathering.reading()
