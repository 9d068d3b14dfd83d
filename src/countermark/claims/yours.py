"""Step two: is the work the claimant's to claim? The chain of title, as far as the catalog tells it.

Who owns a work holds all of its rights: ownership is exclusive by nature, and asks for no word on it. Who was granted
a right holds what was granted: a licence that is not exclusive gives no standing, and where the catalog does not say
whether it is, the work drops until it does. An exclusive licence or an assignment to another takes the standing away,
in its countries and from its day on. What the catalog does not say is never taken for "no", and never hidden: it stands
under `not_said`. docs/explanation/what-a-claim-needs.md tells the rule in words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.outcome import Outcome
from countermark.claims.parties import same_name
from countermark.claims.spans import before, span_of
from countermark.claims.territory import covered
from countermark.claims.title import (
    ALONE,
    NOTICES,
    ORIGINAL,
    WHOLE,
    basis_of,
    not_said,
    passed_on,
    rivals,
    share_of,
)
from countermark.claims.uses import covers, to_anyone
from countermark.works.entry import RightsKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.claims.case import Case, RunFinding
    from countermark.claims.parties import Claimant
    from countermark.claims.spans import Span
    from countermark.works.entry import CatalogWork, RightsFact

_TITLE_FIELDS: Final = ("rights", "owner", "share", "exclusive")  # words of `Conflict.field`


def step_yours(
    work: CatalogWork, found: tuple[RunFinding, ...], case: Case, asked: Mapping[str, Any]
) -> Outcome:
    """Whether the claimant holds, or may act for whoever holds, the whole right in one of the rule's countries."""
    if conflict := next((one for one in work.conflicts if any(w in one.field for w in _TITLE_FIELDS)), None):
        facts = {"field": conflict.field, "said": sorted({said for said, _ in conflict.said})}
        return _dropped("title-conflict", facts, "settle-conflict")
    owners = holders(work, case)
    if not owners:
        return _dropped("title-not-shown", {}, "state-owner")
    holding = [fact for fact in owners if covers(fact.uses) and basis_of(fact) != "sales-rights"]
    if not holding:
        uses = sorted({word for fact in owners for word in fact.uses.split()})
        facts = {"owners": sorted({fact.party for fact in owners}), "uses": uses}
        return _dropped("other-uses", facts, "state-owner")
    mine = [fact for fact in holding if _is_mine(fact, work, case, asked["territory"])]
    if not mine:
        return _dropped(
            "owned-by-other", {"owners": sorted({fact.party for fact in holding})}, "show-mandate"
        )
    return _judged(mine, holding, case.act(found).span, case, asked["territory"])


def holders(work: CatalogWork, case: Case) -> list[RightsFact]:
    """Whoever holds a right of the work: owners, and exclusive licensees as what they are, save the respondent.

    What the respondent was licensed is good news, and told at the next step.
    """
    held = []
    for fact in work.rights:
        if fact.kind is RightsKind.OWNER:
            held.append(fact)
        elif fact.kind is RightsKind.LICENCE and fact.exclusive and not _is_given(fact, case):
            held.append(replace(fact, kind=RightsKind.OWNER, basis="exclusive-licence"))
    return held


def _is_given(licence: RightsFact, case: Case) -> bool:
    """Whether a licence is the respondent's, or anyone's."""
    respondent = case.respondent
    return to_anyone(licence.party) or (respondent is not None and respondent.is_named(licence.party))


def _judged(
    mine: list[RightsFact], owners: list[RightsFact], act: Span | None, case: Case, countries: Sequence[str]
) -> Outcome:
    """Leave out what does not stand; where nothing is left, the reason of the last that fell."""
    last = _dropped("title-not-shown", {}, "state-owner")
    standing = []
    for fact in mine:
        fault = _fault(fact, act, countries)
        if fault is None and (other := passed_on(fact, owners, act, countries)):
            licensed = basis_of(other) == "exclusive-licence"
            told = {
                "owner": fact.party,
                "owners": [other.party],
                "basis": other.basis,
                "begins": other.begins,
            }
            fault = (
                _dropped("licensed-exclusively", told, "licensee-claims")
                if licensed
                else _dropped("passed-on", told, "show-mandate")
            )
        if fault is None:
            standing.append(fact)
        else:
            last = fault
    return _whole(standing, owners, act, case, countries) if standing else last


