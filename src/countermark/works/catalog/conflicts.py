"""Things said of one work that cannot all be right.

Shares and exclusive owners are compared where territory, time and uses meet. Who is the grantor in another fact has
given the right on, and no longer counts with its new owner: a chain of title is no conflict.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from countermark.works.catalog.evidence import CREATORS, fold
from countermark.works.entry import Conflict, RightsKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from countermark.works.entry import Entry, RightsFact, Source

Said = tuple[str, "Source"]

ROUNDING: Final = 0.05
"""What shares may exceed 100 per cent by: files of societies round each of them to a hundredth."""
MOST_OWNERS: Final = 200
"""Owners of one work that are compared with one another."""
MOST_SAID: Final = 10
"""Sources that a conflict names."""


def conflict(field: str, said: Iterable[Said], kept: str) -> Conflict:
    """A conflict that names the first MOST_SAID sources, each value and source once."""
    return Conflict(field, tuple(dict.fromkeys(said))[:MOST_SAID], kept)


def contributor_conflicts(entries: Sequence[Entry]) -> list[Conflict]:
    """Records that name authors, and share none."""
    said: list[Said] = []
    known: list[set[str]] = []
    for entry in entries:
        names = [one.name for one in entry.contributors if one.role in CREATORS]
        if names:
            said.append(("; ".join(dict.fromkeys(names)), entry.source))
            other = [name for one in entry.contributors if one.role in CREATORS for name in one.known_as]
            # The last word is the family name in nearly all; files differ in initials.
            known.append({fold(name).rpartition(" ")[2] for name in (*names, *other)})
    if any(not known[0] & others for others in known[1:]):
        return [conflict("contributors", said, said[0][0] + " (and the others)")]
    return []


def chain_conflicts(rights: Sequence[RightsFact], source: Source) -> list[Conflict]:
    """Shares above 100 per cent, and two exclusive owners of one right."""
    owners = [one for one in rights if one.kind is RightsKind.OWNER]
    if len(owners) > MOST_OWNERS:
        said = [(f"{len(owners):,} owners", source)]
        return [conflict("owners", said, f"all, not compared: more than {MOST_OWNERS}")]
    return [*_shares(owners, source), *_exclusives(owners, source)]


def _shares(owners: Sequence[RightsFact], source: Source) -> Iterator[Conflict]:
    told: set[tuple[RightsFact, ...]] = set()
    shared = [one for one in owners if one.share is not None]
    for one in shared:
        meeting = [other for other in shared if other is one or _meets_at_start(one, other)]
        present = tuple(other for other in meeting if not _has_passed_on(other, meeting))
        for land in sorted({land for other in present for land in _lands(other)}):
            there = tuple(other for other in present if land in _lands(other) or "WORLD" in _lands(other))
            total: Decimal | int = sum(other.share or 0 for other in there)
            if total <= 100 + ROUNDING or there in told:
                continue
            told.add(there)
            said = [(f"{other.party} {other.share:f} %", other.source or source) for other in there]
            where = "worldwide" if land == "WORLD" else f"in {land}"
            yield conflict(f"shares, {total:f} % {where}", said, "all, as said")


def _exclusives(owners: Sequence[RightsFact], source: Source) -> Iterator[Conflict]:
    exclusive = [one for one in owners if one.exclusive]
    for one, other in combinations(exclusive, 2):
        if fold(one.party) == fold(other.party) or not _meet(one, other):
            continue
        if one.share is not None and other.share is not None and one.share + other.share <= 100 + ROUNDING:
            continue
        chain = {fold(one.grantor), fold(other.grantor)}
        if fold(one.party) not in chain and fold(other.party) not in chain:
            said = [(_told(right), right.source or source) for right in (one, other)]
            yield conflict("exclusive owners", said, "both, as said")


def _told(right: RightsFact) -> str:
    place = right.territory or "territory not said"
    return f"{right.party} ({place}{f', from {right.begins}' if right.begins else ''})"


def _has_passed_on(one: RightsFact, others: Iterable[RightsFact]) -> bool:
    name = fold(one.party)
    return any(other is not one and other.grantor and fold(other.grantor) == name for other in others)


def _meet(one: RightsFact, other: RightsFact) -> bool:
    lands, others = _lands(one), _lands(other)
    places = "WORLD" in lands | others or bool(lands & others)
    return (
        places
        and _uses_meet(one, other)
        and _before(one.begins, other.ends)
        and _before(other.begins, one.ends)
    )


def _meets_at_start(one: RightsFact, other: RightsFact) -> bool:
    """Whether `other` holds on the day on which `one` begins, for the same uses."""
    begun = not other.begins or (bool(one.begins) and _before(other.begins, one.begins))
    return begun and _before(one.begins, other.ends) and set(one.uses.split()) == set(other.uses.split())


def _uses_meet(one: RightsFact, other: RightsFact) -> bool:
    first, second = set(one.uses.split()), set(other.uses.split())
    return not first or not second or "all" in first | second or bool(first & second)


def _before(begins: str, ends: str) -> bool:
    """Whether `begins` is not surely after `ends`; what is not said holds always."""
    length = min(len(begins), len(ends))
    return not begins or not ends or begins[:length] <= ends[:length]


def _lands(one: RightsFact) -> frozenset[str]:
    # A fact without territory is compared as if it held everywhere: a conflict is shown rather than missed.
    return frozenset(one.territory.split()) or frozenset({"WORLD"})
