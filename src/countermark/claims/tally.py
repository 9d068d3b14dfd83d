"""All works of a catalog through all rules: the lines of works.jsonl, and the counts that claim.json states."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.damages import AmountTally
from countermark.claims.figures import Figures
from countermark.claims.found import BEST_FIRST, COUNTED, best
from countermark.claims.funnel import Funnel, of_the_case, passage
from countermark.claims.outcome import GOOD_NEWS
from countermark.works.catalog.facts import as_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.claims.case import Case, RunFinding
    from countermark.claims.funnel import Passage
    from countermark.claims.outcome import Outcome
    from countermark.claims.rule import Rule
    from countermark.claims.tariff import Tariff
    from countermark.works.entry import CatalogWork

SHOWN: Final = 200
"""Works that the page shows; the works list has all."""
DEADLINES: Final = 100


@dataclass(slots=True)
class Tally:
    """What is counted while works go by. `shown` are lines for the page: what was found, claimable works first."""

    case: Case
    rules: tuple[Rule, ...]
    tariff: Tariff | None = None
    works: int = 0
    figures: Figures = field(default_factory=Figures)
    funnels: dict[str, Funnel] = field(default_factory=dict)
    amounts: dict[str, AmountTally] = field(default_factory=dict)
    good_news: Counter[str] = field(default_factory=Counter)
    savings: Counter[str] = field(default_factory=Counter)
    act_known_from: Counter[str] = field(default_factory=Counter)
    deadlines: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_deadlines: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    of_the_case: dict[tuple[str, str], Outcome] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """One funnel and one amount for each rule."""
        for rule in self.rules:
            self.funnels[rule.id] = Funnel(rule)
            self.amounts[rule.id] = AmountTally(rule, self.tariff)
        self.of_the_case = of_the_case(self.case, self.rules)

    def add(self, work: CatalogWork, found: tuple[RunFinding, ...]) -> dict[str, Any]:
        """Count one work under all rules; return its line for works.jsonl."""
        known = self.of_the_case.copy()
        written: dict[int, dict[str, Any]] = {}
        ways = {rule.id: passage(work, found, self.case, rule, known) for rule in self.rules}
        for rule_id, way in ways.items():
            self.funnels[rule_id].add(way)
            if way.dropped is None:
                self.amounts[rule_id].add(work)
        self.works += 1
        self.figures.add(work, found)
        self._good_news(ways)
        dropped = [way.dropped for way in ways.values() if way.dropped]
        self.savings.update({str(step.saves["key"]) for step in dropped if step.saves})
        self._deadlines(work, ways)
        line = {
            "work_id": work.work_id,
            "title": work.title,
            "facts": as_facts(work),
            "found": [finding.as_json() for finding in found],
            "rules": {rule_id: way.as_json(written) for rule_id, way in ways.items()},
        }
        self._show(line, found, ways)
        return line

    def _good_news(self, ways: Mapping[str, Passage]) -> None:
        """Good news under any rule counts once for each work."""
        news = {way.dropped.reason for way in ways.values() if way.dropped} & set(GOOD_NEWS)
        if news:
            self.good_news[next(reason for reason in GOOD_NEWS if reason in news)] += 1

    def _deadlines(self, work: CatalogWork, ways: Mapping[str, Passage]) -> None:
        for rule_id, way in ways.items():
            by = str(way.dropped.saves.get("by", "")) if way.dropped else ""
            if not by or way.dropped is None:
                continue
            self.deadlines[by, rule_id] += 1
            self.first_deadlines.append(
                {"by": by, "rule": rule_id, "work_id": work.work_id, "title": work.title, **way.dropped.saves}
            )
            if len(self.first_deadlines) > 8 * DEADLINES:
                self.first_deadlines = self._sorted_deadlines()

    def _sorted_deadlines(self) -> list[dict[str, Any]]:
        return sorted(self.first_deadlines, key=lambda one: (one["by"], one["work_id"], one["rule"]))[
            :DEADLINES
        ]

    def _show(self, line: dict[str, Any], found: tuple[RunFinding, ...], ways: Mapping[str, Passage]) -> None:
        finding = best(found)
        if finding is None or finding.status not in COUNTED:
            return
        claimable = sum(way.dropped is None for way in ways.values())
        rank = (-claimable, BEST_FIRST.index(finding.status), line["work_id"])
        self.shown.append(
            {"rank": rank, **{key: line[key] for key in ("work_id", "title", "found", "rules")}}
        )
        self.act_known_from[self.case.act(found).known_from] += 1
        if len(self.shown) > 8 * SHOWN:
            self.shown = self._sorted_shown()

    def _sorted_shown(self) -> list[dict[str, Any]]:
        return sorted(self.shown, key=lambda one: one["rank"])[:SHOWN]

    def shown_works(self) -> list[dict[str, Any]]:
        """The works for the page."""
        return [{key: value for key, value in one.items() if key != "rank"} for one in self._sorted_shown()]

    def deadlines_json(self) -> dict[str, Any]:
        """Days by which something saves works, in order: how many works, and the first of them."""
        return {
            "by_date": [
                {"by": by, "rule": rule, "works": count}
                for (by, rule), count in sorted(self.deadlines.items())
            ],
            "first": self._sorted_deadlines(),
        }

    def excluded(self, rule_id: str) -> dict[str, int]:
        """How many works each step and reason left out under a rule, as `step/reason`."""
        return {
            f"{step}/{reason}": count
            for step, reasons in sorted(self.funnels[rule_id].dropped.items())
            for reason, count in sorted(reasons.items())
        }
