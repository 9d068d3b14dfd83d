"""What was seen of a site at one moment, fresh from the network or read back from a capture, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from countermark.captures.history.warc_in import capture_bytes, read_records
from countermark.captures.served_address import parse_address
from countermark.errors import InputError
from countermark.reservations.response import Response, Site
from countermark.reservations.statement import Gathering, Place
from countermark.reservations.target import ANY_AGENT, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from countermark.captures.history.chain import Entry
    from countermark.captures.served_message import Message
    from countermark.reservations.statement import Reading
    from countermark.reservations.verdict import Verdict

ROBOTS: Final = "/robots.txt"
TDMREP: Final = "/.well-known/tdmrep.json"
AI_TXT: Final = "/ai.txt"
KNOWN: Final = (ROBOTS, TDMREP, AI_TXT)
"""The places that are asked on every site."""


class Documents(dict[str, bytes]):
    """Documents by address, in whatever spelling a statement names it."""

    def __contains__(self, address: object) -> bool:
        """Whether the document is there."""
        return super().__contains__(_spelled(address))

    def __getitem__(self, address: str) -> bytes:
        """The document at an address. Raises KeyError."""
        return super().__getitem__(str(_spelled(address)))


def _spelled(address: object) -> object:
    try:
        return parse_address(str(address)).url
    except InputError:
        return address


@dataclass(slots=True)
class Seen:
    """Everything that was answered at one moment, by the address that was asked.

    `time` is when the visit began. `failures` are addresses that gave nothing usable, with why; `problems` are answers
    in which something stayed unreadable. `pages` are the addresses that were asked for their own sake.
    """

    time: str
    agent: str
    pages: list[str] = field(default_factory=list)
    answers: dict[str, Response] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    problems: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def site(self, origin: str) -> Site:
        """The files at the known places of a site, and every document that was fetched beside them."""
        known = {place: urljoin(origin, place) for place in KNOWN}
        documents = Documents(
            (address, response.body)
            for asked, response in self.answers.items()
            if asked not in known.values() and 200 <= response.status < 300
            for address in (asked, response.url)
        )
        get = self.answers.get
        return Site(origin, get(known[ROBOTS]), get(known[TDMREP]), get(known[AI_TXT]), documents)

    def was_asked(self, url: str) -> bool:
        """Whether anything was asked of the site of an address."""
        origin = parse_address(url).origin
        return any(
            urljoin(origin, place) in group for place in KNOWN for group in (self.answers, self.failures)
        )

    def judge(self, url: str, agent: str = ANY_AGENT) -> Verdict:
        """The verdict on an address. What was not answered leaves a doubt: nothing is then called allowed."""
        from countermark.reservations.sources import read_response, read_site  # noqa: PLC0415  every reader
        from countermark.reservations.verdict import judge  # noqa: PLC0415

        address = parse_address(url)
        page = self.answers.get(address.url)
        image = page is not None and page.media_type.startswith("image/")
        target = Target(address.url, agent, "image" if image else "")
        site = self.site(address.origin)
        readings = [read_site(site, target), *self.doubts(url)]
        if page is not None:
            readings.append(read_response(page, target, site.documents))
        return judge(target, readings, self.time)

    def doubts(self, url: str) -> Iterator[Reading]:
        """What could not be read of the known places and the page; of what they point at it is told, and no more."""
        address = parse_address(url)
        origin, url = address.origin, address.url
        own = {*(urljoin(origin, place) for place in KNOWN), url}
        for asked, why in self.failures.items():
            yield _remark("unanswered", asked, self.time, doubt=asked in own, reason=why)
        for asked, whys in self.problems.items():
            for why in whys:
                yield _remark("unreadable", asked, self.time, doubt=asked in own, reason=why)
        if url not in self.answers and url not in self.failures:
            yield _remark("page-not-asked", url, self.time, doubt=True)
        elif url in self.answers and self.answers[url].status >= 400:
            yield _remark("page-status", url, self.time, doubt=True, status=str(self.answers[url].status))


def _remark(code: str, where: str, time: str, *, doubt: bool, **facts: str) -> Reading:
    gathering = Gathering("history", Place(where, time))
    gathering.remark(code, 0, doubt=doubt, **facts)
    return gathering.reading()


def seen_in(folder: Path, entry: Entry) -> Seen:
    """Read one capture back. Raises InputError where its file is not the one that the chain names, or is damaged."""
    records = {
        record.id: record
        for record in read_records(capture_bytes(folder, entry), entry.file)
        if record.kind == "response"
    }
    try:
        seen = Seen(entry.time, entry.facts["agent"], list(entry.facts["pages"]))
        for told in entry.facts["responses"]:
            record = records[told["record"]]
            _take(seen, told["asked"], record.fields, record.message())
        for told in entry.facts["failed"]:
            seen.failures[told["asked"]] = told["message"]
            seen.answers.pop(told["asked"], None)  # redirects that led nowhere
    except KeyError as error:
        raise InputError(
            f"{folder}: line {entry.line} of the chain and {entry.file} do not fit: {error}"
        ) from None
    return seen


def _take(seen: Seen, asked: str, fields: Mapping[str, str], message: Message) -> None:
    # a redirect's answer comes after the redirect, and takes its place
    seen.answers[asked] = Response(
        fields["warc-target-uri"], message.status, message.headers, message.content, fields["warc-date"]
    )
    if message.problems:
        seen.problems[asked] = message.problems
    else:
        seen.problems.pop(asked, None)
