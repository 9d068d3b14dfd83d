"""The funnel: one work through the steps of one rule, and the counts of all works.

A work drops at the first step that it does not pass, with the reason and what would save it. Counts add up: what enters
a step either drops there or enters the next.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.found import step_found
from countermark.claims.outcome import GOOD_NEWS, Outcome
from countermark.claims.protected import step_protected
from countermark.claims.registered import step_registered
from countermark.claims.reserved import step_reserved
from countermark.claims.rule import RuleStatus
from countermark.claims.yours import step_yours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from countermark.claims.case import Case, RunFinding
    from countermark.claims.rule import Rule
    from countermark.works.entry import CatalogWork

_STEPS = {
    "yours": step_yours,
    "protected": step_protected,
    "reserved": step_reserved,
    "registered": step_registered,
}


@dataclass(frozen=True, slots=True)
class Passage:
    """The way of one work through one rule: the steps up to where it dropped."""

    steps: tuple[Outcome, ...]

    @property
    def dropped(self) -> Outcome | None:
        """The step at which the work dropped; None where it is claimable."""
        return None if self.steps[-1].passed else self.steps[-1]

    def as_json(self, written: dict[int, dict[str, Any]] | None = None) -> dict[str, Any]:
        """The way as it stands in works.jsonl. `written` keeps steps that several rules share, by identity."""
        dropped = self.dropped
        written = {} if written is None else written
        return {
            "steps": [written.get(id(step)) or _written(step, written) for step in self.steps],
            "claimable": dropped is None,
            "dropped_at": dropped.step if dropped else None,
            "saves": dict(dropped.saves) if dropped else {},
        }


def of_the_case(case: Case, rules: Iterable[Rule]) -> dict[tuple[str, str], Outcome]:
    """The outcomes that no work changes, as `passage` takes them: whether each rule is law, open, its facts stated."""
    return {
        (name, key): _marked(name, _claimable(case, rule, rule.asks[name]), rule)
        for rule in rules
        for name, key in rule.step_keys
        if name == "claimable"
    }


def passage(
    work: CatalogWork,
    found: tuple[RunFinding, ...],
    case: Case,
    rule: Rule,
    known: dict[tuple[str, str], Outcome] | None = None,
) -> Passage:
    """One work through the steps that a rule asks for.

    `known` keeps the outcomes of this work by step and parameters: most rules ask the same of it.
    """
    known = {} if known is None else known
    steps: list[Outcome] = []
    for name, key in rule.step_keys:
        outcome = known.get((name, key))
        if outcome is None:
            outcome = known[name, key] = _outcome(name, work, found, case, rule)
        steps.append(outcome)
        if not outcome.passed:
            break
    return Passage(tuple(steps))


_RESTS_ON: Final = {
    "asks.protected": ("until", "published", "died"),
    "asks.registered.act": ("act",),
    "asks.claimable.closed": ("closed",),
}
"""Facts of an outcome that follow from a parameter which a rule may mark as not verified."""


def _outcome(name: str, work: CatalogWork, found: tuple[RunFinding, ...], case: Case, rule: Rule) -> Outcome:
    asked = rule.asks[name]
    if name == "found":
        return step_found(found, asked)
    if name == "claimable":
        return _marked(name, _claimable(case, rule, asked), rule)
    return _marked(name, _STEPS[name](work, found, case, asked), rule)


def _marked(name: str, outcome: Outcome, rule: Rule) -> Outcome:
    """An outcome that rests on what the rule marks as not verified says so."""
    for key in rule.not_verified:
        if key.startswith(f"asks.{name}") and any(fact in outcome.facts for fact in _RESTS_ON.get(key, ())):
            return replace(outcome, facts={**outcome.facts, "not_verified": True})
    return outcome


def _claimable(case: Case, rule: Rule, asked: Mapping[str, Any]) -> Outcome:
    """What concerns the case, not the work: whether the rule is law, claims are open, and its facts are stated."""
    if rule.status is not RuleStatus.IN_FORCE:
        return Outcome("claimable", False, f"rule-{rule.status}", {}, {"key": "ask-counsel"})
    if asked["closed"] and case.on.isoformat() > asked["closed"]:
        return Outcome("claimable", False, "claims-closed", {"closed": asked["closed"]})
    stated = set(case.respondent.facts) if case.respondent else set()
    place = case.respondent.place if case.respondent else ""
    if place:
        stated.add("place-of-act")
    if missing := [need for need in asked["needs"] if need not in stated]:
        return Outcome(
            "claimable", False, "facts-needed", {"needs": missing}, {"key": "state-facts", "needs": missing}
        )
    if asked["places"] and place not in asked["places"]:
        return Outcome("claimable", False, "act-elsewhere", {"place": place, "places": list(asked["places"])})
    return Outcome("claimable", True, "claimable", {"needs": list(asked["needs"])})


def _written(step: Outcome, written: dict[int, dict[str, Any]]) -> dict[str, Any]:
    written[id(step)] = told = step.as_json()
    return told


@dataclass(slots=True)
class Funnel:
    """The counts of all works under one rule."""

    rule: Rule
    total: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    dropped: dict[str, Counter[str]] = field(default_factory=dict)
    passed_as: dict[str, Counter[str]] = field(default_factory=dict)
    saves: Counter[str] = field(default_factory=Counter)

    def add(self, way: Passage) -> None:
        """Count one work."""
        self.total += 1
        for step in way.steps:
            counters = self.passed_as if step.passed else self.dropped
            counter = counters.get(step.step)
            if counter is None:
                counter = counters[step.step] = Counter()
            counter[step.reason] += 1
            if step.passed:
                self.passed[step.step] += 1
        if way.dropped and way.dropped.saves:
            self.saves[str(way.dropped.saves["key"])] += 1

    def as_json(self) -> dict[str, Any]:
        """The steps with how many entered, passed and dropped, by reason; `good_news` apart."""
        steps, entered = [], self.total
        for name in self.rule.asked():
            dropped = dict(sorted(self.dropped.get(name, {}).items()))
            passed = self.passed[name]
            steps.append(
                {
                    "step": name,
                    "entered": entered,
                    "passed": passed,
                    "dropped": entered - passed,
                    "reasons": dropped,
                    "passed_as": dict(sorted(self.passed_as.get(name, {}).items())),
                }
            )
            entered = passed
        good = {reason: self.dropped.get("protected", Counter())[reason] for reason in GOOD_NEWS}
        return {
            "total": self.total,
            "claimable": self.passed["claimable"],
            "steps": steps,
            "good_news": {reason: count for reason, count in good.items() if count},
            "saves": dict(sorted(self.saves.items())),
        }