def _whole(
    standing: list[RightsFact],
    owners: list[RightsFact],
    act: Span | None,
    case: Case,
    countries: Sequence[str],
) -> Outcome:
    """Whether what stands is the whole right."""
    parties = sorted({fact.party for fact in standing})
    beside = rivals(standing, owners, act, countries)
    if beside and any(fact.share is None for fact in standing):
        others = sorted({one.party for one in beside})
        return _dropped("several-owners", {"owners": parties, "others": others}, "state-shares")
    share = share_of(standing)
    if share < WHOLE:
        return _dropped("share-below-whole", {"owners": parties, "share": f"{share:f}"}, "join-co-owners")
    facts = {"owners": parties, "bases": sorted({basis_of(one) for one in standing} - {""})}
    facts["not_said"] = not_said(standing)
    if all(basis_of(one) in NOTICES for one in standing):
        return Outcome("yours", True, "owner-by-notice", facts)
    return Outcome("yours", True, "owner" if case.claimant else "owner-of-catalog", facts)


def _is_mine(fact: RightsFact, work: CatalogWork, case: Case, countries: Sequence[str]) -> bool:
    """Whether the claimant holds the right, or has a mandate from its holder. Without a claimant, all owners count."""
    claimant = case.claimant
    if claimant is None or claimant.is_named(fact.party, map(str, fact.party_identifiers)):
        return True
    if given := claimant.mandate_of(fact.party):
        return covered(given.territory, countries) is True and _in_force(given.begins, given.ends, case)
    return any(
        _mandates(one, fact, claimant, case) and covered(one.territory, countries, one.note) is True
        for one in work.rights
        if one.kind is RightsKind.MANDATE
    )


def _mandates(mandate: RightsFact, owner: RightsFact, claimant: Claimant, case: Case) -> bool:
    return (
        mandate.signed is not False
        and claimant.is_named(mandate.party, map(str, mandate.party_identifiers))
        and (not mandate.grantor or same_name(owner.party) in map(same_name, mandate.grantor.split(";")))
        and _mandate_covers(mandate.uses)
        and _in_force(mandate.begins, mandate.ends, case)
    )


def _mandate_covers(uses: str) -> bool:
    """Whether a mandate reaches a claim: many leave training out; one to claim or enforce does."""
    return covers(uses) or bool({"claims", "enforcement", "recouvrement", "litigation"} & set(uses.split()))


def _in_force(begins: str, ends: str, case: Case) -> bool:
    """Whether a mandate holds on the day of the claim; days that are not known count for it only if all do."""
    start, end = span_of(begins), span_of(ends)
    return (start is None or start.last <= case.on) and (end is None or end.first >= case.on)


def _fault(fact: RightsFact, act: Span | None, countries: Sequence[str]) -> Outcome | None:
    """Why one right does not carry the claim; None where it does."""
    basis = basis_of(fact)
    facts = {"owner": fact.party, "basis": fact.basis}
    if fact.exclusive is False:
        return _dropped("not-exclusive", facts, "exclusive-owner-claims")
    if fact.exclusive is None and (basis not in ALONE if basis else bool(fact.grantor)):
        return _dropped("exclusivity-not-said", facts, "say-exclusive")
    if fact.signed is False:
        return _dropped("not-signed", facts, "sign-assignment")
    reach = covered(fact.territory, countries, fact.note)
    if reach is None:
        return _dropped("territory-unclear", {**facts, "territory": fact.note}, "give-territory")
    if not reach:
        return _dropped("other-territory", {**facts, "territory": fact.territory}, "owner-there-claims")
    return _out_of_time(fact, "" if basis in ORIGINAL and basis else fact.begins, act, facts)


def _out_of_time(fact: RightsFact, begins: str, act: Span | None, facts: dict[str, Any]) -> Outcome | None:
    """Whether the right was held when the act began. The year of a copyright notice is no day of acquisition."""
    if act is None or not (begins or fact.ends):
        return None
    start, end = span_of(begins), span_of(fact.ends)
    facts = {**facts, "begins": begins, "ends": fact.ends, "act": act.written}
    held = before(start, act) if start else True
    not_over = before(act, end) if end else True
    if held is False:
        return _dropped("acquired-later", facts, "assign-accrued-claims")
    if not_over is False:
        return _dropped("right-ended", facts, "later-owner-claims")
    return _dropped("title-day-unknown", facts, "give-title-day") if None in (held, not_over) else None


def _dropped(reason: str, facts: Mapping[str, Any], saves: str) -> Outcome:
    return Outcome("yours", False, reason, facts, {"key": saves})
