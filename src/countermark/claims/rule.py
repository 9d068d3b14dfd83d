"""A rule: a dated statement of the law as data. What it asks of a work, what it says of amounts, and where from.

A rule never decides: it sorts works by the facts that the catalog and the runs hold, and says what is missing. Its
files are described in docs/reference/rules.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

STEPS: Final = ("found", "yours", "protected", "reserved", "registered", "claimable")
"""The steps of the funnel, in order; a rule asks for some of them, always for the first and the last."""


class RuleStatus(StrEnum):
    """Whether the rule is law."""

    IN_FORCE = "in-force"
    PENDING = "pending"  # a bill: never yields an amount
    UNKNOWN = "unknown"  # the outcome is not in the sources read: ask counsel


class Quality(StrEnum):
    """How good a source is. What rests on `WEAK` or `MEMORY` is printed as not verified."""

    PRIMARY = "p"  # statute, court, parliament
    SERIOUS = "s"  # law firm, trade press, union
    WEAK = "w"  # a blog, a tracker
    MEMORY = "m"  # common knowledge for which no source was read


@dataclass(frozen=True, slots=True)
class RuleSource:
    """Where the rule is written, and what stands there, by language; `says` is empty where the reference is enough.

    `citation_fr` is the reference as French writes it, empty where that is the same; `url` is empty where only the
    citation is known.
    """

    citation: str
    quality: Quality
    url: str = ""
    citation_fr: str = ""
    says: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bracket:
    """One range of amounts for one unit, in the rule's currency. `name` says when it applies."""

    name: str
    minimum: Decimal
    maximum: Decimal
    quality: Quality


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the rule says of money. `per` is `work`, `violation`, `licence` (the user's tariff) or `none`.

    The first bracket that is named `ordinary` and the highest maximum make the range that is printed; the others are
    its conditions.
    """

    per: str
    currency: str = ""
    brackets: tuple[Bracket, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know, or to ask counsel; in both languages. `ask` marks what no source read could answer."""

    text: Mapping[str, str]
    quality: Quality
    ask: bool = False


@dataclass(frozen=True)  # without slots: `step_keys` is kept in its dictionary
class Rule:
    """One rule file. `asks` maps a step to its parameters; dates are ISO, `valid_from` may be empty (not known).

    `not_verified` names fields whose value rests on no source that was read.
    """

    id: str
    jurisdiction: str
    title: Mapping[str, str]
    status: RuleStatus
    valid_from: str
    last_checked: str
    stale_after_days: int
    asks: Mapping[str, Mapping[str, Any]]
    amounts: Amounts
    sources: tuple[RuleSource, ...]
    notes: tuple[Note, ...]
    default: bool
    not_verified: tuple[str, ...] = ()
    file: str = ""
    digest: str = ""

    def warnings(self, on: date) -> list[str]:
        """The keys of what a reader must be warned of on a day: `stale`, `pending`, `unknown`, `not-yet`."""
        found = []
        if (on - date.fromisoformat(self.last_checked)).days > self.stale_after_days:
            found.append("stale")
        if self.status is not RuleStatus.IN_FORCE:
            found.append(str(self.status))
        if self.valid_from and on < date.fromisoformat(self.valid_from):
            found.append("not-yet")
        return found

    def asked(self) -> tuple[str, ...]:
        """The steps that the rule asks for, in order."""
        return tuple(step for step in STEPS if step in self.asks)

    @cached_property
    def step_keys(self) -> tuple[tuple[str, str], ...]:
        """The steps with what tells their parameters from those of another rule."""
        marks = [
            [key for key in self.not_verified if key.startswith(f"asks.{step}")] for step in self.asked()
        ]
        return tuple(
            (step, repr((sorted(self.asks[step].items()), marked)) if step != "claimable" else self.id)
            for step, marked in zip(self.asked(), marks, strict=True)
        )
