"""What the public pages show of the roll: numbers that stand on it, searched and in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from countermark.web.fields.names import folded
from countermark.web.roll.models import Entry, Standing
from countermark.web.roll.proofs import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

PAGE_SIZE: Final = 50
LONGEST_QUERY: Final = 100
FARTHEST_PAGE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class PageOfEntries:
    """One page: `page` counts from 1 to `pages`, `total` is the number of entries on all of them."""

    entries: Sequence[Entry]
    page: int
    pages: int
    total: int

    @property
    def before(self) -> int | None:
        """The page before, if any."""
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        """The page after, if any."""
        return self.page + 1 if self.page < self.pages else None


def page_of_entries(
    query: str = "", trade: str = "", country: str = "", organisation: int | None = None, page: int = 1
) -> PageOfEntries:
    """A page of the roll in the order of numbers; a page beyond the last gives the last.

    Without a criterion every number that stands on the roll is there, the unnamed with nothing but their number. With
    one, only those who show what is asked for: `query` begins a word of the name, `trade` and `country` are codes,
    `organisation` is the key of an organisation that has signed.
    """
    rows = _matching(query, trade, country, organisation)
    total = rows.count()
    pages = max(1, -(-total // PAGE_SIZE))
    here = min(max(1, page), pages, FARTHEST_PAGE)
    start = (here - 1) * PAGE_SIZE
    return PageOfEntries(list(rows.order_by("number")[start : start + PAGE_SIZE]), here, pages, total)


def entry_of(number: int) -> Entry | None:
    """The entry of a number, whatever it stands for now."""
    return Entry.objects.filter(number=number).first()


def _matching(query: str, trade: str, country: str, organisation: int | None) -> QuerySet[Entry]:
    rows = Entry.objects.filter(standing=Standing.LISTED)
    words = folded(query[:LONGEST_QUERY])
    if words or query.strip():
        begins = Q(folded__startswith=words) | Q(folded__contains=f" {words}")
        rows = rows.filter(begins, display__in=PUBLIC) if words else rows.none()
    if trade:
        rows = rows.filter(trades__contains=f",{trade[:40]},", display=PUBLIC[0])
    if country:
        rows = rows.filter(country=country[:2].upper(), display=PUBLIC[0])
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation, display=PUBLIC[0])
    return rows
