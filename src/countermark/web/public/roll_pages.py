"""Pages of the roll, as the site and the API show them: only those who are listed, in the order of their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from countermark.web.organisations.models import Organisation, State
from countermark.web.roll.entries import entry_of, page_of_entries
from countermark.web.roll.models import Standing
from countermark.web.signing.models import Display, Signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.web.roll.models import Entry

NOBODY: Final = 0  # no organisation has this key
FILTERS: Final = ("trade", "country", "organisation")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of the roll: a page, from 1, of those who match; empty texts match everybody.

    `organisation` is the slug of a verified one; `name` begins a word of the name.
    """

    page: int = 1
    name: str = ""
    trade: str = ""
    country: str = ""
    organisation: str = ""

    @property
    def query(self) -> str:
        """As a query string, without the page."""
        pairs = (("q", self.name), *((name, getattr(self, name)) for name in FILTERS))
        return urlencode([pair for pair in pairs if pair[1]])


@dataclass(frozen=True, slots=True)
class Page:
    """One page of `total` entries on `pages` pages; `organisation` is the name of the one that was asked for."""

    entries: Sequence[Entry]
    number: int
    pages: int
    total: int
    organisation: str = ""

    @property
    def near(self) -> list[int]:
        """Numbers of pages to link to: the first, the last, and two on each side."""
        wanted = {1, self.pages, *range(self.number - 2, self.number + 3)}
        return sorted(number for number in wanted if 1 <= number <= self.pages)

    @property
    def before(self) -> int:
        """The number of the page before; 0 on the first."""
        return self.number - 1

    @property
    def following(self) -> int | None:
        """The number of the next page, None on the last."""
        return self.number + 1 if self.number < self.pages else None


def page_of(asked: Asked) -> Page | None:
    """The page that was asked for; None where there are fewer."""
    key, organisation = None, ""
    if asked.organisation:
        row = (
            Organisation.objects.filter(slug=asked.organisation, state=State.VERIFIED)
            .only("pk", "name")
            .first()
        )
        key, organisation = (row.pk, row.name) if row else (NOBODY, asked.organisation)
    found = page_of_entries(asked.name, asked.trade, asked.country, key, asked.page)
    if found.page != asked.page:
        return None
    return Page(found.entries, found.page, found.pages, found.total, organisation)


def known_entry(number: int) -> Entry | None:
    """The entry of a number, whatever it stands for now; None for what no database could hold, too."""
    return entry_of(number) if 0 < number < 2**31 else None


def comment_of(entry: Entry) -> str:
    """The comment of an entry, once a moderator let it be shown; empty where there is none."""
    if entry.signature_id is None or entry.standing != Standing.LISTED or entry.display == Display.UNNAMED:
        return ""
    shown = Signature.objects.filter(pk=entry.signature_id, comment_shown=True)
    return shown.values_list("comment", flat=True).first() or ""
