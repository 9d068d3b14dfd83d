"""What computing and reading cost: a dated table of public list prices, which may be replaced by one's own.

`prices.json` beside this module gives ranges with their sources and the day on which they were looked up. The
environment variable `COUNTERMARK_PRICES` names another file of the same form.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.scan.estimate_total import Total

VARIABLE = "COUNTERMARK_PRICES"
NAMES = ("core_hour", "egress_gb", "thousand_reads")


class Range(NamedTuple):
    """A price or an amount of money, from … to."""

    low: float
    high: float

    def plus(self, other: Range) -> Range:
        """Both together."""
        return Range(self.low + other.low, self.high + other.high)

    def times(self, amount: float) -> Range:
        """The price of so much."""
        return Range(self.low * amount, self.high * amount)


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of an hour of a core, of a GB that leaves a storage, and of 1,000 reads; `checked` is a date."""

    checked: str
    currency: str
    core_hour: Range
    egress_gb: Range
    thousand_reads: Range

    def computing(self, core_hours: Total) -> Range:
        """What so many core-hours cost: the low price of the low end, the high price of the high end."""
        return Range(core_hours.low * self.core_hour.low, core_hours.high * self.core_hour.high)

    def reading(self, size: int, requests: int) -> Range:
        """What it costs that so many bytes leave an object storage in so many requests."""
        return self.egress_gb.times(size / 1e9).plus(self.thousand_reads.times(requests / 1000))


def read_prices() -> Prices:
    """The table of `COUNTERMARK_PRICES`, or else the one that comes with the programme. Raises InputError."""
    given = os.environ.get(VARIABLE)
    try:
        text = Path(given).read_text("utf-8") if given else _own()
        facts = json.loads(text)
    except OSError as error:
        raise InputError(f"{VARIABLE}={given}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{VARIABLE}={given}: not a table of prices: {error}") from error
    return _checked(facts, given or "prices.json")


def _own() -> str:
    return files(__package__).joinpath("prices.json").read_text(encoding="utf-8")


def _checked(facts: Any, where: str) -> Prices:
    if not isinstance(facts, dict) or facts.get("prices") != 1:
        raise InputError(f"{where}: not a table of prices of version 1")
    checked, currency = facts.get("checked"), facts.get("currency")
    if not isinstance(checked, str) or not isinstance(currency, str):
        raise InputError(f"{where}: “checked” (a date) and “currency” must be texts")
    core_hour, egress_gb, thousand_reads = (_range(facts.get(name), f"{where}: {name}") for name in NAMES)
    return Prices(checked, currency, core_hour, egress_gb, thousand_reads)


def _range(said: Any, where: str) -> Range:
    low: Any
    high: Any
    low, high = (said.get(end) if isinstance(said, dict) else None for end in ("low", "high"))
    numbers = type(low) in (int, float) and type(high) in (int, float)  # true and false are no prices
    if numbers and 0 <= low <= high < 1e6:
        return Range(float(low), float(high))
    raise InputError(f"{where} must have “low” and “high”: numbers, 0 ≤ low ≤ high")
