"""The table of top domains of a corpus, with what they reserved: Regulation (EU) 2024/1689, Article 53(1)(d).

The Commission's template (C(2025) 8311, 5 December 2025) asks for the domains with the most content that was scraped:
the top 10 %. That a small provider may give 5 % or 1,000 is told from memory, and is to be verified in the template.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.compliance.domains import Domains, read_suffixes
from countermark.compliance.files import list_corpus
from countermark.compliance.judging import strictest
from countermark.compliance.record import KEEP
from countermark.compliance.signals import open_judge
from countermark.compliance.tally import Tally
from countermark.compliance.walk import walk
from countermark.errors import CorpusError
from countermark.reservations.use import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from countermark.compliance.files import Listing
    from countermark.compliance.judging import Judge
    from countermark.compliance.record import Fate, Seen, Unread
    from countermark.compliance.settings import Asking
    from countermark.compliance.tally import DomainCount

TOP_PERCENT: Final = 10.0
_RESERVED: Final = frozenset({Answer.RESERVED, Answer.CONDITIONAL})


@dataclass(frozen=True, slots=True)
class SummarySettings:
    """Which corpus, what is asked, and how many domains are listed: a share of them, or a number if `top` is given."""

    corpus: tuple[Path, ...]
    asking: Asking
    top_percent: float = TOP_PERCENT
    top: int | None = None
    suffixes: Path | None = None


class SummaryProgress(NamedTuple):
    """How far the count is: bytes done and in all, and domains found."""

    done: int
    total: int
    domains: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The top domains, and the denominators.

    `totals`: `read` records; of these `documents` are content (the others are errors, revisits, metadata), of these
    `with_domain` have an address with a host; `unreadable` could not be read; `bytes` are those of all documents. Of
    those that are not counted as reserved, `generative_reserved` are reserved for the training of generative models,
    which was not asked for, and `agents_refused` are of sites that refuse AI crawlers by name.
    """

    domains: tuple[DomainCount, ...]
    all_domains: int
    totals: dict[str, int]
    failed: tuple[tuple[str, str], ...]
    listing: Listing
    registrable: bool
    settings: SummarySettings = field(repr=False)


def summarise(
    settings: SummarySettings, progress: Callable[[SummaryProgress], None] = lambda _: None
) -> Summary:
    """Count a corpus by domain. Raises InputError."""
    listing = list_corpus(settings.corpus)
    domains = Domains(read_suffixes(settings.suffixes) if settings.suffixes else None)
    failed = []
    total, ended = sum(file.size for file in listing.files), 0
    with open_judge(settings.asking) as judge:
        counting = _Counting(judge, domains)
        for file in listing.files:
            counting.report = lambda done, ended=ended: progress(  # type: ignore[misc]
                SummaryProgress(ended + done, total, len(counting.tally))
            )
            try:
                walk(file, settings.asking.naming, counting)
            except CorpusError as error:
                failed.append((file.name, str(error)))
            ended += file.size
    found = len(counting.tally)
    wanted = settings.top if settings.top is not None else ceil(found * settings.top_percent / 100)
    names = (
        "read",
        "documents",
        "with_domain",
        "without_url",
        "undated",
        "unreadable",
        "bytes",
        "bytes_with_domain",
        "generative_reserved",
        "agents_refused",
    )
    totals = {name: counting.counts[name] for name in names}
    top = tuple(counting.tally.largest(wanted))
    return Summary(top, found, totals, tuple(failed), listing, settings.suffixes is not None, settings)


class _Counting:
    """Counts records by domain. See record.Visitor."""

    def __init__(self, judge: Judge, domains: Domains) -> None:
        self._judge = judge
        self._domains = domains
        self.tally = Tally()
        self.counts: Counter[str] = Counter()
        self.report: Callable[[int], None] = lambda _: None

    def seen(self, record: Seen) -> Fate:
        self.counts["read"] += 1
        if not record.document:
            return KEEP
        domain = self._domains.of(record.url)
        self.counts["documents"] += 1
        self.counts["bytes"] += record.size
        self.counts["undated"] += record.date is None
        if not domain:
            self.counts["without_url"] += 1
            return KEEP
        self.counts["with_domain"] += 1
        self.counts["bytes_with_domain"] += record.size
        judged = self._judge.judge(record)
        answered = strictest(judged.answers)
        self.counts["generative_reserved"] += judged.generative_reserved and answered.answer not in _RESERVED
        self.counts["agents_refused"] += judged.agents_refused and answered.answer not in _RESERVED
        self.tally.add(domain, record.size, record.date, answered)
        return KEEP

    def unread(self, what: Unread) -> None:
        self.counts["unreadable"] += what.records

    def passed(self, digest: Callable[[], str]) -> None:
        """A request is no content."""

    def progress(self, consumed: int) -> None:
        self.report(consumed)
