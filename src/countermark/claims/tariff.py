"""The user's tariff: what a licence would have cost, for each kind of work. Countermark knows no price of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from countermark.claims.toml_table import parse_toml, read_bytes
from countermark.works.entry import WorkMedium

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Price:
    """The royalty for one work of a medium, from `minimum` to `maximum`."""

    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price table. `prices` are by medium; `default` is for the others, where the table has it."""

    title: str
    source: str
    date: str
    currency: str
    prices: dict[str, Price]
    digest: str

    def price(self, medium: str) -> Price | None:
        """The price of a work; None where the table has none."""
        return self.prices.get(medium) or self.prices.get("default")


def read_tariff(path: Path) -> Tariff:
    """A tariff file. Raises InputError.

    title = "…"            what the table is called
    source = "…"           who published it
    date = "2026-01-01"    of which day
    currency = "EUR"
    [[price]]
    medium = "text"        one of WorkMedium, or "default"
    minimum = 150
    maximum = "400.50"
    """
    data = read_bytes(path)
    table = parse_toml(data, str(path))
    table.only(
        ("title", "source", "date", "currency", "price"), ("title", "source", "date", "currency", "price")
    )
    prices: dict[str, Price] = {}
    for entry in table.tables("price"):
        entry.only(("medium", "minimum", "maximum"), ("medium", "minimum", "maximum"))
        medium = entry.one_of("medium", [*WorkMedium, "default"])
        price = Price(entry.amount("minimum"), entry.amount("maximum"))
        if price.minimum > price.maximum:
            raise entry.wrong("minimum", f"{price.minimum} is more than the maximum {price.maximum}")
        if medium in prices:
            raise entry.wrong("medium", f"{medium!r} stands twice")
        prices[medium] = price
    currency = table.text("currency")
    if len(currency) != 3 or not currency.isalpha() or not currency.isupper():
        raise table.wrong(
            "currency", f"{currency!r}; a code of three capital letters, such as EUR, is accepted"
        )
    digest = hashlib.sha256(data).hexdigest()
    return Tariff(table.text("title"), table.text("source"), table.day("date"), currency, prices, digest)
