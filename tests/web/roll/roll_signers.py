"""Signatories for the sequencer that are not in the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from countermark.web.fields.names import folded
from countermark.web.roll.source import Face

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass
class Signers:
    """Signatories that wait, as `roll.source.Source`."""

    kind: str = "person"
    faces: dict[int, Face] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def sign(self, name: str, display: int = 1, **shown: object) -> int:
        """One more, confirmed; returns its key."""
        key = len(self.faces) + 1
        self.show(key, name, display, **shown)
        return key

    def show(self, key: int, name: str, display: int = 1, **shown: object) -> None:
        """What a signatory shows from now on."""
        trades, country = str(shown.get("trades", ",poet,")), str(shown.get("country", "FR"))
        record: dict[str, object] = {"name": name} if display < 3 else {}
        if display == 1:
            record |= {"trades": trades.strip(",").split(","), "country": country}
        organisation = shown.get("organisation_id")
        self.faces[key] = Face(
            source_id=key,
            kind=self.kind,
            record=record,
            display=display,
            name=name if display < 3 else "",
            folded=folded(name) if display < 3 else "",
            trades=trades if display == 1 else "",
            country=country if display == 1 else "",
            organisation_id=organisation if isinstance(organisation, int) else None,
            entered_on=date(2026, 11, 22),
        )

    def waiting(self, limit: int) -> Sequence[Face]:
        """Those without a number."""
        return [face for key, face in sorted(self.faces.items()) if key not in self.numbers][:limit]

    def entered(self, numbers: Mapping[int, int]) -> None:
        """Keep the numbers."""
        self.numbers |= numbers

    def face(self, source_id: int) -> Face | None:
        """The face as it stands."""
        return self.faces.get(source_id)
