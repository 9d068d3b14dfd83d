"""What is particular to the finds of one medium: their grades, their kinds, and what a work comes out as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.findings.finding import Grade
    from countermark.media import Medium

CONTROL: Final = "control"
"""The kind of what is found of a control: a false alarm, if it is seen there."""
PUBLIC_DOMAIN: Final = "public-domain"
LICENSED: Final = "licensed"
"""The kind of what lets anyone copy it."""
WORK: Final = "work"
"""The only kind that is claimed."""

FALSE_ALARM: Final = "false-alarm"
FOUND: Final = "found"
FREE: Final = "free-licence"
NOT_FOUND: Final = "not-found"
IN_DATA_SET: Final = (FOUND, FREE)
"""Statuses of works of which something stands in the corpus, claimed or not."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One medium. `name` is what its finds are called: the table is `<name>.parquet`, its key in the summary `name`.

    `grades` are those that its finds may have, in the order of the tables, `strength` the same from strongest to
    weakest. `kind_of` says which kind finds of a grade are that are not claimed, the first that fits first;
    `status_of` what a work comes out as of which no find is of a better kind. `columns` of the findings go into the
    table as they are.
    """

    medium: Medium
    name: str
    grades: tuple[Grade, ...]
    strength: tuple[Grade, ...]
    kind_of: Mapping[Grade, str]
    status_of: Mapping[str, str]
    columns: tuple[str, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of finds; the first that fits counts."""
        return (CONTROL, *self.kind_of.values(), PUBLIC_DOMAIN, LICENSED, WORK)

    @property
    def statuses(self) -> tuple[str, ...]:
        """What a work comes out as; the first that fits counts."""
        return (FALSE_ALARM, CONTROL, FOUND, FREE, *self.status_of.values(), NOT_FOUND)

    @property
    def files(self) -> dict[str, str]:
        """The tables of a run folder, by their names in its summary."""
        return {"works": "works.parquet", self.name: f"{self.name}.parquet", "findings": "findings/"}
