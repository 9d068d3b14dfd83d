"""Invented works, findings and cases for the tests of claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from countermark.claims.case import Case, RunFinding
from countermark.claims.claim import Request
from countermark.claims.rule_files import read_rules
from countermark.claims.run_findings import Joined
from countermark.works.entry import CatalogWork, Contributor, RightsFact, RightsKind

if TYPE_CHECKING:
    from countermark.claims.rule import Rule

RULES = read_rules()
ON = date(2026, 1, 10)
SNAPSHOT = "2025-06-01"


def owner(party: str = "Maison Aubier", **facts: Any) -> RightsFact:
    """Say who holds the right: exclusive, worldwide, by assignment."""
    said: dict[str, Any] = {"basis": "assignment", "exclusive": True, "territory": "WORLD"} | facts
    return RightsFact(RightsKind.OWNER, party, **said)


def registration(begins: str, number: str = "TX0001234567", **facts: Any) -> RightsFact:
    """Say that the work was registered in the United States."""
    return RightsFact(
        RightsKind.REGISTRATION,
        **({"party": "US Copyright Office", "begins": begins, "number": number} | facts),
    )


def reservation(begins: str, basis: str = "tdmrep", **facts: Any) -> RightsFact:
    """Say that mining was reserved."""
    return RightsFact(RightsKind.RESERVATION, "", basis=basis, begins=begins, uses="tdm", **facts)


def work(work_id: str = "w1", *rights: RightsFact, **facts: Any) -> CatalogWork:
    """Make a work of a living author, published in 2024."""
    said: dict[str, Any] = {
        "title": f"The {work_id} of Lindenau",
        "published": "2024-03-01",
        "country": "FR",
        "contributors": (Contributor("Ilse Marten"),),
    }
    return CatalogWork(work_id, rights=rights or (owner(),), **(said | facts))


def found(status: str = "found", **facts: Any) -> RunFinding:
    """Say what one run found."""
    grades = {"found": {"identical": 3}, "identifier": {"identifier": 1}, "name": {"name": 2}}.get(status, {})
    said: dict[str, Any] = {"run": "run", "corpus": "crawl-2025", "snapshot": SNAPSHOT, "grades": grades}
    return RunFinding(status=status, **(said | facts))


def rule(rule_id: str, **facts: Any) -> Rule:
    """Take a shipped rule, changed."""
    return replace(RULES[rule_id], **facts)


def request(
    works: list[CatalogWork],
    findings: dict[str, RunFinding],
    *rules: Rule,
    case: Case | None = None,
    **facts: Any,
) -> Request:
    """Ask for a claim on some works, each with at most one finding."""
    joined = Joined()
    kept = sorted(works, key=lambda one: one.work_id)
    for work_id, finding in findings.items():
        joined.add(work_id, finding)
    joined.runs.append(
        {
            "run": "run",
            "kind": "scan",
            "corpus": "crawl-2025",
            "snapshot": SNAPSHOT,
            "digest": "d" * 64,
            "complete": True,
            "works": len(findings),
            "controls": 0,
            "joined_by": {"work-id": len(findings)},
            "unjoined": 0,
            "unjoined_examples": [],
        }
    )
    return Request(lambda: iter(kept), "c" * 64, joined, case or Case(ON), rules, **facts)
