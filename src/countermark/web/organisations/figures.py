"""How many signatories name an organisation, with small counts merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from countermark.web.roll.models import Entry, Standing
from countermark.web.statement.models import Statement

if TYPE_CHECKING:
    from countermark.web.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Naming:
    """`count` signatories, or None where they are fewer than `smallest`."""

    count: int | None
    smallest: int


def naming(organisation: Organisation) -> Naming:
    """Count the signatories on the roll who name a verified organisation."""
    smallest = Statement.objects.values_list("smallest_cell", flat=True).filter(pk=1).first() or 5
    entries = Entry.objects.filter(kind="person", standing=Standing.LISTED, organisation_id=organisation.pk)
    count = entries.count()
    return Naming(count if count >= smallest else None, smallest)
