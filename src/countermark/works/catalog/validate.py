"""What a catalog lacks for a claim, and what in it cannot be right.

An *error* is what a claim must not be built on: conflicts, and a file that was changed after it was made. A *gap* is
what some rules ask for and is not known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.works.catalog.evidence import CREATORS, kind_of
from countermark.works.entry import RightsKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.works.catalog.read import Catalog
    from countermark.works.entry import CatalogWork

_EXAMPLES: Final = 10

GAPS: Final = {
    "title": "no title",
    "identifier": "no identifier: only a name can find them in listings",
    "published": "no date of publication, of the work or of an edition",
    "owner": "no owner of rights is named",
    "creator": "no author, composer, photographer or performer",
    "registration": "no registration (asked for in the United States only)",
}


@dataclass(slots=True)
class Check:
    """What was found: counts by what is missing or wrong, and the first works of each."""

    works: int = 0
    sound: bool = True
    gaps: Counter[str] = field(default_factory=Counter)
    conflicts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    suggestions: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many things are wrong."""
        return self.conflicts.total() + (not self.sound)


def validate(catalog: Catalog) -> Check:
    """Read the whole catalog and say what it lacks. Raises CatalogError where it is damaged."""
    check = Check(sound=catalog.digest == catalog.stated_digest)
    for work in catalog.works():
        check.works += 1
        for gap in _gaps(work):
            check.gaps[gap] += 1
            _note(check, f"gap {gap}", work)
        for field_name in (_kind(conflict.field) for conflict in work.conflicts):
            check.conflicts[field_name] += 1
            _note(check, f"conflict {field_name}", work)
    check.suggestions = sum(1 for _ in catalog.suggestions())
    check.refused = catalog.refused()
    return check


def _gaps(work: CatalogWork) -> Iterator[str]:
    if not work.title:
        yield "title"
    known = [*work.identifiers, *(i for edition in work.editions for i in edition.identifiers)]
    if not any(kind_of(i.scheme, "work") and not i.scheme.startswith("own:") for i in known):
        yield "identifier"
    if not work.published and not any(edition.published for edition in work.editions):
        yield "published"
    if not any(right.kind is RightsKind.OWNER for right in work.rights):
        yield "owner"
    if not any(one.role in CREATORS for one in work.contributors):
        yield "creator"
    if not any(right.kind is RightsKind.REGISTRATION for right in work.rights):
        yield "registration"


def _kind(field_name: str) -> str:
    """A conflict's field without the thing that it is about: `edition isbn:978…, published` is `edition, published`."""
    if field_name.startswith("identifier "):
        return "identifier in dispute"
    if field_name.startswith("edition"):
        return "edition, " + field_name.rpartition(", ")[2]
    if field_name.startswith("shares"):
        return "shares"
    return "year of death" if field_name.endswith("year of death") else field_name


def _note(check: Check, kind: str, work: CatalogWork) -> None:
    examples = check.examples.setdefault(kind, [])
    if len(examples) < _EXAMPLES:
        examples.append(work.work_id)
