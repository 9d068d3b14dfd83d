"""Counting by domain in columns: memory grows with the number of domains, not of records."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.reservations.use import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.compliance.judging import Answered

ANSWERS: Final = tuple(Answer)
_COLUMNS: Final = ("records", "bytes", *ANSWERS, "protocols")


@dataclass(frozen=True, slots=True)
class DomainCount:
    """What was counted of one domain; dates are days, "" where no record has one."""

    domain: str
    records: int
    bytes: int
    first: str
    last: str
    answers: dict[Answer, int]
    protocols: tuple[str, ...]


class Tally:
    """Records, bytes, dates and answers by domain."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self._columns = {name: array("q") for name in _COLUMNS}
        self._first, self._last = array("l"), array("l")
        self._protocols: list[str] = []

    def __len__(self) -> int:
        """The number of domains."""
        return len(self._index)

    def add(self, domain: str, size: int, date: str | None, answered: Answered) -> None:
        """Count one record."""
        at = self._index.get(domain)
        if at is None:
            at = self._index[domain] = len(self._index)
            for column in self._columns.values():
                column.append(0)
            self._first.append(0)
            self._last.append(0)
        columns = self._columns
        columns["records"][at] += 1
        columns["bytes"][at] += size
        columns[answered.answer][at] += 1
        for protocol in answered.protocols:
            columns["protocols"][at] |= self._bit(protocol)
        if date:
            day = int(date[:10].replace("-", ""))
            self._first[at] = min(self._first[at] or day, day)
            self._last[at] = max(self._last[at], day)

    def largest(self, count: int) -> Iterator[DomainCount]:
        """The domains with the most bytes, the first `count` of them; equals by name."""
        sizes = self._columns["bytes"]
        order = sorted(self._index.items(), key=lambda item: (-sizes[item[1]], item[0]))
        return (self._count(domain, at) for domain, at in order[:count])

    def _count(self, domain: str, at: int) -> DomainCount:
        columns = self._columns
        mask = columns["protocols"][at]
        return DomainCount(
            domain,
            columns["records"][at],
            columns["bytes"][at],
            _day(self._first[at]),
            _day(self._last[at]),
            {answer: columns[answer][at] for answer in ANSWERS},
            tuple(sorted(name for bit, name in enumerate(self._protocols) if mask >> bit & 1)),
        )

    def _bit(self, protocol: str) -> int:
        if protocol not in self._protocols:
            self._protocols.append(protocol)
        return 1 << self._protocols.index(protocol)


def _day(number: int) -> str:
    text = f"{number:08d}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if number else ""
