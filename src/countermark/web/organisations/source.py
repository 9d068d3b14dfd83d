"""What the sequencer enters of organisations: all that it enters is public."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from countermark.web.fields.names import folded
from countermark.web.organisations.models import Organisation, State
from countermark.web.roll.source import Face

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class OrganisationSource:
    """Verified organisations, as a `roll.source.Source`."""

    kind: ClassVar[str] = "organisation"

    def waiting(self, limit: int) -> Sequence[Face]:
        """Those that are verified and have no number yet, oldest first, locked until the transaction ends."""
        rows = Organisation.objects.select_for_update().filter(state=State.VERIFIED, roll_number=None)
        return [_face(row) for row in rows.order_by("verified_at", "id")[:limit]]

    def entered(self, numbers: Mapping[int, int]) -> None:
        """Write the numbers back."""
        for pk, number in numbers.items():
            Organisation.objects.filter(pk=pk).update(roll_number=number)

    def face(self, source_id: int) -> Face | None:
        """The organisation as it now stands; None where it is gone, withdrawn or refused."""
        row = Organisation.objects.filter(pk=source_id, state=State.VERIFIED).first()
        return _face(row) if row else None


def _face(row: Organisation) -> Face:
    return Face(
        source_id=row.pk,
        kind=OrganisationSource.kind,
        record={"name": row.name, "kind": row.kind, "domain": row.domain, "country": row.country},
        display=1,
        name=row.name,
        folded=folded(row.name),
        country=row.country,
        organisation_id=row.pk,
        entered_on=row.verified_at.date() if row.verified_at else None,
    )
