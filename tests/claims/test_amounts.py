"""Amounts: minimum and maximum together, with the works left out; never one number."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.catalogued import ON, RULES, found, owner, registration, request, reservation, work
from countermark.claims.case import Case
from countermark.claims.claim import make_claim
from countermark.claims.damages import AmountTally
from countermark.claims.tariff import Price, Tariff, read_tariff
from countermark.claims.words import LANGUAGES, amounts, money
from countermark.errors import InputError
from countermark.works.entry import WorkMedium

if TYPE_CHECKING:
    from countermark.works.entry import CatalogWork

TARIFF = """title = "Barème d'essai"
source = "Société inventée"
date = "2026-01-01"
currency = "EUR"

[[price]]
medium = "text"
minimum = 150
maximum = "400.50"
"""


def told(works: list[CatalogWork], rule_id: str = "us-504", tariff: Tariff | None = None) -> dict[str, Any]:
    """Make a claim on works that were all found: what claim.json says of the rule."""
    findings = {one.work_id: found() for one in works}
    claim = make_claim(request(works, findings, RULES[rule_id], case=Case(ON), tariff=tariff))
    (rule,) = claim.facts["rules"]
    return dict(rule)


def test_twenty_thousand_songs() -> None:
    """20,517 works × $150,000 is a maximum: printed beside its minimum and its exclusions."""
    tally = AmountTally(RULES["us-504"])
    for at in range(20_517):
        tally.add(work(f"w{at}", owner(), registration("2024-04-01", f"SR{at}")))
    rule = {"id": "us-504", "amounts": tally.as_json({"registered/registered-late": 412})}
    assert rule["amounts"]["range"] == {  # type: ignore[index]
        "minimum_each": "750",
        "maximum_each": "150000",
        "minimum": "15387750",
        "maximum": "3077550000",
    }
    first, *conditions = amounts(LANGUAGES["en"], rule)
    assert first == (
        "20,517 works (units counted: 20,517): from $15,387,750 to $3,077,550,000; left out: 412 works. "
        "The maximum is a ceiling, not an estimate."
    )
    assert conditions == [
        "ordinary: from $750 to $30,000 for each work: $15,387,750 to $615,510,000",
        "if wilfulness is proven: from $750 to $150,000 for each work: $15,387,750 to $3,077,550,000",
        "if innocence is proven: from $200 to $30,000 for each work: $4,103,400 to $615,510,000",
    ]
    assert all(line.count("$") != 1 for line in amounts(LANGUAGES["fr"], rule))


def test_a_compilation_counts_once() -> None:
    """Its parts, and works under one collective registration, are one; the whole in the catalog joins its parts."""
    songs = [
        work(f"s{at}", owner(), registration("2024-04-01", f"SR{at}"), part_of="Evenings") for at in range(12)
    ]
    whole = work("album", owner(), registration("2024-04-01", "SR99"), title="Evenings")
    papers = [
        work(f"p{at}", owner(), registration("2024-04-01", "TX77", registered_as="collective"))
        for at in range(5)
    ]
    alone = work("z", owner(), registration("2024-04-01", "TX1"))
    said = told([*songs, whole, *papers, alone])["amounts"]
    assert (said["works"], said["units"]) == (19, 3)
    assert said["range"]["maximum"] == "450000"


def test_parts_registered_by_themselves_are_told() -> None:
    """They still count once, and the reader is told how many there are."""
    songs = [
        work(
            f"s{at}",
            owner(),
            registration("2024-04-01", f"SR{at}", registered_as="single"),
            part_of="Evenings",
        )
        for at in range(3)
    ]
    rule = told(songs)
    assert rule["amounts"]["separate_parts"] == 3
    assert "also registered by themselves" in amounts(LANGUAGES["en"], rule)[1]


def test_works_of_one_title_are_not_one_work() -> None:
    """A title joins only where it is the name of a compilation."""
    works = [work(f"w{at}", owner(), registration("2024-04-01", f"TX{at}"), title="Poems") for at in range(4)]
    assert told(works)["amounts"]["units"] == 4


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_no_rule_gives_one_number(rule_id: str) -> None:
    """A rule that is not law gives no amount; all others a minimum and a maximum, or the reason why not."""
    one = work("w", owner(), registration("2024-04-01"), reservation("2024-04-01"))
    said = told([one], rule_id)["amounts"]
    assert ("range" in said) == (said["status"] == "range")
    if RULES[rule_id].status != "in-force":
        assert said["status"] == "not-law"
    if "range" in said:
        assert Decimal(said["range"]["minimum"]) < Decimal(said["range"]["maximum"])


def test_the_french_figure_is_the_users_tariff(tmp_path: Path) -> None:
    """Without a tariff no amount; with one, damages are told as higher than the royalty."""
    one = work("w", owner(), reservation("2024-04-01"))
    image = work("x", owner(), reservation("2024-04-01"), medium=WorkMedium.IMAGE)
    missing = told([one], "fr-l331-1-3")
    assert missing["amounts"]["status"] == "tariff-missing"
    assert "aucun tarif n’a été donné" in amounts(LANGUAGES["fr"], missing)[0]
    assert "--" not in amounts(LANGUAGES["fr"], missing)[0]  # only the terminal names the option
    (tmp_path / "t.toml").write_text(TARIFF, encoding="utf-8")
    rule = told([one, image], "fr-l331-1-3", read_tariff(tmp_path / "t.toml"))
    assert rule["amounts"]["range"] == {"minimum": "150", "maximum": "400.50"}
    assert rule["amounts"]["without_price"] == 1
    first, second = amounts(LANGUAGES["fr"], rule)
    assert "de 150\u00a0€ à 400,50\u00a0€" in first
    assert "supérieure" in first
    assert second.endswith("1 œuvre.")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('currency = "EUR"', 'currency = "euro"'), "capital letters"),
        (('"400.50"', "400.5"), "no amount"),
        (("minimum = 150", "minimum = 900"), "more than the maximum"),
        (('medium = "text"', 'medium = "opera"'), "accepted are"),
        (('source = "Société inventée"\n', ""), "is missing"),
    ],
)
def test_a_tariff_is_read_strictly(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    """Each fault is named with its key."""
    (tmp_path / "t.toml").write_text(TARIFF.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_tariff(tmp_path / "t.toml")


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=20))
def test_a_minimum_is_never_more_than_its_maximum(prices: list[tuple[int, int]]) -> None:
    """Whatever the works and the prices."""
    tariff = Tariff("t", "s", "2026-01-01", "EUR", {}, "")
    tally = AmountTally(RULES["fr-l331-1-3"], tariff)
    for at, (one, other) in enumerate(prices):
        low, high = sorted((Decimal(one), Decimal(other)))
        tariff.prices["text"] = Price(low, high)
        tally.add(work(f"w{at}"))
    assert tally.low <= tally.high


def test_money_in_both_languages() -> None:
    """Never by way of a float."""
    assert money(LANGUAGES["en"], "3077550000", "USD") == "$3,077,550,000"
    assert money(LANGUAGES["fr"], "1250.5", "EUR") == "1\u202f250,50\u00a0€"
    assert money(LANGUAGES["en"], "12", "CHF") == "CHF\u00a012"
