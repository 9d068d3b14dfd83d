"""Amounts: always a minimum and a maximum together, with the works that are left out and why. Never one number.

    20,517 works × $750 = $15,387,750 … × $150,000 = $3,077,550,000: the second is a ceiling, and needs wilfulness.

A rule that is not law yields no amount; where the figure is a price, it is the user's tariff that says it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from countermark.claims.parties import same_name
from countermark.claims.rule import RuleStatus
from countermark.works.entry import RightsKind

if TYPE_CHECKING:
    from countermark.claims.rule import Bracket, Rule
    from countermark.claims.tariff import Tariff
    from countermark.works.entry import CatalogWork


class Units:
    """Works that count: all parts of one compilation, and all works under one collective registration, are one.

    Parts that were also registered by themselves still count once; how courts count them differs, so `separate` says
    how many there are.
    """

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._whole: dict[str, list[str]] = {}
        self.works = 0
        self.separate = 0

    def add(self, work: CatalogWork) -> None:
        """Count one claimable work."""
        self.works += 1
        self._root(f"work {work.work_id}")
        registrations = [fact for fact in work.rights if fact.kind is RightsKind.REGISTRATION]
        names = [
            f"reg {same_name(f.number)}"
            for f in registrations
            if f.registered_as == "collective" and f.number
        ]
        if work.part_of:
            names.append(f"in {same_name(work.part_of)}")
            self.separate += any(fact.registered_as in ("single", "group") for fact in registrations)
        for name in {same_name(work.work_id), same_name(work.title)} - {""}:
            self._whole.setdefault(f"in {name}", []).append(f"work {work.work_id}")
        for name in names:
            self._parent[self._root(name)] = self._root(f"work {work.work_id}")

    def __len__(self) -> int:
        # A compilation that stands in the catalog itself is one with its parts.
        for name in [name for name in self._whole if name in self._parent]:
            for work in self._whole.pop(name):
                self._parent[self._root(work)] = self._root(name)
        return sum(1 for name in self._parent if self._parent[name] == name)

    def _root(self, name: str) -> str:
        while (parent := self._parent.setdefault(name, name)) != name:
            self._parent[name] = name = self._parent[parent]
        return name


@dataclass(slots=True)
class AmountTally:
    """What the claimable works of one rule amount to."""

    rule: Rule
    tariff: Tariff | None = None
    units: Units = field(default_factory=Units)
    without_price: int = 0
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    by_medium: Counter[str] = field(default_factory=Counter)

    def add(self, work: CatalogWork) -> None:
        """Count one claimable work."""
        self.units.add(work)
        if self.tariff is None:
            return
        price = self.tariff.price(work.medium)
        if price is None:
            self.without_price += 1
            return
        self.by_medium[str(work.medium)] += 1
        self.low += price.minimum
        self.high += price.maximum

    def as_json(self, excluded: dict[str, int]) -> dict[str, Any]:
        """The amounts with their exclusions: `excluded` counts works by `step/reason`.

        `status` is `range`, or says why there is none: `not-law`, `nothing`, `no-figure`, `per-violation`,
        `tariff-missing`, `price-missing`.
        """
        amounts = self.rule.amounts
        told: dict[str, Any] = {
            "status": self._status(),
            "per": amounts.per,
            "works": self.units.works,
            "units": len(self.units),
            "separate_parts": self.units.separate,
            "excluded_works": sum(excluded.values()),
            "excluded": excluded,
        }
        if told["status"] == "range":
            told |= self._by_tariff() if amounts.per == "licence" else self._by_unit()
        elif told["status"] == "per-violation":
            told |= {"currency": amounts.currency, "each": [_each(one) for one in amounts.brackets]}
        return told

    def _status(self) -> str:
        per = self.rule.amounts.per
        if self.rule.status is not RuleStatus.IN_FORCE:
            return "not-law"
        if per == "none":
            return "no-figure"
        if per == "violation":
            return "per-violation"
        if not self.units.works:
            return "nothing"
        if per == "licence" and self.tariff is None:
            return "tariff-missing"
        return "price-missing" if per == "licence" and self.without_price == self.units.works else "range"

    def _by_unit(self) -> dict[str, Any]:
        brackets, count = self.rule.amounts.brackets, len(self.units)
        ordinary = next(one for one in brackets if one.name == "ordinary")
        highest = max(one.maximum for one in brackets)
        return {
            "currency": self.rule.amounts.currency,
            "range": _range(ordinary.minimum, highest, count),
            "conditions": [_each(one) | _range(one.minimum, one.maximum, count) for one in brackets],
        }

    def _by_tariff(self) -> dict[str, Any]:
        """The price of the licences: damages are *higher* than it, moral damage apart."""
        if self.tariff is None:
            return {}
        tariff = self.tariff
        return {
            "currency": tariff.currency,
            "range": {"minimum": str(self.low), "maximum": str(self.high)},
            "higher_than": True,
            "without_price": self.without_price,
            "by_medium": dict(sorted(self.by_medium.items())),
            "tariff": {
                "title": tariff.title,
                "source": tariff.source,
                "date": tariff.date,
                "digest": tariff.digest,
                "prices": {
                    medium: {"minimum": str(price.minimum), "maximum": str(price.maximum)}
                    for medium, price in sorted(tariff.prices.items())
                },
            },
        }


def _range(minimum: Decimal, maximum: Decimal, count: int) -> dict[str, str]:
    return {
        "minimum_each": str(minimum),
        "maximum_each": str(maximum),
        "minimum": str(minimum * count),
        "maximum": str(maximum * count),
    }


def _each(bracket: Bracket) -> dict[str, str]:
    return {
        "name": bracket.name,
        "minimum_each": str(bracket.minimum),
        "maximum_each": str(bracket.maximum),
        "quality": str(bracket.quality),
    }
