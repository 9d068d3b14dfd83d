"""How the sequencer learns what to enter, without knowing who signs: rooms above offer sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class Face:
    """What the public may see of one signatory: the fields of an `Entry`, and the `record` that is committed to.

    `record` holds only what the signatory chose to show, as JSON values: {"name", "trades", "country", "organisation"};
    an unnamed one shows none of them.
    """

    source_id: int
    kind: str
    record: Mapping[str, object]
    display: int
    name: str = ""
    folded: str = ""
    trades: str = ""
    country: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""
    entered_on: date | None = None


class Source(Protocol):
    """A room that has signatories to enter."""

    @property
    def kind(self) -> str:
        """What it enters: "person" or "organisation"."""
        ...

    def waiting(self, limit: int) -> Sequence[Face]:
        """Those who are confirmed and not on the roll yet, oldest first.

        They are locked against withdrawal where the database can lock rows.
        """
        ...

    def entered(self, numbers: Mapping[int, int]) -> None:
        """Write the numbers {source_id: number} back; called in the sequencer's transaction."""
        ...

    def face(self, source_id: int) -> Face | None:
        """The face as it now stands, for an amendment; None where it is gone."""
        ...
