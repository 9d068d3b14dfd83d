"""The chain of title: on what a right rests, to whom it went, and how much of it some rights make together."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from countermark.claims.parties import same_name
from countermark.claims.spans import before, span_of
from countermark.claims.territory import covered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from countermark.claims.spans import Span
    from countermark.works.entry import RightsFact

WHOLE: Final = Decimal(100)
ORIGINAL: Final = ("", "authorship", "work-for-hire", "copyright-statement", "copyright-notice")
"""Ownership from the beginning; it is taken so too where nothing is said of a basis or of a grantor."""
NOTICES: Final = ("copyright-statement", "copyright-notice")
"""A statement of whoever published the work: it names an owner, and shows no contract."""
ALONE: Final = (*ORIGINAL[1:], "assignment", "succession", "statute", "exclusive-licence")
"""Ways of holding a right that need no word on exclusivity: owning it, or a licence that says it is exclusive.

Any other word (`licence`, `sales-rights`, `agency`) is a grant that may or may not be exclusive, and must say so.
"""
_WRITTEN: Final = {
    "rightsinfo": "copyright-notice",
    "rights-info": "copyright-notice",
    "dc-rights": "copyright-notice",
    "copyright": "copyright-notice",
    "exclusive-license": "exclusive-licence",
    "work-made-for-hire": "work-for-hire",
}


@lru_cache(maxsize=4096)
def _basis(written: str) -> str:
    basis = same_name(written).replace(" ", "-")
    return _WRITTEN.get(basis, basis)


def basis_of(fact: RightsFact) -> str:
    """On what a right rests, in the words of `works.entry`, however it is spelled."""
    return _basis(fact.basis)


def same_party(one: RightsFact, other: RightsFact) -> bool:
    """Whether two facts speak of the same party: by an identifier, or by name."""
    if set(one.party_identifiers) & set(other.party_identifiers):
        return True
    return same_name(one.party) == same_name(other.party)


def passed_on(
    fact: RightsFact, owners: Iterable[RightsFact], act: Span | None, countries: Sequence[str]
) -> RightsFact | None:
    """The grant by which a right had gone to another when the act began.

    A grant that surely lay outside the act's time or outside the countries does not count, nor one of a part. A grant
    that names no grantor came from whoever made the work.
    """
    for other in owners:
        if same_party(other, fact) or not _from(other, fact) or _may_be_shared(other):
            continue
        if other.share is not None and other.share < (WHOLE if fact.share is None else fact.share):
            continue
        if _meets(other, act, countries):
            return other
    return None


def rivals(
    standing: Sequence[RightsFact], owners: Iterable[RightsFact], act: Span | None, countries: Sequence[str]
) -> list[RightsFact]:
    """Other owners of the same right at the same time and place, whose title is not a link of the same chain."""
    owners = list(owners)
    if len(owners) == len(standing):
        return []
    parties = {same_name(fact.party) for fact in standing}
    grantors = {same_name(name) for fact in standing for name in fact.grantor.split(";")}
    assigned = any(basis_of(fact) not in ORIGINAL for fact in standing)
    found = []
    for other in owners:
        name = same_name(other.party)
        from_standing = {same_name(one) for one in other.grantor.split(";")} & (parties - {""})
        in_chain = name in grantors or from_standing or (assigned and basis_of(other) in ORIGINAL)
        if any(same_party(other, fact) for fact in standing) or in_chain or _may_be_shared(other):
            continue
        if _meets(other, act, countries):
            found.append(other)
    return found


def _may_be_shared(fact: RightsFact) -> bool:
    """Whether a fact is a licence that is not, or may not be, exclusive: it takes nothing from anybody."""
    basis = basis_of(fact)
    return fact.exclusive is False or (fact.exclusive is None and basis != "" and basis not in ALONE)


def _meets(fact: RightsFact, act: Span | None, countries: Sequence[str]) -> bool:
    """Whether a right may have held in one of the countries when the act began."""
    start = None if basis_of(fact) in ORIGINAL[1:] else span_of(fact.begins)
    end = span_of(fact.ends)
    later = act is not None and start is not None and before(start, act) is False
    over = act is not None and end is not None and before(act, end) is False
    return covered(fact.territory, countries, fact.note) is not False and not later and not over


def _from(grant: RightsFact, fact: RightsFact) -> bool:
    if grant.grantor:
        return same_name(fact.party) in map(same_name, grant.grantor.split(";"))
    derived = basis_of(grant) in ("assignment", "succession", "exclusive-licence")
    return derived and basis_of(fact) in ORIGINAL and grant.share is None


def share_of(facts: Sequence[RightsFact]) -> Decimal:
    """The share that some rights make together: one that states none is the whole. The same party counts once."""
    parts: dict[str, Decimal] = {}
    for fact in facts:
        share = WHOLE if fact.share is None else fact.share
        name = same_name(fact.party)
        parts[name] = max(parts.get(name, Decimal(0)), share)
    return min(sum(parts.values(), Decimal(0)), WHOLE)


def not_said(facts: Sequence[RightsFact]) -> list[str]:
    """What the catalog leaves open about some rights; whoever owns a work need not say that it is exclusive."""
    lacking: set[str] = set()
    for fact in facts:
        basis = basis_of(fact)
        if not fact.begins:
            lacking.add("dates")
        if fact.exclusive is None and basis not in ALONE:
            lacking.add("exclusive")
        if fact.share is None:
            lacking.add("share")
        if fact.signed is None and basis not in ORIGINAL:
            lacking.add("signed")
        if not fact.territory:
            lacking.add("territory")
    return sorted(lacking)
