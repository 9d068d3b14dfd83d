"""The roll to hand over: who stands on it up to its newest signed head, with the statement and the counts.

Given out is what the public pages show, and nothing else: no mail address, no comment, nobody who withdrew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from countermark.errors import InputError
from countermark.web.fields.countries import country_name
from countermark.web.roll.heads import publish_newest
from countermark.web.roll.models import Entry, Head, Standing
from countermark.web.signing.trades import trade_name
from countermark.web.statement.models import Statement
from countermark.web.statement.texts import InForce, in_force

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

CHUNK: Final = 2000
COLUMNS: Final = ("number", "kind", "name", "trades", "country", "organisation", "entered_on")


@dataclass(frozen=True, slots=True)
class Signatory:
    """One line of the roll as it is shown; `name` is empty where its bearer shows none."""

    number: int
    kind: str
    name: str
    trades: tuple[str, ...]
    country: str
    organisation: str
    entered_on: str

    def row(self) -> dict[str, str]:
        """The values of `COLUMNS`."""
        return {
            "number": str(self.number),
            "kind": self.kind,
            "name": self.name,
            "trades": ", ".join(self.trades),
            "country": self.country,
            "organisation": self.organisation,
            "entered_on": self.entered_on,
        }


@dataclass(slots=True)
class Handover:
    """What is handed over; `signatories` can be read once, and `counts` is right when all of them were read."""

    statement: Statement
    text: InForce
    language: str
    origin: str
    head: Head | None
    made_at: datetime
    counts: dict[str, int] = field(
        default_factory=lambda: {"signatories": 0, "persons": 0, "organisations": 0, "unnamed": 0}
    )

    def signatories(self) -> Iterator[Signatory]:
        """Those on the roll, by number. Nothing is locked: who withdraws meanwhile is left out."""
        size = 0 if self.head is None else self.head.size
        rows = Entry.objects.filter(standing=Standing.LISTED, position__lt=size).order_by("number")
        for entry in rows.iterator(chunk_size=CHUNK):
            self.counts["signatories"] += 1
            self.counts["persons" if entry.kind == "person" else "organisations"] += 1
            self.counts["unnamed"] += not entry.name
            yield _signatory(entry, self.language)

    def head_document(self) -> dict[str, Any] | None:
        """Size, root and time of the head that this is of, as text."""
        if self.head is None:
            return None
        return {"size": self.head.size, "root": bytes(self.head.root).hex(), "time": self.head.at.isoformat()}


def hand_over(language: str, now: datetime) -> Handover:
    """Collect what is handed over in a language; raises InputError on a site without a statement."""
    statement, text = Statement.objects.filter(pk=1).first(), in_force(language)
    if statement is None or text is None:
        raise InputError(f"this site has no statement in {language!r} yet; `countermark serve` writes one")
    head = publish_newest(now)  # what is printed can then be found in every later export
    return Handover(statement, text, language, settings.SITE_ORIGIN, head, now)


def _signatory(entry: Entry, language: str) -> Signatory:
    trades = tuple(trade_name(code, language) for code in entry.trades.strip(",").split(",") if code)
    return Signatory(
        entry.number,
        entry.kind,
        entry.name,
        trades,
        country_name(entry.country, language) if entry.country else "",
        entry.organisation_name,
        entry.entered_on.isoformat() if entry.entered_on else "",
    )
