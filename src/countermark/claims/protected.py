"""Step three: is there something to protect? Public domain, open licences, licences granted and quotations are not.

Most of what drops here is good news, and is told as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.claims.case import first_publication
from countermark.claims.found import best
from countermark.claims.outcome import Outcome
from countermark.claims.spans import Span, before, span_of
from countermark.claims.uses import covers, to_anyone
from countermark.works.entry import RightsKind
from countermark.works.licences import LicenceStatus, licence_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.claims.case import Case, RunFinding
    from countermark.works.entry import CatalogWork, RightsFact

_MAKERS: Final = (
    "author",
    "composer",
    "lyricist",
    "arranger",
    "translator",
    "illustrator",
    "photographer",
    "director",
)
"""Those whose lives the term of protection is counted from."""
_LONG_AGO: Final = 120
"""Years since publication after which a life that is not known may well have ended seventy years ago."""


def step_protected(
    work: CatalogWork, found: tuple[RunFinding, ...], case: Case, asked: Mapping[str, Any]
) -> Outcome:
    """Whether the work is protected, not free to copy, and not licensed to the respondent."""
    status = _licence(work, found)
    if status is LicenceStatus.PUBLIC_DOMAIN:
        return Outcome("protected", False, "public-domain", {"licence": work.licence, "by": "licence"})
    if status is LicenceStatus.FREE:
        return Outcome("protected", False, "free-licence", {"licence": work.licence})
    if licence := _granted(work, found, case):
        return licence
    finding = best(found)
    if finding is not None and finding.status == "quotation-sized":
        return Outcome("protected", False, "quotation-sized", {"run": finding.run})
    act = case.act(found).span or Span(case.on, case.on)
    if asked["term"] == "life":
        return _by_life(work, act.last.year, asked["years"])
    return _by_publication(work, act.last.year, asked["years"], asked["renewal_before"])


def _licence(work: CatalogWork, found: tuple[RunFinding, ...]) -> LicenceStatus:
    """What the catalog says of the licence; where it says nothing, what the catalogue of a run said."""
    status = licence_status(work.licence)
    said = {finding.licence_status for finding in found}
    if status is LicenceStatus.UNKNOWN:
        for other in (LicenceStatus.PUBLIC_DOMAIN, LicenceStatus.FREE):
            if str(other) in said:
                return other
    return status


def _granted(work: CatalogWork, found: tuple[RunFinding, ...], case: Case) -> Outcome | None:
    """A licence that may cover the act: to the respondent, or to anyone; one that surely does not is passed over."""
    licences = [fact for fact in work.rights if fact.kind is RightsKind.LICENCE and covers(fact.uses)]
    if not licences:
        return None
    act = case.act(found).span
    for fact in licences:
        respondents = case.respondent is not None and case.respondent.is_named(fact.party)
        if not (respondents or to_anyone(fact.party)) or _surely_outside(fact, act):
            continue
        facts = {"uses": fact.uses, "begins": fact.begins, "ends": fact.ends, "territory": fact.territory}
        if respondents:
            return Outcome("protected", False, "licensed", facts)
        return _to_anyone(work, fact, facts)
    return None


def _to_anyone(work: CatalogWork, licence: RightsFact, facts: dict[str, Any]) -> Outcome:
    """Mining is permitted to whoever has lawful access: good news, unless a record limits it or says the contrary."""
    facts = {**facts, "protocol": licence.basis, "note": licence.note}
    if any(fact.kind is RightsKind.RESERVATION and covers(fact.uses) for fact in work.rights):
        return Outcome("protected", False, "permitted-and-reserved", facts, {"key": "settle-permission"})
    if "EpubUsageStatus 02" in licence.note:  # list 146: permitted up to a limit
        return Outcome("protected", False, "permitted-in-limits", facts, {"key": "state-limits"})
    return Outcome("protected", False, "permitted-to-anyone", facts)


def _surely_outside(licence: RightsFact, act: Span | None) -> bool:
    start, end = span_of(licence.begins), span_of(licence.ends)
    if act is None:
        return False
    return (start is not None and before(start, act) is False) or (
        end is not None and before(act, end) is False
    )


def _by_life(work: CatalogWork, year: int, years: int) -> Outcome:
    """Protected until `years` after the death of the last maker, to the end of that year."""
    makers = [one for one in work.contributors if one.role in _MAKERS]
    deaths = [one.died for one in makers if one.died is not None]
    if makers and len(deaths) == len(makers) and max(deaths) + years < year:
        facts = {"died": max(deaths), "until": max(deaths) + years, "by": "life"}
        return Outcome("protected", False, "public-domain", facts)
    if deaths and max(deaths) + years >= year:
        return Outcome("protected", True, "in-term", {"died": max(deaths), "until": max(deaths) + years})
    published = span_of(work.published)
    if published and published.first.year + _LONG_AGO <= year:
        facts = {"published": work.published, "unknown": len(makers) - len(deaths)}
        return Outcome("protected", False, "death-unknown", facts, {"key": "give-death"})
    return Outcome("protected", True, "in-term-assumed", {"unknown": len(makers) - len(deaths)})


def _by_publication(work: CatalogWork, year: int, years: int, renewal_before: int) -> Outcome:
    """Counted from first publication alone: cautious, and told as such."""
    published = first_publication(work)
    if published is None:
        return Outcome("protected", True, "in-term-assumed", {"unknown": 1})
    facts = {"published": work.published}
    if published.last.year + years < year:
        until = published.last.year + years
        return Outcome("protected", False, "public-domain", {**facts, "until": until, "by": "publication"})
    if published.first.year + years < year:
        return Outcome("protected", False, "publication-year-unknown", facts, {"key": "give-publication"})
    renewed = any(
        fact.kind is RightsKind.REGISTRATION and fact.number.strip().upper().startswith("RE")
        for fact in work.rights
    )
    if published.first.year < renewal_before and work.country in ("", "US") and not renewed:
        return Outcome("protected", False, "renewal-unknown", facts, {"key": "give-renewal"})
    return Outcome("protected", True, "in-term", {**facts, "until": published.first.year + years})
